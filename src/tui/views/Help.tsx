// All keys and signs.
import { Box } from "ink";
import type { ReactElement } from "react";
import { helpLines } from "../help-lines.ts";
import { bodyRows } from "../layout.ts";
import { topFrame } from "../model.ts";
import { line } from "../spans.ts";
import type { ViewProps } from "./view-props.ts";
import { Page } from "./Page.tsx";

/** The help screen. */
export function Help({ model, ink }: ViewProps): ReactElement {
  const { columns: width } = model.size;
  const lines = helpLines(model, ink.unicode).slice(topFrame(model).top);
  return (
    <Box flexDirection="column">
      <Page lines={[line(" why502 › keys", "strong")]} rows={1} width={width} ink={ink} />
      <Page lines={lines} rows={bodyRows(model.size)} width={width} ink={ink} />
    </Box>
  );
}
