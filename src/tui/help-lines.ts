// The text of `?`: the keys of the screen one came from first, then the others, then the signs.
import { bindingsOn, spellKey } from "./keys.ts";
import type { Model, ScreenKind } from "./model.ts";
import { BLANK, line, span, type Line } from "./spans.ts";
import { fit } from "./text-width.ts";

const TITLES: Readonly<Record<ScreenKind, string>> = {
  list: "incidents",
  story: "an incident",
  lines: "its lines",
  help: "help",
};

const SIGNS: readonly (readonly [string, string])[] = [
  ["▸", "selected"],
  ["▲", "still failing; on the events row: a server came up"],
  ["●", "over; on the events row: another event"],
  ["▼", "on the events row: a server went down, or none was left"],
  ["↻", "on the events row: a start or a reload"],
  ["▁ █", "few, many: each curve has its highest value at its end"],
  ["· ░ ▒ ▓", "no, some, many, nearly all requests of that moment failed"],
  ["+ −", "evidence for and against a cause"],
];

/** Every line of the help. */
export function helpLines(model: Model, unicode: boolean): readonly Line[] {
  const from = model.stack[model.stack.length - 2]?.screen ?? "list";
  const screens: readonly ScreenKind[] = ["list", "story", "lines"];
  const order = [from, ...screens.filter((each) => each !== from)].filter(
    (each) => each !== "help",
  );
  return [
    ...order.flatMap((screen, i) => section(screen, unicode, i === 0)),
    line(" signs", "strong"),
    ...SIGNS.map(([sign, text]): Line => [span(` ${fit(sign, 20)} `, "accent"), span(text)]),
    BLANK,
    line(" while typing a filter: Enter keeps it, Esc drops it, Ctrl-U empties it", "faint"),
    line(
      " words are looked for in where, reason, codes, cause and status; all must occur",
      "faint",
    ),
  ];
}

function section(screen: ScreenKind, unicode: boolean, here: boolean): readonly Line[] {
  const rows = bindingsOn(screen).map((each): Line => {
    const keys = each.keys.map((key) => spellKey(key, unicode)).join(" ");
    return [span(` ${fit(keys, 20)} `, "accent"), span(each.help ?? each.label)];
  });
  return [line(` ${TITLES[screen]}${here ? " (where you were)" : ""}`, "strong"), ...rows, BLANK];
}
