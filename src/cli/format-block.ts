// How one source was read, in words: its envelope, its formats and how sure they are, and the first line that none fits.
import { isGuessed, NO_FORMAT, type LineMiss } from "../record/index.ts";
import { count, escapeForTerminal, ofTotal } from "../report/index.ts";
import type { SourceTally } from "../summary/index.ts";

/** What is known of a source beyond its tally. */
export interface SourceFormat {
  readonly source: SourceTally;
  /** The commonest envelope in words; "" for none. */
  readonly envelope: string;
  /** The formats chosen from the sample, the lines of it that each one read, and its string where that was guessed. */
  readonly formats: readonly {
    readonly name: string;
    readonly lines: number;
    readonly guess?: string;
  }[];
  /** Lines of the sample. */
  readonly sampled: number;
  /** The nearest format to the first line that was missed; null where none was. */
  readonly nearest: LineMiss | null;
}

const LABEL = 14;
const WIDTH = 80;

/** How sure the choice of formats is: by the share of the sample they read, and whether one is only a guess. */
export function certaintyOf({ formats, sampled }: SourceFormat): "certain" | "likely" | "unclear" {
  const read = formats.reduce((sum, { lines }) => sum + lines, 0);
  if (sampled === 0 || read < sampled / 2) return "unclear";
  const isGuess = formats.some(({ name, lines }) => lines > 0 && isGuessed(name));
  return isGuess || read < sampled ? "likely" : "certain";
}

/** A block of lines for a terminal. */
export function formatBlock(known: SourceFormat): string {
  const { source, envelope, formats, sampled } = known;
  const looked = source.records + source.misses;
  const share = looked === 0 ? "no lines" : `${ofTotal(source.records, looked)} lines read`;
  const read = formats.reduce((sum, { lines }) => sum + lines, 0);
  const rows: [string, string][] = [
    ["envelope", envelope === "" ? "none" : envelope],
    ["format", source.format],
    // Whole, to be compared with the configuration, mended, and given with --log-format.
    ...formats.flatMap(({ guess }) => (guess === undefined ? [] : guessRows(guess))),
    ["sure", `${certaintyOf(known)}: ${ofTotal(read, sampled)} lines of the sample fit`],
    ["read", `${share}${source.skipped > 0 ? `, ${count(source.skipped)} blank or left out` : ""}`],
    ...[...source.notes, ...source.assumptions].map((note): [string, string] => ["note", note]),
    ...missRows(known),
  ];
  const lines = rows.map(([label, text]) =>
    `    ${label.padEnd(LABEL - 4)}${escapeForTerminal(text)}`.trimEnd(),
  );
  return [escapeForTerminal(source.name), ...lines].join("\n");
}

/** A guessed format as a person would write it: braces only where a name would run on. */
function guessRows(guess: string): [string, string][] {
  const rows: [string, string][] = [["guess", guess.replaceAll(/\$\{(\w+)\}(?!\w)/g, "$$$1")]];
  if (guess.includes("why502_")) rows.push(["", "(why502_…: nothing tells what this is)"]);
  return rows;
}

/** The first line that was not understood, with a caret under the place where the nearest format breaks off. */
function missRows({ source: { firstMiss }, nearest }: SourceFormat): [string, string][] {
  if (firstMiss === null) return [];
  const { line, offset, text } = firstMiss;
  const where = `${line === null ? "" : `line ${count(line)}, `}byte ${count(offset)}`;
  const isNear = nearest !== null && nearest.why !== NO_FORMAT;
  const rows: [string, string][] = [["missed", `${where}: ${(isNear ? nearest : firstMiss).why}`]];
  const at = isNear ? nearest.offset : -1;
  const room = WIDTH - LABEL;
  // The window shows a third of its room before the place.
  const from = at < 0 ? 0 : Math.max(0, Math.min(at - room / 3, text.length - room + 2)) | 0;
  const lead = from > 0 ? "…" : "";
  const shown = text.slice(from, from + room - 2);
  rows.push(["", `${lead}${shown}${from + shown.length < text.length ? "…" : ""}`]);
  if (at >= from && at <= from + shown.length) {
    const before = escapeForTerminal(`${lead}${text.slice(from, at)}`).length;
    rows.push(["", `${" ".repeat(before)}^`]);
  }
  return rows;
}
