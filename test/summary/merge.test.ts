// The law of summaries: any cut, order and grouping of the records gives the same frozen bytes.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Names, Rec, reasonNumber, type Reason } from "../../src/record/index.ts";
import { Cells, freeze, mergePart, partOf } from "../../src/summary/index.ts";

interface Line {
  readonly proxy: 0 | 1 | 2;
  readonly kind: 0 | 1 | 2;
  readonly second: number;
  readonly pool: string;
  readonly peer: string;
  readonly earlier: string;
  readonly reason: Reason;
  readonly masked: boolean;
  readonly status: number;
  readonly ms: number;
  readonly client: string;
}

const line: fc.Arbitrary<Line> = fc.record({
  proxy: fc.constantFrom(0, 1, 2),
  kind: fc.constantFrom(0, 0, 0, 0, 1, 2),
  second: fc.integer({ min: 1_795_000_000, max: 1_795_000_400 }),
  pool: fc.constantFrom("", "app", "auth"),
  peer: fc.constantFrom("", "10.0.0.1:80", "10.0.0.2:80"),
  earlier: fc.constantFrom("", "10.0.0.3:80"),
  reason: fc.constantFrom<Reason>(
    "none",
    "none",
    "connect-refused",
    "unknown-failure",
    "client-abort",
  ),
  masked: fc.boolean(),
  status: fc.constantFrom(200, 502, 504, 9),
  ms: fc.integer({ min: 0, max: 5000 }),
  client: fc.constantFrom("10.1.1.1", "10.1.1.2"),
});

const encoder = new TextEncoder();

function count(lines: readonly (readonly [Line, number])[]): Cells {
  const names = new Names();
  const cells = new Cells(names);
  const rec = new Rec();
  const id = (text: string): number => Math.max(0, names.internText(text));
  for (const [item, place] of lines) {
    rec.reset();
    const text = `${item.client} GET /${item.ms % 5}`;
    const bytes = encoder.encode(`${text} ${item.second} ${item.status} ${item.peer} ${place}`);
    rec.kind = item.kind;
    rec.timeMs = item.second * 1000 + (item.ms % 1000);
    rec.durationMs = item.ms;
    rec.startMs = rec.timeMs - item.ms;
    rec.status = item.status;
    rec.pool = id(item.pool);
    rec.peer = id(item.peer);
    rec.reason = reasonNumber[item.reason];
    rec.code = id(item.reason);
    rec.masked = item.masked;
    rec.joinable = true;
    rec.event = id("server-down");
    rec.clientStart = 0;
    rec.clientEnd = item.client.length;
    rec.requestStart = item.client.length + 1;
    rec.requestEnd = text.length;
    if (item.earlier !== "" && item.kind === 0) {
      rec.attempts = 2;
      rec.attemptPeer[0] = id(item.earlier);
      rec.attemptPeer[1] = rec.peer;
    }
    cells.add(rec, item.kind === 1 ? 0 : item.proxy, 0, bytes, 0, bytes.length, {
      part: 0,
      line: place,
      offset: place * 100,
    });
  }
  return cells;
}

const nothing = (): never => {
  throw new Error("no line was only counted");
};
const frozen = (cells: Cells): string =>
  JSON.stringify(
    freeze(cells, [], [{ source: "a.log", linesBefore: 0, reread: nothing }]),
    (_, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Uint32Array)] : value),
  );

describe("summaries", () => {
  it("are the same for any partition, order and merge tree", () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 120 }),
        fc.infiniteStream(fc.nat(1000)),
        (lines, dice) => {
          const numbered = lines.map((item, place) => [item, place] as const);
          const roll = (n: number): number => dice.next().value! % n;
          const whole = frozen(count(numbered));
          const groups: (readonly [Line, number])[][] = [[], [], []];
          for (const entry of numbered) groups[roll(3)]!.splice(roll(3), 0, entry);
          const parts = groups.map((group) => count(group));
          const first = roll(3);
          const target = parts[first]!;
          for (const part of parts)
            if (part !== target) mergePart(target, structuredClone(partOf(part)));
          expect(frozen(target)).toBe(whole);
        },
      ),
      { numRuns: 150 },
    );
  });
});
