// The burst detector: exact instants, and one test for each pitfall that algorithms.md §2.4 names.
import { describe, expect, it } from "vitest";
import type { Series } from "../../src/incident/bins.ts";
import { detect, type Burst } from "../../src/incident/detector.ts";
import { BASE, seeded } from "../support/scenario.ts";

const WATCH = { hOn: 20, dataStart: BASE };

/** A series by second: requests and their failing rate. */
function series(
  seconds: number,
  requests: (second: number) => number,
  rate: (second: number) => number,
  seed = 1,
): Series {
  const random = seeded(seed);
  const bins: { time: number; d: number; r: number }[] = [];
  for (let second = 0; second < seconds; second++) {
    const expected = requests(second);
    const d = Math.floor(expected) + (random() < expected % 1 ? 1 : 0);
    let r = 0;
    const p = rate(second);
    for (let i = 0; i < d; i++) if (p > 0 && random() < p) r++;
    if (d > 0) bins.push({ time: BASE + second * 1000, d, r });
  }
  return fromBins(bins);
}

function fromBins(
  bins: readonly { time: number; d: number; r: number }[],
  virtual: Series["virtual"] = null,
): Series {
  return {
    stepMs: 1000,
    time: Float64Array.from(bins, ({ time }) => time),
    d: Float64Array.from(bins, ({ d }) => d),
    r: Float64Array.from(bins, ({ r }) => r),
    minErr: Float64Array.from(bins, ({ time, r }) => (r > 0 ? time + 123 : Infinity)),
    maxErr: Float64Array.from(bins, ({ time, r }) => (r > 0 ? time + 456 : -Infinity)),
    virtual,
  };
}

const second = (time: number): number => Math.floor((time - BASE) / 1000);
const spans = (bursts: readonly Burst[]): number[][] =>
  bursts.map(({ start, end }) => [second(start), second(end)]);
const during =
  (from: number, to: number, rate: number, usual = 1e-4) =>
  (at: number) =>
    at >= from && at < to ? rate : usual;

describe("detect", () => {
  it("finds an outage to the millisecond", () => {
    const [burst, ...more] = detect(
      series(600, () => 20, during(300, 330, 1)),
      WATCH,
    );
    expect(more).toEqual([]);
    expect(burst).toMatchObject({
      start: BASE + 300_123,
      end: BASE + 329_456,
      failures: 600,
      leftCensored: false,
      ongoing: false,
    });
  });

  it.each([
    [0.2, 60, 1],
    [2, 120, 0.05],
    [50, 30, 0.3],
    [50, 1800, 0.01],
    [1000, 3, 1],
  ])("finds %s requests/s failing for %s s at rate %s, as one burst", (rps, seconds, rate) => {
    const found = detect(
      series(8000, () => rps, during(4000, 4000 + seconds, rate)),
      WATCH,
    );
    expect(found).toHaveLength(1);
    expect(Math.abs(second(found[0]!.start) - 4000)).toBeLessThanOrEqual(
      Math.max(3, 3 / (rps * rate)),
    );
    expect(Math.abs(second(found[0]!.end) - (3999 + seconds))).toBeLessThanOrEqual(
      Math.max(5, 5 / (rps * rate)),
    );
  });

  it("keeps a plateau of 2 % whole: the rate counts all bins since the start", () => {
    expect(
      detect(
        series(7200, () => 50, during(1800, 5400, 0.02)),
        WATCH,
      ),
    ).toHaveLength(1);
  });

  it("keeps half an hour of 1 % whole, however the dice fall (hOff 12, not 7)", () => {
    for (let seed = 1; seed <= 5; seed++) {
      expect(
        detect(
          series(7200, () => 50, during(3000, 4800, 0.01), seed),
          WATCH,
        ),
      ).toHaveLength(1);
    }
  });

  it("does not close for missing errors, only for evidence or missing requests", () => {
    // A failure every 90 s among one request every 9 s: no error for a minute is no end.
    const bins = Array.from({ length: 400 }, (_, i) => ({
      time: BASE + i * 9000,
      d: 1,
      r: i >= 100 && i < 300 && i % 4 === 0 ? 1 : 0,
    }));
    expect(detect(fromBins(bins), WATCH)).toHaveLength(1);
  });

  it.each([0.6, 0.8, 1])("sees an outage that fills %s of a short file", (part) => {
    const found = detect(
      series(1200, () => 10, during(0, 1200 * part, 0.8)),
      WATCH,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ leftCensored: true, ongoing: part === 1 });
  });

  it("sees an outage longer than half of the baseline's window (a quartile, not a median)", () => {
    const hours = 6 * 3600;
    const found = detect(
      series(hours, () => 3, during(hours * 0.3, hours * 0.85, 0.5, 1e-3)),
      WATCH,
    );
    expect(spans(found)[0]![0]).toBeCloseTo(hours * 0.3, -1);
    expect(found).toHaveLength(1);
  });

  it("knows chronic failures of a fresh key from the three hours that follow", () => {
    expect(
      detect(
        series(
          6 * 3600,
          () => 2,
          () => 0.02,
        ),
        WATCH,
      ),
    ).toEqual([]);
  });

  it("finds nothing in a day of steady 2 %", () => {
    expect(
      detect(
        series(
          86_400,
          () => 1,
          () => 0.02,
        ),
        WATCH,
      ),
    ).toEqual([]);
  });

  it("never takes one failure in four for usual, however long it lasts", () => {
    const day = series(
      86_400,
      () => 4,
      () => 0.25,
    );
    const found = detect(day, WATCH);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ leftCensored: true, ongoing: true, regimeShift: false });
    expect(found[0]!.failures).toBeGreaterThan(0.999 * day.r.reduce((sum, r) => sum + r, 0));
  });

  it("takes a step to a chronic rate for one burst that becomes the baseline", () => {
    const found = detect(
      series(20 * 3600, () => 2, during(7 * 3600, 20 * 3600, 0.05)),
      WATCH,
    );
    expect(found.filter(({ regimeShift }) => regimeShift)).toHaveLength(1);
    expect(found).toHaveLength(1);
  });

  it("never fires on fewer than three failures", () => {
    const bins = [0, 1, 2].map((i) => ({ time: BASE + i * 1000, d: 1, r: i < 2 ? 1 : 0 }));
    expect(detect(fromBins(bins), WATCH)).toEqual([]);
    const quiet = Array.from({ length: 20_000 }, (_, i) => ({
      time: BASE + i * 1000,
      d: 50,
      r: i === 9000 ? 2 : 0,
    }));
    expect(detect(fromBins(quiet), WATCH)).toEqual([]);
  });

  it("closes where requests stop for five minutes, and says so at the end of the data", () => {
    const bins = Array.from({ length: 40 }, (_, i) => ({
      time: BASE + i * 1000,
      d: 5,
      r: i >= 20 ? 5 : 0,
    }));
    expect(detect(fromBins(bins), WATCH)[0]).toMatchObject({ ongoing: true, end: BASE + 39_456 });
    const resumed = [...bins, { time: BASE + 900_000, d: 5, r: 0 }];
    expect(detect(fromBins(resumed), WATCH)[0]).toMatchObject({
      ongoing: false,
      end: BASE + 39_456,
    });
  });

  it("does not take an isolated failure long before for the start", () => {
    const bins = Array.from({ length: 300 }, (_, i) => ({
      time: BASE + i * 1000,
      d: 5,
      r: i === 190 ? 1 : i >= 200 && i < 220 ? 3 : 0,
    }));
    expect(spans(detect(fromBins(bins), WATCH))).toEqual([[200, 219]]);
  });

  it("treats bins without requests as no evidence", () => {
    const dense = series(600, () => 4, during(300, 320, 0.9));
    const keep = [...dense.time.keys()].filter((at) => dense.d[at]! > 0);
    expect(keep.length).toBe(dense.time.length);
    expect(detect(dense, WATCH)).toHaveLength(1);
  });

  it("holds failures nobody counted requests for against a virtual success a second", () => {
    const bins = Array.from({ length: 10 }, (_, i) => ({
      time: BASE + (3600 + i) * 1000,
      d: 4,
      r: 3,
    }));
    const virtual = { from: BASE, to: BASE + 7200_000 };
    const [burst] = detect(fromBins(bins, virtual), WATCH);
    expect(burst).toMatchObject({
      start: BASE + 3_600_123,
      ongoing: false,
      leftCensored: false,
      failures: 30,
    });
    const rare = Array.from({ length: 12 }, (_, i) => ({ time: BASE + i * 600_000, d: 2, r: 1 }));
    expect(detect(fromBins(rare, virtual), WATCH)).toEqual([]);
  });

  it("finds nothing in single failures half a year apart", () => {
    const bins = Array.from({ length: 200 }, (_, i) => ({
      time: BASE + i * 86_400_000,
      d: 2,
      r: 1,
    }));
    const virtual = { from: BASE, to: BASE + 200 * 86_400_000 };
    expect(detect(fromBins(bins, virtual), WATCH)).toEqual([]);
  });

  it("works on coarser bins", () => {
    const bins = Array.from({ length: 300 }, (_, i) => ({
      time: BASE + i * 8000,
      d: 80,
      r: i >= 100 && i < 110 ? 30 : 0,
    }));
    const found = detect({ ...fromBins(bins), stepMs: 8000 }, WATCH);
    expect(spans(found)).toEqual([[800, 872]]);
  });
});
