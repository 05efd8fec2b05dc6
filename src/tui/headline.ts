// The first sentences about an incident: what, since when, how bad, and whether it still fails.
import { count, duration, hiddenDamage, percent, plural, retriesOf } from "../report/index.ts";
import type { Incident } from "../incident/index.ts";
import { formatClock, formatClockFine, formatDay, isSameDay } from "./format.ts";
import type { Model } from "./model.ts";

/** The failing reason in plain words: `refused connections`. */
export function titleOf(model: Model, incident: Incident): string {
  const first = incident.reasons[0];
  if (first === undefined) return "failures";
  const more = incident.reasons.length - 1;
  return model.words[first.reason].title + (more > 0 ? ` and ${more} more` : "");
}

/** `18:13:25.3 – 18:13:35.2, 9.9 s, over`; the day as well where the log has more than one. */
export function whenOf(model: Model, incident: Incident): string {
  const { zone } = model;
  const { start, end } = incident;
  const day = `${formatDay(start, zone)} `;
  const since = `${incident.leftCensored ? "before " : ""}${formatClockFine(start, zone)}`;
  if (incident.ongoing) {
    return `${day}since ${since}, ${duration(end - start)}, still failing as of ${formatClock(logEnd(model, incident), zone)}`;
  }
  const endDay = isSameDay(start, end, zone) ? "" : `${formatDay(end, zone)} `;
  return `${day}${since} – ${endDay}${formatClockFine(end, zone)}, ${duration(end - start)}, over`;
}

/** `45 of 160 requests failed (28 %), none before`, and what retries hid. */
export function damageOf(model: Model, incident: Incident): string {
  const { failures, requests, masked, baselineRate } = incident;
  const retries = retriesOf(incident);
  const tried = retries === null ? "" : `; ${retries}`;
  const none = hiddenDamage(incident);
  if (none !== null) return `${none}, in ${plural(requests, "request")}${tried}`;
  const hidden = (masked > 0 ? `; ${count(masked)} more hidden from clients` : "") + tried;
  if (model.snapshot.summary?.totals.requests === 0) {
    return `${plural(failures, "failure")} in the error log: no access log says of how many requests${hidden}`;
  }
  const before = incident.leftCensored
    ? "it failed already when the log begins"
    : baselineRate > 0
      ? `${percent(baselineRate, 1)} before`
      : "none before";
  return `${count(failures)} of ${plural(requests, "request")} failed (${percent(failures, requests)}), ${before}${hidden}`;
}

/** When the log ends, as far as it is known. */
function logEnd(model: Model, incident: Incident): number {
  const times = model.snapshot.summary?.sources.map((each) => each.lastTime ?? 0) ?? [];
  return Math.max(incident.end, ...times);
}
