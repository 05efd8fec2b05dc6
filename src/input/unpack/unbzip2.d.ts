// The parts of unbzip2-stream that its published types leave out.
declare module "unbzip2-stream/lib/bit_iterator.js" {
  type Bits = ((count: number | null) => number) & { bytesRead: number };
  export default function bitIterator(next: () => Uint8Array | undefined): Bits;
}
declare module "unbzip2-stream/lib/bzip2.js" {
  type Bits = (count: number | null) => number;
  const bzip2: {
    /** Reads a stream's head. @returns its level */
    header(bits: Bits): number;
    /** Reads a block, or the end of a stream. @returns the checksum so far, null at the end */
    decompress(
      bits: Bits,
      put: (byte: number) => void,
      room: Int32Array,
      size: number,
      crc: number | null,
    ): number | null;
  };
  export default bzip2;
}
