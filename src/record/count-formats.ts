// How many lines each format read, by the formats' names.
import type { FormatReader } from "./reading.ts";

/** Fills `into`; two guessed formats go by the same name. */
export function countFormats(
  formats: readonly FormatReader[],
  counts: Int32Array,
  others: ReadonlyMap<string, number>,
  into: Map<string, number>,
): void {
  into.clear();
  const add = (name: string, count: number): void => {
    if (count > 0) into.set(name, (into.get(name) ?? 0) + count);
  };
  for (const [at, format] of formats.entries()) add(format.recipe.name, counts[at]!);
  for (const [name, count] of others) add(name, count);
}
