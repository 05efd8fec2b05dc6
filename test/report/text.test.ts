// The text report at several widths, with and without colour and Unicode, and what it says in each state.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayWidth, renderText, type TextView } from "../../src/report/index.ts";
import { expectGolden } from "../support/golden.ts";
import {
  after,
  analysisOf,
  crashOne,
  crashSummary,
  quietSummary,
  source,
  words,
} from "../support/report-fixtures.ts";

const VIEW: TextView = { width: 80, color: false, unicode: true, zone: "UTC", words };
const NOTHING = analysisOf([], { background: { failures: 0, byReason: {} } });
const GAP = {
  missing: "connect time",
  why: "a refusal and a slow connect look the same",
  add: "log_format why502 '… uct=\"$upstream_connect_time\"';",
};

const MANY = analysisOf(
  [
    crashOne({ id: "a", ongoing: true, end: after(42) }),
    crashOne({ id: "b", leftCensored: true, start: after(0) }),
    crashOne({
      id: "c",
      causes: [],
      reasons: [
        { reason: "response-timeout", count: 40, share: 0.8, codes: { sH: 40 }, following: {} },
        { reason: "disconnect", count: 10, share: 0.2, codes: { SH: 10 }, following: {} },
      ],
      statuses: { "504": 40, "502": 10 },
      failures: 50,
      scope: { kind: "pool", values: ["app"], explained: 0.93, rateWithout: 0.0004 },
      baselineRate: 0.004,
    }),
    crashOne({ id: "d" }),
    crashOne({ id: "e" }),
    crashOne({ id: "f", ongoing: true }),
    crashOne({ id: "g", parent: "a" }),
  ],
  { gaps: [GAP] },
);
const MISREAD = crashSummary({
  sources: [
    source({
      misses: 600,
      records: 4640,
      skipped: 7,
      firstMiss: {
        line: 214,
        offset: 31_002,
        why: "$upstream_addr is missing",
        text: "\x1b]0;owned\x07 GET",
      },
    }),
    source({ name: "error.log", assumptions: ["its times name no zone and were read as UTC"] }),
  ],
});

function golden(name: string): URL {
  return new URL(`./text/${name}.golden`, import.meta.url);
}

describe("goldens", () => {
  for (const width of [60, 80, 120]) {
    test(`one incident at ${width} columns`, () => {
      const text = renderText(crashSummary(), analysisOf([crashOne()], { gaps: [GAP] }), {
        ...VIEW,
        width,
      });
      expectGolden(text, golden(`one-${width}`));
    });
  }

  test("colour", () => {
    const text = renderText(crashSummary(), analysisOf([crashOne()]), { ...VIEW, color: true });
    expectGolden(text, golden("one-color"));
  });

  test("colour only repeats: without it the text is the same", () => {
    const plain = renderText(MISREAD, MANY, VIEW);
    const color = renderText(MISREAD, MANY, { ...VIEW, color: true });
    expect(color).not.toBe(plain);
    expect(color.replace(/\x1b\[[\d;]*m/g, "")).toBe(plain);
  });

  test("ASCII", () => {
    const text = renderText(MISREAD, MANY, { ...VIEW, unicode: false });
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expectGolden(text, golden("many-ascii"));
  });

  test("many incidents, badly read, in another zone", () => {
    expectGolden(renderText(MISREAD, MANY, { ...VIEW, zone: "Asia/Kolkata" }), golden("many-zone"));
  });
});

describe("what it says", () => {
  test("nothing failed: one honest line", () => {
    expect(renderText(quietSummary(), NOTHING, { ...VIEW, width: 120 })).toBe(
      "No failures: access.log · 5,247 requests, every line read · 2026-11-22 18:13:07 – 18:13:49 UTC\n",
    );
  });

  test("failures that make no incident are counted with their reasons", () => {
    const text = renderText(crashSummary(), analysisOf([]), VIEW);
    expect(text).toContain("No incident: 3 sources");
    expect(text).toContain("52 of 5,247 requests failed (1.0 %)");
    expect(text).toContain("client-abort 7");
  });

  test("nothing understood is not the same as nothing wrong", () => {
    const unread = source({ lines: 10, records: 0, misses: 10, firstTime: null, lastTime: null });
    const totals = { ...quietSummary().totals, requests: 0 };
    const text = renderText(quietSummary({ sources: [unread], totals }), NOTHING, VIEW);
    expect(text).toMatch(/^! nothing of access.log was understood: 10 lines/);
    expect(text).toContain("Nothing to judge");
    expect(text).not.toContain("No failures");
  });

  test("an interrupted run says so first", () => {
    const meta = { complete: false, interrupted: true };
    const text = renderText(crashSummary(), analysisOf([crashOne()]), { ...VIEW, meta });
    expect(text).toMatch(/^! interrupted/);
  });

  test("an error log alone has no denominator", () => {
    const totals = { ...crashSummary().totals, requests: 0 };
    const incident = crashOne({ requests: 45, failures: 45, rate: 1 });
    const text = renderText(crashSummary({ totals }), analysisOf([incident]), VIEW);
    expect(text).toContain("45 failures in the error log; no access log says of how many");
    expect(text).not.toContain("45 of 45 requests failed");
  });

  test("an incident that goes on, or began before the log, is told as such", () => {
    const text = renderText(
      crashSummary(),
      analysisOf([crashOne({ ongoing: true, leftCensored: true })]),
      VIEW,
    );
    expect(text).toContain("1 incident, still failing when the log ends, 18:13:49");
    expect(text).toContain("the log begins in the middle of it");
    expect(text).toContain("still failing as of 18:13:49");
    expect(text).not.toContain("none before");
  });

  test("unknown is an answer", () => {
    const cause = { ...crashOne().causes[0]!, cause: "unknown", probability: 0.64 };
    const text = renderText(crashSummary(), analysisOf([crashOne({ causes: [cause] })]), VIEW);
    expect(text).toContain("these logs do not tell (0.64)");
  });

  test("consequences stand under their cause, not beside it", () => {
    const text = renderText(crashSummary(), MANY, VIEW);
    expect(text).toContain("6 incidents, 2 still failing");
    expect(text.match(/follows/g)).toHaveLength(1);
  });

  test("from the fifth on an incident takes one line, with how to see it", () => {
    const text = renderText(crashSummary(), MANY, { ...VIEW, width: 120 });
    expect(text).toMatch(
      /^ 5 {2}app → 127\.0\.0\.1:9102 refused connections .* 45 of 160 \(28 %\)$/m,
    );
    expect(text).toContain("--since 2026-11-22T18:12:25Z --until 2026-11-22T18:14:35Z");
  });

  test("a log of several days prints dates", () => {
    const long = source({ firstTime: after(-90_000) });
    const text = renderText(crashSummary({ sources: [long] }), analysisOf([crashOne()]), VIEW);
    expect(text).toContain("2026-11-22 18:13:25.312 – 18:13:35.201");
  });
});

describe("laws", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.string({ unit: "grapheme", maxLength: 200 }),
    fc.constantFrom(
      "\x1b[2J",
      "\u202egnp.exe",
      "\x9b31m",
      "a".repeat(300),
      "数据".repeat(90),
      "\r\nroot: ",
    ),
  );

  test("whatever the log holds, no line is too wide and no control byte gets out", () => {
    fc.assert(
      fc.property(
        hostile,
        hostile,
        fc.integer({ min: 40, max: 160 }),
        fc.boolean(),
        (name, text, width, unicode) => {
          const incident = crashOne({
            upstreams: crashOne().upstreams.map((upstream) => ({
              ...upstream,
              pool: name,
              peer: text,
            })),
            reasons: [
              {
                reason: "connect-refused",
                count: 45,
                share: 1,
                codes: { [text]: 45 },
                following: {},
              },
            ],
            examples: [{ source: name, line: 1, offset: 0, text }],
          });
          const miss = { line: 1, offset: 0, why: text, text };
          const summary = crashSummary({
            sources: [source({ name, format: text, misses: 9, firstMiss: miss, notes: [text] })],
            events: [{ ...crashSummary().events[0]!, pool: name, peer: text, kind: text, text }],
          });
          const gaps = [{ missing: name, why: text, add: text }];
          const analysis = analysisOf([incident, incident, incident, incident, incident], { gaps });
          const report = renderText(summary, analysis, { ...VIEW, width, unicode });
          expect(report).not.toMatch(/[\p{Cs}\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
          for (const line of report.split("\n")) {
            expect(displayWidth(line)).toBeLessThanOrEqual(width);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test("equal input gives equal text", () => {
    expect(renderText(MISREAD, MANY, VIEW)).toBe(renderText(MISREAD, MANY, VIEW));
  });
});
