// The JSON report keeps to schema why502.report/1.
import { expect, test } from "vitest";
import { makeReport, renderJson } from "../../src/report/index.ts";
import { expectGolden } from "../support/golden.ts";
import { analysisOf, crashOne, crashSummary, source } from "../support/report-fixtures.ts";

const META = { version: "0.1.0", complete: true, interrupted: false };
const GAP = { missing: "connect time", why: "w", add: "a" };
const report = makeReport(crashSummary(), analysisOf([crashOne()], { gaps: [GAP] }), META);

test("golden", () => {
  expectGolden(renderJson(report), new URL("./json/crash-one.golden", import.meta.url));
});

test("the keys of DESIGN.md §7, in its order; added ones at the end", () => {
  expect(Object.keys(report)).toEqual(
    "schema version complete interrupted input totals incidents background join events gaps".split(
      " ",
    ),
  );
  expect(Object.keys(report.incidents[0]!)).toEqual(
    (
      "id start end peak ongoing leftCensored requests failures masked rate baselineRate statuses proxies nodes " +
      "upstreams reasons scope attribution causes timeline bursts parent symptoms examples next firstFailure retries"
    ).split(" "),
  );
  expect(Object.keys(report.input.sources[0]!)).toEqual(
    "name format proxy node bytes lines records misses skipped firstTime lastTime firstMiss notes assumptions".split(
      " ",
    ),
  );
});

test("times are ISO with milliseconds, rates have six decimals", () => {
  const incident = report.incidents[0]!;
  expect(incident.start).toBe("2026-11-22T18:13:25.312Z");
  expect(incident.causes[0]!.probability).toBe(0.912346);
  expect(incident.attribution[0]!.riskRatio).toBe(1e9);
  expect(JSON.stringify(report)).not.toMatch(/-0[,}\]]/);
});

test("sources are summed", () => {
  const { input } = report;
  expect(input.lines).toBe(5247 + 45 + 2);
  expect(input.lines).toBe(input.records + input.misses + input.skipped);
});

test("counts do not depend on the order they came in", () => {
  const turned = { "502": 45, "499": 7, "200": 5195 };
  const totals = { ...crashSummary().totals, byStatus: turned };
  const other = makeReport(
    crashSummary({ totals }),
    analysisOf([crashOne()], { gaps: [GAP] }),
    META,
  );
  expect(renderJson(other)).toBe(renderJson(report));
});

test("log text stays as logged: JSON escapes it, nothing else does", () => {
  const firstMiss = { line: null, offset: 3, why: "w", text: "\x1b[2J\u202e" };
  const sources = [source({ misses: 1, firstMiss, firstTime: null })];
  const made = makeReport(crashSummary({ sources }), analysisOf([]), META);
  const back = JSON.parse(renderJson(made)) as typeof made;
  expect(back.input.sources[0]!.firstMiss!.text).toBe(firstMiss.text);
  expect(back.input.sources[0]!.firstTime).toBeNull();
});
