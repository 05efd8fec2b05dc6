// How the rows of the terminal are shared out on each screen.
import type { Model, Size } from "./model.ts";
import { readingWarning } from "./reading.ts";

/** Rows of the overview's parts. */
export interface OverviewLayout {
  /** 1 where something was read badly and that has to be said first. */
  readonly warning: number;
  /** Rows for incidents. */
  readonly list: number;
  /** Rows about the selected incident, its rule included; 0 on small terminals. */
  readonly preview: number;
}

// Header, three curves and their axis, the list's rule and heads, the status row and the keys.
const OVERVIEW_FRAME = 1 + 4 + 2 + 2;

/** The overview's parts for this size. The preview's height depends on the size alone, so that nothing jumps. */
export function overviewLayout(model: Model): OverviewLayout {
  const warning = readingWarning(model.snapshot) === null ? 0 : 1;
  const free = model.size.rows - OVERVIEW_FRAME - warning;
  const preview = free < 12 ? 0 : Math.min(14, Math.floor(free / 2));
  return { warning, preview, list: Math.max(1, free - preview) };
}

/** Rows between header and keys on every other screen. */
export function bodyRows(size: Size): number {
  return Math.max(1, size.rows - 2);
}

/** How many example lines fit beside the explanation of one of them. */
export function exampleRows(rows: number): number {
  return Math.max(1, Math.floor((rows - 1) / 2));
}
