// Reads a stream to its end in whatever layout its lines stand.
import type { Readable } from "node:stream";
import type { LineRoom, OnLines } from "./assemble.ts";
import { readDocuments } from "./documents.ts";
import { readExport } from "./journal-export.ts";
import type { Layout } from "./layout.ts";
import { readStream, type ReadOutcome } from "./read-file.ts";

/**
 * Hands on the lines of a stream, until its end or the signal.
 * @param forgive turns an error of the stream into a note; null throws it.
 */
export function readLayout(
  stream: Readable,
  layout: Layout,
  onLines: OnLines,
  signal: AbortSignal,
  room: LineRoom,
  forgive: (error: unknown) => string | null,
): Promise<ReadOutcome> {
  switch (layout) {
    case "documents":
      return readDocuments(stream, onLines, signal, forgive);
    case "export":
      return readExport(stream, onLines, signal, forgive);
    case "lines":
    case "objects":
      return readStream(stream, onLines, signal, room, forgive);
  }
}
