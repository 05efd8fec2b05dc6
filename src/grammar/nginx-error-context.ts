// The context behind an nginx error message: `, client: …, server: …, request: "…", upstream: "…"`, unescaped.
//
// Nothing in it is quoted safely: the request, the URI sent upstream and the referrer hold whatever a client sent. What is
// safe is the order of the keys, and that since 1.21.1 a request line has no spaces but the two of its own.
import { bytesOf, indexOf, isAt, isDigit } from "./find-bytes.ts";
import {
  CLIENT,
  HOST,
  REFERRER,
  REQUEST,
  SERVER,
  SUBREQUEST,
  UPSTREAM,
} from "./nginx-error-fields.ts";

/** What stands before the client's address. */
export const CLIENT_KEY = bytesOf("client: ");
/** What stands before the server's name. */
export const SERVER_KEY = bytesOf(", server: ");
/** What stands before `client: ` in UDP streams. */
export const UDP = bytesOf(", udp ");
const HTTP = bytesOf(" HTTP/");
const SCHEME = bytesOf("://");

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
const EQUALS = 61;
const LONGEST_KEY = 16;

/** Everything from `, client: ` on. A line cut at 2048 bytes ends anywhere. */
export function scanContext(bytes: Uint8Array, from: number, end: number, spans: Int32Array): void {
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
  scanKeys(bytes, at, end, spans);
}

/** The keys behind the client, or behind what was being done where no client is named, from the comma before the first. */
export function scanKeys(bytes: Uint8Array, from: number, end: number, spans: Int32Array): void {
  let at = from;
  while (at < end) {
    const key = keyAt(bytes, at, end);
    if (key < 0) {
      at = behindStrange(bytes, at, end);
      if (at < 0) return;
      continue;
    }
    const { text, slot: target } = KEYS[key]!;
    if (target === -2) return;
    at = valueStart(bytes, at, text.length);
    at =
      target === UPSTREAM && bytes[at] !== QUOTE
        ? scanBare(bytes, at, end, spans)
        : scanValue(bytes, at + 1, end, target, spans);
  }
}

/** Behind a key that is none of nginx's own (`, request_id=ab12`, `, server:x`) and its value, which has no quotes; or -1. */
function behindStrange(bytes: Uint8Array, comma: number, end: number): number {
  let at = comma + 2;
  if (bytes[comma] !== COMMA || bytes[comma + 1] !== SPACE) return -1;
  while (at < end && isKeyByte(bytes[at]!)) at++;
  if (at === comma + 2 || (bytes[at] !== COLON && bytes[at] !== EQUALS)) return -1;
  while (at < end && bytes[at] !== COMMA && bytes[at] !== QUOTE) at++;
  return bytes[at] === QUOTE ? -1 : at;
}

function isKeyByte(c: number): boolean {
  return (c >= 97 && c <= 122) || c === 95;
}

/** Where the first of the quoted keys stands, or -1. */
export function firstKey(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++)
    if (bytes[at] === COMMA && keyAt(bytes, at, end) >= 0) return at;
  return -1;
}

/** An upstream without quotes, as the mail proxy writes it. */
function scanBare(bytes: Uint8Array, from: number, end: number, spans: Int32Array): number {
  let at = from;
  while (at < end && bytes[at] !== COMMA) at++;
  // Quotes that a word processor made curly begin no address.
  if (from < end && bytes[from]! < 128) {
    spans[UPSTREAM] = from;
    spans[UPSTREAM + 1] = at;
  }
  return at;
}

/** A quoted value that may hold quotes itself; answers the place behind its closing quote. */
function scanValue(
  bytes: Uint8Array,
  from: number,
  end: number,
  target: number,
  spans: Int32Array,
): number {
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

/** True behind a value: the line's end, another key, or the beginning of one that the line's length cut off. */
function isBoundary(bytes: Uint8Array, at: number, end: number): boolean {
  if (at === end || keyAt(bytes, at, end) >= 0) return true;
  if (bytes[at] !== COMMA || end - at > LONGEST_KEY) return false;
  if (end === at + 1) return true;
  if (bytes[at + 1] !== SPACE) return false;
  for (let key = 0; key < KEYS.length; key++) {
    const { text } = KEYS[key]!;
    let i = 0;
    while (at + 2 + i < end && i < text.length && bytes[at + 2 + i] === text[i]) i++;
    if (at + 2 + i === end) return true;
  }
  return false;
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
