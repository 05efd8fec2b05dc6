// Lines counted because they are like one read before, against the same lines each read in full: the same summary.
import { readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import {
  readCatalogue,
  ROW_CLIENT,
  ROW_DURATION,
  ScanMemory,
  type Recipe,
} from "../../src/grammar/index.ts";
import {
  chooseFormats,
  LineReader,
  LocalClock,
  Names,
  ReaderShelf,
  REQUEST,
  type Rec,
} from "../../src/record/index.ts";
import { readCases } from "../conformance/cases.ts";

const GRAMMARS = join(import.meta.dirname, "../../grammars");
const texts = readKnowledge();
/** The lines of all cases by the format that reads them, where its reader promises anything. */
function linesByFormat(): Map<string, { recipe: Recipe; lines: string[] }> {
  const found = new Map<string, { recipe: Recipe; lines: string[] }>();
  const catalogue = readCatalogue(texts);
  const shelf = new ReaderShelf(texts, new Names());
  for (const proxy of readdirSync(GRAMMARS)) {
    const path = join(GRAMMARS, proxy, "cases.txt");
    if (!existsSync(path)) continue;
    for (const { line, format } of readCases(path)) {
      const given = format === null ? [] : [catalogue.recipeOf(format, format)];
      const bytes = Buffer.from(line);
      const recipe = chooseFormats(bytes, catalogue, shelf.reader, given).formats[0]?.recipe;
      if (recipe === undefined || shelf.reader(recipe).read.quick === undefined) continue;
      const known = found.get(recipe.name);
      if (known === undefined) found.set(recipe.name, { recipe, lines: [line] });
      else known.lines.push(line);
    }
  }
  return found;
}

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

const HEADS = [
  "Nov 22 13:49:32 lb1 haproxy[2022]: ",
  "Nov 22 13:49:32 lb2 nginx: ",
  "<134>Nov 22 13:49:33 haproxy[1]: ",
  "2026-11-22T13:49:32.879938+00:00 lb1 haproxy[2022]: ",
  "2026-11-22T14:49:32+01:00 lb2 haproxy[2022]: ",
  "2026-11-22T13:45:32Z stdout F ",
  "<30>1 2026-11-22T13:49:32Z h app 1 - - ",
  "Nov 22 13:49:32 [x] ",
  "",
];
const NUMBERS = [
  "0",
  "-1",
  "-",
  "1",
  "200",
  "503",
  "502",
  "499",
  "009",
  "+2",
  "12345",
  "123456789",
  "0.004",
  "00",
  "",
];
const ODD = [...'" -:/,.[]{}|0719+\\\r<>', "é", "\n"];

/** A log: real lines again and again, their numbers and words exchanged, some damaged. */
const logOf = (lines: readonly string[]): fc.Arbitrary<{ log: string; hasEnvelope: boolean }> => {
  const edit = fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    {
      weight: 5,
      arbitrary: fc.record({ at: fc.nat(60), number: fc.constantFrom(...NUMBERS) }),
    },
    { weight: 3, arbitrary: fc.record({ at: fc.nat(60), from: fc.nat(lines.length - 1) }) },
    { weight: 2, arbitrary: fc.record({ at: fc.nat(400), odd: fc.constantFrom(...ODD) }) },
  );
  const one = fc
    .tuple(fc.nat(lines.length - 1), edit, fc.constantFrom(...HEADS))
    .map(([at, change, head]) => ({ text: changed(lines[at]!, change, lines), head }));
  return fc
    .tuple(fc.array(one, { minLength: 4, maxLength: 40 }), fc.boolean(), fc.boolean())
    .map(([all, hasEnvelope, isUniform]) => ({
      hasEnvelope,
      log: [...all, ...all, ...all]
        .map(({ text, head }) => `${hasEnvelope ? (isUniform ? all[0]!.head : head) : ""}${text}\n`)
        .join(""),
    }));
};

type Edit = { at: number; number?: string; from?: number; odd?: string } | null;

function changed(line: string, edit: Edit, lines: readonly string[]): string {
  if (edit === null) return line;
  if (edit.odd !== undefined) {
    const at = edit.at % (line.length + 1);
    return line.slice(0, at) + edit.odd + line.slice(at + 1);
  }
  if (edit.from !== undefined) {
    const words = line.split(" ");
    const others = lines[edit.from]!.split(" ");
    const at = edit.at % words.length;
    words[at] = others[Math.min(at, others.length - 1)]!;
    return words.join(" ");
  }
  const numbers = [...line.matchAll(/-?[\d.]+/g)];
  const match = numbers[edit.at % Math.max(1, numbers.length)];
  if (match === undefined) return line;
  return line.slice(0, match.index) + edit.number + line.slice(match.index + match[0].length);
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
