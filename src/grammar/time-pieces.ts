// Times whose pattern holds blanks, made ready for a scanner that knows only what follows a field.
import type { FormatItem } from "./ast.ts";

/**
 * An Envoy time whose pattern holds blanks ends at none of them: it is scanned as so many fields, the first under its own
 * name and the others as `TIME_PIECE`; other items stay what they are.
 */
export function inPieces(item: FormatItem): FormatItem[] {
  if (item.kind === "text" || !/^(?:START|EMIT)_TIME/.test(item.name) || item.arg === null)
    return [item];
  // What absl pads with a blank, and what it composes of other directives, has its own.
  const pattern = item.arg.replaceAll("%c", "%a %b %e %H:%M:%S %Y").replaceAll("%r", "%I:%M:%S %p");
  const blanks = pattern.split(" ").length - 1;
  const pieces = Array.from({ length: blanks }, (): FormatItem[] => [
    { kind: "text", text: " " },
    { ...item, name: "TIME_PIECE", arg: null },
  ]);
  return [item, ...pieces.flat()];
}
