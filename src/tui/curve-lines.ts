// The overview's curves: failures, requests and events over the whole log on one time axis.
import type { EventItem } from "../summary/index.ts";
import { columnOf, formatRate, type Series } from "./series.ts";
import { sparkline, stretch } from "./sparkline.ts";
import { line, span, type Line, type Tone } from "./spans.ts";
import { fit } from "./text-width.ts";
import { timeAxis } from "./time-axis.ts";

const LABEL = 10;
const FIGURE = 8;

/** Columns left for a curve on a terminal of this width. */
export function curveColumns(width: number): number {
  return Math.max(10, width - LABEL - 2 - FIGURE);
}

/** The four rows. Without a series they say so, and stay four. */
export function curveLines(
  series: Series | null,
  events: readonly EventItem[],
  width: number,
  zone: string,
): readonly Line[] {
  const columns = curveColumns(width);
  if (series === null) {
    const empty = fit("", columns);
    return [
      curve("failed", empty, "", "plain"),
      curve("requests", empty, "", "plain"),
      curve("events", empty, "", "plain"),
      line(fit("", LABEL + 1) + "no line with a time yet", "faint"),
    ];
  }
  const { start, stepMs, failures, requests } = series;
  const rate = (values: readonly number[]): string => formatRate(Math.max(0, ...values), stepMs);
  const end = start + stepMs * requests.length;
  return [
    curve("failed", sparkline(stretch(failures, columns)), rate(failures), "bad"),
    curve("requests", sparkline(stretch(requests, columns)), rate(requests), "plain"),
    curve("events", eventMarks(series, events, columns), String(events.length), "warn"),
    line(fit("", LABEL + 1) + timeAxis(start, end, columns, zone), "faint"),
  ];
}

function curve(label: string, marks: string, figure: string, tone: Tone): Line {
  return [
    span(` ${fit(label, LABEL - 1)}▏`, "faint"),
    span(marks, tone),
    span("▕", "faint"),
    span(` ${figure}`),
  ];
}

/** How much an event says, so that the weightiest of a column is the one shown. */
const MARKS: readonly (readonly [string, ReadonlySet<string>])[] = [
  ["▼", new Set(["server-down", "no-server", "worker-death", "limit", "ejection"])],
  ["▲", new Set(["server-up"])],
  ["↻", new Set(["reload", "start", "stop"])],
];

function eventMarks(series: Series, events: readonly EventItem[], columns: number): string {
  const cells = new Array<number>(columns).fill(MARKS.length + 1);
  for (const event of events) {
    const column = columnOf(series, event.time, columns);
    if (column < 0) continue;
    const weight = MARKS.findIndex(([, kinds]) => kinds.has(event.kind));
    cells[column] = Math.min(cells[column]!, weight < 0 ? MARKS.length : weight);
  }
  return cells
    .map((weight) => (weight > MARKS.length ? " " : (MARKS[weight]?.[0] ?? "●")))
    .join("");
}
