// Which lines a format may fit at all: seen by its literals, before a scanner is made for it.
import type { Catalogue, Recipe } from "../grammar/index.ts";
import { onceFor } from "../input/index.ts";

/** The literals that a line of a format has in any case. */
export interface Literals {
  readonly inOrder: readonly Buffer[];
  /** The one that the fewest lines have. */
  readonly longest: Buffer;
  /** The signs in them. */
  readonly signs: Int32Array;
}

/** What stands in every line of a format, known to {@link mayHave}. */
export const literalsOf = onceFor(({ how }: Recipe): Literals => {
  // What closes a line may be cut off.
  const steps = how.kind === "text" ? how.plan.steps.slice(0, -1) : [];
  const inOrder = steps.flatMap((step) => (step.do === "literal" ? [Buffer.from(step.text)] : []));
  const longest = inOrder.reduce((a, b) => (b.length > a.length ? b : a), Buffer.alloc(0));
  return { inOrder, longest, signs: signsOf(Buffer.concat(inOrder)) };
});

/** All known formats beside their literals: many lines are held against them. */
export const knownLiterals = onceFor(({ listed }: Catalogue) =>
  listed.map((one) => ({ recipe: one.recipe(), literals: literalsOf(one.recipe()) })),
);

/** A line to be held against many formats. */
export interface SignedLine {
  readonly raw: Buffer;
  /** Which bytes there are in it, a bit for each: most literals have one that a line of another kind has not. */
  readonly signs: Int32Array;
}

/** The line with its signs. */
export function signed(raw: Buffer): SignedLine {
  return { raw, signs: signsOf(raw) };
}

function signsOf(bytes: Uint8Array): Int32Array {
  const signs = new Int32Array(8);
  for (let i = 0; i < bytes.length; i++) signs[bytes[i]! >> 5]! |= 1 << (bytes[i]! & 31);
  return signs;
}

/** Whether these stand in a line one behind the other. */
export function mayHave({ raw: line, signs }: SignedLine, literals: Literals): boolean {
  for (let k = 0; k < 8; k++) if ((literals.signs[k]! & ~signs[k]!) !== 0) return false;
  const { inOrder, longest } = literals;
  if (longest.length > 0 && line.indexOf(longest) < 0) return false;
  let at = 0;
  for (const literal of inOrder) {
    at = line.indexOf(literal, at);
    if (at < 0) return false;
    at += literal.length;
  }
  return true;
}
