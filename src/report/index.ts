// The doors of this room.
export { makeClock, type Clock } from "./clock.ts";
export { displayWidth, fitEnd, fitStart, padEnd, padStart, shorten } from "./display-width.ts";
export { escapeForTerminal, escapeToAscii } from "./escape.ts";
export { renderJson } from "./json.ts";
export { liveChanges, renderLive, type LiveLine, type LiveView } from "./live.ts";
export { count, duration, ofTotal, percent, plural } from "./numbers.ts";
export {
  makeReport,
  type IsoTime,
  type Meta,
  type Report,
  type ReportIncident,
  type ReportSource,
} from "./report.ts";
export { regroup, sparkline, strip } from "./sparkline.ts";
export { renderText, type TextView } from "./text.ts";
export {
  certainty,
  listed,
  hiddenDamage,
  placeOf,
  reachOf,
  retriesOf,
  upstreamName,
  type ReasonWords,
  type Words,
} from "./words.ts";
export { renderCause, renderCauses, renderReason, renderReasons } from "./text-reasons.ts";
export { renderCode, renderExplainedLine, type ExplainedView } from "./text-explained.ts";
