// The charts: the constants of reference/algorithms.md §2.4, and a single chart against Kleinberg's automaton.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chartOf, evidence, onThreshold, type Chart } from "../../src/incident/chart.ts";
import { CONFIG } from "../../src/incident/config.ts";

describe("chartOf", () => {
  it.each([
    [1e-4, 0.005, 0.005, 3.912, -0.00491, 0.00125, 6],
    [1e-4, 0.05, 0.05, 6.2146, -0.05119, 0.00817, 4],
    [1e-4, 0.5, 0.5, 8.5172, -0.69305, 0.0753, 3],
    [2e-4, 0.05, 0.05, 5.5215, -0.05109, 0.00917, 4],
    [1e-3, 0.05, 0.05, 3.912, -0.05029, 0.0127, 6],
    [0.02, 0.05, 0.0926, 1.5325, -0.07696, 0.0478, 14],
  ])("at p0 %s and floor %s", (p0, floor, rate, gain, loss, indifferent, errors) => {
    const chart = chartOf(p0, floor);
    expect(chart.rate).toBeCloseTo(rate, 4);
    expect(chart.gain).toBeCloseTo(gain, 3);
    expect(chart.loss).toBeCloseTo(loss, 4);
    expect(-chart.loss / (chart.gain - chart.loss)).toBeCloseTo(indifferent, 3);
    expect(Math.ceil(CONFIG.hOnLeast / chart.gain)).toBe(errors);
  });

  it("asks for more evidence the more keys are watched", () => {
    expect(onThreshold(20)).toBe(20);
    expect(onThreshold(1000)).toBeCloseTo(23.9, 1);
  });
});

interface Bin {
  readonly d: number;
  readonly r: number;
}

/** On or off per bin: S between two barriers; on from the last zero before the top, off from the last top before zero. */
function byChart(bins: readonly Bin[], chart: Chart, up: number, down: number): boolean[] {
  const top = up + down;
  const on = bins.map(() => false);
  let sum = 0;
  let isOn = false;
  let mark = 0;
  for (const [at, { d, r }] of bins.entries()) {
    sum = Math.min(top, Math.max(0, sum + evidence(chart, r, d)));
    if (!isOn && sum === 0) mark = at + 1;
    if (isOn && sum === top) mark = at + 1;
    if (!isOn && sum === top) {
      isOn = true;
      on.fill(true, mark, at + 1);
      mark = at + 1;
    } else if (isOn && sum === 0) {
      isOn = false;
      on.fill(false, mark, at + 1);
      mark = at + 1;
    } else if (isOn) on[at] = true;
  }
  // At the end of the data the cheaper of both states decides, as in Viterbi: the upper half is on.
  const isEndOn = sum > up;
  if (isOn !== isEndOn) on.fill(isEndOn, mark);
  return on;
}

/** The obvious twin: costs of every path through two states, kept per bin and traced back. */
function byViterbi(bins: readonly Bin[], chart: Chart, up: number, down: number): boolean[] {
  let cost: [number, number] = [0, up];
  const from: [number, number][] = [];
  for (const { d, r } of bins) {
    const better = evidence(chart, r, d);
    const toOff = cost[0] <= cost[1] + down ? 0 : 1;
    const toOn = cost[1] <= cost[0] + up ? 1 : 0;
    from.push([toOff, toOn]);
    cost = [toOff === 0 ? cost[0] : cost[1] + down, (toOn === 1 ? cost[1] : cost[0] + up) - better];
  }
  const on = bins.map(() => false);
  let state = cost[1] < cost[0] ? 1 : 0;
  for (let at = bins.length - 1; at >= 0; at--) {
    on[at] = state === 1;
    state = from[at]![state]!;
  }
  return on;
}

describe("a single chart", () => {
  it("is Kleinberg's two-state automaton", () => {
    const bin = fc.record({
      ok: fc.integer({ min: 0, max: 30 }),
      r: fc.integer({ min: 0, max: 4 }),
    });
    const bins = fc.array(bin, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        bins,
        fc.constantFrom(1e-4, 1e-3, 0.02),
        fc.constantFrom(...CONFIG.floors),
        (raw, p0, floor) => {
          // Bins without requests are no evidence and leave a tie open; they are left out.
          const data = raw.map(({ ok, r }) => ({ d: ok + r, r })).filter(({ d }) => d > 0);
          const chart = chartOf(p0, floor);
          expect(byChart(data, chart, 12, 8)).toEqual(byViterbi(data, chart, 12, 8));
        },
      ),
      { numRuns: 2000, seed: 502 },
    );
  });
});
