// The key by which nginx's access lines and error lines find each other: the client and what it asked for.
import type { Rec } from "../record/index.ts";

/** Bytes of a request that count: the error log cuts long lines. */
const MOST = 1024;
const SEED = 0x811c9dc5;
const SPACE = 32;
const BACKSLASH = 92;
const CONTROL: Readonly<Record<number, number>> = { 110: 10, 114: 13, 116: 9, 98: 8, 102: 12 };

/**
 * Hash of a method and a URI, escapes undone, so that nginx's escaped access line and its raw error line agree. The protocol
 * is left out: formats that log method and URI apart have none. -1 for a record that names no request.
 */
export function requestHash(bytes: Uint8Array, rec: Rec): number {
  if (rec.requestStart >= 0) return lineHash(bytes, rec.requestStart, rec.requestEnd, rec.escape);
  if (rec.methodStart < 0 || rec.pathStart < 0) return -1;
  let hash = hashText(SEED, bytes, rec.methodStart, rec.methodEnd, rec.escape, MOST);
  hash = Math.imul(hash ^ SPACE, 0x01000193);
  const rest = MOST - 1 - (rec.methodEnd - rec.methodStart);
  return mixed(hashText(hash, bytes, rec.pathStart, rec.pathEnd, rec.escape, rest));
}

/** The same of a request line: `GET /x HTTP/1.1`. */
export function lineHash(bytes: Uint8Array, start: number, end: number, escape: number): number {
  return mixed(hashText(SEED, bytes, start, protocolStart(bytes, start, end), escape, MOST));
}

/** Hash of a client and of what it asked for; the latter alone where no client is named. */
export function joinHash(
  bytes: Uint8Array,
  clientStart: number,
  clientEnd: number,
  request: number,
): number {
  if (clientStart < 0) return request;
  let hash = request;
  for (let i = clientStart; i < clientEnd; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return mixed(hash);
}

function mixed(hash: number): number {
  let mix = hash ^ (hash >>> 16);
  mix = Math.imul(mix, 0x85ebca6b);
  return (mix ^ (mix >>> 13)) >>> 0;
}

/** Where ` HTTP/1.1` begins at the end of a request line; the end where there is none. */
function protocolStart(bytes: Uint8Array, start: number, end: number): number {
  let i = end - 1;
  while (i > start && end - i < 12 && bytes[i] !== SPACE) i--;
  const isHttp =
    bytes[i] === SPACE &&
    bytes[i + 1] === 72 &&
    bytes[i + 2] === 84 &&
    bytes[i + 3] === 84 &&
    bytes[i + 4] === 80 &&
    bytes[i + 5] === 47;
  return isHttp ? i : end;
}

/** Hashes at most `most` bytes of a text whose escapes (record.ts) are undone. */
function hashText(
  seed: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  escape: number,
  most: number,
): number {
  let hash = seed;
  let count = 0;
  for (let i = start; i < end && count < most; i++, count++) {
    let c = bytes[i]!;
    if (c === BACKSLASH && escape !== 0 && i + 1 < end) {
      const next = bytes[i + 1]!;
      if (next === 120 && i + 3 < end) {
        c = hex(bytes[i + 2]!) * 16 + hex(bytes[i + 3]!);
        i += 3;
      } else if (escape === 2) {
        const isUnicode = next === 117 && i + 5 < end;
        c = isUnicode ? hex(bytes[i + 4]!) * 16 + hex(bytes[i + 5]!) : (CONTROL[next] ?? next);
        i += isUnicode ? 5 : 1;
      }
    }
    hash = Math.imul(hash ^ c, 0x01000193);
  }
  return hash;
}

function hex(c: number): number {
  return c <= 57 ? c - 48 : (c & 0xdf) - 55;
}
