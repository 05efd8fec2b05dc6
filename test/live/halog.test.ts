// halog, which comes with HAProxy, counts the same statuses and ends in a sample as we do.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findProgram } from "./find-program.ts";
import { report } from "./why502.ts";

const SAMPLE = join(import.meta.dirname, "../../samples/pool-down/haproxy.log.gz");
const halog = findProgram("halog");

describe.skipIf(halog === null)("halog", () => {
  const count = (flag: string): Record<string, number> => {
    const input = gunzipSync(readFileSync(SAMPLE));
    const out = execFileSync(halog!, ["-q", flag], { input, encoding: "utf8" });
    return Object.fromEntries(
      out
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split(" "))
        .map(([key, n]) => [key, Number(n)]),
    );
  };

  test("agrees on statuses and failures", { timeout: 60_000 }, async () => {
    const { totals } = await report({ files: [SAMPLE] });
    expect(totals.byStatus).toEqual(count("-st"));
    const { "--": good, LR: own, ...failed } = count("-tc");
    expect(good! + own! + totals.failures).toBe(totals.requests);
    expect(Object.values(failed).reduce((a, b) => a + b, 0)).toBe(totals.failures);
  });
});
