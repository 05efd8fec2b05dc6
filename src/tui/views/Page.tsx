// Rows from top to bottom, exactly as many as there are to fill.
import { Box } from "ink";
import type { ReactElement } from "react";
import type { Ink } from "../paint.ts";
import { BLANK, type Line } from "../spans.ts";
import { Row } from "./Row.tsx";

/** Props of {@link Page}. */
export interface PageProps {
  readonly lines: readonly Line[];
  readonly rows: number;
  readonly width: number;
  readonly ink: Ink;
  /** Index of the highlighted line, -1 for none. */
  readonly selected?: number;
}

/** Lines as rows; what is too much is not shown, what is missing is blank. */
export function Page({ lines, rows, width, ink, selected = -1 }: PageProps): ReactElement {
  return (
    <Box flexDirection="column">
      {Array.from({ length: rows }, (_, i) => (
        <Row key={i} line={lines[i] ?? BLANK} width={width} ink={ink} selected={i === selected} />
      ))}
    </Box>
  );
}
