// Where a notice is shown: the overview has a row for it, elsewhere it takes the keys' place until the next key.
import { topFrame, type Model } from "./model.ts";
import { line, type Line } from "./spans.ts";

/** The last row: the keys, or the notice in their place. */
export function noticeOver(model: Model, keys: Line): Line {
  if (model.notice === null || topFrame(model).screen === "list") return keys;
  return line(` ${model.notice}`, "warn");
}
