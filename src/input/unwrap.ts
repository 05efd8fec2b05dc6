// Takes a line out of all its envelopes, one in another, and puts one plain head in front of it that `peel` knows.
// Longer than most files: each layer that is taken off works on the same buffers.
import {
  behindMarks,
  BSD_TIME,
  Head,
  ISO_LOCAL_TIME,
  ISO_TIME,
  NO_TIME,
  peel,
} from "./envelope.ts";
import { JsonEnvelope, unescapeJson } from "./json-envelope.ts";
import { plainHead, stampOf } from "./plain-head.ts";
import { findTextHead, LONGEST_HEAD } from "./text-heads.ts";

/** The most envelopes that one line is taken out of. */
const MOST_LAYERS = 8;
const ESCAPE = 27;
const CLOSE = 93;
/** More equal lines than anybody's syslog folds. */
const MOST_TIMES = 1_000_000;
/** The bytes in front of which Docker cuts a line in two. */
const DOCKER_CUT = 16 << 10;

/** How many layers are taken off: all of them, or the outermost only, where the line's own format begins like a head. */
export type Depth = "all" | "outermost";

/** One line out of its envelopes. Reused: what it shows is gone with the next line. */
export class Unwrapped {
  /** The message is `bytes[start, end)`. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** The innermost stamp, one with a zone before one without; ISO 8601 or RFC 3164, "" for none. */
  stamp = "";
  host = "";
  tag = "";
  /** True where the line goes on in the next one of its stream. */
  isPart = false;
  /** `stdout`, `stderr` or "": parts belong to the next line of their own stream. */
  stream = "";
  /** How many lines it stands for: syslog daemons fold equal ones. */
  times = 1;
  /** What was taken off, outermost first. */
  readonly layers: string[] = [];
  readonly #head = new Head();
  readonly #json = new JsonEnvelope();
  #scratch: [Uint8Array, Uint8Array] = [new Uint8Array(4096), new Uint8Array(4096)];
  #isZoned = false;
  #isBehindStamp = false;

  /** Unwraps `bytes[start, end)`. @returns false where there is nothing around it */
  open(bytes: Uint8Array, start: number, end: number, depth: Depth = "all"): boolean {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.stamp = this.host = this.tag = this.stream = "";
    this.isPart = this.#isZoned = this.#isBehindStamp = false;
    this.layers.length = 0;
    this.times = 1;
    const most = depth === "all" ? MOST_LAYERS : 1;
    let isClean = this.#clean();
    while (this.layers.length < most && this.start < this.end && this.#one())
      isClean = this.#clean() && isClean;
    const last = this.end;
    // A part may be cut at a blank.
    while (!this.isPart && this.end > this.start && this.bytes[this.end - 1] === 32) this.end--;
    return !isClean || this.layers.length > 0 || this.end < last;
  }

  /** Cuts off byte-order marks, NULs and colours. @returns true where there were none */
  #clean(): boolean {
    const { bytes: b, start, end } = this;
    this.start = behindMarks(b, this.start, this.end);
    while (this.end > this.start && (b[this.end - 1] === 0 || b[this.end - 1] === 13)) this.end--;
    if (indexIn(b, ESCAPE, this.start, Math.min(this.end, this.start + LONGEST_HEAD)) >= 0)
      this.#bleach();
    return this.start === start && this.end === end && this.bytes === b;
  }

  /** Takes out `ESC [ … m`, everywhere. */
  #bleach(): void {
    const b = this.bytes;
    const out = this.#room(this.end - this.start);
    let o = 0;
    for (let i = this.start; i < this.end; i++) {
      if (b[i] === ESCAPE && b[i + 1] === 91) {
        let k = i + 2;
        while (k < this.end && (b[k] === 59 || (b[k]! >= 48 && b[k]! <= 57))) k++;
        if (b[k] === 109 || b[k] === 75) {
          i = k;
          continue;
        }
      }
      out[o++] = b[i]!;
    }
    this.#now(out, 0, o);
  }

  /** Takes off one envelope. */
  #one(): boolean {
    if (this.bytes[this.start] === 123 && this.#jsonObject()) return true;
    if (this.#syslog()) return true;
    return this.#textHead();
  }

  #jsonObject(): boolean {
    const json = this.#json;
    const b = this.bytes;
    if (!json.find(b, this.start, this.end)) return false;
    this.layers.push(json.textKind === "bytes" || json.tagStart >= 0 ? "journal JSON" : "JSON");
    const stamp = stampOf(text(b, json.timeStart, json.timeEnd));
    this.#isBehindStamp = stamp !== "" && json.hostStart < 0 && json.tagStart < 0;
    this.#take(
      stamp,
      text(b, json.hostStart, json.hostEnd),
      withPid(text(b, json.tagStart, json.tagEnd), text(b, json.pidStart, json.pidEnd)),
    );
    if (json.streamStart >= 0) this.stream = text(b, json.streamStart, json.streamEnd);
    const { textStart, textEnd, textKind } = json;
    if (textKind === "object") {
      this.#now(b, textStart, textEnd);
    } else {
      const out = this.#room(textEnd - textStart);
      const end =
        textKind === "bytes"
          ? byteList(b, textStart, textEnd, out)
          : unescapeJson(b, textStart, textEnd, out, 0);
      this.#now(out, 0, end);
      // Docker's own files end each text with a newline but where they cut a long one.
      const isCut = out[end - 1] !== 10 && end >= DOCKER_CUT && this.stream !== "";
      this.isPart ||= isCut || json.isPart;
      this.#oneLine();
    }
    return true;
  }

  #syslog(): boolean {
    const head = this.#head;
    const b = this.bytes;
    if (!peel(b, this.start, this.end, head) || head.message <= this.start) return false;
    const isStream =
      b[head.message - 1] === 32 &&
      (b[head.message - 2] === 80 || b[head.message - 2] === 70) &&
      b[head.message - 3] === 32;
    const hasName = head.tagStart >= 0 || head.hostStart >= 0;
    this.layers.push(nameOf(head, b, this.start, isStream));
    if (isStream && head.timeKind === ISO_TIME && !hasName) {
      this.isPart = b[head.message - 2] === 80;
      this.stream = text(b, head.message - 9, head.message - 3);
    }
    const stamp = head.timeKind === NO_TIME ? "" : text(b, head.timeStart, head.timeEnd);
    this.#take(
      stamp,
      text(b, head.hostStart, head.hostEnd),
      text(b, head.tagStart, behindPid(b, head.tagEnd)),
    );
    this.#isBehindStamp = stamp !== "" && !hasName && !isStream;
    this.start = head.message;
    return true;
  }

  #textHead(): boolean {
    const text_ = text(this.bytes, this.start, Math.min(this.end, this.start + LONGEST_HEAD));
    const found = findTextHead(text_, {
      isFirst: this.layers.length === 0,
      isBehindStamp: this.#isBehindStamp,
    });
    if (found === null) return false;
    this.layers.push(found.name);
    this.#take(found.stamp, found.host, found.tag);
    this.#isBehindStamp = found.stamp !== "" && found.host === "" && found.tag === "";
    this.start += found.length;
    if (found.times > 1 && this.bytes[this.end - 1] === CLOSE) {
      this.times = Math.min(found.times, MOST_TIMES);
      this.end--;
    }
    return true;
  }

  /** Keeps the innermost of what is told; a stamp without a zone does not replace one with a zone. */
  #take(stamp: string, host: string, tag: string): void {
    const isZoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(stamp);
    if (stamp !== "" && (isZoned || !this.#isZoned)) {
      this.stamp = stamp;
      this.#isZoned = isZoned;
    }
    if (host !== "" && host !== "-" && (host !== "localhost" || this.host === "")) this.host = host;
    if (tag !== "" && tag !== "-") this.tag = tag;
  }

  /** The message on one line: without its last newline, other newlines as blanks. */
  #oneLine(): void {
    const b = this.bytes;
    while (this.end > this.start && (b[this.end - 1] === 10 || b[this.end - 1] === 13)) this.end--;
    for (let i = this.start; i < this.end; i++) if (b[i] === 10) b[i] = 32;
  }

  #now(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /** Room for `length` bytes that is not what is being read. */
  #room(length: number): Uint8Array {
    const at = this.bytes === this.#scratch[0] ? 1 : 0;
    if (this.#scratch[at]!.length < length) this.#scratch[at] = new Uint8Array(2 * length);
    return this.#scratch[at]!;
  }
}

/** The line out of its envelopes as a line of its own, behind a plain head. */
export function unwrappedLine(line: Unwrapped): Buffer {
  return Buffer.concat([
    Buffer.from(plainHead(line), "latin1"),
    line.bytes.subarray(line.start, line.end),
  ]);
}

function withPid(tag: string, pid: string): string {
  return tag === "" || !/^\d+$/.test(pid) ? tag : `${tag}[${pid}]`;
}

/** Behind `[7603]` at `at`, or `at` itself. */
function behindPid(b: Uint8Array, at: number): number {
  if (b[at] !== 91) return at;
  let i = at + 1;
  while (b[i]! >= 48 && b[i]! <= 57) i++;
  return b[i] === 93 ? i + 1 : at;
}

function nameOf(head: Head, b: Uint8Array, start: number, isStream: boolean): string {
  if (head.timeKind === NO_TIME) return b[start] === 60 ? "syslog priority" : "container";
  if (isStream && head.tagStart < 0) return "CRI";
  if (head.timeKind === BSD_TIME) return "syslog RFC 3164";
  const isVersioned =
    b[start] === 60 && indexIn(b, 32, start, start + 8) === indexIn(b, 62, start, start + 6) + 2;
  if (isVersioned && head.timeKind !== ISO_LOCAL_TIME) return "syslog RFC 5424";
  return head.tagStart < 0 ? "time" : "syslog ISO";
}

/** `indexOf` that does not look beyond `end`: the line's buffer may be a thousand lines long. */
function indexIn(b: Uint8Array, byte: number, start: number, end: number): number {
  for (let i = start; i < end; i++) if (b[i] === byte) return i;
  return -1;
}

function text(b: Uint8Array, start: number, end: number): string {
  return start < 0 || end <= start
    ? ""
    : Buffer.from(b.buffer, b.byteOffset + start, end - start).toString("latin1");
}

/** `72, 101, 108`, as journald writes a text that is no UTF-8. */
function byteList(b: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let o = 0;
  let value = -1;
  for (let i = start; i <= end; i++) {
    const c = i < end ? b[i]! : 44;
    if (c >= 48 && c <= 57) value = Math.max(0, value) * 10 + c - 48;
    else if (c === 44 && value >= 0) {
      out[o++] = value;
      value = -1;
    }
  }
  return o;
}
