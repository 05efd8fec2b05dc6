// Cuts a line of a HAProxy configuration into its words (configuration manual, 2.2): quotes, escapes, variables, comments.
import { mistake, type ConfigFile } from "./found.ts";

/** A word with its quoting undone, and where it began. */
export interface Word {
  readonly text: string;
  readonly start: number;
}

const CONTROL: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * The words of the line from `from` to `to`, a comment left out.
 * @throws TextError for a quote that is never closed.
 */
export function haproxyWords(file: ConfigFile, from: number, to: number): Word[] {
  const { text } = file;
  const words: Word[] = [];
  let word: string | null = null;
  let start = from;
  let quote = "";
  let opened = from;
  const add = (piece: string, at: number): void => {
    if (word === null) start = at;
    word = (word ?? "") + piece;
  };
  for (let at = from; at < to; at++) {
    const c = text[at]!;
    if (c === quote) quote = "";
    else if (quote === "" && (c === '"' || c === "'")) {
      quote = c;
      opened = at;
      add("", at);
    } else if (c === "\\" && quote !== "'") {
      const escape = /^(?:x([0-9A-Fa-f]{2})|[ #\\"'nrt$])/.exec(text.slice(at + 1, at + 4));
      if (escape === null) add(c, at);
      else if (escape[1] !== undefined) add(String.fromCharCode(parseInt(escape[1], 16)), at);
      else add(CONTROL[escape[0]] ?? escape[0], at);
      at += escape?.[0].length ?? 0;
    } else if (quote === "" && c === "#" && word === null) break;
    else if (quote === "" && /\s/.test(c)) {
      if (word !== null) words.push({ text: word, start });
      word = null;
    } else add(c, at);
  }
  if (quote !== "") throw mistake(file, opened, "this quote is never closed on its line");
  if (word !== null) words.push({ text: word, start });
  return words;
}
