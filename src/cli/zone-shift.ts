// An error log that would fit its access log in another zone: said, with the zone to ask for, and never done unasked.
import { offsetAt, type Choice } from "../record/index.ts";
import type { Summary } from "../summary/index.ts";
import type { ZoneChoice } from "./zones.ts";

const MINUTE_MS = 60_000;

/** The summary with a note at each source whose times name no zone, where the join suspects that it was read in a wrong one. */
export function withSuspectedZones(
  summary: Summary,
  choices: readonly Choice[],
  zones: readonly ZoneChoice[],
): Summary {
  const { shiftMs } = summary.join;
  if (shiftMs === undefined) return summary;
  const sources = summary.sources.map((source, at) => {
    const { firstTime, proxy } = source;
    if (proxy !== "nginx" || !choices[at]!.isLocal || firstTime === null) return source;
    const { zone } = zones[at]!;
    const wanted = offsetText(offsetAt(zone, firstTime) + shiftMs);
    const note = `as its times were read (${zone}) hardly a line fits a request of the access log; they all would ${apart(shiftMs)}: try --tz ${wanted}`;
    return { ...source, notes: [...source.notes, note] };
  });
  return { ...summary, sources };
}

/** `2 h earlier`, `5 h 30 min later`. */
function apart(shiftMs: number): string {
  const minutes = Math.abs(shiftMs) / MINUTE_MS;
  const hours = Math.floor(minutes / 60);
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes % 60 > 0 ? [`${minutes % 60} min`] : []),
  ];
  return `${parts.join(" ")} ${shiftMs > 0 ? "earlier" : "later"}`;
}

/** `UTC`, `+02:00`, as `--tz` takes it. */
function offsetText(ms: number): string {
  if (ms === 0) return "UTC";
  const minutes = Math.abs(Math.round(ms / MINUTE_MS));
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${ms < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
