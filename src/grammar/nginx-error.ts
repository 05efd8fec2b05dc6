// Reads nginx error-log lines: a fixed head, a free message, then a context whose values are not escaped.
//
// Source: ngx_log_error_core() in src/core/ngx_log.c, ngx_http_log_error() in src/http/ngx_http_request.c of nginx.
import { bytesOf, indexOf, isAt, isDigit, lastIndexOf } from "./find-bytes.ts";
import {
  CLIENT_KEY,
  firstKey,
  scanContext,
  scanKeys,
  SERVER_KEY,
  UDP,
} from "./nginx-error-context.ts";
import {
  ACTION,
  CID,
  ERRNO,
  FAILURE,
  FIELDS,
  LEVEL,
  MESSAGE,
  PID,
  REQUEST_ID,
  TID,
  TIME,
} from "./nginx-error-fields.ts";
import type { Scanner } from "./scanner.ts";

const RESOLVER_KEY = bytesOf(", resolver: ");
const WHILE = bytesOf(" while ");
const ID_KEY = bytesOf(", request_id: ");
const KONG_ID_KEY = bytesOf(", kong_request_id: ");

const ELISION = bytesOf(", ...");

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
  scanMessage(bytes, messageStart, end, spans);
  return -1;
}

/** Everything behind the head: the message, what was being done, and the context. */
export function scanMessage(
  bytes: Uint8Array,
  messageStart: number,
  end: number,
  spans: Int32Array,
): void {
  const last = trimTail(bytes, messageStart, end, spans);
  const clientKey = findClient(bytes, messageStart, last);
  const context = clientKey < 0 ? findOther(bytes, messageStart, last) : clientKey;
  const messageEnd = scanAction(bytes, messageStart, context < 0 ? last : context, spans);
  spans[MESSAGE] = messageStart;
  spans[MESSAGE + 1] = messageEnd;
  scanErrno(bytes, messageStart, messageEnd, spans);
  if (clientKey >= 0) scanContext(bytes, clientKey, last, spans);
  else if (context >= 0) scanKeys(bytes, context, last, spans);
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
  if (bytes[at] !== SPACE) return -1;
  spans[TIME] = start;
  spans[TIME + 1] = at;
  at = scanLevel(bytes, at + 1, end, spans);
  return at < 0 ? -1 : scanProcess(bytes, at, end, spans);
}

/** `[error] `: the place behind it, or -1. */
export function scanLevel(
  bytes: Uint8Array,
  start: number,
  end: number,
  spans: Int32Array,
): number {
  let at = start + 1;
  if (bytes[start] !== 91) return -1;
  spans[LEVEL] = at;
  while (at < end && bytes[at]! >= 97 && bytes[at]! <= 122) at++;
  spans[LEVEL + 1] = at;
  if (at + 2 >= end || at === spans[LEVEL] || bytes[at] !== 93 || bytes[at + 1] !== SPACE)
    return -1;
  return at + 2;
}

/** `31007#31007: *1 `: where the message begins, or -1. */
export function scanProcess(
  bytes: Uint8Array,
  start: number,
  end: number,
  spans: Int32Array,
): number {
  let at = start;
  spans[PID] = at;
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
  // Somebody who quoted the line left the rest out.
  if (isAt(ELISION, bytes, last - ELISION.length, last)) last -= ELISION.length;
  if (last > start && bytes[last - 1] === COMMA) last--;
  const from = Math.max(start, last - LONGEST_ID - KONG_ID_KEY.length);
  for (let at = last - 1; at >= from; at--) {
    if (bytes[at] !== COMMA) continue;
    const key = isAt(ID_KEY, bytes, at, last)
      ? ID_KEY
      : isAt(KONG_ID_KEY, bytes, at, last)
        ? KONG_ID_KEY
        : null;
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

/**
 * The comma before the context of a line without a client, or -1: `, resolver: ` or `, server: ` behind an action, or whatever
 * follows an action where a request or an upstream comes later.
 */
function findOther(bytes: Uint8Array, start: number, end: number): number {
  const last = lastIndexOf(WHILE, bytes, start, end);
  if (last < 0) return -1;
  const resolver = indexOf(RESOLVER_KEY, bytes, last, end);
  if (resolver >= 0) return resolver;
  const key = firstKey(bytes, start, end);
  if (key < 0) return indexOf(SERVER_KEY, bytes, last, end);
  const action = lastIndexOf(WHILE, bytes, start, key);
  if (action < 0) return -1;
  let comma = action;
  while (comma < key && bytes[comma] !== COMMA) comma++;
  return comma;
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

function isBlank(c: number): boolean {
  return c === SPACE || c === 9 || c === 10 || c === 13;
}
