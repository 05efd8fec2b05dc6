// The last row: the keys that are good for something now.
import { displayWidth } from "../report/index.ts";
import { footerBindings, spellKey, type Action } from "./keys.ts";
import { incidentsOf, topFrame, type Model } from "./model.ts";
import { span, type Line, type Span } from "./spans.ts";

const NEEDS_INCIDENT: ReadonlySet<Action> = new Set([
  "open",
  "filter",
  "sort",
  "next-incident",
  "copy",
]);

/** As many keys as fit, the most useful first. */
export function footerLine(model: Model, unicode: boolean): Line {
  const { screen } = topFrame(model);
  const idle = screen === "list" && incidentsOf(model.snapshot).length === 0;
  const { done, live } = model.snapshot.progress;
  const pairs: readonly (readonly [string, string])[] = model.typing
    ? [
        [spellKey("enter", unicode), "keep"],
        ["Esc", "drop"],
        [unicode ? "↑↓" : "Up Down", "move"],
        ["!", "in front: all others"],
      ]
    : footerBindings(screen, live && !done)
        .filter((each) => !idle || !NEEDS_INCIDENT.has(each.action))
        .map((each) => [
          spellKey(each.keys[0]!, unicode),
          each.action === "pause" && model.paused ? "resume" : each.label,
        ]);
  const spans: Span[] = [];
  let used = 1;
  for (const [key, label] of pairs) {
    const width = displayWidth(key) + 1 + displayWidth(label) + 2;
    if (used + width > model.size.columns) break;
    spans.push(span(` ${key}`, "accent"), span(` ${label} `));
    used += width;
  }
  return spans;
}
