// Unpacks compressed bytes: which packing they have shows in their first bytes, and each unpacker is loaded when needed.
import type { Readable } from "node:stream";

/** How a source's bytes are packed. */
export type Packing = "plain" | "gzip" | "bzip2" | "xz" | "zstd" | "lz4";

/** The most bytes that {@link packingOf} looks at. */
export const MAGIC_BYTES = 8;

const MAGIC: readonly (readonly [Exclude<Packing, "plain">, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b, 0x08]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["lz4", [0x04, 0x22, 0x4d, 0x18]],
];

/** A skippable frame, as parallel packers write them first: 0x184D2A50 to …5F, little-endian, in zstd and lz4 alike. */
const SKIPPABLE = [0x2a, 0x4d, 0x18];

/** Tells the packing by the first bytes, never by a name. */
export function packingOf(head: Uint8Array): Packing {
  for (const [packing, magic] of MAGIC)
    if (magic.every((byte, at) => head[at] === byte)) {
      // `BZh` alone could begin a word of a log; a level and the block's or the end's magic follow it.
      if (packing === "bzip2" && !isBzip2(head)) continue;
      return packing;
    }
  // zstd's parallel packers write such frames first; lz4's do not.
  if ((head[0]! & 0xf0) === 0x50 && SKIPPABLE.every((byte, at) => head[1 + at] === byte))
    return "zstd";
  return "plain";
}

function isBzip2(head: Uint8Array): boolean {
  const isLevel = head[3]! >= 0x31 && head[3]! <= 0x39;
  return isLevel && (head[4] === 0x31 || head[4] === 0x17);
}

/**
 * The unpacked bytes of a stream: any number of members, frames or streams behind one another. Where they are cut or
 * damaged the stream fails behind the last byte that could be had; {@link unpackNote} tells what to say.
 * @param isWhole for whoever can begin anew when the data {@link isDamage is damaged}: faster, and then not all could be had.
 */
export async function unpack(
  packed: Readable,
  packing: Packing,
  isWhole = false,
): Promise<Readable> {
  switch (packing) {
    case "plain":
      return packed;
    case "gzip":
      return (await import("./unpack/gzip.ts")).gunzip(packed, isWhole);
    case "bzip2":
      return (await import("./unpack/bzip2.ts")).bunzip2(packed);
    case "xz":
      return (await import("./unpack/xz.ts")).unxz(packed);
    case "zstd":
      return (await import("./unpack/zstd.ts")).unzstd(packed);
    case "lz4":
      return (await import("./unpack/lz4.ts")).unlz4(packed);
  }
}

/** Whether gzip data turned out not to be whole inside. */
export function isDamage(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "Z_DATA_ERROR";
}

/** The note for an error of an unpacked stream; null when the error is not the data's. */
export function unpackNote(packing: Packing, error: unknown): string | null {
  const { code, name } = error as NodeJS.ErrnoException;
  if (packing === "plain" || name === "InputError") return null;
  if (code === "CHECKSUM")
    return `the ${packing} data is damaged: its checksum does not fit, so lines before the damage may be wrong; nothing behind it was read`;
  if (code === "Z_BUF_ERROR")
    return `the ${packing} data is cut; everything up to the cut was read`;
  if (code === "Z_DATA_ERROR")
    return `the ${packing} data is damaged; nearly everything before that was read`;
  return `the ${packing} data is cut or damaged; everything before was read`;
}
