// Finding text in bytes.

/** Text as bytes, to look for. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An ASCII digit. */
export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** True when `text` stands at `at` and fits before `end`. */
export function isAt(text: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Where `text` first begins in the span, or -1. */
export function indexOf(text: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + text.length <= end; at++) {
    if (bytes[at] === text[0] && isAt(text, bytes, at, end)) return at;
  }
  return -1;
}

/** Where `text` last begins in the span, or -1. */
export function lastIndexOf(
  text: Uint8Array,
  bytes: Uint8Array,
  from: number,
  end: number,
): number {
  for (let at = end - text.length; at >= from; at--) {
    if (bytes[at] === text[0] && isAt(text, bytes, at, end)) return at;
  }
  return -1;
}
