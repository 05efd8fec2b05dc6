// Joins a packed stream to its unpacker, errors and all.
import type { Readable, Transform } from "node:stream";

/** Pipes, handing on errors of the packed stream and the end of interest in the unpacked one. */
export function piped(packed: Readable, unpacker: Transform): Readable {
  packed.on("error", (error) => unpacker.destroy(error));
  unpacker.on("close", () => packed.destroy());
  return packed.pipe(unpacker);
}
