// A format that nobody listed and that comes only after the sample is learned from the lines that were missed, however they came.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import { tallyOf, ThreadReader, type Reading } from "../../src/cli/thread-reader.ts";
import { Assembler } from "../../src/input/index.ts";
import { EVERYTHING } from "../../src/record/index.ts";

const texts = readKnowledge();
const banner = (at: number): string => `component ${at % 9} of the appliance is starting`;
const custom = (at: number): string =>
  `2026-11-22T13:${String(Math.floor(at / 60) % 60).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}+00:00 | ` +
  `10.0.0.${at % 200} | GET /p${at} HTTP/1.1 | ${at % 7 === 0 ? 502 : 200} | 10.1.0.${at % 3}:80 | rt=0.0${10 + (at % 90)}`;

const READING: Reading = {
  recipes: [],
  layout: "lines",
  hasEnvelope: false,
  unwrap: null,
  mayLearn: true,
  zone: "UTC",
  isOrdered: false,
  nearMs: Date.UTC(2026, 10, 22),
  node: "",
};

function read(lines: readonly string[], cuts: readonly number[], change: Partial<Reading> = {}) {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  const thread = new ThreadReader({ texts, selection: EVERYTHING });
  const opened = thread.open(0, { ...READING, ...change });
  const assembler = new Assembler(opened.onLines);
  let from = 0;
  for (const cut of [...cuts.map((share) => Math.floor(share * bytes.length)), bytes.length].sort(
    (a, b) => a - b,
  )) {
    const chunk = Buffer.from(bytes.subarray(from, cut));
    assembler.push(chunk);
    // The memory belongs to the next chunk then.
    chunk.fill("z");
    from = cut;
  }
  assembler.finish();
  opened.finish();
  const tally = tallyOf(0, opened, []);
  expect(tally.lines).toBe(tally.records + tally.misses + tally.skipped);
  return { tally, failures: thread.cells.failures };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test("not one of its lines is lost, whatever noise comes before and between", () => {
  const noise = range(700).map(banner);
  const mixed = range(300).flatMap((at) =>
    at % 3 === 0 ? [custom(at), banner(at)] : [custom(at)],
  );
  const { tally } = read([...noise, ...mixed], []);
  expect(tally.records).toBe(300);
  expect(tally.misses).toBe(800);
  expect(tally.firstMiss).toMatchObject({ line: 0, offset: 0 });
  expect(tally.byFormat).toEqual({ "nginx, guessed from the lines": 300 });
});

test("the first miss is the first line that stays one", () => {
  const { tally } = read([...range(20).map(custom), banner(1), custom(21)], []);
  expect(tally).toMatchObject({ records: 21, misses: 1 });
  expect(tally.firstMiss).toMatchObject({ line: 20, text: banner(1) });
});

test("few lines at the end are learned as well, but not one or two odd ones", () => {
  expect(read(range(5).map(custom), []).tally).toMatchObject({ records: 5, misses: 0 });
  expect(read([banner(0), custom(0), custom(1)], []).tally).toMatchObject({
    records: 0,
    misses: 3,
  });
});

test("the user's word is not second-guessed", () => {
  const { tally } = read(range(40).map(custom), [], { mayLearn: false });
  expect(tally).toMatchObject({ records: 0, misses: 40 });
});

test("however the bytes are cut, the books are the same", () => {
  const lines = range(400).map((at) => (at > 90 && at % 4 !== 0 ? custom(at) : banner(at)));
  const whole = JSON.stringify(read(lines, []));
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (cuts) => {
      expect(JSON.stringify(read(lines, cuts))).toBe(whole);
    }),
    { numRuns: 12 },
  );
});
