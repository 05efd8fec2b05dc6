// The command line: what it understands, and what it says when it does not.
import { describe, expect, test } from "vitest";
import { FLAGS } from "../../src/cli/flag-table.ts";
import { parseFlags } from "../../src/cli/flags.ts";
import { renderHelp } from "../../src/cli/help.ts";
import { renderProblem } from "../../src/cli/problem.ts";
import { expectGolden } from "../support/golden.ts";

function complaint(...argv: string[]): string {
  try {
    parseFlags(argv);
  } catch (error) {
    return renderProblem(error);
  }
  throw new Error(`${argv.join(" ")} was understood`);
}

describe("understood", () => {
  test("nothing: the defaults", () => {
    expect(parseFlags([])).toEqual({
      files: [],
      output: null,
      since: null,
      until: null,
      where: null,
      status: null,
      tz: null,
      failOn: null,
      logFormat: null,
      fields: [],
      config: [],
      minParse: 50,
      workers: null,
      color: "auto",
      ascii: false,
      width: null,
      help: null,
      version: false,
    });
  });

  test("flags and files in any order, values in every spelling", () => {
    const options = parseFlags([
      "a.log",
      "-o",
      "json",
      "--since=-1h",
      "-Uend-15m",
      "b.log",
      "--tz",
      "+02:00",
      "--workers=2",
      "-",
    ]);
    expect(options).toMatchObject({
      files: ["a.log", "b.log", "-"],
      output: "json",
      since: "-1h",
      until: "end-15m",
      tz: "+02:00",
      workers: 2,
    });
  });

  test("a value may begin with a dash", () => {
    expect(parseFlags(["--since", "-1h", "-U", "-15m"])).toMatchObject({
      since: "-1h",
      until: "-15m",
    });
    expect(parseFlags(["--log-format", "-- $status"]).logFormat).toBe("-- $status");
  });

  test("-- ends the flags", () => {
    expect(parseFlags(["--ascii", "--", "-o", "--help"])).toMatchObject({
      ascii: true,
      files: ["-o", "--help"],
      help: null,
    });
  });

  test("of a flag given twice the last counts", () => {
    expect(parseFlags(["--tz", "UTC", "--tz", "Asia/Tokyo"]).tz).toBe("Asia/Tokyo");
    expect(parseFlags(["--color", "always", "--no-color"]).color).toBe("never");
    expect(parseFlags(["--no-color", "--color=always"]).color).toBe("always");
  });

  test("help, short and full, wherever it stands", () => {
    expect(parseFlags(["a.log", "-h"]).help).toBe("short");
    expect(parseFlags(["-h", "--help"]).help).toBe("full");
    expect(parseFlags(["-V"]).version).toBe(true);
  });

  test("--min-parse takes a percent sign or none", () => {
    expect(parseFlags(["--min-parse", "90%"]).minParse).toBe(90);
    expect(parseFlags(["--min-parse", "0"]).minParse).toBe(0);
  });
});

describe("not understood", () => {
  test("an unknown flag", () => {
    expect(complaint("a.log", "--sicne", "yesterday")).toBe(
      "why502: there is no flag --sicne\n    --sicne\n    ^\nhint: did you mean --since?\n",
    );
    expect(complaint("--frobnicate")).toContain("hint: why502 -h lists the flags");
    expect(complaint("-s", "yesterday")).toContain("did you mean -S?");
    expect(complaint("-since", "yesterday")).toContain("did you mean --since?");
    expect(complaint("-x")).toContain("there is no flag -x");
  });

  test("a value that is missing", () => {
    expect(complaint("--since")).toBe(
      "why502: --since needs a value\n    --since\n           ^\nhint: for example: --since yesterday\n",
    );
    expect(complaint("--since", "--until", "now")).toContain("--since needs a value");
    expect(complaint("-S", "-U", "now")).toContain("-S needs a value");
  });

  test("a value where none belongs", () => {
    expect(complaint("--ascii=yes")).toContain(
      "--ascii takes no value\n    --ascii=yes\n            ^",
    );
  });

  test("a choice that is none", () => {
    expect(complaint("-o", "jsno")).toBe(
      'why502: --output cannot be "jsno"\n    --output jsno\n             ^\nhint: did you mean json? It is text or json\n',
    );
    expect(complaint("--color", "pink")).toContain("it is one of auto, always or never");
  });

  test("a number that is none, or out of range", () => {
    expect(complaint("--width", "wide")).toContain(
      "--width must be a whole number from 40 to 1000",
    );
    expect(complaint("--workers=0")).toContain("from 1 to 256");
    expect(complaint("--workers=4%")).toContain("from 1 to 256");
    expect(complaint("--min-parse", "101")).toContain("from 0 to 100");
    expect(complaint("--width", "")).toContain("must be a whole number");
  });

  test("two filters", () => {
    expect(complaint("--where", "a = 1", "--where", "b = 2")).toContain("--where 'A and B'");
  });
});

describe("help", () => {
  test.each(["short", "full"] as const)("%s", (length) => {
    const text = renderHelp(length);
    expectGolden(text, new URL(`./help/${length}.golden`, import.meta.url));
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
  });

  test("names every flag, and every flag is understood", () => {
    for (const flag of FLAGS) {
      expect(renderHelp("short")).toContain(`--${flag.name}`);
      if (!("value" in flag)) expect(() => parseFlags([`--${flag.name}`])).not.toThrow();
    }
  });
});
