// The statuses of --status: 502,504 or 5xx.
import { UsageError } from "./usage-error.ts";

const HINT = "statuses are numbers or classes with commas between: 502,504 or 5xx";

/**
 * Reads `502,504,5xx` into a table: 1 at every status that is meant, of length 1000. nginx's `009` counts as 9.
 * @throws {UsageError} with the place of the mistake.
 */
export function parseStatusList(text: string): Uint8Array {
  const wanted = new Uint8Array(1000);
  let offset = "--status ".length;
  for (const part of text.split(",")) {
    const typed = part.trim();
    const first = typed.charCodeAt(0) - 48;
    if (/^[1-5]xx$/i.test(typed)) wanted.fill(1, first * 100, first * 100 + 100);
    else if (/^\d{3}$/.test(typed) && (typed >= "100" || typed === "009" || typed === "000")) {
      wanted[Number(typed)] = 1;
    } else {
      const place = offset + part.length - part.trimStart().length;
      throw new UsageError(`"${typed}" is no status`, `--status ${text}`, place, HINT);
    }
    offset += part.length + 1;
  }
  return wanted;
}
