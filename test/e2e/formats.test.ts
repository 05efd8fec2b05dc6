// `why502 formats FILE`: envelope, format, certainty, and a caret under the place where the nearest format breaks off.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run-binary.ts";

const GOOD =
  'Nov 22 13:49:32 lb1 haproxy[7603]: 10.0.0.1:5000 [22/Nov/2026:13:49:31.365] fe be/s1 0/0/1/9/10 200 221 - - ---- 3/3/0/0/0 0/0 "GET /a HTTP/1.1"';
const BAD = GOOD.replace("0/0/1/9/10 200", "0/0/1/9/10 2x0");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "why502-formats-"));
  writeFileSync(join(folder, "h.log"), `${GOOD}\n${GOOD}\n${BAD}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("says what a file is, how sure that is, and where the first line breaks off", async () => {
  const { code, stdout } = await run(["formats", "h.log", "--tz", "UTC"], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout).toMatch(/envelope\s+syslog RFC 3164/);
  expect(stdout).toMatch(/format\s+haproxy httplog/);
  expect(stdout).toMatch(/sure\s+likely: 2.of.3 \(67.%\) lines of the sample fit/);
  expect(stdout).toMatch(/missed\s+line 3, byte \d+: haproxy httplog: ST does not fit/);
  const lines = stdout.trimEnd().split("\n");
  const [shown, caret] = lines.slice(-2) as [string, string];
  expect(caret.trim()).toBe("^");
  expect(shown.slice(caret.indexOf("^"))).toMatch(/^x0 221/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(110);
});

test("says the same for machines, a line for each source", async () => {
  const { stdout } = await run(["formats", "h.log", "--tz", "UTC", "-o", "json"], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({
    envelope: "syslog RFC 3164",
    format: "haproxy httplog",
    certainty: "likely",
    lines: 3,
    misses: 1,
    firstMiss: { line: 3, nearest: { field: "ST" } },
  });
});

test("lists what it knows, with the vendor's string and where it is documented", async () => {
  const { stdout } = await run(["formats", "-o", "json"]);
  const known = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { name: string; docs: string });
  expect(known.find(({ name }) => name === "nginx combined")?.docs).toMatch(/^https:/);
});

test("shows a guessed format as a string that reads the same when it is given", async () => {
  const line = (at: number): string =>
    `192.0.2.${at} [2026-11-22T13:49:3${at}+00:00] "GET /a HTTP/1.1" st=502 up=10.0.0.1:80 ust=502 urt=0.00${at}\n`;
  writeFileSync(join(folder, "g.log"), [1, 2, 3, 4].map(line).join(""));
  const [told, machine] = await Promise.all([
    run(["formats", "g.log"], { cwd: folder }),
    run(["formats", "g.log", "-o", "json"], { cwd: folder }),
  ]);
  const guess = /guess\s+(\$.*)/.exec(told.stdout)?.[1] ?? "";
  expect(guess).toContain('"$request" st=$status');
  expect(JSON.parse(machine.stdout).formats[0].guess.replaceAll(/[{}]/g, "")).toBe(guess);
  const reports = await Promise.all(
    [[], ["--log-format", guess]].map((flags) =>
      run(["g.log", "-o", "json", ...flags], { cwd: folder }),
    ),
  );
  const [own, given] = reports.map(({ stdout }) => JSON.parse(stdout));
  expect(given.totals).toEqual(own.totals);
  expect(given.totals.failures).toBe(4);
});

test("says where a format that was given breaks off, when it fits no line", async () => {
  const line = "10.0.0.1:5000|22/Nov/2026:13:49:31.365|fe|be/s1|503|SC--\n";
  writeFileSync(join(folder, "bars.log"), line.repeat(3));
  const flags = ["bars.log", "--tz", "UTC", "--log-format", "%ci:%cp|%tr|%ft|%ST|%tsc"];
  const [told, report] = await Promise.all([
    run(["formats", ...flags], { cwd: folder }),
    run([...flags, "-o", "text"], { cwd: folder }),
  ]);
  expect(told.stdout).toMatch(/missed\s+line 1, byte 0: the given format: ST does not fit/);
  expect(report.code).toBe(4);
  expect(report.stderr).toMatch(/the given format: ST does not fit at column 43/);
});
