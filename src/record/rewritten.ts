// A line that no format fits as it stands, as it may have been written: out of all its envelopes, and with single blanks.
import { unwrappedLine, type Unwrapped } from "../input/index.ts";

const SPACE = 32;
const QUOTE = 34;
/** In a syslog stamp days are padded: `Nov  2 13:49:32`. */
const STAMP = 16;

/** What to try instead of a line; none for a part of one. `inner` then tells how many lines it stands for. */
export function rewritten(
  inner: Unwrapped,
  bytes: Uint8Array,
  start: number,
  end: number,
): readonly Uint8Array[] {
  const isWrapped = inner.open(bytes, start, end);
  if (inner.isPart) return [];
  const whole = unwrappedLine(inner);
  const single = singleBlanks(whole);
  return [...(isWrapped ? [whole] : []), ...(single === null ? [] : [single])];
}

/** The line with single blanks wherever somebody aligned it before its first quote; null where nobody did. */
function singleBlanks(line: Uint8Array): Uint8Array | null {
  const quote = line.indexOf(QUOTE);
  const stop = quote < 0 ? line.length : quote;
  const out = new Uint8Array(line.length);
  let o = 0;
  for (let i = 0; i < line.length; i++) {
    if (i >= STAMP && i < stop && line[i] === SPACE && line[i - 1] === SPACE) continue;
    out[o++] = line[i]!;
  }
  return o === line.length ? null : out.subarray(0, o);
}
