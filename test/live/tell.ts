// What a report on a run must say, held against what the client saw.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Reason } from "../../src/record/index.ts";
import type { Report } from "../../src/report/index.ts";
import type { View } from "./rig.ts";
import type { Run } from "./scenario.ts";

/** What one view of a proxy's logs can tell about a fault. */
export interface Told {
  readonly reason: Reason;
  /** False where the log does not name the backend. */
  readonly namesPeer?: false;
  /** True where the proxy logs a good status: the failures count as masked. */
  readonly masked?: true;
}

const ONSET_MS = 2_000;

/** Holds the books: every line of every file is accounted for, none was missed, every request is counted. */
export function expectBooks(report: Report, view: View, run: Run): void {
  expect(report.complete).toBe(true);
  for (const [at, source] of report.input.sources.entries()) {
    expect(source.firstMiss).toBeNull();
    expect(source.misses).toBe(0);
    expect(source.lines).toBe(source.records + source.misses + source.skipped);
    expect(source.lines).toBe(linesOf(view.files[at]!));
  }
  expect(report.totals.requests).toBe(run.requests);
}

/** Expects one incident that tells of the fault what the client saw. */
export function expectFault(report: Report, run: Run, told: Told): void {
  const tops = report.incidents.filter(({ parent }) => parent === null);
  expect(tops.map(({ reasons }) => reasons[0]?.reason)).toEqual([told.reason]);
  const incident = tops[0]!;
  expect(told.masked ? incident.masked : incident.failures).toBe(run.failures.length);
  expect(told.masked ? incident.failures : incident.masked).toBe(0);
  const first = Math.min(...run.failures.map(({ endedAt }) => endedAt));
  expect(Math.abs(Date.parse(incident.start) - first)).toBeLessThanOrEqual(ONSET_MS);
  expect(incident.ongoing).toBe(false);
  expect(incident.leftCensored).toBe(false);
  if (told.namesPeer === false) return;
  const failing = incident.upstreams.filter(({ failures }) => failures > 0);
  expect(failing.map(({ peer }) => peer)).toEqual([run.peer]);
  expect(failing[0]!.failures).toBe(run.failures.length);
}

function linesOf(path: string): number {
  return readFileSync(path, "latin1").split("\n").length - 1;
}
