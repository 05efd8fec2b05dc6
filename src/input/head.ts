// The first lines of a source, unpacked, to decide how to read it.
import { closeSync, openSync, readSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";
import { unreadable, type Source } from "./sources.ts";

const HEAD_BYTES = 128 * 1024;

/**
 * Whole lines from the start of a file, at most 128 KiB of it (unpacked: more). A last line without a newline counts when
 * it is the file's last.
 * @throws InputError when the file cannot be read.
 */
export function readHead(source: Source): Uint8Array {
  if (source.path === null) return new Uint8Array(0);
  try {
    const file = openSync(source.path, "r");
    try {
      const buffer = new Uint8Array(HEAD_BYTES);
      const packed = buffer.subarray(0, readSync(file, buffer, 0, HEAD_BYTES, 0));
      return wholeLines(
        source.packing === "gzip" ? unpack(packed) : packed,
        packed.length === HEAD_BYTES,
      );
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unreadable(source.path, error);
  }
}

/** Cuts a sample behind its last newline when more would follow. */
export function wholeLines(bytes: Uint8Array, hasMore: boolean): Uint8Array {
  if (!hasMore) return bytes;
  const last = bytes.lastIndexOf(10);
  return last < 0 ? bytes : bytes.subarray(0, last + 1);
}

/** Unpacks as much as a cut gzip head gives; nothing where the data is damaged from the start. */
function unpack(packed: Uint8Array): Uint8Array {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array(0);
  }
}
