// HAProxy's own messages (server states, reloads, limits): found by their place in the line, told apart by events.json.
import { isDigit, type Field, type Scanner } from "../grammar/index.ts";
import { MessageTable, messageRules, type MessageRule } from "./message-table.ts";
import type { Names } from "./names.ts";
import { EVENT, NOTE, YEARLESS, type Read } from "./record.ts";

const FIELDS = [
  { name: "level", kind: "word" },
  { name: "pid", kind: "int" },
  { name: "message", kind: "rest" },
  { name: "day", kind: "word" },
] as const satisfies readonly Field[];

const LEVEL = 0;
const PID = 2;
const MESSAGE = 4;
const DAY = 6;
const SPACE = 32;
const OPEN = 91;
const CLOSE = 93;
const SLASH = 47;
const QUOTE = 39;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const LEVELS = ["ALERT", "WARNING", "NOTICE", "DIAG", "INFO"];
const LEVEL_BYTES = LEVELS.map(encode);
const BACKUP = encode("Backup ");
const REASON = encode(", reason: ");
const CHECK_TIME = encode(", check duration: ");
const TAG = encode("haproxy");
const CLOSES = ["]: ", "] "].map(encode);
const FIELDS_5424 = [" - - "].map(encode);
const LONGEST_HEAD = 160;

/** A message, and where in it the backend or server stands that it is about. */
interface EventRule extends MessageRule {
  readonly names?: "server" | "pool";
  /** The name begins right behind this text; "" for the start of the message. */
  readonly after?: string;
}

/**
 * A scanner for messages with or without the head they have on stderr: `[WARNING]  (1349) : Server …`, up to 2.3
 * `[WARNING] 350/091549 (7) : Server …`. It takes any line; whether it is one of HAProxy's messages the reader decides.
 */
export function haproxyEventScanner(): Scanner {
  return { fields: FIELDS, scan };
}

/**
 * The reader for {@link haproxyEventScanner}. It leaves time and clock to the envelope, and where that tells no time it tells
 * the one that versions up to 2.3 wrote on stderr. A message that is not known is a
 * note behind a head of stderr, else a miss.
 * @param knowledge the parsed `grammars/haproxy/events.json`.
 */
export function haproxyEventReader(
  _fields: readonly Field[],
  names: Names,
  knowledge: unknown,
): Read {
  const rules = messageRules(knowledge) as readonly EventRule[];
  const table = new MessageTable(rules, names);
  const events = rules.map((rule) => (rule.event === undefined ? 0 : names.internText(rule.event)));
  const places = rules.map((rule) => (rule.after === undefined ? null : encode(rule.after)));

  return (bytes, spans, rec) => {
    const start = spans[MESSAGE]!;
    const end = spans[MESSAGE + 1]!;
    const found = table.find(bytes, start, end);
    rec.kind = NOTE;
    if (spans[DAY]! >= 0 && Number.isNaN(rec.timeMs)) {
      rec.timeMs = sinceNewYear(bytes, spans[DAY]!);
      rec.clock = YEARLESS;
    }
    if (found < 0) return spans[LEVEL]! >= 0 ? -1 : MESSAGE / 2;
    rec.code = Math.max(0, table.code);
    const event = events[found]!;
    if (event > 0) {
      rec.kind = EVENT;
      rec.event = event;
      const reason = behind(REASON, bytes, start, end);
      rec.saysStart = reason < 0 ? start : reason;
      rec.saysEnd = tellingEnd(bytes, rec.saysStart, end);
    }
    const after = places[found];
    if (after === null || after === undefined) return -1;
    const from = behind(after, bytes, start, end);
    if (from < 0) return -1;
    const poolEnd = nameEnd(bytes, from, end);
    // A message that begins with a server's name, and this one does not.
    if (from === start && rules[found]!.names === "server" && bytes[poolEnd] !== SLASH)
      return MESSAGE / 2;
    rec.pool = Math.max(0, names.intern(bytes, from, poolEnd));
    if (rules[found]!.names === "server" && bytes[poolEnd] === SLASH) {
      const peerEnd = nameEnd(bytes, poolEnd + 1, end);
      if (peerEnd > poolEnd + 1) rec.peer = Math.max(0, names.intern(bytes, from, peerEnd));
    }
    return -1;
  };
}

function scan(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  spans.fill(-1, 0, 2 * FIELDS.length);
  let at = head(bytes, start, end, spans);
  if (at === start && spans[LEVEL]! < 0) {
    const tagged = behindTag(bytes, start, end);
    if (tagged > start) at = head(bytes, tagged, end, spans);
  }
  at = behindLevel(bytes, at, end);
  if (isAt(BACKUP, bytes, at, end)) at += BACKUP.length;
  // No message of HAProxy is shorter than "Loading success." or begins with anything but a letter or a digit.
  const first = bytes[at]!;
  const isWord =
    (first >= 97 && first <= 122) || (first >= 65 && first <= 90) || (first >= 48 && first <= 57);
  if (end - at < 12 || (!isWord && spans[LEVEL]! < 0)) {
    spans[2 * FIELDS.length] = at;
    return MESSAGE / 2;
  }
  spans[MESSAGE] = at;
  spans[MESSAGE + 1] = end;
  return -1;
}

/** Behind a `haproxy[674]: ` or `haproxy 674 - - ` that stands in front of the message, whatever is before it; or -1. */
function behindTag(bytes: Uint8Array, start: number, end: number): number {
  const from = behind(TAG, bytes, start, Math.min(end, start + LONGEST_HEAD));
  if (from < 0) return -1;
  let at = from + 1;
  while (at < end && bytes[at]! >= 48 && bytes[at]! <= 57) at++;
  if (at === from + 1) return -1;
  for (const close of bytes[from] === OPEN ? CLOSES : bytes[from] === SPACE ? FIELDS_5424 : [])
    if (isAt(close, bytes, at, end)) return at + close.length;
  return -1;
}

/** Reads `[LEVEL] (pid) : `; answers where the message begins, which is `start` when there is no such head. */
function head(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  if (bytes[start] !== OPEN) return start;
  const level = LEVEL_BYTES.find(
    (name) => isAt(name, bytes, start + 1, end) && bytes[start + 1 + name.length] === CLOSE,
  );
  if (level === undefined) return start;
  let at = start + level.length + 2;
  while (at < end && bytes[at] === SPACE) at++;
  const day = at;
  while (at < end && (isDigit(bytes[at]!) || bytes[at] === SLASH)) at++;
  // Up to 2.3: day of the year and time of day, in local time and without a year, so the envelope's time is better.
  if (at === day + 10 && bytes[day + 3] === SLASH) {
    spans[DAY] = day;
    spans[DAY + 1] = at;
  }
  while (at < end && bytes[at] === SPACE) at++;
  // Without its process it is no more than a word: the message itself must be one of HAProxy's.
  if (bytes[at] !== 40) return at;
  const pid = ++at;
  while (at < end && bytes[at]! >= 48 && bytes[at]! <= 57) at++;
  if (at === pid || bytes[at] !== 41 || bytes[at + 1] !== SPACE || bytes[at + 2] !== 58)
    return start;
  spans[LEVEL] = start + 1;
  spans[LEVEL + 1] = start + 1 + level.length;
  spans[PID] = pid;
  spans[PID + 1] = at;
  at += 3;
  while (at < end && bytes[at] === SPACE) at++;
  return at;
}

/** Behind `ALERT `, which a daemon's template may put in front: only a word, so the message must be one of HAProxy's. */
function behindLevel(bytes: Uint8Array, at: number, end: number): number {
  const level = LEVEL_BYTES.find((name) => isAt(name, bytes, at, end));
  const isApart = level !== undefined && bytes[at + level.length] === SPACE;
  return isApart ? at + level.length + 1 : at;
}

/** `350/091549` at `at`, days counted from 0 (`tm_yday`), as ms since the year began; NaN where no year has it. */
function sinceNewYear(bytes: Uint8Array, at: number): number {
  const two = (i: number): number => (bytes[at + i]! - 48) * 10 + bytes[at + i + 1]! - 48;
  const day = two(0) * 10 + bytes[at + 2]! - 48;
  const [hour, minute, second] = [two(4), two(6), two(8)];
  if (day > 365 || hour > 23 || minute > 59 || second > 60) return NaN;
  return (((day * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

/** Where a message stops telling: what follows counts servers and sessions, or the milliseconds of a check. */
function tellingEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && !isAt(CHECK_TIME, bytes, at, end)) {
    const isCount = bytes[at] === 46 && bytes[at + 1] === SPACE && isDigit(bytes[at + 2]!);
    if (isCount) break;
    at++;
  }
  while (at > from && (bytes[at - 1] === SPACE || bytes[at - 1] === 46)) at--;
  return at;
}

/** Where a name of `[A-Za-z0-9_.:-]+` ends; a full stop or colon that ends the clause does not belong to it. */
function nameEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isNameByte(bytes[at]!)) at++;
  const last = bytes[at - 1];
  const closes = at === end || bytes[at] === SPACE || bytes[at] === QUOTE;
  return closes && at > from && (last === 46 || last === 58) ? at - 1 : at;
}

/** HAProxy allows no others (`invalid_char()`), but its own services have brackets (`<HTTPCLIENT>`), blotted names any sign. */
function isNameByte(c: number): boolean {
  const isLetter = (c >= 97 && c <= 122) || (c >= 65 && c <= 90);
  return (
    isLetter ||
    (c >= 48 && c <= 57) ||
    c === 95 ||
    c === 46 ||
    c === 58 ||
    c === 45 ||
    c === 60 ||
    c === 62 ||
    c >= 128
  );
}

function behind(text: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at + text.length <= end; at++)
    if (isAt(text, bytes, at, end)) return at + text.length;
  return -1;
}

function isAt(text: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}
