// The doors of this room.
export { decodeText, Names } from "./names.ts";
export {
  QUIET_REASONS,
  REASONS,
  reasonNumber,
  stageOf,
  type Maker,
  type Reason,
  type Stage,
} from "./reasons.ts";
export { EVENT, NOTE, Rec, REQUEST, type Proxy, type Read } from "./record.ts";
export { chooseFormats, type Choice } from "./choose-formats.ts";
export { chooseReading, type ReadingChoice } from "./choose-reading.ts";
export type { Learn, Others } from "./reading.ts";
export {
  LineReader,
  type FirstMiss,
  type FormatReader,
  type Repeats,
  type Sink,
} from "./line-reader.ts";
export type { Outcome } from "./quick-reader.ts";
export { ReaderShelf } from "./reader-shelf.ts";
export {
  EVERYTHING,
  selectionOf,
  splitRequest,
  type Selection,
  type SelectionSpec,
} from "./select.ts";
export { explainLine, type ExplainedLine, type LinePart } from "./explain-line.ts";
export { Reread } from "./reread.ts";
export { CodeBook } from "./code-book.ts";
export type { CodeMeaning } from "./code-meaning.ts";
export { LocalClock, offsetAt, repeatsAnHour } from "./zone.ts";
export { describeMiss, type LineMiss } from "./describe-miss.ts";
export { isGuessed } from "./guessed.ts";
export { isDamaged } from "./own-keys.ts";
export { NO_FORMAT } from "./strangers.ts";
export { describeLine } from "./describe-line.ts";
export type { Describer } from "./understand.ts";
export type { Described, DescribedRecord } from "./described.ts";
