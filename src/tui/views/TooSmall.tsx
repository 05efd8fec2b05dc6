// What is shown where nothing else fits.
import type { ReactElement } from "react";
import { SMALLEST } from "../model.ts";
import { line } from "../spans.ts";
import type { ViewProps } from "./view-props.ts";
import { Row } from "./Row.tsx";

/** One row that says how much room is needed. */
export function TooSmall({ model, ink }: ViewProps): ReactElement {
  const { columns, rows } = model.size;
  const text = `terminal too small: ${columns}x${rows}, needs ${SMALLEST.columns}x${SMALLEST.rows} (q quits)`;
  return <Row line={line(text)} width={Math.max(1, columns)} ink={ink} />;
}
