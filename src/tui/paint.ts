// A line of spans becomes the bytes of one terminal row: cut to the width, coloured or not, ASCII where it must be.
import { displayWidth, escapeForTerminal } from "../report/index.ts";
import type { Line, Tone } from "./spans.ts";
import { clip } from "./text-width.ts";

/** What the terminal can show. */
export interface Ink {
  readonly color: boolean;
  readonly unicode: boolean;
}

// Sixteen-colour codes only: they follow the user's own palette, on dark and on light.
const OPEN: Readonly<Record<Tone, string>> = {
  plain: "",
  strong: "\x1b[1m",
  faint: "\x1b[2m",
  bad: "\x1b[31m",
  warn: "\x1b[33m",
  good: "\x1b[32m",
  accent: "\x1b[36m",
};
const RESET = "\x1b[0m";
const INVERSE = "\x1b[7m";

/** One row of at most `width` columns; a selected one is filled to the edge and inverted where there is colour. */
export function paint(spans: Line, width: number, ink: Ink, selected = false): string {
  let room = width;
  let painted = "";
  for (const { text, tone } of spans) {
    if (room <= 0) break;
    const shown = clip(escapeForTerminal(text).replaceAll("\u00a0", " "), room);
    room -= displayWidth(shown);
    const drawn = ink.unicode ? shown : asciiOnly(shown);
    const open = (selected ? INVERSE : "") + OPEN[tone];
    painted += ink.color && open !== "" ? open + drawn + RESET : drawn;
  }
  if (selected && ink.color && room > 0) painted += INVERSE + " ".repeat(room) + RESET;
  return painted;
}

// One column for one column, so that the layout is the same with and without Unicode.
const TWINS: Readonly<Record<string, string>> = {
  "▁": "_",
  "▂": ".",
  "▃": ":",
  "▄": "-",
  "▅": "=",
  "▆": "+",
  "▇": "*",
  "█": "#",
  "▉": "#",
  "▊": "#",
  "▋": "=",
  "▌": "=",
  "▍": "-",
  "▎": "-",
  "▏": "|",
  "▕": "|",
  "░": ":",
  "▒": "+",
  "▓": "#",
  "▸": ">",
  "›": ">",
  "→": ">",
  "←": "<",
  "↑": "^",
  "↓": "v",
  "↻": "@",
  "↵": "<",
  "▲": "^",
  "▼": "v",
  "●": "o",
  "◆": "*",
  "─": "-",
  "│": "|",
  "└": "`",
  "·": ".",
  "–": "-",
  "−": "-",
  "…": "~",
  "≤": "<",
  "≥": ">",
  "×": "x",
};

/** The text in ASCII, as many columns as before; what has no twin is a question mark. */
export function asciiOnly(text: string): string {
  return text.replace(
    /[^\x20-\x7e]/gu,
    (character) => TWINS[character] ?? "?".repeat(displayWidth(character)),
  );
}
