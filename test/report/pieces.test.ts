// The small parts: widths, cutting, numbers, durations, clocks, pictures, places.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  certainty,
  count,
  displayWidth,
  duration,
  listed,
  makeClock,
  percent,
  placeOf,
  regroup,
  shorten,
  sparkline,
  strip,
  upstreamName,
} from "../../src/report/index.ts";
import { after, BEGIN, crashOne } from "../support/report-fixtures.ts";

describe("widths", () => {
  test.each([
    ["abc", 3],
    ["数据", 4],
    ["e\u0301", 1],
    ["🙂", 2],
    ["→", 1],
    ["한", 2],
  ])("%j takes %i", (text, width) => expect(displayWidth(text)).toBe(width));

  test("a long name keeps both ends", () => {
    expect(shorten("outbound|80||reviews.default.svc.cluster.local", 20)).toBe(
      "outbound|8…ter.local",
    );
    expect(shorten("short", 20)).toBe("short");
  });

  test("cutting never exceeds the width", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 0, max: 40 }),
        (text, width) => {
          expect(displayWidth(shorten(text, width))).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe("numbers", () => {
  test("thousands", () => expect(count(5247)).toBe("5,247"));
  test.each([
    [0, 10, "0 %"],
    [10, 10, "100 %"],
    [45, 160, "28 %"],
    [1, 1_000_000, "<0.01 %"],
    [4, 10_000, "0.04 %"],
    [1, 1000, "0.1 %"],
    [9999, 10_000, ">99.9 %"],
    [995, 1000, "99.5 %"],
    [1, 0, "? %"],
  ])("%i of %i is %s", (part, whole, text) => {
    expect(percent(part, whole).replace("\u00a0", " ")).toBe(text);
  });

  test("0 and 100 are said only when exact", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat(), (whole, part) => {
        const text = percent(Math.min(part, whole), whole);
        expect(/^100\D/.test(text)).toBe(part >= whole);
        expect(/^0\D*%/.test(text)).toBe(part === 0);
      }),
    );
  });

  test.each([
    [0, "<1 s"],
    [999, "<1 s"],
    [3400, "3.4 s"],
    [9889, "9.9 s"],
    [9990, "10 s"],
    [59_600, "1 min"],
    [125_000, "2 min 5 s"],
    [4_320_000, "1 h 12 min"],
    [86_399_999, "1 d"],
    [273_600_000, "3 d 4 h"],
  ])("%i ms is %s", (ms, text) => expect(duration(ms).replaceAll("\u00a0", " ")).toBe(text));
});

describe("clock", () => {
  test("one day: the time alone, milliseconds where there are any", () => {
    const clock = makeClock("UTC", BEGIN, after(42));
    expect(clock.at(BEGIN)).toBe("18:13:07");
    expect(clock.exact(after(18.312))).toBe("18:13:25.312");
    expect(clock.exact(after(18))).toBe("18:13:25");
  });

  test("the day is the zone's day", () => {
    expect(makeClock("UTC", after(0), after(20_000)).oneDay).toBe(true);
    expect(makeClock("Asia/Tokyo", after(-40_000), after(0)).oneDay).toBe(false);
    expect(makeClock("+02:00", BEGIN, BEGIN).at(BEGIN)).toBe("20:13:07");
    expect(makeClock("America/St_Johns", BEGIN, BEGIN).at(BEGIN)).toBe("14:43:07");
  });

  test("impossible times do not throw", () => {
    expect(makeClock("UTC", null, null).at(9e15)).toContain("?");
  });
});

describe("pictures", () => {
  test("a single failure can be seen beside a thousand", () => {
    expect(sparkline([0, 1, 1000, 0], true)).toBe("▁▂█▁");
    expect(sparkline([0, 1, 1000, 0], false)).toBe(".:#.");
    expect(sparkline([0, 0], true)).toBe("▁▁");
  });

  test("regrouping keeps the sum and the limit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 1 }),
        fc.integer({ min: 1, max: 60 }),
        (values, n) => {
          const groups = regroup(values, n);
          expect(groups.length).toBeLessThanOrEqual(n);
          expect(groups.reduce((a, b) => a + b, 0)).toBe(values.reduce((a, b) => a + b, 0));
        },
      ),
    );
  });

  test("a strip shows the worst of the steps it joins, and blank where nothing came", () => {
    expect(strip([0, 0.1, 0.5, 1, null], 5, true)).toBe("·░▒▓\u00a0");
    expect(strip([0, 1, null, null], 2, false)).toBe("#\u00a0");
  });
});

describe("words", () => {
  test("names", () => {
    expect(upstreamName("app", "127.0.0.1:9102")).toBe("app → 127.0.0.1:9102");
    expect(upstreamName("app", "app/app2")).toBe("app/app2");
    expect(upstreamName(null, null)).toBeNull();
    expect(listed(["a", "b", "c", "d"])).toBe("a, b and 2 more");
  });

  test("places", () => {
    const all = crashOne().upstreams.map((upstream) => ({ ...upstream, failures: 5 }));
    const pool = { kind: "pool", values: ["app"], explained: 1, rateWithout: 0 } as const;
    expect(placeOf(crashOne())).toBe("app → 127.0.0.1:9102");
    expect(placeOf(crashOne({ upstreams: all, scope: pool }))).toBe("app, all 4 peers");
    expect(placeOf(crashOne({ upstreams: [] }))).toBe("an upstream the log does not name");
    const unnamed = all.map((upstream) => ({ ...upstream, pool: null }));
    expect(placeOf(crashOne({ upstreams: unnamed, scope: pool }))).toBe(
      "127.0.0.1:9102, 127.0.0.1:9101 and 2 more",
    );
    const route = { ...pool, kind: "route", values: ["/app/import"] } as const;
    expect(placeOf(crashOne({ scope: route }))).toBe("app at /app/import");
  });

  test("the proxy that names most names the place", () => {
    const [first] = crashOne().upstreams;
    const upstreams = [
      { ...first!, pool: null, failures: 60 },
      { ...first!, proxy: "envoy", failures: 45 },
    ];
    expect(placeOf(crashOne({ upstreams }))).toBe("app → 127.0.0.1:9102");
  });

  test("certainty", () => {
    expect([0.99, 0.8, 0.4, 0.1].map(certainty)).toEqual([
      "certain",
      "likely",
      "possible",
      "unclear",
    ]);
  });
});
