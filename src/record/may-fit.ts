// Which lines a format may fit at all: seen by its literals, before a scanner is made for it.
import type { Recipe } from "../grammar/index.ts";
import { onceFor } from "../input/index.ts";

/** The literals that a line of a format has in any case. */
export interface Literals {
  readonly inOrder: readonly Buffer[];
  /** The one that the fewest lines have. */
  readonly longest: Buffer;
}

/** What stands in every line of a format, known to {@link mayHave}. */
export const literalsOf = onceFor(({ how }: Recipe): Literals => {
  // What closes a line may be cut off.
  const steps = how.kind === "text" ? how.plan.steps.slice(0, -1) : [];
  const inOrder = steps.flatMap((step) => (step.do === "literal" ? [Buffer.from(step.text)] : []));
  const longest = inOrder.reduce((a, b) => (b.length > a.length ? b : a), Buffer.alloc(0));
  return { inOrder, longest };
});

/** Whether these stand in a line one behind the other. */
export function mayHave(line: Buffer, { inOrder, longest }: Literals): boolean {
  if (longest.length > 0 && line.indexOf(longest) < 0) return false;
  let at = 0;
  for (const literal of inOrder) {
    at = line.indexOf(literal, at);
    if (at < 0) return false;
    at += literal.length;
  }
  return true;
}
