// Unpacks gzip: members one behind another, as nginx and logrotate append them, are one stream.
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { piped } from "./piped.ts";

/**
 * The unpacked bytes of gzip data.
 * @param isWhole expects no damage: Node drops the chunk in which it meets some, and large chunks are several times as fast.
 */
export function gunzip(packed: Readable, isWhole: boolean): Readable {
  return piped(packed, createGunzip({ chunkSize: isWhole ? 512 << 10 : 32 << 10 }));
}
