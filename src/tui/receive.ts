// A new snapshot under an unmoved cursor: rows keep their order, identities find their successors.
import type { Incident } from "../incident/index.ts";
import type { Snapshot } from "./feed.ts";
import { selectedIndex, sortedIds, visibleIncidents } from "./incident-list.ts";
import { incidentsOf, listFrame, withList, type Frame, type Model } from "./model.ts";
import { failingUpstreams } from "./wording.ts";

/** The model showing `snapshot`. Once somebody moved in the list, known rows stay where they are and new ones come below. */
export function receive(model: Model, snapshot: Snapshot): Model {
  const before = incidentsOf(model.snapshot);
  const after = incidentsOf(snapshot);
  const heirs = successors(before, after);
  const touched = listFrame(model).cursor !== null || model.stack.length > 1;
  const sorted = sortedIds(model, after);
  const row = selectedIndex(model);
  const offset = row - listFrame(model).top;

  const kept = touched ? [...new Set(model.order.flatMap((id) => heirs.get(id) ?? []))] : [];
  const known = new Set(kept);
  const fresh = touched ? sorted.filter((id) => !known.has(id)) : [];
  const order = touched ? [...kept, ...fresh] : sorted;
  const ids = new Set(order);
  const unseen = touched
    ? [...model.unseen.flatMap((id) => heirs.get(id) ?? []), ...fresh].filter((id) => ids.has(id))
    : [];

  const frames = model.stack.slice(1).map((each) => inherit(each, heirs));
  const gone = frames.some((each) => each === null);
  const moved: Model = {
    ...model,
    snapshot,
    order,
    unseen: [...new Set(unseen)],
    notice: gone ? "that incident is no longer there: it became part of another" : model.notice,
    stack: [listFrame(model), ...frames.filter((each) => each !== null)],
  };
  if (!touched) return moved;

  const visible = visibleIncidents(moved);
  const { cursor } = listFrame(model);
  const heir = cursor === null ? undefined : heirs.get(cursor);
  const next =
    heir !== undefined && visible.some((each) => each.id === heir)
      ? heir
      : (visible[Math.min(Math.max(0, row), visible.length - 1)]?.id ?? null);
  const at = visible.findIndex((each) => each.id === next);
  return withList(moved, { cursor: cursor === null ? null : next, top: Math.max(0, at - offset) });
}

function inherit(each: Frame, heirs: ReadonlyMap<string, string>): Frame | null {
  if (each.incident === null) return each;
  const heir = heirs.get(each.incident);
  return heir === undefined ? null : { ...each, incident: heir };
}

/** For each incident before, the same one after: by id, else the one that overlaps it at the same upstream. */
function successors(
  before: readonly Incident[],
  after: readonly Incident[],
): ReadonlyMap<string, string> {
  const ids = new Set(after.map((each) => each.id));
  const old = new Set(before.map((each) => each.id));
  const heirs = new Map<string, string>();
  for (const each of before) {
    if (ids.has(each.id)) heirs.set(each.id, each.id);
    else {
      const heir = after.find((other) => !old.has(other.id) && isSame(each, other));
      if (heir !== undefined) heirs.set(each.id, heir.id);
    }
  }
  return heirs;
}

function isSame(a: Incident, b: Incident): boolean {
  if (a.start > b.end || b.start > a.end) return false;
  const x = failingUpstreams(a)[0];
  return failingUpstreams(b).some((y) => x !== undefined && y.pool === x.pool && y.peer === x.peer);
}
