// Cutting, padding and wrapping text by terminal columns.
import { displayWidth, padEnd, padStart } from "../report/index.ts";

/** The text cut to `width` columns, an ellipsis telling that something is missing. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width <= 0 ? "" : take(text, width - 1) + "…";
}

/** The text cut at its beginning: the end of a path says most. */
export function clipStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const backwards = [...text].reverse().join("");
  return width <= 0 ? "" : "…" + [...take(backwards, width - 1)].reverse().join("");
}

/** Exactly `width` columns, cut or filled with spaces at the end. */
export function fit(text: string, width: number): string {
  return padEnd(clip(text, width), width);
}

/** Exactly `width` columns, cut or filled with spaces in front: for figures. */
export function fitRight(text: string, width: number): string {
  return padStart(clip(text, width), width);
}

/** Lines of at most `width` columns, broken at spaces, or anywhere where a word is longer. */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(2, width);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    let rest = word;
    const joined = line === "" ? rest : `${line} ${rest}`;
    if (displayWidth(joined) <= limit) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    while (displayWidth(rest) > limit) {
      const head = take(rest, limit);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines;
}

/** The longest beginning that fits in `width` columns. */
export function take(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}
