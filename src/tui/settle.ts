// Holds the model together after every message: cursors exist, nothing is scrolled past its end.
import { helpLines } from "./help-lines.ts";
import { selectedIndex, visibleIncidents } from "./incident-list.ts";
import { bodyRows, exampleRows, overviewLayout } from "./layout.ts";
import { exampleKey, incidentOf, listFrame, type Frame, type Model } from "./model.ts";
import { pageLines } from "./story-pages.ts";

/** The model with every cursor and scroll position in range; after a key, what is on the screen counts as seen. */
export function settle(model: Model, seen = false): Model {
  const visible = visibleIncidents(model);
  const { cursor, top } = listFrame(model);
  const index = selectedIndex(model, visible);
  const rows = overviewLayout(model).list;
  const first = scrolledTo(top, index, rows, visible.length);
  const list: Frame = {
    ...listFrame(model),
    cursor: cursor === null ? null : (visible[index]?.id ?? null),
    top: first,
  };
  const stack = [list, ...model.stack.slice(1).map((each) => settleFrame(model, each))];
  const shown = new Set(visible.slice(first, first + rows).map((each) => each.id));
  const unseen = seen ? model.unseen.filter((id) => !shown.has(id)) : model.unseen;
  return { ...model, stack, unseen };
}

function settleFrame(model: Model, each: Frame): Frame {
  const rows = bodyRows(model.size);
  if (each.screen === "help")
    return { ...each, top: heldTop(each.top, helpLines(model, true).length, rows) };
  const incident = incidentOf(model, each.incident);
  if (incident === undefined) return each;
  if (each.screen === "story") {
    const length = pageLines(model, incident, each.tab).length;
    return { ...each, top: heldTop(each.top, length, rows) };
  }
  const keys = incident.examples.map(exampleKey);
  const cursor = each.cursor !== null && keys.includes(each.cursor) ? each.cursor : null;
  const at = cursor === null ? 0 : keys.indexOf(cursor);
  return { ...each, cursor, top: scrolledTo(each.top, at, exampleRows(rows), keys.length) };
}

/** The first row shown so that `index` is on the screen, moved as little as possible. */
function scrolledTo(top: number, index: number, rows: number, count: number): number {
  const held = heldTop(top, count, rows);
  if (index < held) return Math.max(0, index);
  return index >= held + rows ? index - rows + 1 : held;
}

function heldTop(top: number, count: number, rows: number): number {
  return Math.min(Math.max(0, top), Math.max(0, count - rows));
}
