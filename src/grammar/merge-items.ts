// Puts the pieces a grammar finds into the form ast.ts promises: neighbouring literal text is one
// item, none is empty.
import type { FormatItem } from "./ast.ts";

/** One piece of a format string as a grammar returns it. */
export type Piece = FieldPiece | { readonly kind: "text"; readonly text: string };

/** A field of a language that has neither quotes nor labels of its own. */
export interface FieldPiece {
  readonly kind: "field";
  readonly name: string;
  readonly arg?: string | null;
  readonly maxLength?: number | null;
  readonly offset: number;
}

/**
 * Pieces as items; `shift` is added to every offset, and a line end behind the last one is dropped.
 */
export function mergeItems(pieces: readonly Piece[], shift = 0): FormatItem[] {
  const items: FormatItem[] = [];
  for (const piece of pieces) {
    if (piece.kind === "text") addText(items, piece.text);
    else {
      items.push({
        kind: "field",
        name: piece.name,
        arg: piece.arg ?? null,
        quoted: false,
        flags: [],
        label: null,
        maxLength: piece.maxLength ?? null,
        offset: piece.offset + shift,
      });
    }
  }
  return withoutLineEnd(items);
}

/** Adds literal text behind the items, to the last one where that is text. */
export function addText(items: FormatItem[], text: string): void {
  const last = items.at(-1);
  if (text === "") return;
  if (last?.kind === "text") items[items.length - 1] = { kind: "text", text: last.text + text };
  else items.push({ kind: "text", text });
}

/** A line never holds the line end its format writes. */
export function withoutLineEnd(items: FormatItem[]): FormatItem[] {
  const last = items.at(-1);
  if (last?.kind !== "text") return items;
  const text = last.text.replace(/[\r\n]+$/, "");
  if (text === "") items.pop();
  else items[items.length - 1] = { kind: "text", text };
  return items;
}

/** True where at least one item is a field. */
export function hasField(items: readonly FormatItem[]): boolean {
  return items.some(({ kind }) => kind === "field");
}
