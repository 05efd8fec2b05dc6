// Reads nginx error-log lines: a fixed head, a free message, then a context whose values are not escaped.
//
// Nothing in such a line is quoted safely: the request, the URI sent upstream and the referrer hold whatever a client sent.
// What is safe is the order of the keys, and that since 1.21.1 a request line has no spaces but the two of its own.
// Facts: /reference nginx.md §4; src/core/ngx_log.c, src/http/ngx_http_request.c and _upstream.c of nginx.
import type { Field, Scanner } from "./scanner.ts";

const FIELDS = [
  { name: "time", kind: "nginx-time" },
  { name: "level", kind: "word" },
  { name: "pid", kind: "int" },
  { name: "tid", kind: "int" },
  { name: "cid", kind: "int" },
  { name: "message", kind: "text" },
  { name: "errno", kind: "int" },
  { name: "action", kind: "text" },
  { name: "client", kind: "word" },
  { name: "server", kind: "text" },
  { name: "request", kind: "text" },
  { name: "subrequest", kind: "text" },
  { name: "upstream", kind: "text" },
  { name: "host", kind: "text" },
  { name: "referrer", kind: "text" },
  { name: "request_id", kind: "text" },
] as const satisfies readonly Field[];

type FieldName = (typeof FIELDS)[number]["name"];

/** Where the spans of a field begin. */
function slot(name: FieldName): number {
  return 2 * FIELDS.findIndex((field) => field.name === name);
}

const TIME = slot("time");
const LEVEL = slot("level");
const PID = slot("pid");
const TID = slot("tid");
const CID = slot("cid");
const MESSAGE = slot("message");
const ERRNO = slot("errno");
const ACTION = slot("action");
const CLIENT = slot("client");
const SERVER = slot("server");
const REQUEST = slot("request");
const SUBREQUEST = slot("subrequest");
const UPSTREAM = slot("upstream");
const HOST = slot("host");
const REFERRER = slot("referrer");
const REQUEST_ID = slot("request_id");
const FAILURE = 2 * FIELDS.length;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const CLIENT_KEY = bytesOf("client: ");
const SERVER_KEY = bytesOf(", server: ");
const RESOLVER_KEY = bytesOf(", resolver: ");
const UDP = bytesOf(", udp ");
const WHILE = bytesOf(" while ");
const HTTP = bytesOf(" HTTP/");
const SCHEME = bytesOf("://");
const ID_KEY = bytesOf(", request_id: ");
const KONG_ID_KEY = bytesOf(", kong_request_id: ");

/** The keys that may follow a value, with the slot they fill (-1: read past). All but the last stand before a quote. */
const KEYS: readonly { readonly text: Uint8Array; readonly slot: number }[] = [
  { text: bytesOf("request: "), slot: REQUEST },
  { text: bytesOf("subrequest: "), slot: SUBREQUEST },
  { text: bytesOf("upstream: "), slot: UPSTREAM },
  { text: bytesOf("host: "), slot: HOST },
  { text: bytesOf("referrer: "), slot: REFERRER },
  { text: bytesOf("login: "), slot: -1 },
  { text: bytesOf("bytes from/to "), slot: -2 },
];

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const SLASH = 47;
const COLON = 58;
const LONGEST_ACTION = 80;
const LONGEST_ID = 80;

/** The scanner of nginx error lines; a line without their head does not match (field `time` failed). */
export function nginxErrorScanner(): Scanner {
  return { fields: FIELDS, scan: scanNginxError };
}

function scanNginxError(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  spans.fill(-1, 0, FAILURE);
  const messageStart = scanHead(bytes, start, end, spans);
  if (messageStart < 0) {
    spans[FAILURE] = start;
    return 0;
  }
  const last = trimTail(bytes, messageStart, end, spans);
  const clientKey = findClient(bytes, messageStart, last);
  const context = clientKey < 0 ? findOther(bytes, messageStart, last) : clientKey;
  const messageEnd = scanAction(bytes, messageStart, context < 0 ? last : context, spans);
  spans[MESSAGE] = messageStart;
  spans[MESSAGE + 1] = messageEnd;
  scanErrno(bytes, messageStart, messageEnd, spans);
  if (clientKey >= 0) scanContext(bytes, clientKey, last, spans);
  return -1;
}

/** `2026/11/22 13:43:48 [error] 31007#31007: *1 `: where the message begins, or -1. */
function scanHead(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  if (end - start < 26) return -1;
  for (let i = 0; i < 19; i++) {
    const c = bytes[start + i]!;
    const wanted = i === 4 || i === 7 ? SLASH : i === 10 ? SPACE : i === 13 || i === 16 ? COLON : 0;
    if (wanted === 0 ? !isDigit(c) : c !== wanted) return -1;
  }
  let at = start + 19;
  if (bytes[at] !== SPACE || bytes[at + 1] !== 91) return -1;
  spans[TIME] = start;
  spans[TIME + 1] = at;
  spans[LEVEL] = at += 2;
  while (at < end && bytes[at]! >= 97 && bytes[at]! <= 122) at++;
  spans[LEVEL + 1] = at;
  if (at + 2 >= end || at === spans[LEVEL] || bytes[at] !== 93 || bytes[at + 1] !== SPACE) return -1;
  spans[PID] = at += 2;
  while (at < end && isDigit(bytes[at]!)) at++;
  spans[PID + 1] = at;
  if (at === spans[PID] || at >= end || bytes[at] !== 35) return -1;
  spans[TID] = ++at;
  while (at < end && isDigit(bytes[at]!)) at++;
  spans[TID + 1] = at;
  if (at === spans[TID] || at >= end || bytes[at] !== COLON) return -1;
  at++;
  if (at < end && bytes[at] === SPACE) at++;
  if (at < end && bytes[at] === 42) {
    let i = at + 1;
    while (i < end && isDigit(bytes[i]!)) i++;
    if (i > at + 1 && (i === end || bytes[i] === SPACE)) {
      spans[CID] = at + 1;
      spans[CID + 1] = i;
      at = i === end ? i : i + 1;
    }
  }
  return at;
}

/** Where the line really ends: Kong's id, and a comma and blanks that some builds leave behind, are taken off. */
function trimTail(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  let last = end;
  while (last > start && isBlank(bytes[last - 1]!)) last--;
  if (last > start && bytes[last - 1] === COMMA) last--;
  const from = Math.max(start, last - LONGEST_ID - KONG_ID_KEY.length);
  for (let at = last - 1; at >= from; at--) {
    if (bytes[at] !== COMMA) continue;
    const key = isAt(ID_KEY, bytes, at, last) ? ID_KEY : isAt(KONG_ID_KEY, bytes, at, last) ? KONG_ID_KEY : null;
    if (key === null) return last;
    let first = at + key.length;
    let until = last;
    if (first < until && bytes[first] === QUOTE) first++;
    if (until > first && bytes[until - 1] === QUOTE) until--;
    spans[REQUEST_ID] = first;
    spans[REQUEST_ID + 1] = until;
    return at;
  }
  return last;
}

/** The comma before `client: ` (`, udp client: ` in streams), or -1. */
function findClient(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at + 2 + CLIENT_KEY.length <= end; at++) {
    if (bytes[at] !== COMMA || bytes[at + 1] !== SPACE) continue;
    if (isAt(CLIENT_KEY, bytes, at + 2, end)) return at;
    if (isAt(UDP, bytes, at, end) && isAt(CLIENT_KEY, bytes, at + UDP.length, end)) return at;
  }
  return -1;
}

/** The comma before the context of a line without a client (`, resolver: `, `, server: ` behind an action), or -1. */
function findOther(bytes: Uint8Array, start: number, end: number): number {
  const action = lastIndexOf(WHILE, bytes, start, end);
  if (action < 0) return -1;
  const resolver = indexOf(RESOLVER_KEY, bytes, action, end);
  return resolver >= 0 ? resolver : indexOf(SERVER_KEY, bytes, action, end);
}

/** Finds ` while ACTION` before `end`; answers where the message ends. */
function scanAction(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  const at = lastIndexOf(WHILE, bytes, start, end);
  if (at < 0 || end - at > LONGEST_ACTION + WHILE.length || end === at + WHILE.length) return end;
  for (let i = at + WHILE.length; i < end; i++) {
    const c = bytes[i]!;
    // A quote, colon or comma: this "while" belongs to what somebody else wrote.
    if (c === QUOTE || c === COLON || c === COMMA || c < SPACE) return end;
  }
  spans[ACTION] = at + WHILE.length;
  spans[ACTION + 1] = end;
  return at;
}

/** The digits of the last `(111: ` in the message. */
function scanErrno(bytes: Uint8Array, start: number, end: number, spans: Int32Array): void {
  for (let at = end - 1; at >= start; at--) {
    if (bytes[at] !== 40) continue;
    let i = at + 1;
    while (i < end && isDigit(bytes[i]!)) i++;
    if (i === at + 1 || i >= end || bytes[i] !== COLON) continue;
    spans[ERRNO] = at + 1;
    spans[ERRNO + 1] = i;
    return;
  }
}

/** Everything from `, client: ` on. A line cut at 2048 bytes ends anywhere. */
function scanContext(bytes: Uint8Array, from: number, end: number, spans: Int32Array): void {
  let at = from + 2 + CLIENT_KEY.length;
  if (bytes[from + 2] === 117) at += UDP.length - 2;
  spans[CLIENT] = at;
  while (at < end && bytes[at] !== COMMA && bytes[at] !== SPACE) at++;
  spans[CLIENT + 1] = at;
  // "using starttls" of the mail proxy.
  while (at < end && bytes[at] !== COMMA) at++;
  if (isAt(SERVER_KEY, bytes, at, end)) {
    at += SERVER_KEY.length;
    spans[SERVER] = at;
    // A server name may be a regular expression with commas: only a known key ends it.
    while (at < end && !(bytes[at] === COMMA && keyAt(bytes, at, end) >= 0)) at++;
    spans[SERVER + 1] = at;
  }
  while (at < end) {
    const key = keyAt(bytes, at, end);
    if (key < 0) return;
    const { text, slot: target } = KEYS[key]!;
    if (target === -2) return;
    at = valueStart(bytes, at, text.length);
    at = target === UPSTREAM && bytes[at] !== QUOTE
      ? scanBare(bytes, at, end, spans)
      : scanValue(bytes, at + 1, end, target, spans);
  }
}

/** An upstream without quotes, as the mail proxy writes it. */
function scanBare(bytes: Uint8Array, from: number, end: number, spans: Int32Array): number {
  let at = from;
  while (at < end && bytes[at] !== COMMA) at++;
  spans[UPSTREAM] = from;
  spans[UPSTREAM + 1] = at;
  return at;
}

/** A quoted value that may hold quotes itself; answers the place behind its closing quote. */
function scanValue(bytes: Uint8Array, from: number, end: number, target: number, spans: Int32Array): number {
  let close = -1;
  if (target === REQUEST) close = findRequestEnd(bytes, from, end);
  if (target === REFERRER) close = end > from && bytes[end - 1] === QUOTE ? end - 1 : -1;
  if (target === HOST) {
    close = from;
    while (close < end && bytes[close] !== QUOTE) close++;
    if (close === end) close = -1;
  } else if (close < 0 && target !== REFERRER) close = findClose(bytes, from, end);
  const until = close < 0 ? end : close;
  const cut = close < 0;
  // Cut before its end, an address may be another server's: better none.
  if (target >= 0 && !(cut && target === UPSTREAM && !hasWholeAddress(bytes, from, end))) {
    spans[target] = Math.min(from, end);
    spans[target + 1] = until;
  }
  return cut ? end : close + 1;
}

/** The quote behind ` HTTP/x.y` that another key or the line's end follows, or -1 (HTTP/0.9, junk, a cut line). */
function findRequestEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + HTTP.length + 1 < end; at++) {
    if (bytes[at] !== SPACE || !isAt(HTTP, bytes, at, end)) continue;
    let i = at + HTTP.length;
    while (i < end && (isDigit(bytes[i]!) || bytes[i] === 46)) i++;
    if (i < end && bytes[i] === QUOTE && isBoundary(bytes, i + 1, end)) return i;
  }
  return -1;
}

/** The first quote that another key or the line's end follows, or -1. */
function findClose(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] === QUOTE && isBoundary(bytes, at + 1, end)) return at;
  }
  return -1;
}

function isBoundary(bytes: Uint8Array, at: number, end: number): boolean {
  return at === end || keyAt(bytes, at, end) >= 0;
}

/** Which of {@link KEYS} stands behind the comma at `at`, or -1. */
function keyAt(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || bytes[at] !== COMMA) return -1;
  let i = at + 1;
  while (i < end && bytes[i] === SPACE) i++;
  if (i === at + 1) return -1;
  for (let key = 0; key < KEYS.length; key++) {
    const { text, slot: target } = KEYS[key]!;
    if (!isAt(text, bytes, i, end)) continue;
    const quoted = i + text.length < end && bytes[i + text.length] === QUOTE;
    if (quoted || target === -2 || target === UPSTREAM) return key;
  }
  return -1;
}

function valueStart(bytes: Uint8Array, at: number, keyLength: number): number {
  let i = at + 1;
  while (bytes[i] === SPACE) i++;
  return i + keyLength;
}

/** True when the address in a cut `scheme://address/uri` is followed by the beginning of its URI. */
function hasWholeAddress(bytes: Uint8Array, from: number, end: number): boolean {
  const scheme = indexOf(SCHEME, bytes, from, end);
  if (scheme < 0) return false;
  const address = scheme + SCHEME.length;
  // The slashes of a socket's path end nothing.
  if (bytes[address] === 117 && bytes[address + 4] === COLON) return false;
  for (let at = address; at < end; at++) if (bytes[at] === SLASH || bytes[at] === 63) return true;
  return false;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isBlank(c: number): boolean {
  return c === SPACE || c === 9 || c === 10 || c === 13;
}

function isAt(text: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

function indexOf(text: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + text.length <= end; at++) {
    if (bytes[at] === text[0] && isAt(text, bytes, at, end)) return at;
  }
  return -1;
}

function lastIndexOf(text: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
  for (let at = end - text.length; at >= from; at--) {
    if (bytes[at] === text[0] && isAt(text, bytes, at, end)) return at;
  }
  return -1;
}
