// Which lines a format may fit at all: seen by its literals, before a scanner is made for it.
import type { Recipe } from "../grammar/index.ts";

/** The literals that a line of a format has in any case, in their order; null for formats that are no text with literals. */
export function literalsOf({ how }: Recipe): readonly Buffer[] | null {
  if (how.kind !== "text") return null;
  const { steps } = how.plan;
  // What closes a line may be cut off.
  return steps
    .slice(0, -1)
    .flatMap((step) => (step.do === "literal" ? [Buffer.from(step.text)] : []));
}

/** Whether these stand in a line one behind the other. */
export function hasInOrder(line: Buffer, literals: readonly Buffer[]): boolean {
  let at = 0;
  for (const literal of literals) {
    at = line.indexOf(literal, at);
    if (at < 0) return false;
    at += literal.length;
  }
  return true;
}
