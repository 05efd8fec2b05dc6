// One incident, page by page.
import { Box } from "ink";
import { useMemo, type ReactElement } from "react";
import { bodyRows } from "../layout.ts";
import { incidentOf, topFrame } from "../model.ts";
import { storyHeader } from "../story-header.ts";
import { pageLines } from "../story-pages.ts";
import type { ViewProps } from "./view-props.ts";
import { Page } from "./Page.tsx";

/** The story screen: a window on the page's text. */
export function Story({ model, ink }: ViewProps): ReactElement | null {
  const { incident: id, tab, top } = topFrame(model);
  const { columns: width } = model.size;
  const incident = incidentOf(model, id);
  const lines = useMemo(
    () => (incident === undefined ? [] : pageLines(model, incident, tab)),
    [incident, tab, model.size, model.snapshot],
  );
  if (incident === undefined) return null;
  return (
    <Box flexDirection="column">
      <Page lines={[storyHeader(model, incident, tab)]} rows={1} width={width} ink={ink} />
      <Page lines={lines.slice(top)} rows={bodyRows(model.size)} width={width} ink={ink} />
    </Box>
  );
}
