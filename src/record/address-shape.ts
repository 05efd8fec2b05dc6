// Whether what stands in an address's place can be one: proxies print addresses as numbers, whatever the configuration says.
import { isDigit } from "../grammar/index.ts";

const DOT = 46;
const COLON = 58;
const OPEN = 91;

/**
 * True for what begins as an IPv4 address and goes on as none, for a port with a letter, and for signs that no address, name or
 * path has: damage. Octets that somebody blotted out with `x` or `*` are his business.
 */
export function isBrokenAddress(bytes: Uint8Array, start: number, end: number): boolean {
  // A socket's path may hold anything, and so may an IPv6 address's zone.
  if (isUnix(bytes, start, end)) return false;
  if (bytes[start] === OPEN) return end - start < 4;
  if (hasForeignSign(bytes, start, end)) return true;
  let octets = 0;
  let at = start;
  for (; octets < 4; octets++) {
    const from = at;
    while (at < end && isDigit(bytes[at]!)) at++;
    if (at === from) {
      while (at < end && isBlot(bytes[at]!)) at++;
    } else if (at - from > 3) return octets > 1;
    // Two numbers with dots are more than a name begins with.
    if (at === from) return octets > 1 && isDigit(bytes[start]!);
    if (octets === 3) break;
    if (bytes[at] !== DOT) return octets > 1 && isDigit(bytes[start]!);
    at++;
  }
  if (at === end) return false;
  if (bytes[at] !== COLON) return isDigit(bytes[start]!);
  for (let i = at + 1; i < end; i++) if (!isDigit(bytes[i]!) && !isBlot(bytes[i]!)) return true;
  return false;
}

/** True where a sign stands that no proxy allows in a name or an address. */
export function hasForeignSign(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (isForeign(bytes[i]!)) return true;
  return false;
}

/** True for four numbers with dots and nothing else. */
export function isBareIpv4(bytes: Uint8Array, start: number, end: number): boolean {
  let dots = 0;
  for (let i = start; i < end; i++) {
    if (bytes[i] === DOT) dots++;
    else if (!isDigit(bytes[i]!)) return false;
  }
  return dots === 3 && isDigit(bytes[start]!) && isDigit(bytes[end - 1]!);
}

function isUnix(b: Uint8Array, start: number, end: number): boolean {
  const isWord =
    b[start] === 117 && b[start + 1] === 110 && b[start + 2] === 105 && b[start + 3] === 120;
  return b[start] === 47 || (isWord && b[start + 4] === COLON && end - start > 5);
}

/** Signs that end or quote a value, or do neither: `"%&(){}=?!\|,;#$^`; a tilde or an ellipsis is somebody's blot. */
function isForeign(c: number): boolean {
  return (
    c <= 41 ||
    c === 44 ||
    c === 59 ||
    c === 61 ||
    c === 63 ||
    (c > 90 && c < 95) ||
    (c > 122 && c < 126)
  );
}

function isBlot(c: number): boolean {
  return c === 120 || c === 88 || c === 42;
}
