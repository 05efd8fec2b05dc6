// The part of the text report that says how well the logs were read, and the line that says what was read.
import type { SourceTally, Summary } from "../summary/index.ts";
import type { Clock } from "./clock.ts";
import { count, duration, percent, plural } from "./numbers.ts";
import { nbsp, styled, type Page, type Span } from "./page.ts";
import type { Meta } from "./report.ts";

/** First and last time that any source names; null where none does. */
export interface LogSpan {
  readonly first: number | null;
  readonly last: number | null;
}

/** More sources than this with something to say about are counted, not told. */
const TOLD = 5;
/** A share of misses above which the format itself is in doubt. */
const DOUBTFUL = 0.05;

/** The time that the sources span. */
export function logSpan(summary: Summary): LogSpan {
  const first = summary.sources.flatMap((source) => source.firstTime ?? []);
  const last = summary.sources.flatMap((source) => source.lastTime ?? []);
  return {
    first: first.reduce<number | null>((a, b) => (a === null || b < a ? b : a), null),
    last: last.reduce<number | null>((a, b) => (a === null || b > a ? b : a), null),
  };
}

/** Whatever a reader must know before believing the rest: an early end, lines not understood, assumptions made. */
export function printReading(
  page: Page,
  summary: Summary,
  meta: Pick<Meta, "complete" | "interrupted">,
): void {
  if (meta.interrupted) {
    page.text([styled("warn", "! interrupted: "), "this is what was read until then"], 0, 2);
  } else if (!meta.complete) {
    page.text([styled("warn", "! incomplete: "), "not all of the input was read"], 0, 2);
  }
  const missed = summary.sources
    .filter((source) => source.misses > 0)
    .sort((a, b) => b.misses - a.misses);
  for (const source of missed.slice(0, TOLD)) printMisses(page, source);
  if (missed.length > TOLD) {
    const rest = missed.slice(TOLD);
    const lines = rest.reduce((sum, source) => sum + source.misses, 0);
    page.text([
      styled("warn", "! "),
      `${plural(lines, "line")} of ${plural(rest.length, "more source")} not understood`,
    ]);
  }
  printNotes(page, summary.sources, ({ notes }) => notes, styled("warn", "! "));
}

function printMisses(page: Page, source: SourceTally): void {
  const { misses, lines, firstMiss } = source;
  const name = page.shorten(source.name, Math.floor(page.width / 2));
  const judged = lines - source.skipped;
  const much =
    misses === judged
      ? `nothing of ${name} was understood: ${plural(misses, "line")}`
      : `${percent(misses, judged)} of ${name} was not understood: ${count(misses)} of ${plural(judged, "line")}`;
  const format = source.format === "" ? "" : ` (read as ${source.format})`;
  page.text([styled("warn", `! ${much}`), format], 0, 2);
  if (firstMiss !== null) {
    const where =
      firstMiss.line === null ? `byte ${count(firstMiss.offset)}` : `line ${count(firstMiss.line)}`;
    page.text([`first: ${where}, ${firstMiss.why}`], 2, 4);
    if (firstMiss.text !== "")
      page.row([styled("faint", page.shorten(firstMiss.text, page.width - 4))], 4);
  }
  if (misses > judged * DOUBTFUL) {
    page.text(["if its format is another one, give it: ", "--log-format '…'"], 2, 4);
  }
}

/** Prints sentences about sources, the same one for several sources once. */
export function printNotes(
  page: Page,
  sources: readonly SourceTally[],
  of: (source: SourceTally) => readonly string[],
  mark: Span,
): void {
  const byNote = new Map<string, string[]>();
  for (const source of sources) {
    for (const note of of(source)) byNote.set(note, [...(byNote.get(note) ?? []), source.name]);
  }
  for (const [note, names] of byNote) {
    const whose =
      names.length === 1
        ? page.shorten(names[0]!, Math.floor(page.width / 2))
        : plural(names.length, "source");
    page.text([mark, `${whose}: ${note}`], 0, 2);
  }
}

/** "3 sources · 5,247 requests, every line read · 2026-11-22 18:13:07 – 18:13:49 UTC" */
export function readLine(summary: Summary, clock: Clock): string {
  const { sources, totals } = summary;
  const sum = (of: (source: SourceTally) => number): number =>
    sources.reduce((total, source) => total + of(source), 0);
  const misses = sum((source) => source.misses);
  const skipped = sum((source) => source.skipped);
  const judged = sum((source) => source.lines) - skipped;
  const what = totals.requests > 0 ? plural(totals.requests, "request") : plural(judged, "line");
  const how =
    judged === 0 ? "no lines" : misses === 0 ? "every line read" : notRead(misses, judged);
  const besides = skipped > 0 ? `, ${count(skipped)} skipped` : "";
  const parts = [
    sources.length === 1 ? nameOf(sources[0]!) : plural(sources.length, "source"),
    `${what}, ${how}${besides}`,
  ];
  const { first, last } = logSpan(summary);
  if (first !== null && last !== null) {
    const until = clock.oneDay ? clock.at(last) : `${clock.full(last)}`;
    const lasted = clock.oneDay ? "" : ` (${duration(last - first)})`;
    parts.push(nbsp(`${clock.full(first)} – ${until} ${clock.zone}`) + lasted);
  }
  return parts.join(" · ");
}

function notRead(misses: number, judged: number): string {
  return `${count(misses)} of ${plural(judged, "line")} not understood (${percent(misses, judged)})`;
}

const LONGEST_NAME = 40;

function nameOf(source: SourceTally): string {
  const { name } = source;
  if (name.length <= LONGEST_NAME) return name;
  return `…${name.slice(-(LONGEST_NAME - 1))}`;
}
