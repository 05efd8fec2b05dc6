// What a message does to the model: pure, with whatever touches the world given back as effects.
import type { Snapshot } from "./feed.ts";
import { incidentCommand } from "./command.ts";
import { sortedIds, selectedIncident, visibleIncidents } from "./incident-list.ts";
import { actionFor, type Action } from "./keys.ts";
import {
  frame,
  incidentOf,
  incidentsOf,
  listFrame,
  SORTS,
  TABS,
  topFrame,
  withList,
  withTop,
  type Model,
  type Size,
  type SortKey,
} from "./model.ts";
import { chosenExample, moveTo, moveBy, pageOf, type Goal } from "./move.ts";
import { receive } from "./receive.ts";
import { settle } from "./settle.ts";

/** What can happen. */
export type Message =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "resize"; readonly size: Size }
  | { readonly kind: "notice"; readonly text: string };

/** What the world is asked to do. */
export type Effect =
  | { readonly kind: "quit" }
  | { readonly kind: "copy"; readonly text: string }
  | { readonly kind: "suspend" }
  | { readonly kind: "redraw" };

/** The next model and what to do besides. */
export interface Step {
  readonly model: Model;
  readonly effects: readonly Effect[];
}

/** The model after a message. */
export function update(model: Model, message: Message): Step {
  switch (message.kind) {
    case "snapshot":
      return model.paused
        ? still({ ...model, waiting: message.snapshot })
        : still(settle(receive(model, message.snapshot)));
    case "resize":
      return still(settle({ ...model, size: message.size }));
    case "notice":
      return still({ ...model, notice: message.text });
    case "key": {
      const quiet = model.notice === null ? model : { ...model, notice: null };
      const step = press(quiet, message.key);
      return { model: settle(step.model, true), effects: step.effects };
    }
  }
}

function still(model: Model): Step {
  return { model, effects: [] };
}

function press(model: Model, key: string): Step {
  if (model.typing) return type(model, key);
  const action = actionFor(key, topFrame(model).screen);
  return action === undefined ? still(model) : act(model, action);
}

/** Keys while the filter is being typed; those that type nothing still move in the list. */
function type(model: Model, key: string): Step {
  const edit = (filter: string): Step => still({ ...model, filter });
  if (key === "enter") return still({ ...model, typing: false });
  if (key === "escape") return still({ ...model, typing: false, filter: "" });
  if (key === "space") return edit(model.filter + " ");
  if (key === "backspace") {
    if (model.filter === "") return still({ ...model, typing: false });
    return edit([...model.filter].slice(0, -1).join(""));
  }
  if (key === "ctrl+u") return edit("");
  if (key === "ctrl+w") return edit(model.filter.replace(/\S*\s*$/, ""));
  if ([...key].length === 1) return edit(model.filter + key);
  const action = actionFor(key, "list");
  return action === undefined || action === "open" ? still(model) : act(model, action);
}

function act(model: Model, action: Action): Step {
  const goal = GOALS[action];
  if (goal !== undefined) return still(goal(model));
  switch (action) {
    case "open":
      return still(open(model));
    case "back":
      return still(back(model));
    case "leave":
      return model.stack.length === 1 ? { model, effects: [{ kind: "quit" }] } : still(back(model));
    case "quit":
      return { model, effects: [{ kind: "quit" }] };
    case "filter":
      return still({ ...model, typing: true });
    case "sort":
      return still(resort(model, SORTS[(SORTS.indexOf(model.sort) + 1) % SORTS.length]!, false));
    case "reverse":
      return still(resort(model, model.sort, !model.reversed));
    case "next-incident":
      return still(stepIncident(model, 1));
    case "previous-incident":
      return still(stepIncident(model, -1));
    case "next-tab":
      return still(turn(model, 1));
    case "previous-tab":
      return still(turn(model, -1));
    case "copy":
      return copy(model);
    case "pause":
      return still(pause(model));
    case "help":
      return still({ ...model, stack: [...model.stack, frame("help")] });
    case "suspend":
      return { model, effects: [{ kind: "suspend" }] };
    case "redraw":
      return { model, effects: [{ kind: "redraw" }] };
    default:
      return still(showTab(model, Number(action.slice(-1)) - 1));
  }
}

const GOALS: Readonly<Partial<Record<Action, Goal>>> = {
  up: (model) => moveBy(model, -1),
  down: (model) => moveBy(model, 1),
  "page-up": (model) => moveBy(model, -pageOf(model)),
  "page-down": (model) => moveBy(model, pageOf(model)),
  "half-up": (model) => moveBy(model, -Math.ceil(pageOf(model) / 2)),
  "half-down": (model) => moveBy(model, Math.ceil(pageOf(model) / 2)),
  first: (model) => moveTo(model, 0),
  last: (model) => moveTo(model, Infinity),
};

function open(model: Model): Model {
  const { screen, incident } = topFrame(model);
  if (screen === "story") return push(model, "lines", incident);
  const selected = selectedIncident(model);
  if (screen !== "list" || selected === undefined) return model;
  return push(withList(model, { cursor: selected.id }), "story", selected.id);
}

function push(model: Model, screen: "story" | "lines", incident: string | null): Model {
  const opened = frame(screen, incident, screen === "lines" ? "lines" : "story");
  return { ...model, stack: [...model.stack, opened] };
}

function back(model: Model): Model {
  if (model.stack.length > 1) return { ...model, stack: model.stack.slice(0, -1) };
  return model.filter === "" ? { ...model, notice: "q quits" } : { ...model, filter: "" };
}

function resort(model: Model, sort: SortKey, reversed: boolean): Model {
  const selected = selectedIncident(model);
  const sorted = { ...model, sort, reversed, unseen: [] };
  const order = sortedIds(sorted, incidentsOf(model.snapshot));
  const keep = listFrame(model).cursor === null ? null : (selected?.id ?? null);
  return withList({ ...sorted, order }, { cursor: keep });
}

/** The next incident of the list, from the list or from inside a story, on the same page. */
function stepIncident(model: Model, by: number): Model {
  const { incident, screen } = topFrame(model);
  if (screen === "list") return moveBy(model, by);
  const ids = visibleIncidents(model).map((each) => each.id);
  const at = ids.indexOf(incident ?? "");
  const next = ids[at + by];
  if (at < 0 || next === undefined) {
    return {
      ...model,
      notice: by > 0 ? "this is the last incident" : "this is the first incident",
    };
  }
  const moved = withList(model, { cursor: next });
  return {
    ...moved,
    stack: moved.stack.map((each) =>
      each.incident === incident ? { ...each, incident: next, cursor: null, top: 0 } : each,
    ),
  };
}

function turn(model: Model, by: number): Model {
  const at = TABS.indexOf(topFrame(model).tab);
  return showTab(model, (at + by + TABS.length) % TABS.length);
}

function showTab(model: Model, at: number): Model {
  const { screen, incident } = topFrame(model);
  const tab = TABS[at];
  if (tab === undefined || (screen !== "story" && screen !== "lines")) return model;
  if (tab === "lines") return screen === "lines" ? model : push(model, "lines", incident);
  return withTop(screen === "lines" ? back(model) : model, { tab, top: 0 });
}

function copy(model: Model): Step {
  const { screen, incident } = topFrame(model);
  const shown = screen === "list" ? selectedIncident(model) : incidentOf(model, incident);
  if (shown === undefined) return still({ ...model, notice: "nothing to copy" });
  const text =
    screen === "lines"
      ? chosenExample(model, shown)?.text
      : incidentCommand(shown, model.snapshot.names);
  if (text === undefined) return still({ ...model, notice: "nothing to copy" });
  return { model, effects: [{ kind: "copy", text }] };
}

function pause(model: Model): Model {
  if (!model.paused) {
    if (model.snapshot.progress.done) return { ...model, notice: "all is read: nothing to pause" };
    return { ...model, paused: true };
  }
  const { waiting } = model;
  const resumed: Model = { ...model, paused: false, waiting: null };
  return waiting === null ? resumed : receive(resumed, waiting);
}
