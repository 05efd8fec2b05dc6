// README.md is held against the program: the report it shows, the commands it names.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, run } from "./run-binary.ts";

const PATH = join(ROOT, "README.md");
const readme = readFileSync(PATH, "utf8");
const BLOCK = /(<!-- report:begin[^\n]*-->\n)([^]*?)(<!-- report:end -->)/;

describe("README.md", () => {
  it("shows the report that its first command prints", async () => {
    const { stdout, code } = await run(["samples/one-peer-down", "-o", "text"]);
    expect(code).toBe(0);
    const block = `\n${stdout
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`.trimEnd())
      .join("\n")}\n\n`;
    if (process.env["UPDATE_GOLDEN"])
      writeFileSync(
        PATH,
        readme.replace(BLOCK, (_, begin: string, __: string, end: string) => begin + block + end),
      );
    else expect(BLOCK.exec(readme)![2]).toBe(block);
  });

  it("names only flags and commands that exist", async () => {
    const { stdout: help } = await run(["--help"]);
    const flags = new Set(
      [...readme.replace(BLOCK, "").matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag),
    );
    for (const flag of flags) expect(help).toContain(flag);
    const formats = await run(["formats", "samples/quiet"]);
    expect(formats.code).toBe(0);
    expect(formats.stdout).toContain("nginx combined");
  });

  it.each(
    [...readme.matchAll(/^ {4}why502 (explain|reasons|causes) (?:'([^']+)'|(\S+))/gm)].map(
      ([, command, quoted, plain]) => [command!, quoted ?? plain!],
    ),
  )("has something to say to %s %s", async (command, argument) => {
    const { code, stdout, stderr } = await run([command, argument]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(argument);
  });

  it.each(
    [...readme.matchAll(/^ {4}why502 \S+ --log-format '([^']+)'/gm)].map((match) => match[1]!),
  )("has a format string that compiles: %s", async (format) => {
    const outcome = await run(["-", "--log-format", format, "-o", "json"], {
      input: "not a log line\n",
    });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain("understood");
  });
});
