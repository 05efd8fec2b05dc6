// Where an incident is: its reach, a strip of time for each peer, and the tables behind them.
import {
  count,
  displayWidth,
  duration,
  escapeForTerminal,
  percent,
  shorten,
} from "../report/index.ts";
import type { Incident, UpstreamShare } from "../incident/index.ts";
import { labelled, MARGIN, paragraph } from "./labelled.ts";
import { sparkline } from "./sparkline.ts";
import { BLANK, line, span, type Line } from "./spans.ts";
import { fit, fitRight } from "./text-width.ts";
import { timeAxis } from "./time-axis.ts";
import { failingUpstreams, scopeSentence } from "./wording.ts";

const LABEL_LIMIT = 22;
const FIGURES = 16;

/** Which part of the traffic it is, and how the rest does, in one or two lines. */
export function scopeLines(incident: Incident, width: number): readonly Line[] {
  return paragraph("where", escapeForTerminal(scopeSentence(incident)), width);
}

/** The failures over the incident's time, and below it one strip per upstream on the same columns. */
export function stripLines(
  incident: Incident,
  width: number,
  zone: string,
  limit: number,
): readonly Line[] {
  const { stepMs, start, failures } = incident.timeline;
  if (failures.length === 0) return [];
  const failing = new Set(failingUpstreams(incident));
  const rows = [...failing, ...incident.upstreams.filter((each) => !failing.has(each))];
  const shown = rows.slice(0, limit);
  const names = peerNames(shown);
  const labels = Math.min(LABEL_LIMIT, Math.max(6, ...names.map(displayWidth)));
  const columns = Math.min(failures.length, Math.max(8, width - MARGIN - labels - FIGURES - 2));
  const cellMs = (stepMs * failures.length) / columns;
  const bars = sparkline(merged(failures, columns, (a, b) => a + b));
  const lines: Line[] = [
    labelled("failed", span(fit("", labels + 1)), span(fit(bars, columns) + " ", "bad")),
    ...shown.map((each, i) =>
      labelled(
        i === 0 ? "peers" : "",
        span(fit(shorten(names[i]!, labels), labels) + " ", each.failures > 0 ? "strong" : "plain"),
        span(stripOf(each, columns) + " ", each.failures > 0 ? "bad" : "faint"),
        span(figuresOf(each), "plain"),
      ),
    ),
  ];
  if (rows.length > limit) {
    lines.push(labelled("", span(`and ${rows.length - limit} more on the page where`, "faint")));
  }
  const axis = timeAxis(start, start + stepMs * failures.length, columns, zone);
  if (axis !== "") lines.push(labelled("", span(fit("", labels + 1)), span(axis, "faint")));
  const legend = `each cell ${duration(cellMs)}: · fine  ░ ▒ ▓ failing  blank no requests`;
  lines.push(labelled("", span(legend, "faint")));
  return lines;
}

function figuresOf(each: UpstreamShare): string {
  return `${count(each.failures)} of ${count(each.requests)}`;
}

/** One character a cell: the worst share of failures that falls into it. */
function stripOf(each: UpstreamShare, columns: number): string {
  const cells = merged(each.strip, columns, (a, b) =>
    a === null ? b : b === null ? a : Math.max(a, b),
  );
  return fit(cells.map(shadeOf).join(""), columns);
}

function shadeOf(share: number | null): string {
  if (share === null) return " ";
  if (share <= 0) return "·";
  return share < 1 / 3 ? "░" : share < 2 / 3 ? "▒" : "▓";
}

function merged<T>(values: readonly T[], columns: number, merge: (a: T, b: T) => T): readonly T[] {
  if (values.length <= columns) return values;
  const cells: T[] = [];
  values.forEach((value, i) => {
    const at = Math.floor((i * columns) / values.length);
    cells[at] = at < cells.length ? merge(cells[at]!, value) : value;
  });
  return cells;
}

// Peers of one host differ in their port alone: then the port is the name.
function peerNames(upstreams: readonly UpstreamShare[]): readonly string[] {
  const names = upstreams.map((each) => escapeForTerminal(each.peer ?? each.pool ?? each.proxy));
  const hosts = new Set(names.map((name) => name.slice(0, name.lastIndexOf(":") + 1)));
  const [host] = hosts;
  if (names.length < 2 || hosts.size !== 1 || host === undefined || host === "") return names;
  return names.map((name) => name.slice(host.length - 1));
}

/** Everything about the place: reach, strips, and what the failing requests have in common. */
export function wherePage(incident: Incident, width: number, zone: string): readonly Line[] {
  return [
    ...scopeLines(incident, width),
    BLANK,
    ...stripLines(incident, width, zone, Infinity),
    BLANK,
    ...upstreamTable(incident, width),
    BLANK,
    ...attributionTable(incident, width),
  ];
}

function upstreamTable(incident: Incident, width: number): readonly Line[] {
  const hasHidden = incident.upstreams.some(({ masked }) => masked > 0);
  const name = Math.max(16, width - (hasHidden ? 52 : 42));
  const hidden = (text: string): string => (hasHidden ? ` ${fitRight(text, 9)}` : "");
  const head = ` ${fit("upstream", name)} ${fitRight("failed", 9)}${hidden("hidden")} ${fitRight("requests", 10)} ${fitRight("share", 7)}`;
  const rows = incident.upstreams.map((each): Line => {
    const full = [each.proxy, each.pool, each.peer].filter((part) => part !== null).join(" › ");
    const cells = `${fitRight(count(each.failures), 9)}${hidden(count(each.masked))} ${fitRight(count(each.requests), 10)} ${fitRight(percent(each.failures, each.requests), 7)}`;
    return [
      span(` ${fit(shorten(escapeForTerminal(full), name), name)} `),
      span(cells, each.failures > 0 ? "bad" : "plain"),
    ];
  });
  return [line(head, "faint"), ...rows];
}

function attributionTable(incident: Incident, width: number): readonly Line[] {
  if (incident.attribution.length === 0) return [];
  const name = Math.max(16, width - 42);
  const head = ` ${fit("what they have in common", name)} ${fitRight("failed", 9)} ${fitRight("requests", 10)} ${fitRight("of all", 7)}`;
  const rows = incident.attribution.map((each): Line => {
    const where = Object.entries(each.where)
      .map(([key, value]) => `${key} ${value}`)
      .join(", ");
    const cells = `${fitRight(count(each.failures), 9)} ${fitRight(count(each.requests), 10)} ${fitRight(percent(each.coverage, 1), 7)}`;
    return [span(` ${fit(shorten(escapeForTerminal(where), name), name)} `), span(cells)];
  });
  return [line(head, "faint"), ...rows];
}
