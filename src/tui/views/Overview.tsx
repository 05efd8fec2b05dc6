// The incident list with the whole log above it and the selected incident below it.
import { Box } from "ink";
import { useMemo, type ReactElement } from "react";
import { curveColumns, curveLines } from "../curve-lines.ts";
import { selectedIndex, visibleIncidents } from "../incident-list.ts";
import { columnsFor, headRow, incidentRow } from "../incident-rows.ts";
import { overviewLayout } from "../layout.ts";
import { listFrame } from "../model.ts";
import {
  emptyLines,
  headerLine,
  listRule,
  previewLines,
  statusLine,
  warningLine,
} from "../overview-lines.ts";
import { seriesOf } from "../series.ts";
import type { ViewProps } from "./view-props.ts";
import { Page } from "./Page.tsx";

/** The first screen. */
export function Overview({ model, ink }: ViewProps): ReactElement {
  const { columns: width } = model.size;
  const { summary } = model.snapshot;
  const series = useMemo(
    () => (summary === null ? null : seriesOf(summary, curveColumns(width))),
    [summary, width],
  );
  const layout = overviewLayout(model);
  const visible = visibleIncidents(model);
  const columns = columnsFor(visible, width, model.zone);
  const { top } = listFrame(model);
  const chosen = selectedIndex(model, visible);
  const rows = visible
    .slice(top, top + layout.list)
    .map((each, i) => incidentRow(model, each, columns, top + i === chosen));
  const above = [
    headerLine(model),
    ...(layout.warning > 0 ? [warningLine(model)] : []),
    ...curveLines(series, summary?.events ?? [], width, model.zone),
    listRule(model),
  ];
  return (
    <Box flexDirection="column">
      <Page lines={above} rows={above.length} width={width} ink={ink} />
      {visible.length > 0 ? (
        <>
          <Page
            lines={[headRow(columns, model.sort, model.reversed)]}
            rows={1}
            width={width}
            ink={ink}
          />
          <Page lines={rows} rows={layout.list} width={width} ink={ink} selected={chosen - top} />
          <Page
            lines={previewLines(model, layout.preview)}
            rows={layout.preview}
            width={width}
            ink={ink}
          />
        </>
      ) : (
        <Page
          lines={emptyLines(model)}
          rows={1 + layout.list + layout.preview}
          width={width}
          ink={ink}
        />
      )}
      <Page lines={[statusLine(model)]} rows={1} width={width} ink={ink} />
    </Box>
  );
}
