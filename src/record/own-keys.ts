// Whether a line that a JSON format does not read is written by it all the same: then it is damaged, and not another proxy's.
import type { Recipe } from "../grammar/index.ts";
import type { FormatReader } from "./reading.ts";

/** A key may be what was damaged, or what damage made another. */
const MOST_DAMAGED = 1;

/** True for a line that has the keys of a JSON format, and no others. */
export function isWrittenBy(
  recipe: Recipe,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const keys = recipe.how.kind === "json" ? recipe.how.written : undefined;
  if (keys === undefined || keys.length <= MOST_DAMAGED) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
  let missing = 0;
  // Another program's lines lack the first two already.
  for (const key of keys) if (!text.includes(`"${key}"`) && ++missing > MOST_DAMAGED) return false;
  const all = text.match(/":(?=\s*[^\s])/g)?.length ?? 0;
  return all - (keys.length - missing) <= MOST_DAMAGED;
}

/** True for a line that none of a source's own formats reads, and that has the keys of one of them. */
export function isDamaged(
  own: readonly FormatReader[],
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  return own.some(({ recipe }) => isWrittenBy(recipe, bytes, start, end));
}
