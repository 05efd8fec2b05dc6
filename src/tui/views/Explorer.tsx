// The whole screen: the view of the front frame, and the keys below it.
import { Box } from "ink";
import type { ReactElement } from "react";
import { footerLine } from "../footer-line.ts";
import { isTooSmall, topFrame, type ScreenKind } from "../model.ts";
import { noticeOver } from "../notice.ts";
import { Help } from "./Help.tsx";
import { Lines } from "./Lines.tsx";
import { Overview } from "./Overview.tsx";
import { Page } from "./Page.tsx";
import { Story } from "./Story.tsx";
import { TooSmall } from "./TooSmall.tsx";
import type { ViewProps } from "./view-props.ts";

const VIEWS: Readonly<Record<ScreenKind, (props: ViewProps) => ReactElement | null>> = {
  list: Overview,
  story: Story,
  lines: Lines,
  help: Help,
};

/** The screen for a model: as many rows as the terminal has. */
export function Explorer(props: ViewProps): ReactElement {
  const { model, ink } = props;
  if (isTooSmall(model.size)) return <TooSmall {...props} />;
  const { screen } = topFrame(model);
  const View = VIEWS[screen];
  const last = noticeOver(model, footerLine(model, ink.unicode));
  return (
    <Box flexDirection="column">
      <View {...props} />
      <Page lines={[last]} rows={1} width={model.size.columns} ink={ink} />
    </Box>
  );
}
