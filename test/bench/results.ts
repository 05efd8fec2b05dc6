// The table of results: written as Markdown for people, read back from there to see what has become slower.
import type { Comparison } from "./compare.ts";
import type { Target } from "./rows.ts";

/** One line of the table. */
export interface Result {
  readonly input: string;
  readonly against: string;
  readonly target: Target;
  readonly comparison: Comparison;
}

/** A line that was written down before, and its ratios. */
export interface Earlier {
  readonly line: string;
  readonly wall: number;
  readonly cpu: number;
}

const HEAD = [
  "input",
  "against",
  "wall s",
  "theirs",
  "wall ×",
  "CPU ×",
  "peak MB",
  "theirs",
  "must be",
];

/** A verdict on every promise of a line, in words; null without promises. */
export function verdict({ target, comparison }: Result): { text: string; isMet: boolean } | null {
  const promises: (readonly [text: string, value: number | null, most: number])[] = [];
  if (target.wall !== undefined) {
    const worth = target.worth === undefined ? "" : ` (worth trying: ${ratio(target.worth)})`;
    promises.push([`wall × ≤ ${ratio(target.wall)}${worth}`, comparison.wall, target.wall]);
  }
  if (target.peak !== undefined)
    promises.push([`peak × ≤ ${ratio(target.peak)}`, comparison.peak, target.peak]);
  if (target.peakMb !== undefined)
    promises.push([`peak ≤ ${target.peakMb} MB`, comparison.ours.peakMb, target.peakMb]);
  if (promises.length === 0) return null;
  return {
    text: promises
      .map(
        ([text, value, most]) =>
          `${text}: ${value === null ? "not measured" : value <= most ? "met" : "**missed**"}`,
      )
      .join("; "),
    isMet: promises.every(([, value, most]) => value === null || value <= most),
  };
}

/** The cells of a line. */
export function cellsOf(result: Result): string[] {
  const { ours, theirs, wall, cpu } = result.comparison;
  return [
    result.input,
    result.against,
    (ours.wallMs / 1000).toFixed(2),
    (theirs.wallMs / 1000).toFixed(2),
    ratio(wall),
    ratio(cpu),
    ours.peakMb?.toFixed(0) ?? "",
    theirs.peakMb?.toFixed(0) ?? "",
    verdict(result)?.text ?? "",
  ];
}

// A bar in a name would open a cell of its own.
const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/**
 * The table in Markdown.
 * @param keys all lines there may be, in their order: one that was not measured now stays as it was.
 */
export function writeTable(
  results: readonly Result[],
  keys: readonly string[],
  earlier: ReadonlyMap<string, Earlier>,
): string {
  const rule = HEAD.map((_, at) => (at > 1 && at < HEAD.length - 1 ? "---:" : "---"));
  const now = new Map(
    results.map((result) => [keyOf(result.input, result.against), row(cellsOf(result))]),
  );
  const lines = keys.flatMap((key) => now.get(key) ?? earlier.get(key)?.line ?? []);
  return [row(HEAD), row(rule), ...lines].join("\n");
}

/** The ratios in a table that was written before, by input and peer. */
export function readTable(text: string): Map<string, Earlier> {
  const found = new Map<string, Earlier>();
  for (const line of text.split("\n")) {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
    if (cells.length !== HEAD.length + 2) continue;
    const [, input, against, , , wall, cpu] = cells;
    if (Number.isFinite(Number(wall)))
      found.set(keyOf(input!, against!), { line, wall: Number(wall), cpu: Number(cpu) });
  }
  return found;
}

/** What identifies a line among those of another run. */
export function keyOf(input: string, against: string): string {
  return `${input}\n${against}`;
}

/** Above this share of others' work a wall clock is not believed; processor time is, nearly. */
export const BUSY = 0.1;

/**
 * Whether a line has become worse than before by more than a tenth, and in what.
 * On a busy machine processor time is looked at instead of the wall clock.
 */
export function worsening({ comparison }: Result, earlier: Earlier | undefined): string | null {
  if (earlier === undefined) return null;
  const measure = comparison.others > BUSY ? "cpu" : "wall";
  const [now, before] = [comparison[measure], earlier[measure]];
  if (now <= before * 1.1) return null;
  const name = measure === "cpu" ? "CPU" : "wall";
  return `${name} × was ${ratio(before)}, is ${ratio(now)}`;
}

/** A ratio with as many digits as it is worth. */
export function ratio(value: number): string {
  return value < 0.1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(1);
}
