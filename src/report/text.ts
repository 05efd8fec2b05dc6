// The report that people read: what broke, since when, whether it still does, and what to do first.
import type { Analysis, Incident } from "../incident/index.ts";
import type { Summary } from "../summary/index.ts";
import { makeClock } from "./clock.ts";
import { count, plural, shareOf } from "./numbers.ts";
import { Page, styled, type Layout } from "./page.ts";
import type { Meta } from "./report.ts";
import { printIncident, printIncidentLine } from "./text-incident.ts";
import { printAfterword } from "./text-afterword.ts";
import type { Story } from "./text-story.ts";
import { logSpan, printReading, readLine } from "./text-reading.ts";
import { largestFirst, type Words } from "./words.ts";

/** How the text report looks, and what it cannot know from the logs. */
export interface TextView extends Layout {
  /** IANA name or offset (`+02:00`) in which times are printed; known to be valid. */
  readonly zone: string;
  readonly words: Words;
  /** Whether the input was read to its end; taken as read when absent. */
  readonly meta?: Pick<Meta, "complete" | "interrupted">;
  /** How many incidents are told whole before the others get one line each. */
  readonly whole?: number;
}

/**
 * The text report: bad reading first, then the verdict, the incidents (worst first), and what else was seen. No line is
 * wider than `view.width`; nothing of the log is printed unescaped.
 */
export function renderText(summary: Summary, analysis: Analysis, view: TextView): string {
  const page = new Page(view);
  const span = logSpan(summary);
  const story: Story = {
    summary,
    analysis,
    words: view.words,
    clock: makeClock(view.zone, span.first, span.last),
    span,
  };
  printReading(page, summary, view.meta ?? { complete: true, interrupted: false });
  page.blank();
  const top = analysis.incidents.filter((incident) => incident.parent === null);
  if (top.length === 0) printNoIncident(page, story);
  else {
    page.text([readLine(summary, story.clock)]);
    page.blank();
    page.text(verdict(top, story));
    printIncidents(page, story, top, view.whole ?? 4);
  }
  page.blank();
  printAfterword(page, story);
  return page.toString();
}

function printIncidents(page: Page, story: Story, top: readonly Incident[], whole: number): void {
  const shown = top.slice(0, whole);
  shown.forEach((incident, i) => {
    page.blank();
    printIncident(page, story, incident, i + 1);
  });
  const others = top.slice(shown.length);
  if (others.length === 0) return;
  page.blank();
  others.forEach((incident, i) => printIncidentLine(page, story, incident, shown.length + i + 1));
  const first = others[0]!;
  const since = instant(first.start - BESIDE_MS);
  const until = instant(first.end + BESIDE_MS);
  page.text(
    [
      styled("faint", `number ${shown.length + 1} whole:`),
      ` why502 … --since ${since} --until ${until}`,
    ],
    4,
    8,
  );
}

/** What is shown of the time before and after an incident, so that its baseline is seen with it. */
const BESIDE_MS = 60_000;

/** RFC 3339 in UTC: right whatever `--tz` is, and without spaces that a shell would split at. */
function instant(ms: number): string {
  return `${makeClock("UTC", null, null).full(ms).replace(" ", "T")}Z`;
}

function verdict(top: readonly Incident[], story: Story) {
  const ongoing = top.filter((incident) => incident.ongoing).length;
  const head = plural(top.length, "incident");
  if (ongoing === 0)
    return [styled("strong", `${head}, ${top.length === 1 ? "over" : "all over"}`)];
  const end =
    story.span.last === null ? "" : ` when the log ends, ${story.clock.at(story.span.last)}`;
  const which = top.length === 1 ? "" : `${count(ongoing)} `;
  return [styled("bad", `${head}, ${which}still failing${end}`)];
}

/** Silence must be worth trusting: what was read is said together with what was not found. */
function printNoIncident(page: Page, story: Story): void {
  const { summary, analysis } = story;
  const { requests, failures, masked } = summary.totals;
  const read = readLine(summary, story.clock);
  const records = summary.sources.reduce((sum, source) => sum + source.records, 0);
  if (summary.sources.every(({ lines }) => lines === 0)) {
    page.text([styled("warn", "Nothing to judge: "), "the input is empty."]);
    return;
  }
  if (records === 0) {
    // Lines that were understood and not wanted are skipped; only misses were not understood.
    const isLeftOut = summary.sources.every(({ misses }) => misses === 0);
    const why = isLeftOut
      ? "no line is left (--since, --until, --where)"
      : "no line was understood";
    page.text([styled("warn", "Nothing to judge: "), `${why}. ${read}`]);
    return;
  }
  if (failures === 0 && masked === 0) {
    page.text([styled("good", "No failures: "), read]);
    return;
  }
  page.text([styled("good", "No incident: "), read]);
  const reasons = largestFirst(analysis.background.byReason).map(
    ([reason, n]) => `${reason} ${count(n)}`,
  );
  const share =
    requests === 0 ? plural(failures, "failure") : shareOf(failures, requests, "requests failed");
  const list = reasons.length === 0 ? "" : `: ${reasons.join(", ")}`;
  page.text([`${share}, never enough together to make one${list}`]);
  if (masked > 0) page.text([`${plural(masked, "failure")} more behind a good answer (masked)`]);
}
