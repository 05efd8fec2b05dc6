// Cutting, padding and wrapping text by terminal columns.
import { displayWidth, fitEnd, fitStart, padEnd, padStart } from "../report/index.ts";

/** The text cut to `width` columns, an ellipsis telling that something is missing. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width <= 0 ? "" : fitStart(text, width - 1) + "…";
}

/** The text cut at its beginning: the end of a path says most. */
export function clipStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width <= 0 ? "" : "…" + fitEnd(text, width - 1);
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
      const head = fitStart(rest, limit);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines;
}
