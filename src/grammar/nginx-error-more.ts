// Reads the further lines of nginx error messages that span several: PHP's stderr, Lua's tracebacks. They have no head.
//
// nginx.md §4.6: such a line belongs to the message before it. It says nothing that could be counted, so it is a note.
import { bytesOf, indexOf, isAt, isDigit } from "./find-bytes.ts";
import { CLIENT_KEY } from "./nginx-error-context.ts";
import type { Scanner } from "./scanner.ts";

/** How further lines begin wherever they stand. */
const STARTS = [
  "Stack trace:",
  "stack traceback:",
  "coroutine ",
  "PHP message: ",
  "PHP Fatal error: ",
  "PHP Warning: ",
  "PHP Notice: ",
  "PHP Deprecated: ",
  "  thrown in ",
].map(bytesOf);
const WHILE = bytesOf('" while ');
const TAB = 9;
const HASH = 35;
const SPACE = 32;
const LONGEST_HEAD = 80;

/** The scanner of further lines that show by themselves what they are. */
export function nginxErrorMoreScanner(): Scanner {
  return scannerOf(isFurther);
}

/** The scanner of any line in a file of error lines: all but those whose head has been damaged. */
export function nginxErrorRestScanner(): Scanner {
  return scannerOf((bytes, start, end) => !hasHead(bytes, start, end));
}

function scannerOf(fits: (bytes: Uint8Array, start: number, end: number) => boolean): Scanner {
  return {
    fields: [{ name: "message", kind: "text" }],
    scan: (bytes, start, end, spans) => {
      const isFit = fits(bytes, start, end);
      spans[0] = start;
      spans[1] = end;
      spans[2] = start;
      return isFit ? -1 : 0;
    },
  };
}

function isFurther(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start]!;
  for (const text of STARTS) if (isAt(text, bytes, start, end)) return true;
  if (first === TAB) return true;
  // `#0 /srv/app/index.php(12): main()`
  if (first === HASH && isDigit(bytes[start + 1] ?? 0)) return true;
  // What followed the message of many lines: `thrown in x.php on line 3" while reading …, client: …`
  if (hasHead(bytes, start, end)) return false;
  const behind = indexOf(WHILE, bytes, start, end);
  if (behind >= 0 && indexOf(CLIENT_KEY, bytes, behind, end) >= 0) return true;
  return first === SPACE && indexOf(CLIENT_KEY, bytes, start, end) >= 0;
}

/** `[error] 31007#31007: ` near the beginning. */
function hasHead(bytes: Uint8Array, start: number, end: number): boolean {
  const until = Math.min(end, start + LONGEST_HEAD);
  for (let at = start; at < until; at++) {
    if (bytes[at] !== HASH || !isDigit(bytes[at - 1] ?? 0) || !isDigit(bytes[at + 1] ?? 0))
      continue;
    let i = at + 1;
    while (i < end && isDigit(bytes[i]!)) i++;
    if (bytes[i] === 58) return true;
  }
  return false;
}
