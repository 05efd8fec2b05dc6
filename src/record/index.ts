// The doors of this room.
export { decodeText, Names } from "./names.ts";
export {
  QUIET_REASONS,
  REASONS,
  reasonNumber,
  type Maker,
  type Reason,
  type Stage,
} from "./reasons.ts";
export { EVENT, NOTE, Rec, REQUEST, type Proxy, type Read } from "./record.ts";
export { chooseFormats, type Choice } from "./choose-formats.ts";
export { LineReader, type FirstMiss, type FormatReader, type Sink } from "./line-reader.ts";
export { ReaderShelf } from "./reader-shelf.ts";
export {
  EVERYTHING,
  selectionOf,
  splitRequest,
  type Selection,
  type SelectionSpec,
} from "./select.ts";
export { explainLine } from "./explain-line.ts";
export { LocalClock } from "./zone.ts";
export { describeLine, type Describer } from "./describe-line.ts";
export type { Described } from "./described.ts";
