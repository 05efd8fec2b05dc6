// Live mode: what changed between two analyses of a growing log, and the line that tells each change.
import type { Analysis, Incident } from "../incident/index.ts";
import { makeClock } from "./clock.ts";
import { count, duration, percent, plural } from "./numbers.ts";
import { Page, styled, type Layout } from "./page.ts";
import { failingUpstreams, placeOf, type Words } from "./words.ts";

/** An incident began, or ended. */
export interface LiveLine {
  readonly kind: "opened" | "closed";
  /** When, in the log's time (ms): the last failure seen. Callers that know the log's clock better may replace it. */
  readonly time: number;
  readonly incident: Incident;
  /** True when it had been told as over and has begun again. */
  readonly again: boolean;
}

/** How live lines look. */
export interface LiveView extends Layout {
  /** IANA name or offset, known to be valid. */
  readonly zone: string;
  readonly words: Words;
}

/**
 * What is new in `next`: incidents that opened and incidents that closed, in order of time. An incident keeps its
 * identity while it grows (its id may change): it is the one with a root upstream in common at an overlapping time.
 */
export function liveChanges(previous: Analysis | null, next: Analysis): LiveLine[] {
  const before = (previous?.incidents ?? []).filter((incident) => incident.parent === null);
  const now = next.incidents.filter((incident) => incident.parent === null);
  const lines: LiveLine[] = [];
  for (const incident of now) {
    const known = before.filter((earlier) => isSame(earlier, incident));
    const wasOpen = known.some((earlier) => earlier.ongoing);
    if (!wasOpen && (incident.ongoing || known.length === 0)) {
      const time = incident.ongoing ? incident.end : incident.start;
      lines.push({ kind: "opened", time, incident, again: known.length > 0 });
    }
    if (!incident.ongoing && (wasOpen || known.length === 0)) {
      lines.push({ kind: "closed", time: incident.end, incident, again: false });
    }
  }
  return lines.sort((a, b) => a.time - b.time);
}

/** One line, without its newline: `18:13:27 ▲ app → 127.0.0.1:9102 refusing connections since 18:13:25 · …`. */
export function renderLive(event: LiveLine, view: LiveView): string {
  const { incident } = event;
  const clock = makeClock(view.zone, incident.start, event.time);
  // Live lines are read on the day; a date would only push the words out of the line.
  const at = (ms: number): string => clock.full(ms).slice(11);
  const lead = incident.reasons[0];
  const words = lead === undefined ? null : view.words(lead.reason);
  const page = new Page(view);
  const place = page.shorten(placeOf(incident), Math.max(20, Math.floor(view.width / 2)));
  const much =
    incident.failures === 0 && incident.masked > 0
      ? `${plural(incident.masked, "failure")} hidden from clients`
      : incident.requests > incident.failures
        ? `${count(incident.failures)} of ${plural(incident.requests, "request")}`
        : plural(incident.failures, "failure");
  if (event.kind === "opened") {
    const phrase = words === null ? "failing" : (words.ongoing ?? words.phrase);
    const since = `${incident.leftCensored ? "since before" : "since"} ${at(incident.start)}`;
    page.text(
      [
        `${at(event.time)} `,
        styled("bad", `▲ ${place} ${phrase}${event.again ? " again" : ""}`),
        ` ${since} · ${much}${lead === undefined ? "" : ` · ${lead.reason}`}`,
      ],
      0,
      11,
    );
  } else {
    const cause = incident.causes[0];
    const why =
      cause === undefined || cause.cause === "unknown"
        ? ""
        : ` · ${cause.cause} (${cause.probability.toFixed(2)})`;
    const share =
      incident.failures > 0 && incident.requests > incident.failures
        ? ` failed (${percent(incident.failures, incident.requests)})`
        : "";
    page.text(
      [
        `${at(event.time)} `,
        styled("good", `● ${place} over after ${duration(incident.end - incident.start)}`),
        ` · ${much}${share}${why}`,
      ],
      0,
      11,
    );
  }
  return page.toString().trimEnd();
}

/** Times this far apart still count as overlapping (ms): the onset moves while the evidence grows. */
const SLACK_MS = 5_000;

function isSame(a: Incident, b: Incident): boolean {
  if (a.start > b.end + SLACK_MS || b.start > a.end + SLACK_MS) return false;
  if (a.id === b.id) return true;
  const roots = rootsOf(a);
  return rootsOf(b).some((root) => roots.includes(root));
}

/** The upstreams that carry an incident, by name; an empty list of names still equals itself. */
function rootsOf(incident: Incident): readonly string[] {
  const names = failingUpstreams(incident).map(({ proxy, pool, peer }) =>
    JSON.stringify([proxy, pool, peer]),
  );
  return names.length === 0 ? [""] : names;
}
