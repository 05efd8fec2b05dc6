// Cutting the bytes anywhere, or handing parts of a source to different threads, never changes the summary.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import {
  tallyOf,
  ThreadReader,
  type PartTally,
  type Reading,
} from "../../src/cli/thread-reader.ts";
import { Assembler } from "../../src/input/index.ts";
import { chooseReading, EVERYTHING } from "../../src/record/index.ts";
import { freeze } from "../../src/summary/index.ts";

const SAMPLES = join(import.meta.dirname, "../../samples");
const texts = readKnowledge();

function sample(path: string, bytes = 60_000): Buffer {
  const raw = readFileSync(join(SAMPLES, path));
  const plain = path.endsWith(".gz") ? gunzipSync(raw) : raw;
  return plain.subarray(0, plain.lastIndexOf(10, bytes) + 1);
}

/** A sample whose lines lie in an envelope. */
function wrapped(path: string, wrap: (line: string, at: number) => string): Buffer {
  const lines = sample(path, 20_000).toString().trimEnd().split("\n");
  return Buffer.from(lines.map((line, at) => `${wrap(line, at)}\n`).join(""));
}

const SOURCES = {
  "nginx access": sample("one-peer-down/nginx-access.log"),
  "nginx error": sample("one-peer-down/nginx-error.log"),
  haproxy: sample("pool-down/haproxy.log.gz"),
  "envoy json": sample("pool-down/envoy.json.gz"),
  docker: wrapped("one-peer-down/nginx-access.log", (line, at) =>
    JSON.stringify({
      log: `${line}\n`,
      stream: at % 3 === 0 ? "stderr" : "stdout",
      time: "2026-11-22T13:49:32.1Z",
    }),
  ),
  "CRI with parts": wrapped("pool-down/haproxy.log.gz", (line, at) =>
    at % 5 === 0
      ? `2026-11-22T13:49:32.1Z stdout P ${line.slice(0, 40)}\n2026-11-22T13:49:32.1Z stdout F ${line.slice(40)}`
      : `2026-11-22T13:49:32.1Z stdout F ${line}`,
  ),
  noise: Buffer.from(
    '\r\n\n\x00\x01\x02\xff no log at all\n127.0.0.1 - - [31/Feb/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\r\n' +
      "x".repeat(3000) +
      "\n",
  ),
};

function thread(): ThreadReader {
  return new ThreadReader({ texts, selection: EVERYTHING });
}

function readingOf(bytes: Buffer): Reading {
  const reader = thread();
  const choice = chooseReading(bytes, reader.catalogue, reader.shelf.reader, []);
  return {
    recipes: choice.formats.map(({ recipe }) => recipe),
    layout: "lines",
    hasEnvelope: choice.hasEnvelope,
    unwrap: choice.unwrap,
    zone: "UTC",
    mayLearn: true,
    isOrdered: false,
    nearMs: choice.firstTime ?? 0,
    node: "",
  };
}

/** Reads chunks in one thread; line numbers and offsets of the examples included. */
function read(
  reading: Reading,
  chunks: readonly Uint8Array[],
  where: "apart" | "in memory" = "apart",
): string {
  const reader = thread();
  const { room } = reader;
  const opened = reader.open(0, reading);
  const { onLines } = opened;
  const assembler = new Assembler(onLines);
  // Chunks are overwritten behind the assembler's back, as a reused read buffer would be.
  for (const chunk of chunks) {
    if (where === "in memory") {
      room.bytes.set(chunk, room.start);
      assembler.push(room.bytes, room.start, room.start + chunk.length);
      room.bytes.fill(0, room.start, room.start + chunk.length);
      continue;
    }
    const copy = Buffer.from(chunk);
    assembler.push(copy);
    copy.fill(0);
  }
  assembler.finish();
  return show(reader, reading, [tallyOf(0, opened, [])]);
}

function show(reader: ThreadReader, reading: Reading, tallies: readonly PartTally[]): string {
  for (const tally of tallies)
    expect(tally.lines).toBe(tally.records + tally.misses + tally.skipped);
  const summary = freeze(
    reader.cells,
    [],
    [{ source: "log", linesBefore: 0, reread: () => reader.reread(reading) }],
  );
  return JSON.stringify([summary, tallies], (_, value: unknown) =>
    ArrayBuffer.isView(value) ? [...(value as Uint32Array)] : value,
  );
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [
    0,
    ...[...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b),
    bytes.length,
  ];
  return at.slice(1).map((end, k) => bytes.subarray(at[k]!, end));
}

describe.each(Object.entries(SOURCES))("%s", (_, bytes) => {
  const reading = readingOf(bytes);
  const whole = read(reading, [bytes]);

  it("reads the same one byte at a time", () => {
    const chunks = Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1));
    expect(read(reading, chunks)).toBe(whole);
  });

  it("reads the same however it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        expect(read(reading, cutAt(bytes, cuts))).toBe(whole);
        expect(read(reading, cutAt(bytes, cuts), "in memory")).toBe(whole);
      }),
      { numRuns: 20 },
    );
  });

  it("reads the same without a final newline", () => {
    const records = (text: string): unknown => (JSON.parse(text) as [unknown])[0];
    expect(records(read(reading, [bytes.subarray(0, -1)]))).toEqual(records(whole));
  });
});
