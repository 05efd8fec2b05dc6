// The incident list as lines: its columns for a width, its heads, one row per incident.
import { count, percent, shorten } from "../report/index.ts";
import type { Incident } from "../incident/index.ts";
import { formatClock, formatDayClock, formatDurationShort, isSameDay } from "./format.ts";
import { titleOf } from "./headline.ts";
import type { Model, SortKey } from "./model.ts";
import { condense, sparkline } from "./sparkline.ts";
import { line, span, type Line } from "./spans.ts";
import { fit, fitRight } from "./text-width.ts";
import { likeliestCause, whereOf } from "./wording.ts";

/** Widths of the columns that vary. */
export interface Columns {
  readonly since: number;
  readonly where: number;
  readonly trend: number;
  readonly reason: number;
  readonly why: number;
  readonly share: number;
  /** True where the incidents span more than one day, so that the time needs its day. */
  readonly dated: boolean;
}

const FOR = 6;
const FAILED = 7;

/** The columns that fit in `width`, the trend and the cause only where there is room for them. */
export function columnsFor(incidents: readonly Incident[], width: number, zone: string): Columns {
  const starts = incidents.map((each) => each.start);
  const dated = starts.some((start) => !isSameDay(start, starts[0]!, zone));
  const since = (dated ? 11 : 8) + (incidents.some((each) => each.leftCensored) ? 1 : 0);
  const trend = width >= 100 ? 12 : width >= 72 ? 8 : 0;
  const why = width >= 104 ? 18 : 0;
  const share = width >= 92 ? 7 : 0;
  const gaps = 4 + (trend > 0 ? 1 : 0) + (share > 0 ? 1 : 0) + (why > 0 ? 2 : 0);
  const free = width - 4 - since - FOR - FAILED - share - trend - why - gaps;
  const where = Math.ceil(free * 0.55);
  return { since, where, trend, reason: free - where, share, why, dated };
}

/** The heads, the sorted one marked. */
export function headRow(columns: Columns, sort: SortKey, reversed: boolean): Line {
  const head = (name: string, key: SortKey, descending: boolean): string =>
    sort === key ? `${name}${descending !== reversed ? "▼" : "▲"}` : name;
  const trend = columns.trend > 0 ? `${fit("failures", columns.trend)} ` : "";
  const share = columns.share > 0 ? ` ${fitRight("share", columns.share)}` : "";
  const why = columns.why > 0 ? `  ${fit("why", columns.why)}` : "";
  return line(
    `    ${fit(head("since", "since", false), columns.since)} ${fitRight("for", FOR)} ${fit(head("where", "where", false), columns.where)} ${trend}${fit("reason", columns.reason)} ${fitRight(head("failed", "failures", true), FAILED)}${share}${why}`,
    "faint",
  );
}

/** Failed requests; where none failed, also how many failures were hidden. */
function failedOf({ failures, masked }: Incident): string {
  return failures === 0 && masked > 0 ? `0+${count(masked)}` : count(failures);
}

/** One incident. */
export function incidentRow(
  model: Model,
  incident: Incident,
  columns: Columns,
  selected: boolean,
): Line {
  const time = columns.dated ? formatDayClock : formatClock;
  const since = (incident.leftCensored ? "≤" : "") + time(incident.start, model.zone);
  const marks = `${selected ? "▸" : " "}${model.unseen.includes(incident.id) ? "◆" : " "}`;
  const trend = sparkline(condense(incident.timeline.failures, columns.trend));
  return [
    span(marks, "accent"),
    span(incident.ongoing ? "▲ " : "● ", incident.ongoing ? "bad" : "faint"),
    span(`${fit(since, columns.since)} `),
    span(`${fitRight(formatDurationShort(incident.end - incident.start), FOR)} `),
    span(`${fit(shorten(whereOf(incident), columns.where), columns.where)} `, "strong"),
    ...(columns.trend > 0 ? [span(`${fit(trend, columns.trend)} `, "bad")] : []),
    span(`${fit(titleOf(model, incident), columns.reason)} `),
    span(fitRight(failedOf(incident), FAILED), "bad"),
    ...(columns.share > 0
      ? [span(` ${fitRight(percent(incident.failures, incident.requests), columns.share)}`)]
      : []),
    ...(columns.why > 0 ? [span(`  ${fit(likeliestCause(incident), columns.why)}`)] : []),
  ];
}
