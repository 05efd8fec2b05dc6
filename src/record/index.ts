// The doors of this room.
export { decodeText, Names } from "./names.ts";
export {
  QUIET_REASONS,
  REASONS,
  makerOf,
  reasonNumber,
  stageOf,
  type Maker,
  type Reason,
  type Stage,
} from "./reasons.ts";
export {
  ERROR,
  EVENT,
  LOCAL,
  MAX_ATTEMPTS,
  NOTE,
  Rec,
  REQUEST,
  YEARLESS,
  ZONED,
  type Proxy,
  type Read,
} from "./record.ts";
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
export { explainNginx, type FieldText } from "./explain-nginx.ts";
export { MessageTable, messageRules, type MessageRule } from "./message-table.ts";
export { nginxAccessReader } from "./nginx-access.ts";
export { nginxErrorReader } from "./nginx-error.ts";
export { envoyReader } from "./envoy.ts";
export { explainEnvoy } from "./explain-envoy.ts";
export { explainHaproxy } from "./explain-haproxy.ts";
export { haproxyEventReader, haproxyEventScanner } from "./haproxy-events.ts";
export { haproxyReader } from "./haproxy.ts";
export { describeLine, type Describer } from "./describe-line.ts";
export type { Described } from "./described.ts";
