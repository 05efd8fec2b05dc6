// An archive that is damaged inside: what was lost with a large chunk is had again, once.
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { ScanMemory } from "../../src/grammar/index.ts";
import { readPacked, readStream } from "../../src/input/index.ts";
import { gunzip } from "../../src/input/unpack/gzip.ts";

const folder = mkdtempSync(join(tmpdir(), "why502-damaged-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = Array.from({ length: 60_000 }, (_, n) => `line ${n} ${(n * 2_654_435_761) >>> 0}`);

/** An archive with some bytes exchanged, `share` of the way through. */
function damagedAt(share: number): string {
  const packed = gzipSync(`${lines.join("\n")}\n`);
  packed.fill(0xff, Math.floor(share * packed.length), Math.floor(share * packed.length) + 40);
  const path = join(folder, `${share}.log.gz`);
  writeFileSync(path, packed);
  return path;
}

function collector(): {
  onLines: (b: Uint8Array, s: number, e: number) => void;
  text: () => string;
} {
  const parts: string[] = [];
  return {
    onLines: (bytes, start, end) => parts.push(Buffer.from(bytes.subarray(start, end)).toString()),
    text: () => parts.join(""),
  };
}

it.each([0.1, 0.35, 0.5, 0.77, 0.98])(
  "gives all before the damage, %d of the way",
  async (share) => {
    const path = damagedAt(share);
    const { signal } = new AbortController();
    const fast = collector();
    const outcome = await readPacked(
      path,
      "gzip",
      fast.onLines,
      () => {},
      signal,
      new ScanMemory(),
    );
    expect(outcome.notes.join()).toContain("damaged");
    const careful = collector();
    await readStream(
      gunzip(createReadStream(path), false),
      careful.onLines,
      signal,
      new ScanMemory(),
      () => "damaged",
    );
    const read = fast.text().split("\n");
    const sure = Math.floor(share * 0.9 * lines.length) - 3000;
    expect(fast.text()).toBe(careful.text());
    // What the damage itself unpacks to, nobody knows.
    expect(read.slice(0, Math.max(0, sure))).toEqual(lines.slice(0, Math.max(0, sure)));
  },
);
