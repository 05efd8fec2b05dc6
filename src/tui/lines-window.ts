// The example lines of an incident, the selected one in full with what it means below it.
import { count, escapeForTerminal, plural } from "../report/index.ts";
import type { Incident } from "../incident/index.ts";
import { bodyRows, exampleRows } from "./layout.ts";
import { topFrame, type Model } from "./model.ts";
import { chosenIndex } from "./move.ts";
import { BLANK, line, span, type Line } from "./spans.ts";
import { clip, fitRight, wrap } from "./text-width.ts";

const NUMBER = 8;

/** The rows of the lines screen; `meaning` is what the selected line says. */
export function linesWindow(
  model: Model,
  incident: Incident,
  meaning: readonly string[],
): readonly Line[] {
  const { examples } = incident;
  const width = model.size.columns - 1;
  if (examples.length === 0) {
    return [
      BLANK,
      line(" no line of this incident was kept as an example", "warn"),
      line(" y on the story copies the command that prints them all", "faint"),
    ];
  }
  const chosen = chosenIndex(model);
  const rows = exampleRows(bodyRows(model.size));
  const { top } = topFrame(model);
  const listed = examples.slice(top, top + rows).map((each, i): Line => {
    const selected = top + i === chosen;
    const number = each.line === null ? `@${each.offset}` : count(each.line);
    return [
      span(selected ? " ▸ " : "   ", "accent"),
      span(`${fitRight(number, NUMBER)}  `, "faint"),
      span(escapeForTerminal(each.text), selected ? "strong" : "plain"),
    ];
  });
  const shown = examples[chosen]!;
  const place = shown.line === null ? `byte ${shown.offset}` : `line ${count(shown.line)}`;
  const rule = ` ─ ${escapeForTerminal(shown.source)}, ${place} `;
  const room = bodyRows(model.size) - 2 - listed.length;
  const said = meaning.flatMap((text) =>
    wrap(escapeForTerminal(text), width - 4).map((row, i) =>
      line(`${i === 0 ? " └ " : "   "}${row}`, "accent"),
    ),
  );
  const verbatim = wrap(escapeForTerminal(shown.text), width - 1).map((row) => line(` ${row}`));
  const space = Math.max(2, room - said.length);
  const cut =
    verbatim.length > space ? [...verbatim.slice(0, space - 1), line(" …", "faint")] : verbatim;
  return [
    line(` ${keptText(incident)}`, "faint"),
    ...listed,
    line(clip(rule + "─".repeat(Math.max(0, width - rule.length)), width), "faint"),
    ...cut,
    ...said,
  ];
}

function keptText(incident: Incident): string {
  const all = incident.failures + incident.masked;
  const kept = incident.examples.length;
  return `${count(kept)} of ${plural(Math.max(all, kept), "line")} kept as ${kept === 1 ? "an example" : "examples"}`;
}
