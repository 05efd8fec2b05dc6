// The doors of this room.
export {
  LATENCY_BUCKETS,
  type EventItem,
  type Exemplar,
  type FailureCell,
  type JoinTally,
  type Latency,
  type SourceTally,
  type Summary,
  type Traffic,
  type Upstream,
} from "./summary.ts";
export { Cells } from "./cells.ts";
export type { Counted } from "./counted.ts";
export { mergePart, partOf, type CellsPart } from "./cells-part.ts";
export { freeze, type PartPlace } from "./freeze.ts";
export type { Place } from "./samples.ts";
export { groupBy } from "./group-by.ts";
