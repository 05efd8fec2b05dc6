// The benchmark's table is read back as it was written, and tells what has become worse.
import { describe, expect, it } from "vitest";
import { median, type Comparison } from "./compare.ts";
import { keyOf, readTable, verdict, worsening, writeTable, type Result } from "./results.ts";

const cost = { wallMs: 500, cpuMs: 900, peakMb: 120, others: 0 };
const comparison: Comparison = { ours: cost, theirs: cost, wall: 0.5, cpu: 2, peak: 1, others: 0 };
const result = (change: Partial<Comparison>, target: Result["target"] = {}): Result => ({
  input: "HAProxy, 2 M lines",
  against: "rg|awk|sort|uniq",
  target,
  comparison: { ...comparison, ...change },
});

describe("the table of results", () => {
  it("is read back as it was written, bars in names and small ratios included", () => {
    const key = keyOf("HAProxy, 2 M lines", "rg|awk|sort|uniq");
    const table = writeTable([result({ wall: 0.0123, cpu: 12.34 })], [key], new Map());
    const read = readTable(`# Results\n\n| a | b |\n\n${table}\n`);
    expect([...read]).toEqual([[key, { line: table.split("\n")[2], wall: 0.012, cpu: 12.3 }]]);
  });

  it("keeps lines that were not measured now, in the order of all, and drops those there are no more", () => {
    const keys = ["other", "HAProxy, 2 M lines"].map((input) => keyOf(input, "rg|awk|sort|uniq"));
    const other = { ...result({ wall: 1 }), input: "other" };
    const gone = { ...other, input: "gone" };
    const before = writeTable([other, gone], [...keys, keyOf("gone", gone.against)], new Map());
    const after = writeTable([result({})], keys, readTable(before));
    const inputs = after.split("\n").map((line) => line.split(" | ")[0]);
    expect(inputs).toEqual(["| input", "| ---", "| other", "| HAProxy, 2 M lines"]);
  });

  it("says of every promise whether it is kept", () => {
    const target = { wall: 0.4, worth: 0.3, peakMb: 200 };
    expect(verdict(result({}, target))).toEqual({
      text: "wall × ≤ 0.40 (worth trying: 0.30): **missed**; peak ≤ 200 MB: met",
      isMet: false,
    });
    expect(verdict(result({ wall: 0.4 }, target))?.isMet).toBe(true);
    expect(verdict(result({}))).toBeNull();
  });

  it("calls a ratio worse when it fell by more than a tenth", () => {
    const earlier = { line: "", wall: 0.46, cpu: 2 };
    expect(worsening(result({ wall: 0.505 }), earlier)).toBeNull();
    expect(worsening(result({ wall: 0.51 }), earlier)).toBe("wall × was 0.46, is 0.51");
    expect(worsening(result({ wall: 9 }), undefined)).toBeNull();
  });

  it("believes processor time instead of the clock when others were busy", () => {
    const busy = { wall: 9, others: 0.5 };
    expect(worsening(result(busy), { line: "", wall: 0.5, cpu: 2 })).toBeNull();
    expect(worsening(result({ ...busy, cpu: 2.3 }), { line: "", wall: 0.5, cpu: 2 })).toBe(
      "CPU × was 2.00, is 2.30",
    );
  });
});

describe("the median", () => {
  it("is the middle, or between the two middle ones", () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 9])).toBe(3);
  });
});
