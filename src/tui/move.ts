// Moving the cursor or scrolling, on whichever screen is in front.
import type { Incident } from "../incident/index.ts";
import { selectedIndex, visibleIncidents } from "./incident-list.ts";
import { bodyRows, overviewLayout } from "./layout.ts";
import { exampleKey, incidentOf, topFrame, withList, withTop, type Model } from "./model.ts";

/** A step from model to model. */
export type Goal = (model: Model) => Model;

/** Rows of a page on the front screen, one less than it shows so that the eye keeps its place. */
export function pageOf(model: Model): number {
  const { screen } = topFrame(model);
  const rows = screen === "list" ? overviewLayout(model).list : bodyRows(model.size);
  return Math.max(1, rows - 1);
}

/** The cursor (or the text) moved by so many rows. */
export function moveBy(model: Model, rows: number): Model {
  const { screen, top } = topFrame(model);
  if (screen === "list") return moveTo(model, selectedIndex(model) + rows);
  if (screen === "lines") return moveTo(model, chosenIndex(model) + rows);
  return moveTo(model, top + rows);
}

/** The cursor (or the text) moved to a row; settle.ts holds scrolling within the text. */
export function moveTo(model: Model, row: number): Model {
  const { screen, incident } = topFrame(model);
  if (screen === "list") {
    const visible = visibleIncidents(model);
    const there = visible[clamp(row, visible.length)];
    return there === undefined ? model : withList(model, { cursor: there.id });
  }
  if (screen === "lines") {
    const examples = incidentOf(model, incident)?.examples ?? [];
    const there = examples[clamp(row, examples.length)];
    return there === undefined ? model : withTop(model, { cursor: exampleKey(there) });
  }
  return withTop(model, { top: Math.max(0, row) });
}

/** The selected example line of an incident, undefined where it has none. */
export function chosenExample(
  model: Model,
  incident: Incident,
): Incident["examples"][number] | undefined {
  const { cursor } = topFrame(model);
  return incident.examples.find((each) => exampleKey(each) === cursor) ?? incident.examples[0];
}

/** The place of the selected example; 0 where there is none. */
export function chosenIndex(model: Model): number {
  const { cursor, incident } = topFrame(model);
  const examples = incidentOf(model, incident)?.examples ?? [];
  return Math.max(
    0,
    examples.findIndex((each) => exampleKey(each) === cursor),
  );
}

function clamp(row: number, count: number): number {
  return Math.min(Math.max(0, row), count - 1);
}
