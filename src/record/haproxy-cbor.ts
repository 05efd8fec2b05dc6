// Knows a line of HAProxy's CBOR log (`%{+cbor}o`) when it sees one: it cannot be read, and the miss should say so.

/** What a miss says of such a line. */
export const CBOR_MISS =
  "this is HAProxy's CBOR log in hexadecimal, which is not read: log %{+json}o instead of %{+cbor}o";

const SHORTEST = 16;

/** One map of CBOR as hexadecimal text: `BF`, whole bytes in capitals, `FF`. */
export function isCborLine(bytes: Uint8Array, start: number, end: number): boolean {
  let stop = end;
  while (stop > start && bytes[stop - 1]! <= 32) stop--;
  if (stop - start < SHORTEST || (stop - start) % 2 !== 0) return false;
  if (bytes[start] !== 66 || bytes[start + 1] !== 70) return false;
  if (bytes[stop - 1] !== 70 || bytes[stop - 2] !== 70) return false;
  for (let i = start; i < stop; i++) {
    const c = bytes[i]!;
    if (!((c >= 48 && c <= 57) || (c >= 65 && c <= 70))) return false;
  }
  return true;
}
