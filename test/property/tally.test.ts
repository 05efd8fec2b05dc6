// Lines counted in WebAssembly, against the same lines each read in full: the same summary, to the last bin and bucket.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import { ThreadReader, type Reading } from "../../src/cli/thread-reader.ts";
import type { Recipe } from "../../src/grammar/index.ts";
import { EVERYTHING } from "../../src/record/index.ts";
import type { QuickReader } from "../../src/record/quick-reader.ts";
import { freeze } from "../../src/summary/index.ts";
import { linesByFormat, logOf } from "../support/repeated-logs.ts";

const texts = readKnowledge();
/** Lines that were counted in WebAssembly. */
let counted = 0;

function watch(quick: QuickReader | null): void {
  if (quick === null) return;
  const { note } = quick;
  quick.note = (seen, repeated) => {
    counted += quick.lines.counted;
    note.call(quick, seen, repeated);
  };
}

function summaryOf(recipe: Recipe, log: string, hasEnvelope: boolean, inMemory: boolean): string {
  const thread = new ThreadReader({ texts, selection: EVERYTHING });
  const reading: Reading = {
    recipes: [recipe],
    layout: "lines",
    hasEnvelope,
    unwrap: null,
    zone: "Europe/Berlin",
    mayLearn: false,
    isOrdered: false,
    nearMs: Date.UTC(2026, 10, 22),
    node: "",
  };
  const { room, shelf } = thread;
  const opened = thread.open(0, reading);
  const bytes = inMemory ? room.bytes : Buffer.alloc(2 * room.start);
  if (inMemory) watch(shelf.inMemory(recipe, room).quick);
  // What the first piece taught holds for the others.
  const third = log.indexOf("\n", log.length / 3) + 1;
  for (const [from, to] of [
    [0, third],
    [third, log.length],
  ] as const) {
    const end = room.start + bytes.write(log.slice(from, to), room.start, "latin1");
    opened.onLines(bytes, room.start, end, from);
  }
  opened.finish();
  const place = { source: "log", linesBefore: 0, reread: () => thread.reread(reading) };
  const { lines, records, misses, skipped, firstTime, lastTime } = opened.reader;
  const books = [lines, records, misses, skipped, firstTime, lastTime];
  return JSON.stringify([freeze(thread.cells, [], [place]), books], (_, value: unknown) =>
    ArrayBuffer.isView(value) ? [...(value as Uint32Array)] : value,
  );
}

describe("lines counted without anybody's asking", () => {
  it.each([...linesByFormat()])("add up as if read in full: %s", (_, { recipe, lines }) => {
    fc.assert(
      fc.property(logOf(lines), ({ log, hasEnvelope }) => {
        const inFull = summaryOf(recipe, log, hasEnvelope, false);
        expect(summaryOf(recipe, log, hasEnvelope, true)).toBe(inFull);
      }),
      { numRuns: 6 },
    );
  });

  it("are many", () => {
    expect(counted).toBeGreaterThan(200);
  });
});
