// The rows of the incident list: sorted, filtered, and which of them is selected.
import type { Incident } from "../incident/index.ts";
import { incidentsOf, listFrame, type Model } from "./model.ts";
import { likeliestCause, whereOf } from "./wording.ts";

/** Ids in the order the model asks for, freshly sorted. */
export function sortedIds(model: Model, incidents: readonly Incident[]): readonly string[] {
  const sorted = [...incidents];
  const by = model.sort;
  if (by === "since") sorted.sort((a, b) => a.start - b.start);
  if (by === "failures") sorted.sort((a, b) => b.failures - a.failures);
  if (by === "where") sorted.sort((a, b) => compareText(whereOf(a), whereOf(b)));
  if (model.reversed) sorted.reverse();
  return sorted.map((each) => each.id);
}

/** The incidents the list shows now, in its order. */
export function visibleIncidents(model: Model): readonly Incident[] {
  const byId = new Map(incidentsOf(model.snapshot).map((each) => [each.id, each]));
  const inOrder = model.order.flatMap((id) => byId.get(id) ?? []);
  const wanted = needleOf(model.filter);
  return wanted === "" ? inOrder : inOrder.filter((each) => matches(model, each));
}

/** The selected incident's place among the visible ones; -1 where none is visible. */
export function selectedIndex(model: Model, visible = visibleIncidents(model)): number {
  const { cursor } = listFrame(model);
  const at = cursor === null ? 0 : visible.findIndex((each) => each.id === cursor);
  return visible.length === 0 ? -1 : Math.max(0, at);
}

/** The selected incident, undefined where none is visible. */
export function selectedIncident(model: Model): Incident | undefined {
  const visible = visibleIncidents(model);
  return visible[selectedIndex(model, visible)];
}

/** Every word of the filter must occur; `!` in front turns the whole filter around. */
function matches(model: Model, incident: Incident): boolean {
  const inverse = model.filter.trimStart().startsWith("!");
  const text = haystack(model, incident);
  const found = needleOf(model.filter)
    .split(" ")
    .every((word) => text.includes(word));
  return found !== inverse;
}

function needleOf(filter: string): string {
  return filter.trim().replace(/^!\s*/, "").toLowerCase().replace(/\s+/g, " ");
}

function haystack(model: Model, incident: Incident): string {
  const reasons = incident.reasons.flatMap((each) => [
    each.reason,
    model.words[each.reason].title,
    ...Object.keys(each.codes),
  ]);
  const upstreams = incident.upstreams
    .filter((each) => each.failures > 0)
    .flatMap((each) => [each.pool, each.peer, each.proxy]);
  return [
    whereOf(incident),
    likeliestCause(incident),
    incident.ongoing ? "ongoing still failing" : "over",
    ...reasons,
    ...upstreams,
    ...incident.scope.values,
    ...incident.nodes,
    ...Object.keys(incident.statuses),
  ]
    .join(" ")
    .toLowerCase();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
