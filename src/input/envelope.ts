// Peels what log daemons put in front of a line: syslog heads old and new, ISO stamps, priorities, container prefixes.
//
// Heads as written by rsyslog, syslog-ng, journald, nginx's and HAProxy's own syslog output (RFC 3164 §4.1, RFC 5424 §6).
import { behindContainer, behindStream } from "./container-prefix.ts";

/** How the time in a head is written. */
export const NO_TIME = 0;
export const BSD_TIME = 1; // Nov 22 13:49:32, no year, no zone
export const ISO_TIME = 2; // 2026-11-22T13:49:32.879938+00:00
export const ISO_LOCAL_TIME = 3; // 2026-11-22T13:49:32, no zone

/** What was found in front of a line; offsets into its bytes, -1 where absent. Reused line after line. */
export class Head {
  /** Where the message begins. */
  message = 0;
  timeKind = NO_TIME;
  timeStart = -1;
  timeEnd = -1;
  hostStart = -1;
  hostEnd = -1;
  /** The program's name without pid. */
  tagStart = -1;
  tagEnd = -1;
  /** Host and tag of the line before, as they stood behind its time: nearly always the same again. */
  readonly again = new Uint8Array(128);
  againLength = 0;
  againHost = -1;
  againHostEnd = -1;
  againTag = -1;
  againTagEnd = -1;

  /** Back to a line without a head. */
  clear(): void {
    this.timeKind = NO_TIME;
    this.timeStart = this.hostStart = this.tagStart = -1;
  }
}

const SPACE = 32;
const COLON = 58;

/** Behind the NULs that a truncated file begins with, and a byte-order mark. */
export function behindMarks(b: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && b[i] === 0) i++;
  return b[i] === 0xef && b[i + 1] === 0xbb && b[i + 2] === 0xbf && i + 3 <= end ? i + 3 : i;
}

/**
 * Looks for a head in `bytes[start, end)`.
 * @returns true when there is one; `head.message` is then where the line proper begins, otherwise it is `start`.
 */
export function peel(bytes: Uint8Array, start: number, end: number, head: Head): boolean {
  head.message = start;
  head.clear();
  let i = start;
  if (bytes[i] === 60 /* < */) {
    i = afterPriority(bytes, i, end);
    if (i < 0) return false;
    if (bytes[i] === 49 && bytes[i + 1] === SPACE) return rfc5424(bytes, i + 2, end, head);
    head.message = i;
  }
  if (isBsdTime(bytes, i, end)) {
    head.timeKind = BSD_TIME;
    head.timeStart = i;
    head.timeEnd = i + 15;
    return hostAndTag(bytes, i + 16, end, head);
  }
  if (isIsoTime(bytes, i, end)) {
    head.timeStart = i;
    head.timeEnd = nextSpace(bytes, i, end);
    head.timeKind = hasZone(bytes, i, head.timeEnd) ? ISO_TIME : ISO_LOCAL_TIME;
    const behind = behindStream(bytes, head.timeEnd + 1, end);
    if (behind >= 0) {
      head.message = behind;
      return true;
    }
    return hostAndTag(bytes, head.timeEnd + 1, end, head);
  }
  const behindTag = bareTag(bytes, head.message, end, head);
  if (behindTag >= 0) head.message = behindTag;
  if (head.message !== start) return true;
  const behind = behindContainer(bytes, start, end, head);
  if (behind >= 0) head.message = behind;
  return behind >= 0;
}

/** Behind `<134>`, or -1. */
function afterPriority(bytes: Uint8Array, start: number, end: number): number {
  let i = start + 1;
  while (i < end && i < start + 4 && isDigit(bytes[i]!)) i++;
  return i > start + 1 && bytes[i] === 62 /* > */ ? i + 1 : -1;
}

function isBsdTime(b: Uint8Array, i: number, end: number): boolean {
  return (
    i + 16 <= end &&
    b[i + 3] === SPACE &&
    b[i + 6] === SPACE &&
    b[i + 9] === COLON &&
    b[i + 12] === COLON &&
    b[i + 15] === SPACE &&
    b[i]! >= 65 &&
    b[i]! <= 83 &&
    isDigit(b[i + 5]!) &&
    isDigit(b[i + 7]!)
  );
}

function isIsoTime(b: Uint8Array, i: number, end: number): boolean {
  return (
    i + 20 <= end &&
    b[i + 4] === 45 &&
    b[i + 7] === 45 &&
    b[i + 10] === 84 /* T */ &&
    b[i + 13] === COLON &&
    isDigit(b[i]!) &&
    isDigit(b[i + 18]!)
  );
}

/** Whether an ISO stamp ends with `Z` or an offset. */
function hasZone(b: Uint8Array, start: number, end: number): boolean {
  const last = b[end - 1];
  if (last === 90) return true;
  for (let i = end - 6; i <= end - 3; i++)
    if (i > start + 18 && (b[i] === 43 || b[i] === 45)) return true;
  return false;
}

/** Host and tag as on the line before, compared byte by byte; looked for anew where they differ. */
function hostAndTag(bytes: Uint8Array, start: number, end: number, head: Head): boolean {
  const length = head.againLength;
  if (length > 0 && start + length <= end) {
    const again = head.again;
    let k = 0;
    while (k < length && bytes[start + k] === again[k]) k++;
    if (k === length) {
      head.message = start + length;
      head.hostStart = head.againHost < 0 ? -1 : start + head.againHost;
      head.hostEnd = start + head.againHostEnd;
      head.tagStart = start + head.againTag;
      head.tagEnd = start + head.againTagEnd;
      return true;
    }
  }
  findHostAndTag(bytes, start, end, head);
  const found = head.tagStart < 0 ? 0 : head.message - start;
  head.againLength = found <= head.again.length && bytes[head.message - 1] === SPACE ? found : 0;
  head.again.set(bytes.subarray(start, start + head.againLength));
  head.againHost = head.hostStart < 0 ? -1 : head.hostStart - start;
  head.againHostEnd = head.hostEnd - start;
  head.againTag = head.tagStart - start;
  head.againTagEnd = head.tagEnd - start;
  return true;
}

/**
 * `host tag[pid]: `, `tag[pid]: `, `host tag[pid] ` (rsyslog has been seen to drop the colon) or nothing (a bare stamp).
 */
function findHostAndTag(bytes: Uint8Array, start: number, end: number, head: Head): void {
  head.message = Math.min(start, end);
  const first = nextSpace(bytes, start, end);
  if (endsTag(bytes, start, first)) {
    keepTag(bytes, start, first, head);
    head.message = Math.min(first + 1, end);
    return;
  }
  const second = nextSpace(bytes, first + 1, end);
  // `[error] 31#31: ` behind a stamp is a message's own head.
  if (first < end && bytes[start] !== 91 /* [ */ && endsTag(bytes, first + 1, second)) {
    head.hostStart = start;
    head.hostEnd = first;
    keepTag(bytes, first + 1, second, head);
    head.message = Math.min(second + 1, end);
  }
}

/** Behind `haproxy[674]: ` with nothing before it, as templates without a stamp print it; or -1. */
function bareTag(bytes: Uint8Array, start: number, end: number, head: Head): number {
  const c = bytes[start]! | 32;
  if (c < 97 || c > 122) return -1;
  const space = nextSpace(bytes, start, Math.min(end, start + 64));
  if (bytes[space] !== SPACE || bytes[space - 1] !== COLON || bytes[space - 2] !== 93) return -1;
  let i = space - 3;
  while (i > start && isDigit(bytes[i]!)) i--;
  if (i === space - 3 || bytes[i] !== 91) return -1;
  keepTag(bytes, start, space, head);
  return space + 1;
}

/** A tag ends with `:` or with `[pid]`; an address like `1.2.3.4:80` or a bracketed date does not look like one. */
function endsTag(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 || bytes[start] === 91 || bytes[start] === 34) {
    return bytes[start] === 91 && end - start > 2 && bytes[end - 1] === COLON;
  }
  const last = bytes[end - 1]!;
  return last === COLON || (last === 93 && isDigit(bytes[end - 2]!));
}

function keepTag(bytes: Uint8Array, start: number, end: number, head: Head): void {
  head.tagStart = start;
  let i = start + 1;
  while (i < end && bytes[i] !== 91 && bytes[i] !== COLON) i++;
  head.tagEnd = i;
}

/** `<134>1 time host app pid msgid [sd] message`. */
function rfc5424(bytes: Uint8Array, start: number, end: number, head: Head): boolean {
  const time = nextSpace(bytes, start, end);
  const host = nextSpace(bytes, time + 1, end);
  const app = nextSpace(bytes, host + 1, end);
  const pid = nextSpace(bytes, app + 1, end);
  const id = nextSpace(bytes, pid + 1, end);
  if (id >= end) return false;
  if (isIsoTime(bytes, start, end)) {
    head.timeKind = hasZone(bytes, start, time) ? ISO_TIME : ISO_LOCAL_TIME;
    head.timeStart = start;
    head.timeEnd = time;
  }
  if (!(host === time + 2 && bytes[time + 1] === 45)) {
    head.hostStart = time + 1;
    head.hostEnd = host;
  }
  head.tagStart = host + 1;
  head.tagEnd = app;
  let i = id + 1;
  if (bytes[i] === 45) i++;
  else while (i < end && bytes[i] === 91) i = afterElement(bytes, i, end);
  if (i < end && bytes[i] === SPACE) i++;
  // The message may begin with a byte-order mark (RFC 5424 §6.4).
  if (bytes[i] === 0xef && bytes[i + 1] === 0xbb && bytes[i + 2] === 0xbf) i += 3;
  head.message = Math.min(i, end);
  return true;
}

/** Behind one `[id name="value"]`, quotes and escapes respected. */
function afterElement(bytes: Uint8Array, start: number, end: number): number {
  let quoted = false;
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    if (c === 92) i++;
    else if (c === 34) quoted = !quoted;
    else if (c === 93 && !quoted) return i + 1;
  }
  return end;
}

function nextSpace(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i] !== SPACE) i++;
  return i;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}
