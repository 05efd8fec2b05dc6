// The doors of this room.
export { Assembler, MAX_LINE, type LineRoom, type OnLines } from "./assemble.ts";
export {
  behindMarks,
  BSD_TIME,
  Head,
  ISO_LOCAL_TIME,
  ISO_TIME,
  NO_TIME,
  peel,
} from "./envelope.ts";
export { InputError } from "./input-error.ts";
export { readDocuments, sampleDocuments } from "./documents.ts";
export { ObjectJoiner, sampleObjects } from "./join-objects.ts";
export { JournalExport, readExport, sampleExport } from "./journal-export.ts";
export { layoutOf, type Layout } from "./layout.ts";
export {
  openUnpacked,
  readPacked,
  readRange,
  readStream,
  type Range,
  type ReadOutcome,
} from "./read-file.ts";
export { findSources, STDIN, unreadable, type Source } from "./sources.ts";
export { readHead, wholeLines } from "./head.ts";
export { readLayout } from "./read-layout.ts";
export { BlockFiller, sharedBlocks, type UnpackElsewhere } from "./unpack-blocks.ts";
export { packingOf, unpack, unpackNote, type Packing } from "./unpack.ts";
export { Unwrapped, unwrappedLine, type Depth } from "./unwrap.ts";
export { Unwrapper, unwrapSample } from "./unwrapper.ts";
export { once, onceFor } from "./once.ts";
