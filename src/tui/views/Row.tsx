// One terminal row.
import { Transform } from "ink";
import type { ReactElement } from "react";
import { paint, type Ink } from "../paint.ts";
import type { Line } from "../spans.ts";

/** Props of {@link Row}. */
export interface RowProps {
  readonly line: Line;
  readonly width: number;
  readonly ink: Ink;
  readonly selected?: boolean;
}

/**
 * A line of spans in one row. Ink lays out a blank of the right width and the text replaces it afterwards: Ink keeps every
 * text it has measured for ever, which would grow without end while a log is followed.
 */
export function Row({ line, width, ink, selected = false }: RowProps): ReactElement {
  return (
    <Transform transform={() => paint(line, width, ink, selected)}>{" ".repeat(width)}</Transform>
  );
}
