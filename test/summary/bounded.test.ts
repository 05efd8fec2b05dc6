// Tables stay bounded, and stop widening, when one moment alone holds more cells than they may: a fleet of many pools.
import { describe, expect, it } from "vitest";
import { LATENCY_BUCKETS, pairBytes, PairTable } from "../../src/grammar/index.ts";
import { Rec, reasonNumber } from "../../src/record/index.ts";
import { FailureTable } from "../../src/summary/failure-table.ts";
import { LatencyTable } from "../../src/summary/latency-table.ts";
import { SampleTable } from "../../src/summary/samples.ts";

const SECOND = 1_795_000_000;
const POOLS = 20;
const encoder = new TextEncoder();

/** A table of `keep` lines a cell, two cells, that was offered five lines of each pool. */
function samples(pools: readonly number[], keep = 8): SampleTable {
  const table = new SampleTable(keep, 2);
  for (const pool of pools) {
    for (let line = 0; line < 5; line++) {
      const rec = new Rec();
      rec.reset();
      rec.reason = reasonNumber["connect-refused"];
      const bytes = encoder.encode(`pool ${pool} line ${line}`);
      const place = { part: 0, line, offset: 0 };
      table.offer(pool, SECOND + 60 * line, rec, 0, bytes, 0, bytes.length, place);
    }
  }
  return table;
}

function kept(table: SampleTable): readonly string[] {
  return table
    .rows()
    .flatMap((row) => row.kept.map(({ kept: { raw } }) => raw))
    .sort();
}

describe("more cells than the limit in one moment", () => {
  const pools = Array.from({ length: POOLS }, (_, pool) => pool);

  it("samples keep fewer lines of each pool, the same ones in any order", () => {
    const whole = samples(pools);
    expect(whole.rows()).toHaveLength(POOLS);
    expect(kept(whole)).toHaveLength(POOLS);
    expect(kept(samples([...pools].reverse()))).toEqual(kept(whole));
  });

  it("samples read in parts merge to the same lines", () => {
    const parts = [samples(pools.slice(0, 7)), samples(pools.slice(7))];
    for (const order of [parts, [...parts].reverse()]) {
      const merged = new SampleTable(8, 2);
      const same = (number: number): number => number;
      for (const part of order) merged.addColumns(part.columns(), same, same);
      expect(kept(merged)).toEqual(kept(samples(pools)));
    }
  });

  it("latencies and failures keep each pool's counts", () => {
    // With less room than it comes to need.
    const spec = { cells: 3, width: LATENCY_BUCKETS };
    const room = new ArrayBuffer(pairBytes(spec));
    const latency = new LatencyTable(new PairTable(room, { ...spec, at: 0 }), 2);
    const failures = new FailureTable(2);
    for (const pool of pools) {
      latency.add(pool, SECOND, 10);
      latency.add(pool, SECOND + 5000, 10);
      failures.add(pool, SECOND, 1, 1, 502, 0, 1, 0, SECOND * 1000, SECOND * 1000, 0);
    }
    expect(latency.size).toBe(POOLS);
    expect(latency.columns().counts.reduce((a, b) => a + b, 0)).toBe(2 * POOLS);
    expect(failures.size).toBe(POOLS);
  });
});
