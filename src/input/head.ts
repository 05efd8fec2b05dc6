// The first lines of a source, unpacked, to decide how to read it.
import { closeSync, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { unreadable, type Source } from "./sources.ts";
import { unpack } from "./unpack.ts";

const HEAD_BYTES = 128 * 1024;
const PIECE_BYTES = 32 * 1024;

/**
 * Whole lines from the start of a file, at most 128 KiB of it, unpacked; of a plain file also some from its middle and end. A last line without a newline counts when it is
 * the file's last.
 * @throws InputError when the file cannot be read.
 */
export async function readHead(source: Source): Promise<Uint8Array> {
  if (source.path === null) return new Uint8Array(0);
  try {
    return source.packing === "plain" && source.size !== null
      ? plainHead(source.path)
      : await unpackedHead(source.path, source);
  } catch (error) {
    throw unreadable(source.path, error);
  }
}

function plainHead(path: string): Uint8Array {
  const file = openSync(path, "r");
  try {
    const head = piece(file, 0, HEAD_BYTES);
    if (head.length < HEAD_BYTES) return head;
    // What a log begins with may be noise, and formats change where a configuration does.
    const { size } = fstatSync(file);
    const later = [size / 2, size - PIECE_BYTES]
      .map((at) => Math.floor(at))
      .filter((at) => at > HEAD_BYTES)
      .map((at) => {
        const bytes = piece(file, at, PIECE_BYTES);
        return wholeLines(bytes.subarray(bytes.indexOf(10) + 1), true);
      });
    return Buffer.concat([wholeLines(head, true), ...later]);
  } finally {
    closeSync(file);
  }
}

function piece(file: number, at: number, length: number): Uint8Array {
  const buffer = new Uint8Array(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, at));
}

/** As much as a head gives; nothing where the data is damaged from the start. */
async function unpackedHead(path: string, { packing }: Source): Promise<Uint8Array> {
  const packed = createReadStream(path);
  let failed: Error | null = null;
  packed.on("error", (error) => (failed = error));
  const stream = await unpack(packed, packing);
  const chunks: Buffer[] = [];
  let size = 0;
  const ended = await new Promise<boolean>((resolve) => {
    stream.on("data", (chunk: Buffer) => {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size >= HEAD_BYTES) resolve(false);
    });
    for (const event of ["end", "close", "error"]) stream.on(event, () => resolve(true));
  });
  stream.destroy();
  packed.destroy();
  if (failed !== null) throw failed;
  return wholeLines(Buffer.concat(chunks), !ended);
}

/** Cuts a sample behind its last newline when more would follow. */
export function wholeLines(bytes: Uint8Array, hasMore: boolean): Uint8Array {
  if (!hasMore) return bytes;
  const last = bytes.lastIndexOf(10);
  return last < 0 ? bytes : bytes.subarray(0, last + 1);
}
