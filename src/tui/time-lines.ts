// An incident step by step: each step's failures and requests, the events among them, and its bursts.
import { count, duration, escapeForTerminal, percent, plural, shorten } from "../report/index.ts";
import type { Incident } from "../incident/index.ts";
import { formatClock } from "./format.ts";
import { MARGIN } from "./labelled.ts";
import type { Model } from "./model.ts";
import { bar } from "./sparkline.ts";
import { BLANK, line, span, type Line } from "./spans.ts";
import { fit, fitRight } from "./text-width.ts";

/** The time page. */
export function timePage(model: Model, incident: Incident, width: number): readonly Line[] {
  return [...stepLines(model, incident, width), BLANK, ...burstLines(model, incident, width)];
}

function stepLines(model: Model, incident: Incident, width: number): readonly Line[] {
  const { stepMs, start, requests, failures } = incident.timeline;
  if (failures.length === 0) return [line(" no timeline: nothing in the log has a time", "warn")];
  const room = Math.max(6, Math.min(30, width - 48));
  const highest = Math.max(1, ...failures);
  const head = ` ${fit("time", MARGIN)} ${fitRight("failed", 8)}  ${fitRight("requests", 9)} ${fitRight("share", 7)}   each row ${duration(stepMs)}`;
  const lines: Line[] = [line(head, "faint")];
  let silent = 0;
  failures.forEach((failed, i) => {
    const from = start + i * stepMs;
    const events = eventsBetween(model, from, from + stepMs);
    if (failed === 0 && events.length === 0) {
      silent++;
      return;
    }
    if (silent > 0)
      lines.push(line(` ${fit("", MARGIN)} … ${plural(silent, "row")} without failures`, "faint"));
    silent = 0;
    const asked = requests[i] ?? 0;
    const cells = `${fitRight(count(failed), 8)}  ${fitRight(count(asked), 9)} ${fitRight(asked > 0 ? percent(failed, asked) : "", 7)}   `;
    lines.push([
      span(` ${fit(formatClock(from, model.zone), MARGIN)} `),
      span(cells),
      span(bar(failed / highest, room), "bad"),
    ]);
    for (const text of events) lines.push(line(` ${fit("", MARGIN)} ▲ ${text}`, "warn"));
  });
  if (silent > 0)
    lines.push(line(` ${fit("", MARGIN)} … ${plural(silent, "row")} without failures`, "faint"));
  return lines;
}

function eventsBetween(model: Model, from: number, to: number): readonly string[] {
  return (model.snapshot.summary?.events ?? [])
    .filter((each) => each.time >= from && each.time < to)
    .map((each) => {
      const whom = [each.pool, each.peer].filter((part) => part !== null).join(" › ");
      const about = whom === "" ? "" : ` ${whom}`;
      const often = each.count > 1 ? ` (${each.count} times)` : "";
      return escapeForTerminal(
        `${each.kind}${about}${often}: ${each.says === "" ? each.text : each.says}`,
      );
    });
}

function burstLines(model: Model, incident: Incident, width: number): readonly Line[] {
  const name = Math.max(16, width - 46);
  const head = ` ${fit("burst", name)} ${fit("since", 9)} ${fit("until", 9)} ${fitRight("for", 8)} ${fitRight("failed", 8)}`;
  return [
    line(head, "faint"),
    ...incident.bursts.map((each) =>
      line(
        ` ${fit(shorten(escapeForTerminal(each.key), name), name)} ${fit(formatClock(each.start, model.zone), 9)} ${fit(formatClock(each.end, model.zone), 9)} ${fitRight(duration(each.end - each.start), 8)} ${fitRight(count(each.failures), 8)}`,
      ),
    ),
  ];
}
