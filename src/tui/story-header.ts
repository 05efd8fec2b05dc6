// The first row of a story and of its lines: the way there, and the pages one can turn to.
import { displayWidth, shorten } from "../report/index.ts";
import type { Incident } from "../incident/index.ts";
import { TABS, type Model, type Tab } from "./model.ts";
import { span, type Line } from "./spans.ts";
import { fit } from "./text-width.ts";
import { whereOf } from "./wording.ts";

/** ` why502 › app → 127.0.0.1:9102      [1 story] 2 causes 3 where 4 time 5 lines`. */
export function storyHeader(model: Model, incident: Incident, tab: Tab): Line {
  const tabs = TABS.map((each, i) => (each === tab ? `[${i + 1} ${each}]` : `${i + 1} ${each}`));
  const width = displayWidth(tabs.join(" "));
  const room = Math.max(0, model.size.columns - width - 2);
  const way = shorten(` why502 › ${whereOf(incident)}`, room);
  return [
    span(fit(way, room) + " ", "strong"),
    ...TABS.flatMap((each, i) => [span(`${tabs[i]!} `, each === tab ? "accent" : "faint")]),
  ];
}
