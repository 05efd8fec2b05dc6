// Unpacks gzip: members one behind another, as nginx and logrotate append them, are one stream.
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { piped } from "./piped.ts";

/** The unpacked bytes of gzip data. */
export function gunzip(packed: Readable): Readable {
  // Small: Node drops the chunk in which it meets damage.
  return piped(packed, createGunzip({ chunkSize: 32 << 10 }));
}
