// Values with a syntax of their own: conditions, statuses, zones; and what the environment says of the terminal.
import { describe, expect, test } from "vitest";
import { isFailOnMet, parseFailOn } from "../../src/cli/fail-on.ts";
import { parseStatusList } from "../../src/cli/status-list.ts";
import { wantsColor, wantsUnicode, widthOf } from "../../src/cli/terminal.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { parseZone } from "../../src/cli/zone.ts";

function caught(run: () => unknown): UsageError {
  try {
    run();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("it was understood");
}

describe("--fail-on", () => {
  const outcome = { incidents: 1, failures: 45, requests: 5000 };

  test.each([
    ["incident", true],
    ["failures>44", true],
    ["failures>45", false],
    ["failures>=45", true],
    ["rate>0.008", true],
    ["rate>0.01", false],
    ["rate > 0.8 %", true],
    ["rate>1%", false],
    ["failures>100, incident", true],
    ["failures>100,rate>0.5", false],
  ])("%s", (text, met) => expect(isFailOnMet(parseFailOn(text), outcome)).toBe(met));

  test("nothing read, nothing met; failures without requests are all there is", () => {
    const all = parseFailOn("incident,failures>0,rate>0");
    expect(isFailOnMet(all, { incidents: 0, failures: 0, requests: 0 })).toBe(false);
    expect(isFailOnMet(parseFailOn("rate>0.5"), { incidents: 0, failures: 3, requests: 0 })).toBe(
      true,
    );
  });

  test.each([
    ["incidnet", /does not know the condition "incidnet"/, 10],
    ["incident,failurs>3", /does not know/, 19],
    ["failures", /needs a limit/, 10],
    ["failures>1.5", /whole number/, 10],
    ["rate>5", /fraction/, 10],
    ["incident>3", /takes no number/, 10],
    ["", /does not know/, 10],
    ["failures<3", /does not know/, 10],
  ])("%j is a mistake", (text, message, offset) => {
    const error = caught(() => parseFailOn(text));
    expect(error.message).toMatch(message);
    expect(error.offset).toBe(offset);
    expect(error.hint).not.toBe("");
  });
});

describe("--status", () => {
  test("codes and classes", () => {
    const wanted = parseStatusList("502, 504,4xx,009");
    const listed = [...wanted.keys()].filter((status) => wanted[status] === 1);
    expect(listed.slice(0, 2)).toEqual([9, 400]);
    expect(listed.slice(-3)).toEqual([499, 502, 504]);
    expect(listed).toHaveLength(103);
  });

  test.each([
    ["50", 9],
    ["502,abc", 13],
    ["6xx", 9],
    ["", 9],
    ["502,", 13],
  ])("%j is a mistake at %i", (text, offset) => {
    expect(caught(() => parseStatusList(text)).offset).toBe(offset);
  });
});

describe("--tz", () => {
  test.each([
    ["UTC", "UTC"],
    ["z", "UTC"],
    ["Europe/Berlin", "Europe/Berlin"],
    ["europe/berlin", "Europe/Berlin"],
    ["+02:00", "+02:00"],
    ["-0330", "-03:30"],
    ["+02", "+02:00"],
    ["+00:00", "UTC"],
    ["local", "America/Lima"],
  ])("%s", (text, zone) => expect(parseZone(text, "America/Lima")).toBe(zone));

  test.each([
    ["Mars/Phobos", "an IANA name"],
    ["Berlin", "did you mean Europe/Berlin?"],
    ["Europe/Berlni", "did you mean Europe/Berlin?"],
    ["+25:00", "an IANA name"],
    ["+02:75", "an IANA name"],
    ["", "an IANA name"],
  ])("%j is no zone", (text, hint) => {
    const error = caught(() => parseZone(text));
    expect(error.message).toBe(`there is no time zone "${text}"`);
    expect(error.hint).toContain(hint);
  });
});

describe("the terminal", () => {
  test.each([
    ["auto", {}, true, true],
    ["auto", {}, false, false],
    ["auto", { NO_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "" }, true, true],
    ["auto", { TERM: "dumb" }, true, false],
    ["auto", { FORCE_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "0" }, true, false],
    ["auto", { FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
    ["always", { NO_COLOR: "1" }, false, true],
    ["never", { FORCE_COLOR: "1" }, true, false],
  ] as const)("colour %s with %j, terminal %s: %s", (flag, env, isTerminal, color) => {
    expect(wantsColor(flag, env, isTerminal)).toBe(color);
  });

  test("width", () => {
    expect(widthOf(100, { COLUMNS: "60" }, 90)).toBe(100);
    expect(widthOf(null, { COLUMNS: "60" }, 90)).toBe(60);
    expect(widthOf(null, { COLUMNS: "wide" }, 90)).toBe(90);
    expect(widthOf(null, {}, undefined)).toBe(80);
    expect(widthOf(null, {}, 12)).toBe(40);
  });

  test("Unicode", () => {
    expect(wantsUnicode(false, { LANG: "de_DE.UTF-8" }, true)).toBe(true);
    expect(wantsUnicode(false, { LC_ALL: "C", LANG: "de_DE.UTF-8" }, true)).toBe(false);
    expect(wantsUnicode(false, { LANG: "C.utf8" }, true)).toBe(true);
    expect(wantsUnicode(false, { LANG: "C" }, false)).toBe(true);
    expect(wantsUnicode(false, {}, true)).toBe(true);
    expect(wantsUnicode(true, {}, true)).toBe(false);
    expect(wantsUnicode(false, { TERM: "dumb" }, true)).toBe(false);
  });
});
