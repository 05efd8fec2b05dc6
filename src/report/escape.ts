// Makes text that came out of a log safe to print on a terminal.
import { once } from "../input/index.ts";

/** What needs no closer look. */
const PLAIN = /^[\x20-\x7e]*$/;
/** Controls, formatting characters, lone surrogates, line separators, private use and all that shows as nothing. */
const unsafe = once(
  () => /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
);
const BEYOND_ASCII = /[^\x00-\x7f]/gu;
const SHORT: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** What stands for our own typography where a terminal knows only ASCII. */
const ASCII: Readonly<Record<string, string>> = {
  "\u00a0": "\u00a0", // becomes a plain space when the line is laid
  "·": "|",
  "×": "x",
  "–": "-",
  "—": "-",
  "−": "-",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "…": "...",
  "→": "->",
  "←": "<-",
  "≤": "<=",
  "≥": ">=",
  "▲": "!",
  "●": "*",
};

/**
 * Log text with every character that could steer a terminal or hide text written out (`\x1b`, `\u202e`): C0 and C1
 * controls, newlines, bidi overrides, zero-width characters. Escaping twice changes nothing.
 */
export function escapeForTerminal(text: string): string {
  return PLAIN.test(text) ? text : text.replace(unsafe(), written);
}

/** The same for a terminal without Unicode: typography becomes ASCII, other characters are written out. */
export function escapeToAscii(text: string): string {
  return escapeForTerminal(text).replace(BEYOND_ASCII, (char) => ASCII[char] ?? written(char));
}

function written(char: string): string {
  const short = SHORT[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}
