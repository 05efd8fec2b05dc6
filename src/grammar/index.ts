// The doors of this room.
export { TextError } from "./ast.ts";
export type { Escape, FormatAst, FormatItem, Language } from "./ast.ts";
export {
  NGINX_ERROR_MORE,
  NGINX_ERROR_REST,
  readCatalogue,
  type Catalogue,
  type Listed,
  type Texts,
} from "./catalogue.ts";
export { compileJson, type JsonKey } from "./compile-json.ts";
export { compileText } from "./compile-text.ts";
export { inferEnvoyFormat, looksLikeEnvoy } from "./infer-envoy.ts";
export { inferHaproxyFormat } from "./infer-haproxy.ts";
export { inferKeyedFormat } from "./infer-haproxy-keys.ts";
export { guessNginxFormat } from "./infer-nginx.ts";
export { nginxErrorScanner } from "./nginx-error.ts";
export { nginxErrorFragmentScanner } from "./nginx-error-fragment.ts";
export { nginxErrorJsonScanner } from "./nginx-error-json.ts";
export { nginxErrorMoreScanner, nginxErrorRestScanner } from "./nginx-error-more.ts";
export { languageOf } from "./parse-format.ts";
export type { Plan } from "./plan.ts";
export { isDigit } from "./find-bytes.ts";
export { lastParts, scannerOf, type Recipe } from "./recipe.ts";
export type { Field, FieldKind, Scan, Scanner } from "./scanner.ts";
export { parseFilter, type FilterAst, type FilterValue } from "./filter.ts";
export { compileWasm, type MemoryScan } from "./compile-wasm.ts";
export { pairBytes, PairTable } from "./pair-table.ts";
export { ScanMemory } from "./scan-memory.ts";
export { STRANGER, type Stranger } from "./stranger-keys.ts";
export { recordFieldNames, withUserFields, type UserField } from "./user-fields.ts";
export { FieldUse, type KeyPart, type QuickFields } from "./quick-fields.ts";
export {
  QuickLines,
  ROW_BEFORE,
  ROW_CLIENT,
  ROW_DOUBLES,
  ROW_DURATION,
  ROW_HASH,
  ROW_END,
  ROW_ENTRY,
  ROW_INTS,
  ROW_LINE,
  ROW_REQUEST,
  ROW_START,
} from "./quick-lines.ts";
export type { Gates } from "./gates.ts";
export {
  LATENCY_BUCKETS,
  LATENCY_CELLS,
  latencyBucket,
  TallyMemory,
  TRAFFIC_CELLS,
  type Tally,
} from "./tally-memory.ts";
export { compositeKey } from "./json-composite.ts";
