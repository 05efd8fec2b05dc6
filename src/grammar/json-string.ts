// Where a JSON string ends: as the standard has it, and as text formats that merely spell JSON write it.

/** The closing quote of a string whose content begins at `i`, or `end`. Four bytes a turn, as in compile-text.ts. */
export function stringEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  let c = 0;
  for (;;) {
    if (i + 4 > end) {
      while (i < end && (c = bytes[i]!) !== 34) i += c === 92 ? 2 : 1;
      return i > end ? end : i;
    }
    if ((c = bytes[i]!) === 34) return i;
    if (c === 92) {
      i += 2;
      continue;
    }
    if ((c = bytes[i + 1]!) === 34) return i + 1;
    if (c === 92) {
      i += 3;
      continue;
    }
    if ((c = bytes[i + 2]!) === 34) return i + 2;
    if (c === 92) {
      i += 4;
      continue;
    }
    if ((c = bytes[i + 3]!) === 34) return i + 3;
    i += c === 92 ? 5 : 4;
  }
}

/** Whether a string may end before `at`: the object goes on, or ends. */
export function endsValue(bytes: Uint8Array, at: number, end: number): boolean {
  let i = at;
  while (i < end && bytes[i]! <= 32) i++;
  return i < end && (bytes[i] === 44 || bytes[i] === 125 || bytes[i] === 93);
}

/**
 * The end of a string whose own quotes and backslashes were not escaped: the first quote behind which the next key or the
 * object's end stands. `end` where a key seems to lie inside the string, which is then no string but a damaged line.
 */
export function looseEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== 34) continue;
    let k = i + 1;
    while (k < end && bytes[k]! <= 32) k++;
    if (bytes[k] === 58) return end;
    if (bytes[k] === 125) return i;
    if (bytes[k] !== 44) continue;
    k++;
    while (k < end && bytes[k]! <= 32) k++;
    if (bytes[k] !== 34) continue;
    k++;
    while (k < end && isKeyByte(bytes[k]!)) k++;
    if (bytes[k] !== 34) continue;
    k++;
    while (k < end && bytes[k]! <= 32) k++;
    if (bytes[k] === 58) return i;
  }
  return end;
}

function isKeyByte(c: number): boolean {
  const isLetter = (c >= 97 && c <= 122) || (c >= 64 && c <= 90);
  return isLetter || (c >= 48 && c <= 58) || c === 95 || c === 46 || c === 45;
}
