// The overview's other lines: header, warning, the list's rule, the preview, the status, and what an empty list says.
import { count, displayWidth, escapeForTerminal, plural } from "../report/index.ts";
import { causeSummary, nextLines } from "./cause-lines.ts";
import { formatClock, formatDay } from "./format.ts";
import { selectedIncident, visibleIncidents } from "./incident-list.ts";
import { items } from "./labelled.ts";
import { incidentsOf, type Model, type SortKey } from "./model.ts";
import { progressText, readingStatus, readingWarning } from "./reading.ts";
import { bar } from "./sparkline.ts";
import { headline } from "./story-pages.ts";
import { BLANK, line, span, type Line } from "./spans.ts";
import { clipStart, fit } from "./text-width.ts";

/** The program, the sources and the counts; at the right whether lines still arrive. */
export function headerLine(model: Model): Line {
  const { summary, progress, names } = model.snapshot;
  const [first, ...others] = names.map(escapeForTerminal);
  const more = others.length > 0 ? ` +${others.length}` : "";
  const state = model.paused
    ? model.waiting === null
      ? "paused"
      : "paused, more has come"
    : progress.live && !progress.done
      ? "live"
      : progress.done
        ? ""
        : "reading";
  const counts =
    summary === null
      ? []
      : [plural(summary.totals.requests, "request"), `${count(summary.totals.failures)} failed`];
  const right = [...counts, model.zone, state].filter((part) => part !== "").join(" · ");
  const room = model.size.columns - displayWidth(right) - 3 - displayWidth(more);
  const left = ` why502 › ${clipStart(first ?? "waiting", room - 10)}${more}`;
  return [
    span(fit(left, model.size.columns - displayWidth(right) - 1), "strong"),
    span(right, model.paused ? "warn" : "plain"),
  ];
}

/** What was read badly, said before anything else. */
export function warningLine(model: Model): Line {
  return line(` ▲ ${readingWarning(model.snapshot) ?? ""}`, "warn");
}

const ORDER: Readonly<Record<SortKey, string>> = {
  weight: "worst first",
  since: "by time",
  failures: "by failures",
  where: "by place",
};

/** The rule above the list: how many of how many, in which order, and the filter. */
export function listRule(model: Model): Line {
  const shown = visibleIncidents(model).length;
  const all = incidentsOf(model.snapshot).length;
  const failing = incidentsOf(model.snapshot).filter((each) => each.ongoing).length;
  const parts = [`incidents ${count(shown)} of ${count(all)}`];
  if (failing > 0) parts.push(`${count(failing)} still failing`);
  if (all > 1)
    parts.push(model.sort === "weight" && model.reversed ? "worst last" : ORDER[model.sort]);
  if (model.unseen.length > 0) parts.push(`◆ ${model.unseen.length} new below, s sorts`);
  const text = `─ ${parts.join(" · ")} `;
  const filter =
    model.typing || model.filter !== "" ? `─ /${model.filter}${model.typing ? "▏" : ""} ` : "";
  const used = displayWidth(text) + displayWidth(filter) + 1;
  return [
    span(" " + text, "faint"),
    span(filter, "accent"),
    span("─".repeat(Math.max(0, model.size.columns - used - 1)), "faint"),
  ];
}

/** The selected incident in as many rows as there are, its rule included. */
export function previewLines(model: Model, rows: number): readonly Line[] {
  const incident = selectedIncident(model);
  if (rows <= 0) return [];
  const rule = line(" " + "─".repeat(Math.max(0, model.size.columns - 2)), "faint");
  if (incident === undefined) return [rule];
  const width = model.size.columns - 1;
  return [
    rule,
    ...headline(model, incident, width),
    ...nextLines(incident, width).slice(0, 3),
    ...causeSummary(incident, width),
  ].slice(0, rows);
}

/** Progress while reading, then what was read; a notice in its place for as long as it stands. */
export function statusLine(model: Model): Line {
  if (model.notice !== null) return line(` ${model.notice}`, "warn");
  const { bytes, totalBytes } = model.snapshot.progress;
  const progress = progressText(model.snapshot);
  if (progress === null) return line(` ${readingStatus(model.snapshot)}`, "faint");
  if (totalBytes === null || totalBytes <= 0) return line(` ${progress}`);
  return [
    span(` ▏`, "faint"),
    span(fit(bar(bytes / totalBytes, 16), 16), "accent"),
    span(`▕ ${progress}`),
  ];
}

/** What stands where incidents would: why there are none, what was read, what to do next. */
export function emptyLines(model: Model): readonly Line[] {
  const { summary, analysis, progress } = model.snapshot;
  const width = model.size.columns - 1;
  const all = incidentsOf(model.snapshot).length;
  if (all > 0) {
    return [
      BLANK,
      line(` no incident of ${count(all)} matches “${model.filter}”`, "warn"),
      line(" Esc clears the filter", "faint"),
    ];
  }
  if (!progress.done) {
    const first = summary === null ? "nothing read yet" : "no incident so far";
    return [
      BLANK,
      line(` ${first}: ${progressText(model.snapshot) ?? ""}`),
      line(" incidents appear here as they are found", "faint"),
    ];
  }
  if (summary === null || analysis === null) {
    return [
      BLANK,
      line(" nothing was read", "warn"),
      ...items("next", ["name a log: why502 FILE…, or pipe one in: tail -F FILE | why502"], width),
    ];
  }
  const left = analysis.background.failures;
  const verdict =
    left === 0
      ? "no incident: nothing failed"
      : `no incident: ${plural(left, "failure")}, none of them a burst`;
  const sources = summary.sources.map((each) => {
    const when =
      each.firstTime === null || each.lastTime === null
        ? "no times"
        : `${formatDay(each.firstTime, model.zone)} ${formatClock(each.firstTime, model.zone)} – ${formatClock(each.lastTime, model.zone)}`;
    return `${escapeForTerminal(each.name)}, ${escapeForTerminal(each.format)}: ${count(each.records)} of ${plural(each.lines, "line")} understood, ${when}`;
  });
  return [
    BLANK,
    line(` ${verdict}`, left === 0 ? "good" : "strong"),
    BLANK,
    ...items("read", sources, width),
    ...items(
      "next",
      [
        "another time: --since, --until · other logs: why502 FILE…",
        "how each file was understood: why502 formats FILE…",
      ],
      width,
    ),
  ];
}
