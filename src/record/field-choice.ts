// Several fields of a format may hold the same thing; a JSON line may have any of them.
import type { Field } from "../grammar/index.ts";
import { isAbsent } from "./bytes.ts";

/** Indexes of the fields with these names, in the order of the names. */
export function indexesOf(fields: readonly Field[], names: readonly string[]): readonly number[] {
  const found: number[] = [];
  for (const name of names) {
    fields.forEach((field, index) => {
      if (field.name === name) found.push(index);
    });
  }
  return found;
}

/** The first of the fields that the line has a span for, -1 where it has none of them. */
export function firstLogged(spans: Int32Array, indexes: readonly number[]): number {
  for (let k = 0; k < indexes.length; k++) {
    const index = indexes[k]!;
    if (spans[2 * index]! >= 0) return index;
  }
  return -1;
}

/** The first of the fields that this line has a value for, or -1. */
export function present(bytes: Uint8Array, spans: Int32Array, fields: readonly number[]): number {
  if (fields.length === 0) return -1;
  const first = fields[0]!;
  if (spans[2 * first]! >= 0 && spans[2 * first + 1]! - spans[2 * first]! > 1) return first;
  for (let k = 0; k < fields.length; k++) {
    const at = fields[k]!;
    if (!isAbsent(bytes, spans[2 * at]!, spans[2 * at + 1]!)) return at;
  }
  return -1;
}
