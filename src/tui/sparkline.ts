// Numbers as bars: one character a value, or one bar of many characters.

const LEVELS = "▁▂▃▄▅▆▇█";
const PARTS = " ▏▎▍▌▋▊▉█";

/** One character a value, scaled to `highest`; zero is a blank and anything above it at least the lowest bar. */
export function sparkline(values: readonly number[], highest = Math.max(0, ...values)): string {
  let bars = "";
  for (const value of values) {
    if (value <= 0 || highest <= 0) bars += " ";
    else bars += LEVELS[Math.min(7, Math.max(0, Math.ceil((8 * value) / highest) - 1))];
  }
  return bars;
}

/** A bar of at most `width` columns for a share between 0 and 1; any share above 0 shows. */
export function bar(share: number, width: number): string {
  if (!(share > 0)) return "";
  const eighths = Math.max(1, Math.round(Math.min(1, share) * width * 8));
  const part = eighths % 8;
  return "█".repeat(Math.floor(eighths / 8)) + (part === 0 ? "" : PARTS[part]!);
}

/** Values summed into `columns` columns of equal length; fewer values than columns stay as they are. */
export function condense(values: readonly number[], columns: number): readonly number[] {
  if (values.length <= columns) return values;
  const sums = new Array<number>(columns).fill(0);
  values.forEach((value, i) => (sums[Math.floor((i * columns) / values.length)]! += value));
  return sums;
}

/** Values spread over exactly `columns` columns, each shown as often as it needs. */
export function stretch<T>(values: readonly T[], columns: number): readonly T[] {
  if (values.length === 0) return [];
  return Array.from(
    { length: columns },
    (_, i) => values[Math.floor((i * values.length) / columns)]!,
  );
}
