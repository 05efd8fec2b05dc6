// Bursts of one key that lie close together become one episode (the session windows of the Dataflow model).
import { CONFIG } from "./config.ts";

/** A stretch of time in ms, both ends included. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Groups stretches whose gaps are at most `gapMs`; the union of intervals, so order does not matter. */
export function sessions<T extends Stretch>(
  stretches: readonly T[],
  gapMs: number = CONFIG.mergeGapMs,
): readonly (readonly T[])[] {
  const sorted = [...stretches].sort((a, b) => a.start - b.start || a.end - b.end);
  const groups: T[][] = [];
  let until = -Infinity;
  for (const stretch of sorted) {
    const group = groups[groups.length - 1];
    if (group === undefined || stretch.start > until + gapMs) groups.push([stretch]);
    else group.push(stretch);
    until = groups[groups.length - 1]!.length === 1 ? stretch.end : Math.max(until, stretch.end);
  }
  return groups;
}
