// The code that V8 compiled at build time: taken where it fits, and no loss where it does not.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ROOT } from "./run-binary.ts";

const SAMPLE = join(ROOT, "samples/one-peer-down");
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** An installation of its own, to be damaged. */
function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), "why502-installed-"));
  folders.push(folder);
  cpSync(join(ROOT, "dist"), join(folder, "dist"), { recursive: true });
  for (const name of ["grammars", "package.json", "node_modules"])
    symlinkSync(join(ROOT, name), join(folder, name));
  return join(folder, "dist");
}

function node(...args: readonly string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, out: stdout, err: stderr };
}

describe("compiled code", () => {
  it("is taken by the Node that built it", () => {
    expect(node(join(ROOT, "dist/keep-code.js"), "--check").status).toBe(0);
  });

  it.each([
    ["absent", (path: string) => rmSync(path)],
    ["cut", (path: string) => truncateSync(path, 1000)],
    ["another version's", (path: string) => writeFileSync(path, Buffer.alloc(100_000, "x"))],
  ])("is not missed when %s", (_, damage) => {
    const dist = installed();
    damage(join(dist, "why502.code"));
    const whole = node(join(ROOT, "dist/main.js"), "-o", "json", SAMPLE);
    expect(node(join(dist, "main.js"), "-o", "json", SAMPLE)).toEqual(whole);
    expect(whole.status).toBe(0);
  });

  it("is not taken under other flags, which changes nothing else", () => {
    const usual = node(join(ROOT, "dist/main.js"), "-o", "json", SAMPLE);
    const other = node("--no-opt", join(ROOT, "dist/main.js"), "-o", "json", SAMPLE);
    expect(other).toEqual(usual);
  });
});
