// The explorer's one readonly model: what is shown, where one stands in it, and nothing that can be derived.
import type { Incident } from "../incident/index.ts";
import type { Reason } from "../record/index.ts";
import type { ReasonWords } from "../report/index.ts";
import type { Snapshot } from "./feed.ts";

/** The screens there are; the list is always at the bottom of the stack. */
export type ScreenKind = "list" | "story" | "lines" | "help";

/** The pages of a story, in the order of their numbers; `lines` is a screen of its own, reached the same way. */
export const TABS = ["story", "causes", "where", "time", "lines"] as const;
/** One page of a story. */
export type Tab = (typeof TABS)[number];

/** One open screen. The place in it is kept by identity, so that new data does not move it. */
export interface Frame {
  readonly screen: ScreenKind;
  /** The incident a story or its lines belong to; null on list and help. */
  readonly incident: string | null;
  readonly tab: Tab;
  /** list: the selected incident's id; lines: the selected example's key. Null means the first. */
  readonly cursor: string | null;
  /** First row shown: of the list, of the examples, or of a page's text. */
  readonly top: number;
}

/** What the list can be sorted by; `weight` is the analysis' own order, worst first. */
export const SORTS = ["weight", "since", "failures", "where"] as const;
export type SortKey = (typeof SORTS)[number];

/** Terminal size in columns and rows. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Everything the screen is drawn from. */
export interface Model {
  readonly snapshot: Snapshot;
  /** While paused: the newest snapshot that arrived, not shown yet. */
  readonly waiting: Snapshot | null;
  readonly paused: boolean;
  readonly stack: readonly Frame[];
  /** Incident ids in the order of the list. Kept once somebody moved in it, so that no row moves under the cursor. */
  readonly order: readonly string[];
  /** Ids that arrived below an order that was kept, and have not been on the screen yet. */
  readonly unseen: readonly string[];
  readonly filter: string;
  /** True while the filter is being typed. */
  readonly typing: boolean;
  readonly sort: SortKey;
  readonly reversed: boolean;
  readonly size: Size;
  /** One line about what just happened, until the next key. */
  readonly notice: string | null;
  readonly words: Readonly<Record<Reason, ReasonWords>>;
  readonly zone: string;
}

/** Below this the explorer only says that it needs more room. */
export const SMALLEST: Size = { columns: 60, rows: 15 };

/** Nothing read yet. */
export const NOTHING: Snapshot = {
  summary: null,
  analysis: null,
  progress: { bytes: 0, totalBytes: null, lines: 0, done: false, live: false },
  names: [],
};

/** A new frame at the top of its screen. */
export function frame(
  screen: ScreenKind,
  incident: string | null = null,
  tab: Tab = "story",
): Frame {
  return { screen, incident, tab, cursor: null, top: 0 };
}

/** The model before the first snapshot. */
export function initialModel(
  size: Size,
  words: Readonly<Record<Reason, ReasonWords>>,
  zone: string,
): Model {
  return {
    snapshot: NOTHING,
    waiting: null,
    paused: false,
    stack: [frame("list")],
    order: [],
    unseen: [],
    filter: "",
    typing: false,
    sort: "weight",
    reversed: false,
    size,
    notice: null,
    words,
    zone,
  };
}

/** The screen in front. */
export function topFrame(model: Model): Frame {
  return model.stack[model.stack.length - 1]!;
}

/** The list at the bottom of the stack. */
export function listFrame(model: Model): Frame {
  return model.stack[0]!;
}

/** The model with its front screen changed. */
export function withTop(model: Model, change: Partial<Frame>): Model {
  const last = model.stack.length - 1;
  return {
    ...model,
    stack: model.stack.map((each, i) => (i === last ? { ...each, ...change } : each)),
  };
}

/** The model with its list changed. */
export function withList(model: Model, change: Partial<Frame>): Model {
  return {
    ...model,
    stack: model.stack.map((each, i) => (i === 0 ? { ...each, ...change } : each)),
  };
}

/** All incidents, in the analysis' order. */
export function incidentsOf(snapshot: Snapshot): readonly Incident[] {
  return snapshot.analysis?.incidents ?? [];
}

/** The incident of that id, undefined where there is none. */
export function incidentOf(model: Model, id: string | null): Incident | undefined {
  return incidentsOf(model.snapshot).find((each) => each.id === id);
}

/** What identifies an example line. */
export function exampleKey(example: Incident["examples"][number]): string {
  return `${example.source}:${example.offset}:${example.line ?? ""}`;
}

/** True where the terminal is too small to draw on. */
export function isTooSmall(size: Size): boolean {
  return size.columns < SMALLEST.columns || size.rows < SMALLEST.rows;
}
