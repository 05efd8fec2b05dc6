// The doors of this room.
export { Assembler, MAX_LINE, type LineRoom, type OnLines } from "./assemble.ts";
export { BSD_TIME, Head, ISO_TIME, NO_TIME, peel } from "./envelope.ts";
export { InputError } from "./input-error.ts";
export { opensArray, readArray, sampleArray } from "./json-array.ts";
export {
  openUnpacked,
  readGzip,
  readRange,
  readStream,
  type Range,
  type ReadOutcome,
} from "./read-file.ts";
export { findSources, STDIN, unreadable, type Packing, type Source } from "./sources.ts";
export { readHead, wholeLines } from "./head.ts";
