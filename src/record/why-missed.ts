// Says why a line was missed: the field that does not fit, or whose value is impossible.
import { NO_FORMAT, whyForeign } from "./strangers.ts";
import type { FormatReader, Others } from "./reading.ts";
import type { Rec } from "./record.ts";

/** Why a line is not understood, by the format that most lines of its source have. */
export function whyMissed(
  primary: FormatReader | undefined,
  others: Others,
  bytes: Uint8Array,
  from: number,
  end: number,
  rec: Rec,
): string {
  const foreign = whyForeign(
    primary === undefined ? others(bytes, from, end) : [],
    bytes,
    from,
    end,
  );
  if (primary === undefined || foreign !== null) return foreign ?? NO_FORMAT;
  const field = primary.scanner.scan(bytes, from, end, primary.spans);
  if (field < 0) {
    rec.reset();
    const bad = primary.read(bytes, primary.spans, rec);
    if (bad < 0) return `${primary.recipe.name}: the line has no time`;
    return `${primary.recipe.name}: the value of ${primary.scanner.fields[Math.max(0, bad)]?.name ?? "a field"} is impossible`;
  }
  const at = primary.spans[2 * primary.scanner.fields.length]! - from;
  return `${primary.recipe.name}: ${primary.scanner.fields[field]?.name ?? "line"} does not fit at column ${at + 1}`;
}

/** The beginning of a missed line, byte by byte: nobody knows its encoding. */
export function textOfMiss(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, Math.min(end, start + 4096))).toString("latin1");
}
