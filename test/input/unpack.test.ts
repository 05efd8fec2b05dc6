// Every packing: told by its bytes, unpacked whole, twice over, byte by byte, and as far as a cut lets it be.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, describe, it } from "vitest";
import { packingOf, unpack, unpackNote, type Packing } from "../../src/input/index.ts";
import { XxHash32, XxHash64 } from "../../src/input/unpack/xxhash.ts";

const FOLDER = join(import.meta.dirname, "packed");
const PLAIN = readFileSync(
  join(import.meta.dirname, "../../samples/one-peer-down/nginx-access.log"),
  "utf8",
)
  .split("\n")
  .slice(0, 40)
  .map((line) => `${line}\n`)
  .join("");
const FILES = [
  ["gzip", "forty.gz"],
  ["bzip2", "forty.bz2"],
  ["xz", "forty.xz"],
  ["zstd", "forty.zst"],
  ["lz4", "forty.lz4"],
] as const satisfies readonly (readonly [Packing, string])[];

async function unpacked(
  chunks: readonly Buffer[],
  packing: Packing,
): Promise<{ text: string; error: unknown }> {
  const stream = await unpack(Readable.from(chunks, { objectMode: false }), packing);
  const parts: Buffer[] = [];
  let error: unknown = null;
  await new Promise<void>((resolve) => {
    stream.on("data", (part: Buffer) => parts.push(Buffer.from(part)));
    stream.on("error", (told) => {
      error = told;
      resolve();
    });
    stream.on("end", resolve);
  });
  return { text: Buffer.concat(parts).toString(), error };
}

describe.each(FILES)("%s", (packing, name) => {
  const packed = readFileSync(join(FOLDER, name));

  it("is told by its first bytes", () => {
    expect(packingOf(packed)).toBe(packing);
  });

  it("is unpacked", async () => {
    expect(await unpacked([packed], packing)).toEqual({ text: PLAIN, error: null });
  });

  it("is unpacked where several lie one behind another", async () => {
    const three = Buffer.concat([packed, packed, packed]);
    expect(await unpacked([three], packing)).toEqual({ text: PLAIN.repeat(3), error: null });
  });

  it("is unpacked whatever the chunks were", async () => {
    const two = Buffer.concat([packed, packed]);
    const bytes = Array.from(two, (_, at) => two.subarray(at, at + 1));
    expect(await unpacked(bytes, packing)).toEqual({ text: PLAIN.repeat(2), error: null });
  });

  it("gives what lies before a cut, and says that it is cut", async () => {
    const cut = Buffer.concat([packed, packed.subarray(0, packed.length >> 1)]);
    const { text, error } = await unpacked([cut], packing);
    expect(text.slice(0, PLAIN.length)).toBe(PLAIN);
    expect(PLAIN.repeat(2).startsWith(text)).toBe(true);
    expect(unpackNote(packing, error)).toMatch(/^the \w+ data is cut/);
  });

  it("stops at damage, and says so", async () => {
    const damaged = Buffer.concat([packed, Buffer.from(packed)]);
    damaged.fill(
      0x5a,
      packed.length + (packed.length >> 1),
      packed.length + (packed.length >> 1) + 40,
    );
    const { text, error } = await unpacked([damaged], packing);
    // Node hands on what a member gave only when its buffer is full.
    expect(packing === "gzip" ? PLAIN.startsWith(text) : text.startsWith(PLAIN)).toBe(true);
    expect(unpackNote(packing, error)).toMatch(/damaged/);
  });

  it("tells of a single bit, by its checksum at the latest", async () => {
    // Not in the heads of frames, streams and members, which may name a file or a size.
    for (let at = 20; at < packed.length - 30; at += 97) {
      const damaged = Buffer.from(packed);
      damaged[at]! ^= 16;
      const { text, error } = await unpacked([damaged, packed], packing);
      if (text !== PLAIN.repeat(2)) expect(unpackNote(packing, error), `byte ${at}`).not.toBeNull();
    }
  });
});

it("hands on what can be had of a cut LZ4 block", async () => {
  const packed = readFileSync(join(FOLDER, "forty.lz4"));
  const { text, error } = await unpacked([packed.subarray(0, packed.length - 200)], "lz4");
  expect(text.length).toBeGreaterThan(PLAIN.length / 2);
  expect(PLAIN.startsWith(text)).toBe(true);
  expect(unpackNote("lz4", error)).toMatch(/cut/);
});

it.each([
  ["", 0x02cc5d05, 0xef46db3751d8e999n],
  ["abc", 0x32d153ff, 0x44bc2cf5ad770999n],
])("hashes %j as xxHash does", (text, short, long) => {
  expect(new XxHash32().update(Buffer.from(text)).digest()).toBe(short);
  expect(new XxHash64().update(Buffer.from(text)).digest()).toBe(long);
});

it("hashes the same whatever the pieces were", () => {
  const bytes = Buffer.from(PLAIN);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
      const [short, long] = [new XxHash32(), new XxHash64()];
      let from = 0;
      for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
        short.update(bytes.subarray(from, cut));
        long.update(bytes.subarray(from, cut));
        from = cut;
      }
      expect(short.digest()).toBe(new XxHash32().update(bytes).digest());
      expect(long.digest()).toBe(new XxHash64().update(bytes).digest());
    }),
  );
});

it("passes by the padding between xz streams", async () => {
  const packed = readFileSync(join(FOLDER, "forty.xz"));
  const padded = Buffer.concat([packed, Buffer.alloc(24), packed, Buffer.alloc(4)]);
  expect(await unpacked([padded], "xz")).toEqual({ text: PLAIN.repeat(2), error: null });
});

it("passes by the frames that parallel zstd packers write first", async () => {
  const packed = readFileSync(join(FOLDER, "forty.zst"));
  const frame = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
  expect(packingOf(frame)).toBe("zstd");
  const { text, error } = await unpacked([frame, packed], "zstd");
  expect({ text, error }).toEqual({ text: PLAIN, error: null });
});

it("takes no word of a log for a packing", () => {
  for (const text of ["BZhello 1.2.3.4", "1.2.3.4 - -", "P*M", "", "\x1f"])
    expect(packingOf(Buffer.from(text))).toBe("plain");
});
