// The raw lines of an incident and what the selected one means.
import { Box } from "ink";
import { useMemo, type ReactElement } from "react";
import { bodyRows } from "../layout.ts";
import { linesWindow } from "../lines-window.ts";
import { incidentOf, topFrame } from "../model.ts";
import { chosenExample, chosenIndex } from "../move.ts";
import { storyHeader } from "../story-header.ts";
import type { ViewProps } from "./view-props.ts";
import { Page } from "./Page.tsx";

/** The lines screen. */
export function Lines({ model, ink, explain }: ViewProps): ReactElement | null {
  const { incident: id, top } = topFrame(model);
  const { columns: width } = model.size;
  const incident = incidentOf(model, id);
  const text = incident === undefined ? undefined : chosenExample(model, incident)?.text;
  const meaning = useMemo(() => (text === undefined ? [] : explain(text)), [text, explain]);
  if (incident === undefined) return null;
  const selected = incident.examples.length === 0 ? -1 : 1 + chosenIndex(model) - top;
  return (
    <Box flexDirection="column">
      <Page lines={[storyHeader(model, incident, "lines")]} rows={1} width={width} ink={ink} />
      <Page
        lines={linesWindow(model, incident, meaning)}
        rows={bodyRows(model.size)}
        width={width}
        ink={ink}
        selected={selected}
      />
    </Box>
  );
}
