// Whatever is wrong with the input: one sentence, the right exit code, and never a stack.
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, run, type Outcome } from "./run-binary.ts";

let folder = "";
const at = (name: string): string => join(folder, name);
const COMBINED = `10.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET / HTTP/1.1" 200 157 "-" "curl/8"\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "why502-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function expectCalm({ stderr, stdout }: Outcome): void {
  expect(stderr + stdout).not.toMatch(/\n\s+at .*\(|node:internal|Error:/);
}

async function report(
  args: readonly string[],
  input?: string | Uint8Array,
): Promise<Outcome & { json: any }> {
  const outcome = await run([...args, "-o", "json"], { input: input ?? null });
  expectCalm(outcome);
  return { ...outcome, json: JSON.parse(outcome.stdout) };
}

describe("sources", () => {
  it("a missing file", async () => {
    const outcome = await run([at("nowhere.log")]);
    expectCalm(outcome);
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toBe(
      `why502: ${at("nowhere.log")}: no such file or folder\nhint: check the path; - reads standard input\n`,
    );
  });

  it("a folder without files, and a pattern that matches nothing", async () => {
    mkdirSync(at("empty"));
    const empty = await run([at("empty")]);
    expect([empty.code, empty.stderr]).toEqual([
      4,
      `why502: ${at("empty")} is a folder without files\nhint: name the folder that holds the logs\n`,
    ]);
    const none = await run([at("*.nothing")]);
    expect(none.code).toBe(4);
    expect(none.stderr).toContain("no file matches");
  });

  it("a file of bare numbers, as hosting panels write beside the log", async () => {
    writeFileSync(at("shop.bytes"), "157\n0\n23455\n");
    const { stdout } = await run(["formats", at("shop.bytes")]);
    expect(stdout.replace(/\s+/g, " ")).toContain("a number and nothing else");
    writeFileSync(at("shop.log"), COMBINED.repeat(5));
    const { json } = await report([at("shop.bytes"), at("shop.log")]);
    const { lines, records, misses, skipped } = json.input;
    expect([lines, records, misses + skipped]).toEqual([8, 5, 3]);
  });

  it("a folder with one log in it", async () => {
    mkdirSync(at("logs/deep"), { recursive: true });
    writeFileSync(at("logs/deep/access.log"), COMBINED);
    const { code, json } = await report([at("logs")]);
    expect([code, json.input.records]).toEqual([0, 1]);
  });

  it("an empty file", async () => {
    writeFileSync(at("empty.log"), "");
    const outcome = await run([at("empty.log"), "-o", "text"]);
    expectCalm(outcome);
    expect([outcome.code, outcome.stderr]).toEqual([
      4,
      `why502: ${at("empty.log")} is empty, so there is nothing to explain\n`,
    ]);
  });

  it("an empty pipe", async () => {
    const outcome = await run(["-o", "text"], { input: "" });
    expect([outcome.code, outcome.stderr]).toEqual([
      4,
      "why502: standard input is empty, so there is nothing to explain\n",
    ]);
  });

  it("an image", async () => {
    writeFileSync(
      at("cat.png"),
      Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), randomBytes(20_000)]),
    );
    const outcome = await run([at("cat.png"), "-o", "text"]);
    expectCalm(outcome);
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain("only 0 % of the lines were understood");
    // eslint-disable-next-line no-control-regex
    expect(outcome.stdout + outcome.stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it("a gzip cut in the middle gives what could be read, and a note", async () => {
    const packed = gzipSync(
      Buffer.from(
        Array.from({ length: 5000 }, (_, n) =>
          COMBINED.replace("10.0.0.1", `10.0.${n % 250}.${(n * 7) % 250}`),
        ).join(""),
      ),
    );
    writeFileSync(at("cut.log.gz"), packed.subarray(0, packed.length >> 1));
    const { code, json } = await report([at("cut.log.gz")]);
    expect(code).toBe(0);
    expect(json.input.records).toBeGreaterThan(1000);
    expect(json.input.records).toBeLessThan(5000);
    expect(json.input.sources[0].notes).toEqual([
      `${at("cut.log.gz")}: the gzip data is cut; everything up to the cut was read`,
    ]);
  });

  it("a gzip of several members", async () => {
    writeFileSync(
      at("members.gz"),
      Buffer.concat([gzipSync(COMBINED), gzipSync(COMBINED), gzipSync(COMBINED)]),
    );
    const { json } = await report([at("members.gz")]);
    expect(json.input.records).toBe(3);
  });

  it("gzip from a pipe", async () => {
    const { json } = await report(["-"], gzipSync(COMBINED.repeat(20)));
    expect(json.input.records).toBe(20);
  });
});

describe("lines", () => {
  it("a line of 100 MB is counted and missed, the others are read", async () => {
    writeFileSync(
      at("long.log"),
      Buffer.concat([
        Buffer.from(COMBINED.repeat(3)),
        Buffer.alloc(100 << 20, 120),
        Buffer.from(`\n${COMBINED}`),
      ]),
    );
    const { code, json } = await report([at("long.log")]);
    expect(code).toBe(0);
    expect(json.input.sources[0]).toMatchObject({
      lines: 5,
      records: 4,
      misses: 1,
      skipped: 0,
      firstMiss: { line: 4, offset: 3 * COMBINED.length, why: "the line is longer than 1 MiB" },
    });
    rmSync(at("long.log"));
  });

  it("binary noise between lines is missed and shown", async () => {
    const noise = Buffer.from([0, 1, 2, 27, 91, 51, 49, 109, 255, 254, 10]);
    writeFileSync(
      at("noise.log"),
      Buffer.concat([Buffer.from(COMBINED.repeat(4)), noise, Buffer.from(COMBINED)]),
    );
    const outcome = await run([at("noise.log"), "-o", "text"]);
    expectCalm(outcome);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).not.toContain("\u001b");
    expect(outcome.stdout).toContain("line 5");
  });

  it("an impossible date is a miss that names the field; a future one is read", async () => {
    writeFileSync(
      at("dates.log"),
      COMBINED.repeat(3) +
        COMBINED.replace("22/Nov/2026", "31/Feb/2026") +
        COMBINED.replace("2026", "2099"),
    );
    const { json } = await report([at("dates.log")]);
    expect(json.input.sources[0]).toMatchObject({
      records: 4,
      misses: 1,
      firstMiss: { line: 4, why: "nginx combined: the value of time_local is impossible" },
    });
  });

  it("no final newline, CRLF and blank lines", async () => {
    const { json } = await report(
      ["-"],
      `\r\n${COMBINED.trimEnd()}\r\n\n   \n${COMBINED.trimEnd()}`,
    );
    expect(json.input).toMatchObject({ lines: 5, records: 2, misses: 0, skipped: 3 });
  });
});

describe("arguments", () => {
  it("a wrong filter has its caret", async () => {
    const outcome = await run(["samples/quiet", "--where", "statsu >= 500", "-o", "text"]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toBe(
      "why502: there is no field statsu\n    statsu >= 500\n    ^\nhint: did you mean status?\n",
    );
  });

  it("a format string without a field", async () => {
    const outcome = await run(["samples/quiet", "--log-format", "no field here", "-o", "text"]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain("this format has no field");
  });

  it("a format that does not fit the lines", async () => {
    const path = at("kv.log");
    writeFileSync(path, "a=1 b=2 c=3\n".repeat(10));
    const outcome = await run([
      path,
      "--log-format",
      '$remote_addr "$request" $status',
      "-o",
      "text",
    ]);
    expectCalm(outcome);
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain("only 0 % of the lines were understood");
    expect(outcome.stderr).toContain("--log-format");
  });

  it("an unknown flag, a bad time, a bad zone", async () => {
    for (const args of [
      ["--sicne", "x"],
      ["--since", "whenever"],
      ["--tz", "Mars/Phobos"],
      ["--fail-on", "panic"],
      ["--status", "abc"],
    ]) {
      const outcome = await run(["samples/quiet", "-o", "text", ...args]);
      expectCalm(outcome);
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toMatch(/^why502: /);
    }
  });
});

describe("the surroundings", () => {
  it("a reader that closes the pipe early is no error", async () => {
    const { spawnSync } = await import("node:child_process");
    const shell = spawnSync(
      "sh",
      [
        "-c",
        `"${process.execPath}" dist/main.js samples/one-peer-down -o json | head -c 10; echo "\${PIPESTATUS:-}"`,
      ],
      { cwd: ROOT, encoding: "utf8" },
    );
    expect(shell.stderr).toBe("");
    expect(shell.stdout.slice(0, 10)).toBe('{\n  "schem');
  });

  it("times of the sample files do not depend on the machine's zone", async () => {
    const files = [
      "samples/one-peer-down/nginx-access.log",
      "samples/one-peer-down/nginx-error.log",
      "-o",
      "json",
    ];
    const [utc, berlin] = await Promise.all([
      run(files),
      run(files, { env: { TZ: "Europe/Berlin" } }),
    ]);
    expect(berlin.stdout).toBe(utc.stdout);
  });

  it("the sample files are what the README of samples says", () => {
    expect(readFileSync(join(ROOT, "samples/README.md"), "utf8")).toContain("one-peer-down");
  });
});
