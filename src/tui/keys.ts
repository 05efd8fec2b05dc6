// The one key table: what each key does on which screen, and the words the footer and `?` say it in.
import type { ScreenKind } from "./model.ts";

/** What a key can ask for. */
export type Action =
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "half-up"
  | "half-down"
  | "first"
  | "last"
  | "open"
  | "back"
  | "leave"
  | "quit"
  | "filter"
  | "sort"
  | "reverse"
  | "next-incident"
  | "previous-incident"
  | "next-tab"
  | "previous-tab"
  | "tab-1"
  | "tab-2"
  | "tab-3"
  | "tab-4"
  | "tab-5"
  | "copy"
  | "pause"
  | "help"
  | "suspend"
  | "redraw";

/** One row of the table. */
export interface Binding {
  /** Key names as key-names.ts gives them. */
  readonly keys: readonly string[];
  readonly action: Action;
  readonly screens: readonly ScreenKind[];
  /** What it does, for the footer: a word or two. */
  readonly label: string;
  /** What it does, for `?`, where the label is too short. */
  readonly help?: string;
  /** Its place in the footer, lowest first; left out of the footer without one. */
  readonly footer?: number;
}

const ALL: readonly ScreenKind[] = ["list", "story", "lines", "help"];
const INCIDENT: readonly ScreenKind[] = ["story", "lines"];
const DATA: readonly ScreenKind[] = ["list", "story", "lines"];

/** Every binding. Within a screen the first one that names a key has it. */
export const BINDINGS: readonly Binding[] = [
  {
    keys: ["enter", "right", "l"],
    action: "open",
    screens: ["list"],
    label: "open",
    help: "the story of this incident",
    footer: 1,
  },
  {
    keys: ["/"],
    action: "filter",
    screens: ["list"],
    label: "filter",
    help: "narrow the list; ! in front turns it around",
    footer: 2,
  },
  {
    keys: ["s"],
    action: "sort",
    screens: ["list"],
    label: "sort",
    help: "by weight, since, failures, where",
    footer: 4,
  },
  {
    keys: ["S"],
    action: "reverse",
    screens: ["list"],
    label: "reverse",
    help: "reverse the order",
  },
  {
    keys: ["enter"],
    action: "open",
    screens: ["story"],
    label: "lines",
    help: "its raw lines, explained",
    footer: 1,
  },
  {
    keys: ["right", "l", "tab"],
    action: "next-tab",
    screens: INCIDENT,
    label: "next tab",
    footer: 2,
  },
  {
    keys: ["left", "h", "shift+tab"],
    action: "previous-tab",
    screens: INCIDENT,
    label: "previous tab",
  },
  { keys: ["1"], action: "tab-1", screens: INCIDENT, label: "story" },
  { keys: ["2"], action: "tab-2", screens: INCIDENT, label: "causes" },
  { keys: ["3"], action: "tab-3", screens: INCIDENT, label: "where" },
  { keys: ["4"], action: "tab-4", screens: INCIDENT, label: "time" },
  { keys: ["5"], action: "tab-5", screens: INCIDENT, label: "lines" },
  {
    keys: ["e"],
    action: "next-incident",
    screens: DATA,
    label: "next",
    help: "next incident",
    footer: 3,
  },
  {
    keys: ["E"],
    action: "previous-incident",
    screens: DATA,
    label: "previous",
    help: "previous incident",
  },
  {
    keys: ["y", "c"],
    action: "copy",
    screens: ["lines"],
    label: "copy",
    help: "copy the raw line",
    footer: 5,
  },
  {
    keys: ["y", "c"],
    action: "copy",
    screens: ["list", "story"],
    label: "copy",
    help: "copy the command that prints this incident",
    footer: 6,
  },
  {
    keys: ["p"],
    action: "pause",
    screens: DATA,
    label: "pause",
    help: "hold the screen still while lines arrive",
    footer: 5,
  },
  { keys: ["up", "k"], action: "up", screens: ALL, label: "up" },
  { keys: ["down", "j"], action: "down", screens: ALL, label: "down" },
  { keys: ["pageup", "ctrl+b"], action: "page-up", screens: ALL, label: "page up" },
  { keys: ["pagedown", "ctrl+f", "space"], action: "page-down", screens: ALL, label: "page down" },
  { keys: ["ctrl+u"], action: "half-up", screens: ALL, label: "half a page up" },
  { keys: ["ctrl+d"], action: "half-down", screens: ALL, label: "half a page down" },
  { keys: ["home", "g"], action: "first", screens: ALL, label: "first" },
  { keys: ["end", "G"], action: "last", screens: ALL, label: "last" },
  { keys: ["escape"], action: "back", screens: ["list"], label: "clear", help: "clear the filter" },
  {
    keys: ["escape"],
    action: "back",
    screens: ["story", "lines", "help"],
    label: "back",
    help: "one level back",
    footer: 7,
  },
  { keys: ["?"], action: "help", screens: DATA, label: "keys", help: "this list", footer: 8 },
  { keys: ["q"], action: "leave", screens: ["list"], label: "quit", footer: 9 },
  {
    keys: ["q"],
    action: "leave",
    screens: INCIDENT,
    label: "back",
    help: "one level back; quits from the list",
  },
  { keys: ["q", "?"], action: "leave", screens: ["help"], label: "back", help: "one level back" },
  { keys: ["ctrl+c"], action: "quit", screens: ALL, label: "quit", help: "quit at once" },
  {
    keys: ["ctrl+z"],
    action: "suspend",
    screens: ALL,
    label: "suspend",
    help: "back to the shell; fg returns",
  },
  {
    keys: ["ctrl+l"],
    action: "redraw",
    screens: ALL,
    label: "redraw",
    help: "draw the screen again",
  },
];

/** What a key does on a screen, undefined where nothing. */
export function actionFor(key: string, screen: ScreenKind): Action | undefined {
  return bindingsOn(screen).find((each) => each.keys.includes(key))?.action;
}

/** The bindings of a screen, in table order. */
export function bindingsOn(screen: ScreenKind): readonly Binding[] {
  return BINDINGS.filter((each) => each.screens.includes(screen));
}

/** The bindings the footer shows, in its order; `pause` only where lines keep arriving. */
export function footerBindings(screen: ScreenKind, live: boolean): readonly Binding[] {
  return bindingsOn(screen)
    .filter((each) => each.footer !== undefined && (live || each.action !== "pause"))
    .sort((a, b) => a.footer! - b.footer!);
}

const SPELLED: Readonly<Record<string, string>> = {
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  escape: "Esc",
  tab: "Tab",
  "shift+tab": "Shift-Tab",
  pageup: "PgUp",
  pagedown: "PgDn",
  home: "Home",
  end: "End",
  space: "Space",
};

/** A key as a person reads it: `↵` (or `Enter` in ASCII), `Ctrl-F`. */
export function spellKey(key: string, unicode: boolean): string {
  if (key === "enter") return unicode ? "↵" : "Enter";
  if (!unicode && ["up", "down", "left", "right"].includes(key)) {
    return key[0]!.toUpperCase() + key.slice(1);
  }
  if (key.startsWith("ctrl+")) return `Ctrl-${key.slice(5).toUpperCase()}`;
  return SPELLED[key] ?? key;
}
