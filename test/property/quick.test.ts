// Lines counted because they are like one read before, against the same lines each read in full: the same summary.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import { ROW_CLIENT, ROW_DURATION, ScanMemory, type Recipe } from "../../src/grammar/index.ts";
import {
  LineReader,
  LocalClock,
  Names,
  ReaderShelf,
  REQUEST,
  type Rec,
} from "../../src/record/index.ts";
import { linesByFormat, logOf } from "../support/repeated-logs.ts";

const texts = readKnowledge();

/** Lines that were counted without being read in full. */
let repeated = 0;

const ENVOY = 2;

/** What decides about a request, in words. */
class Seen {
  readonly words: string;
  readonly joins: boolean;
  readonly proxy: number;

  constructor(rec: Rec, proxy: number, node: number, names: Names) {
    const text = (id: number): string => names.text(Math.max(0, id));
    const peers = [...rec.attemptPeer.subarray(0, rec.attempts)].map(text);
    const { kind, status, reason, masked, tries, joinable } = rec;
    const seen = [kind, proxy, text(node), status, text(rec.pool), text(rec.peer), reason, peers];
    this.words = JSON.stringify([...seen, text(rec.code), masked, tries, joinable]);
    this.joins = joinable;
    this.proxy = proxy;
  }
}

/** Reads a log with one format alone: a sentence for each line. In memory, lines like an earlier one are not read in full. */
function read(recipe: Recipe, log: string, hasEnvelope: boolean, inMemory: boolean): string[] {
  const names = new Names();
  const memory = new ScanMemory();
  const plan = {
    formats: [new ReaderShelf(texts, names).inMemory(recipe, memory)],
    memory: memory.bytes,
    others: () => [],
    hasEnvelope,
    clock: new LocalClock("Europe/Berlin"),
    nearMs: Date.UTC(2026, 10, 22),
    node: 0,
  };
  const said: string[] = [];
  const say = (
    seen: Seen,
    timeMs: number,
    durationMs: number,
    startMs: number,
    from: Buffer,
    ...spans: number[]
  ): void => {
    const [client, clientEnd, request, requestEnd] = spans as [number, number, number, number];
    const text = (start: number, end: number): string =>
      seen.joins && start >= 0 ? from.toString("latin1", start, end) : "";
    said.push(
      `${seen.words} ${seen.proxy === ENVOY || client < 0 ? 0 : clientEnd - client} ${timeMs} ${durationMs} ${startMs} ${text(client, clientEnd)} ${text(request, requestEnd)}`,
    );
  };
  const reader = new LineReader(plan, names, {
    accept: (rec, proxy, node, line) => {
      const { clientStart, clientEnd, requestStart, requestEnd } = rec;
      const startMs = rec.startMs >= 0 ? rec.startMs : rec.timeMs;
      const spans = [clientStart, clientEnd, requestStart, requestEnd];
      // A line out of nested envelopes lies in bytes of its own.
      const from = Buffer.from(line.buffer, line.byteOffset, line.length);
      say(new Seen(rec, proxy, node, names), rec.timeMs, rec.durationMs, startMs, from, ...spans);
      return true;
    },
    repeats: {
      recall: (rec, proxy, node) =>
        rec.kind !== REQUEST || rec.attempts > 1 ? null : new Seen(rec, proxy, node, names),
      tally: () => null,
      repeat: (outcome, timeMs, row, at) => {
        const durationMs = row[at + ROW_DURATION]!;
        const startMs = durationMs >= 0 ? timeMs - durationMs : timeMs;
        const spans = row.subarray(at + ROW_CLIENT, at + ROW_CLIENT + 4);
        say(outcome as Seen, timeMs, durationMs, startMs, bytes, ...spans);
        repeated++;
        return true;
      },
    },
  });
  const bytes = inMemory ? memory.bytes : Buffer.alloc(2 * memory.start);
  const end = memory.start + bytes.write(log, memory.start, "latin1");
  reader.read(bytes, memory.start, end, 0);
  expect(reader.lines).toBe(reader.records + reader.misses + reader.skipped);
  const { lines, records, firstTime, lastTime, firstMiss } = reader;
  reader.finish();
  const books = [lines, records, firstTime, lastTime, firstMiss, [...reader.byFormat]];
  return [...said, JSON.stringify(books)];
}

const repeatedBy = new Map<string, number>();

describe("lines like one that was read before", () => {
  const formats = [...linesByFormat()];

  it("are met in every language", () => {
    const proxies = new Set(formats.map(([, { recipe }]) => recipe.proxy));
    expect([...proxies].sort()).toEqual(["envoy", "haproxy", "nginx"]);
  });

  it.each(formats)("count as if read in full: %s", (_, { recipe, lines }) => {
    const before = repeated;
    fc.assert(
      fc.property(logOf(lines), ({ log, hasEnvelope }) => {
        const inFull = read(recipe, log, hasEnvelope, false);
        expect(read(recipe, log, hasEnvelope, true).join("\n")).toBe(inFull.join("\n"));
      }),
      { numRuns: 20 },
    );
    const { proxy } = recipe;
    repeatedBy.set(proxy, (repeatedBy.get(proxy) ?? 0) + repeated - before);
  });

  it("are not read in full, in any language", () => {
    for (const count of repeatedBy.values()) expect(count).toBeGreaterThan(500);
  });
});
