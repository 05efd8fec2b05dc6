// The hash by which lines are chosen to be kept.

/** Bytes that count: they hold the time, and most of what tells lines of one time apart. */
const MOST = 112;

/**
 * A hash of a line's first bytes and length: enough to choose lines evenly, cheap enough for every failing line. Words in
 * four lanes, mixed as xxHash32 does, folded as MurmurHash3 does. Its twin for lines in memory is grammar/wasm-hash.ts.
 */
export function lineHash(bytes: Uint8Array, start: number, end: number): number {
  const stop = Math.min(end, start + MOST);
  let a = 0x811c9dc5 ^ (end - start);
  let b = 0x85ebca77 | 0;
  let c = 0xc2b2ae3d | 0;
  let d = 0x27d4eb2f | 0;
  let i = start;
  for (; i + 16 <= stop; i += 16) {
    a = mix(a, wordAt(bytes, i));
    b = mix(b, wordAt(bytes, i + 4));
    c = mix(c, wordAt(bytes, i + 8));
    d = mix(d, wordAt(bytes, i + 12));
  }
  for (; i + 4 <= stop; i += 4) a = mix(a, wordAt(bytes, i));
  for (; i < stop; i++) b = mix(b, bytes[i]!);
  let hash = a ^ rotated(b, 7) ^ rotated(c, 12) ^ rotated(d, 18);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mix(lane: number, value: number): number {
  return Math.imul(rotated(lane ^ value, 15), 0x9e3779b1);
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
