// How many terminal columns a text takes, and cutting text to a number of columns.

import { once } from "../input/index.ts";
const PLAIN = /^[\x20-\x7e]*$/;
const mark = once(() => /^\p{M}$/u);
const emoji = once(() => /^\p{Emoji_Presentation}$/u);

/** First and last code points of the ranges that terminals draw two columns wide (Unicode UAX 11: W and F). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/** Columns of a text that holds no control characters. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** The longest beginning of `text` that fits into `columns`. */
export function fitStart(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const char of text) {
    width += charWidth(char);
    if (width > columns) break;
    end += char.length;
  }
  return text.slice(0, end);
}

/** The longest end of `text` that fits into `columns`. */
export function fitEnd(text: string, columns: number): string {
  const chars = [...text];
  let width = 0;
  let from = chars.length;
  while (from > 0) {
    width += charWidth(chars[from - 1]!);
    if (width > columns) break;
    from--;
  }
  while (from < chars.length && mark().test(chars[from]!)) from++;
  return chars.slice(from).join("");
}

/** `text` cut in its middle to at most `columns`: both ends of a URL or a host name tell more than its middle. */
export function shorten(text: string, columns: number, ellipsis = "…"): string {
  if (displayWidth(text) <= columns) return text;
  const room = columns - displayWidth(ellipsis);
  if (room < 2) return fitStart(text, Math.max(0, columns));
  const end = fitEnd(text, Math.floor(room / 2));
  return fitStart(text, room - displayWidth(end)) + ellipsis + end;
}

/** `text` followed by spaces up to `columns`. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** `text` after spaces up to `columns`. */
export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - displayWidth(text))) + text;
}

function charWidth(char: string): number {
  const code = char.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (mark().test(char)) return 0;
  if (emoji().test(char)) return 2;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
