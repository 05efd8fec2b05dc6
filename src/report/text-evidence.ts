// The evidence part of an incident's text: reasons, causes, events nearby, and what follows from it.
import type { Cause, Incident } from "../incident/index.ts";
import type { Reason } from "../record/index.ts";
import { storyOf, type ToldEvent } from "./event-story.ts";
import { count, duration, ofTotal, plural } from "./numbers.ts";
import { nbsp, styled, type Page, type Piece } from "./page.ts";
import { isUncounted, phraseOf, type Story } from "./text-story.ts";
import { certainty, largestFirst, placeOf, upstreamName } from "./words.ts";

/** Events this long before an incident's start or after its end are told with it (ms). */
const NEAR_MS = 60_000;
const MOST_EVENTS = 4;
const MOST_REASONS = 3;
const MOST_CODES = 3;
const MOST_FOR = 4;
const MOST_AGAINST = 2;

/** What failed on the wire, with the words of the proxies that logged it. */
export function printReasons(page: Page, story: Story, incident: Incident): void {
  const told = incident.reasons.slice(0, MOST_REASONS);
  const all = incident.reasons.reduce((sum, reason) => sum + reason.count, 0);
  // With several proxies a code does not tell whose it is: then nobody is quoted.
  const by = incident.proxies.length === 1 ? `${incident.proxies[0]} says ` : "logged as ";
  told.forEach(({ reason, count: n, codes, following }, i) => {
    const much = incident.reasons.length === 1 ? "" : `, ${ofTotal(n, all)}`;
    const list = largestFirst(codes).filter(([code]) => code !== "" && code !== "-");
    const shown = list
      .slice(0, MOST_CODES)
      .map(([code, times]) => `${page.shorten(code, Math.floor(page.width / 2))} ×${count(times)}`);
    if (list.length > MOST_CODES) shown.push(`${count(list.length - MOST_CODES)} more`);
    const said = shown.length === 0 ? "" : ` · ${by}${shown.join(", ")}`;
    const line = [
      styled("strong", reason),
      `: ${meaningOf(story, reason)}${much}${followingOf(story, following)}`,
      styled("faint", said),
    ];
    if (i === 0) page.entry("reason", line);
    else page.more(line);
  });
  const rest = incident.reasons.slice(MOST_REASONS);
  if (rest.length > 0) {
    page.more([`also ${rest.map(({ reason, count: n }) => `${reason} ×${count(n)}`).join(", ")}`]);
  }
}

/** Failures counted with a reason that only followed from it, in their own words. */
function followingOf(story: Story, following: Incident["reasons"][number]["following"]): string {
  const told = largestFirst(following).map(
    ([reason, n]) =>
      `${count(n)} of these followed from it: ${story.words(reason as Reason).title}`,
  );
  return told.map((text) => `; ${text}`).join("");
}

function meaningOf(story: Story, reason: Reason): string {
  const { meaning, title } = story.words(reason);
  return meaning === "" ? title : meaning;
}

/** Why it failed, how sure that is, and what speaks for and against it. */
export function printCauses(page: Page, incident: Incident): void {
  const [first, ...others] = incident.causes;
  if (first === undefined) {
    page.entry("why", ["unclear: these logs do not tell"]);
    return;
  }
  const words =
    first.cause === "unknown" ? "these logs do not tell" : first.cause.replaceAll("-", " ");
  page.entry("why", [
    styled("strong", words),
    first.cause === "unknown" ? "" : `, ${certainty(first.probability)}`,
    ` (${first.probability.toFixed(2)})`,
    ...besides(others),
  ]);
  for (const { text } of first.for.slice(0, MOST_FOR)) page.more([`${nbsp("+ ")}${text}`], 2);
  for (const { text } of first.against.slice(0, MOST_AGAINST))
    page.more([`${nbsp("− ")}${text}`], 2);
}

function besides(others: readonly Cause[]): readonly Piece[] {
  const worth = others.filter((cause) => cause.probability >= 0.05).slice(0, 2);
  if (worth.length === 0) return [];
  const names = worth.map(
    ({ cause, probability }) => `${cause.replaceAll("-", " ")} (${probability.toFixed(2)})`,
  );
  return [styled("faint", `; else ${names.join(", ")}`)];
}

/** What happened to the servers or the proxy around that time. */
export function printEvents(page: Page, story: Story, incident: Incident): void {
  const near = storyOf(
    story.summary.events.filter(
      ({ time }) => time >= incident.start - NEAR_MS && time <= incident.end + NEAR_MS,
    ),
  );
  const told = [...near]
    .sort((a, b) => distance(a, incident) - distance(b, incident) || byTime(a, b))
    .slice(0, MOST_EVENTS)
    .sort(byTime);
  told.forEach((one, i) => {
    const { event } = one;
    const name = upstreamName(event.pool, event.peer);
    const whom = name === null ? "" : ` ${page.shorten(name, Math.floor(page.width / 3))}`;
    const says = event.says === "" ? "" : `: ${page.shorten(event.says, 2 * page.width)}`;
    const line = [
      `${event.isTimeInferred ? "about " : ""}${story.clock.at(event.time)} ${event.kind.replaceAll("-", " ")}${whom}`,
      styled("faint", `, ${relative(event.time - incident.start)}${oftenOf(story, one)}`),
      `${says}${backOf(story, one)}`,
    ];
    if (i === 0) page.entry("events", line);
    else page.more(line, 2);
  });
  if (near.length > told.length) {
    page.more([styled("faint", `and ${count(near.length - told.length)} more within a minute`)]);
  }
}

function distance({ event }: ToldEvent, incident: Incident): number {
  return Math.abs(event.time - incident.start);
}

function byTime(a: ToldEvent, b: ToldEvent): number {
  return a.event.time - b.event.time;
}

/** ` (×6 until 18:14:31)` */
function oftenOf({ clock }: Story, { event, count: n, last }: ToldEvent): string {
  if (n <= 1) return "";
  const until = last - event.time < 1000 ? "" : ` until ${clock.at(last)}`;
  return ` (×${count(n)}${until})`;
}

function backOf({ clock }: Story, { event, back }: ToldEvent): string {
  return back === null ? "" : `; back ${clock.at(back)}, ${duration(back - event.time)} later`;
}

function relative(ms: number): string {
  if (Math.abs(ms) < 1000) return "at its start";
  return ms < 0 ? `${duration(-ms)} before its start` : `${duration(ms)} after its start`;
}

/** Incidents that follow from this one: told here, not as incidents of their own. */
export function printSymptoms(page: Page, story: Story, incident: Incident): void {
  const followers = story.analysis.incidents.filter((other) => other.parent === incident.id);
  followers.slice(0, 3).forEach((other, i) => {
    const place = page.shorten(placeOf(other), Math.floor(page.width / 2));
    const much = isUncounted(story, other)
      ? plural(other.failures, "failure")
      : ofTotal(other.failures, other.requests);
    const line = [
      `${place} ${phraseOf(story, other)}, ${much}, from ${story.clock.at(other.start)}`,
    ];
    if (i === 0) page.entry("follows", line);
    else page.more(line, 2);
  });
  if (followers.length > 3)
    page.more([`and ${count(followers.length - 3)} more that follow from it`]);
}
