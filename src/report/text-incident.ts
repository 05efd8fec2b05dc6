// One incident in the text report: whole, or as one line.
import type { Incident } from "../incident/index.ts";
import { count, duration, ofTotal, percent, plural, shareOf } from "./numbers.ts";
import { nbsp, styled, type Page } from "./page.ts";
import { groupSize, regroup, sparkline } from "./sparkline.ts";
import { printPeers } from "./text-peers.ts";
import { printCauses, printEvents, printReasons, printSymptoms } from "./text-evidence.ts";
import { isUncounted, phraseOf, type Story } from "./text-story.ts";
import { hiddenDamage, largestFirst, placeOf, reachOf, retriesOf } from "./words.ts";

const MOST_STEPS = 4;
/** A first failure this long after the start is told with its own time. */
const LATE_MS = 2_000;
/** A place is not cut shorter than this to keep an incident on one line. */
const LEAST_PLACE = 12;
const MOST_COLUMNS = 48;
/** A sparkline shares its line with its peak when it keeps at least so many columns beside so long a text. */
const FEWEST_COLUMNS = 16;
const LONGEST_PEAK = 37;

/** An incident whole: one screen at 80 columns. */
export function printIncident(page: Page, story: Story, incident: Incident, number: number): void {
  const hang = 4;
  const place = page.shorten(placeOf(incident), Math.max(20, Math.floor(page.width * 0.6)));
  const title = [
    nbsp(`${String(number).padStart(2)}  `),
    styled(incident.ongoing ? "bad" : "strong", `${place} ${phraseOf(story, incident)}`),
  ];
  page.pair(title, [timesOf(story, incident)], 0, hang);
  page.text([`${countsOf(story, incident)}${then(reachOf(incident))}`], hang, hang);
  for (const since of sinceOf(story, incident)) {
    page.text([styled(incident.ongoing ? "bad" : "warn", since)], hang);
  }
  printSparkline(page, story, incident, hang);
  printReasons(page, story, incident);
  printCauses(page, incident);
  const cause = incident.causes[0];
  printSteps(page, "next", [...incident.next, ...(cause?.check ?? [])], MOST_STEPS);
  printSteps(page, "fix", cause?.fix ?? [], 2);
  if (incident.masked > 0 && incident.failures > 0) {
    const more = plural(incident.masked, "more failure");
    page.entry("hidden", [`${more} no client saw: retried, or broken after a good status`]);
  }
  const retries = retriesOf(incident);
  if (retries !== null)
    page.entry("retries", [`${retries}: that much more for the upstream to do`]);
  printPeers(page, incident);
  printEvents(page, story, incident);
  printSymptoms(page, story, incident);
  printSteps(page, "prevent", cause?.prevent ?? [], 2);
  const example = incident.examples[0];
  if (example !== undefined) {
    const at = example.line === null ? `byte ${example.offset}` : String(example.line);
    page.entry("line", [page.shorten(`${example.source}:${at}`, page.width - page.indent)]);
    const text = page.shorten(example.text, page.width - page.indent);
    page.row([styled("faint", text)], page.indent);
  }
}

/** An incident as one line. */
export function printIncidentLine(
  page: Page,
  story: Story,
  incident: Incident,
  number: number,
): void {
  const { clock } = story;
  const state = incident.ongoing ? "still failing" : duration(incident.end - incident.start);
  const times = `${clock.at(incident.start)}, ${state}`;
  const { failures, requests } = incident;
  const hidden = `${count(incident.masked)} hidden`;
  const counts = isUncounted(story, incident)
    ? [failures > 0 ? count(failures) : hidden]
    : failures === 0
      ? [hidden]
      : [ofTotal(failures, requests), `${count(failures)} of ${count(requests)}`];
  const place = placeOf(incident);
  const phrase = phraseOf(story, incident);
  const roomBeside = (right: string): number =>
    page.width - 6 - page.measure([right]) - page.measure([phrase]) - 1;
  const rights = counts.map((text) => `${times}  ${text}`);
  const right = rights.find((text) => page.measure([place]) <= roomBeside(text)) ?? rights.at(-1)!;
  const left = `${page.shorten(place, Math.max(LEAST_PLACE, roomBeside(right)))} ${phrase}`;
  page.pair([nbsp(`${String(number).padStart(2)}  `), left], [nbsp(right)], 0, 4);
}

function timesOf(story: Story, { start, end, ongoing }: Incident): string {
  const { clock } = story;
  if (ongoing) return nbsp(`since ${clock.exact(start)}`);
  const until = clock.oneDay || clock.date(start) !== clock.date(end) ? end : null;
  const last = until === null ? clock.exact(end).slice(11) : clock.exact(end);
  return nbsp(`${clock.exact(start)} – ${last}, ${duration(end - start)}`);
}

/** What the title's times leave open: that it goes on, or that the log begins in the middle of it. */
function sinceOf(story: Story, incident: Incident): readonly string[] {
  const { clock, span } = story;
  const said: string[] = [];
  if (!incident.leftCensored && incident.firstFailure - incident.start >= LATE_MS) {
    said.push(
      `requests waited from ${clock.exact(incident.start)} on; the first failure was logged ${clock.exact(incident.firstFailure)}`,
    );
  }
  if (incident.leftCensored) {
    said.push(
      `the log begins in the middle of it: it is older than ${clock.exact(incident.start)}`,
    );
  }
  if (incident.ongoing) {
    const end = span.last === null ? "the end of the log" : clock.exact(span.last);
    const lasted = duration((span.last ?? incident.end) - incident.start);
    said.push(`still failing as of ${end}, where the log ends (${lasted} so far)`);
  }
  return said;
}

function countsOf(story: Story, incident: Incident): string {
  const { failures, requests, baselineRate } = incident;
  const hidden = hiddenDamage(incident);
  if (hidden !== null) {
    const among = isUncounted(story, incident) ? "" : `, in ${plural(requests, "request")}`;
    return `${hidden}${among}`;
  }
  if (isUncounted(story, incident)) {
    return `${plural(failures, "failure")} in the error log; no access log says of how many requests`;
  }
  const statuses = largestFirst(incident.statuses)
    .filter(([status]) => status !== "0")
    .map(([status, n]) => (n === failures ? status : `${status} ×${count(n)}`));
  const answered = statuses.length === 0 ? "" : ` with ${statuses.slice(0, 3).join(", ")}`;
  const before = incident.leftCensored
    ? ""
    : baselineRate === 0
      ? ", none before"
      : `, ${percent(baselineRate, 1)} before`;
  return `${shareOf(failures, requests, "requests failed")}${answered}${before}`;
}

function then(text: string): string {
  return text === "" ? "" : `; ${text}`;
}

/** Failures over time, a character a step; how bad the worst step was stands beside it where it fits. */
function printSparkline(page: Page, story: Story, incident: Incident, indent: number): void {
  const { stepMs, start, failures, requests } = incident.timeline;
  if (failures.length < 2) return;
  const { clock } = story;
  const from = clock.at(start);
  const to = clock.at(start + stepMs * failures.length);
  const room = page.width - indent - from.length - to.length - 2;
  const beside = room - LONGEST_PEAK;
  const columns = Math.min(MOST_COLUMNS, beside >= FEWEST_COLUMNS ? beside : Math.max(1, room));
  const values = regroup(failures, columns);
  const step = stepMs * groupSize(failures.length, columns);
  const most = values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
  const asked = regroup(requests, columns)[most] ?? 0;
  const of = asked > 0 && !isUncounted(story, incident) ? ` of ${count(asked)}` : "";
  const peak = `${duration(step)} at worst: ${count(values[most]!)}${of}, ${clock.at(start + most * step)}`;
  page.pair(
    [
      styled("faint", nbsp(`${from} `)),
      styled("bad", sparkline(values, page.unicode)),
      styled("faint", nbsp(` ${to}`)),
    ],
    [styled("faint", nbsp(peak))],
    indent,
    indent,
  );
}

function printSteps(page: Page, label: string, steps: readonly string[], most: number): void {
  [...new Set(steps)].slice(0, most).forEach((step, i) => {
    if (i === 0) page.entry(label, [step], label === "next" ? "strong" : "faint");
    else page.more([step]);
  });
}
