// Large logs, shared among threads: who reads what leaves no trace in the report.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { writerOf, type Shape } from "../bench/shapes.ts";
import { isFailed, requests, type Spread } from "../bench/traffic.ts";
import { run } from "./run-binary.ts";

const folder = mkdtempSync(join(tmpdir(), "why502-workers-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a log in which half of the requests fail; with several shapes, they take turns line by line. */
function write(name: string, shapes: readonly Shape[], spread: Spread, lines: number): number {
  const writers = shapes.map(writerOf);
  let text = "";
  let failed = 0;
  let n = 0;
  for (const request of requests(lines, "half", spread)) {
    text += writers[n++ % writers.length]!(request);
    if (isFailed(request.outcome)) failed++;
  }
  const bytes = Buffer.from(text, "latin1");
  writeFileSync(join(folder, name), name.endsWith(".gz") ? gzipSync(bytes, { level: 1 }) : bytes);
  return failed;
}

async function reportWith(workers: number, names: readonly string[]): Promise<string> {
  const paths = names.map((name) => join(folder, name));
  const outcome = await run([...paths, "-o", "json", "--tz", "UTC", "--workers", String(workers)]);
  expect(outcome.stderr).toBe("");
  expect(outcome.code).toBe(0);
  return outcome.stdout;
}

/** @returns the report of one thread */
async function expectSame(names: readonly string[]): Promise<any> {
  const alone = await reportWith(1, names);
  // Compared as a verdict: a difference of megabytes would be no help.
  for (const workers of [2, 4]) expect((await reportWith(workers, names)) === alone).toBe(true);
  return JSON.parse(alone);
}

// In more than four slices together; workers that are asked for start for logs of any length.
describe("the report is the same byte for byte with 1, 2 and 4 workers", () => {
  it("for half-failing logs with long URLs, many servers and many clients", async () => {
    const shapes = ["haproxy", "nginx", "envoy", "envoy-json", "combined"] as const;
    const names = shapes.map((shape) => `${shape}.log${shape === "combined" ? ".gz" : ""}`);
    const failed = shapes.map((shape, at) => write(names[at]!, [shape], "wide", 7_000));
    const { input, totals } = await expectSame(names);
    expect(input).toMatchObject({ lines: 35_000, misses: 0, skipped: 0 });
    expect(totals.failures).toBe(failed.reduce((sum, count) => sum + count));
  });

  it("for an access log with the error log beside it", async () => {
    const failed = write("access.log", ["nginx"], "usual", 26_000);
    write("error.log", ["nginx-error"], "usual", 26_000);
    const { input, totals, join: joined } = await expectSame(["access.log", "error.log"]);
    expect(input).toMatchObject({ lines: 52_000, misses: 0, skipped: 0 });
    expect(totals.failures).toBe(failed);
    expect(joined.joined).toBeGreaterThan(0);
  });

  it("for a stream in which formats take turns line by line", async () => {
    const shapes = ["haproxy", "envoy", "nginx", "envoy-json"] as const;
    const failed = write("mixed.log", shapes, "wide", 24_000);
    const { input, totals } = await expectSame(["mixed.log"]);
    expect(input).toMatchObject({ lines: 24_000, misses: 0, skipped: 0 });
    expect(totals.failures).toBe(failed);
  });

  // One archive is read by one thread, while another unpacks it.
  it.each([
    ["whole", (bytes: Buffer) => bytes],
    ["cut", (bytes: Buffer) => bytes.subarray(0, Math.floor(0.7 * bytes.length))],
    [
      "damaged",
      (bytes: Buffer) => Buffer.from(bytes).fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 9),
    ],
  ])("for an archive that is %s", async (name, change) => {
    write("archive.log.gz", ["haproxy"], "wide", 24_000);
    const path = join(folder, `${name}.log.gz`);
    writeFileSync(path, change(readFileSync(join(folder, "archive.log.gz"))));
    const [alone, ...others] = await Promise.all(
      ["1", "2", "4"].map((workers) =>
        run([path, "-o", "json", "--tz", "UTC", "--workers", workers]),
      ),
    );
    expect(JSON.parse(alone!.stdout).input.lines).toBeGreaterThan(10_000);
    for (const other of others) {
      expect(other.stdout === alone!.stdout).toBe(true);
      expect([other.stderr, other.code]).toEqual([alone!.stderr, alone!.code]);
    }
  });
});
