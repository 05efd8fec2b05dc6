// The filter language: precedence, values, round trip, and mistakes with their carets.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FILTER_FIELDS } from "../../src/grammar/filter-fields.ts";
import { parseFilter, type FilterAst, type FilterValue } from "../../src/grammar/filter.ts";
import { caret } from "./caret.ts";

/** The filter with every parenthesis written out. */
function print(filter: FilterAst): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return `(${print(filter.left)} ${filter.kind} ${print(filter.right)})`;
    case "not":
      return `(not ${print(filter.of)})`;
    case "compare":
      return `${filter.field} ${filter.op} ${printValue(filter.value)}`;
    case "in":
      return `${filter.field} in (${filter.values.map(printValue).join(", ")})`;
  }
}

function printValue(value: FilterValue): string {
  switch (value.kind) {
    case "text":
    case "time":
      return `"${value.text.replace(/["\\]/g, "\\$&")}"`;
    case "number":
    case "truth":
      return String(value.value);
    case "duration":
      return `${value.ms}ms`;
    case "status-class":
      return `${value.digit}xx`;
  }
}

const printed = (text: string): string => print(parseFilter(text));

describe("precedence", () => {
  test("not binds tighter than and, and tighter than or; both group to the left", () => {
    expect(printed("masked or status = 502 and not masked")).toBe(
      "(masked = true or (status = 502 and (not masked = true)))",
    );
    expect(printed("masked and masked and masked or masked")).toBe(
      "(((masked = true and masked = true) and masked = true) or masked = true)",
    );
    expect(printed("(masked or masked) and masked")).toBe(
      "((masked = true or masked = true) and masked = true)",
    );
    expect(printed("not not (masked or masked)")).toBe(
      "(not (not (masked = true or masked = true)))",
    );
  });

  test("blanks and case do not matter", () => {
    expect(printed("(status=502)AND(Pool=app)Or NOT masked")).toBe(
      '((status = 502 and pool = "app") or (not masked = true))',
    );
  });
});

describe("values", () => {
  test("quoted and bare words", () => {
    expect(printed('peer = "127.0.0.1:9102"')).toBe('peer = "127.0.0.1:9102"');
    expect(printed("peer = [::1]:80")).toBe('peer = "[::1]:80"');
    expect(printed("path ~ /a?b=1&c=<x>")).toBe('path ~ "/a?b=1&c=<x>"');
    expect(printed("code !~ 'a \\'b\\''")).toBe("code !~ \"a 'b'\"");
    expect(printed("pool = and")).toBe('pool = "and"');
    expect(printed('pool = ""')).toBe('pool = ""');
  });

  test("durations, status classes, truth and times", () => {
    expect(printed("duration >= 1.5s or duration < 200ms or duration > 1m")).toBe(
      "((duration >= 1500ms or duration < 200ms) or duration > 60000ms)",
    );
    expect(printed("status = 5XX and status != 4xx and status < 600")).toBe(
      "((status = 5xx and status != 4xx) and status < 600)",
    );
    expect(printed("masked = no or masked != yes")).toBe("(masked = false or masked != true)");
    expect(printed("time >= 2026-11-22T13:45:00Z and start < -1h")).toBe(
      '(time >= "2026-11-22T13:45:00Z" and start < "-1h")',
    );
  });

  test("lists", () => {
    expect(printed("status in (502,504, 5xx)")).toBe("status in (502, 504, 5xx)");
    expect(printed('peer not in ( a , "b c" )')).toBe('(not peer in ("a", "b c"))');
    expect(printed("path in (/in,/not) and masked")).toBe(
      '(path in ("/in", "/not") and masked = true)',
    );
  });
});

test("mistakes are shown where they are", () => {
  const mistake = (text: string): string => caret(() => parseFilter(text));
  expect(mistake("pool = app and statsu >= 500")).toBe(
    [
      "pool = app and statsu >= 500",
      "               ^ there is no field statsu",
      "did you mean status?",
    ].join("\n"),
  );
  expect(mistake("status >= 5xx")).toBe(
    ["status >= 5xx", "          ^ a status class is no number", "write status >= 500"].join("\n"),
  );
  expect(mistake("duration > 5")).toBe(
    ["duration > 5", "           ^ a duration needs a unit", "5ms or 5s?"].join("\n"),
  );
  expect(mistake("status == 502")).toBe(
    ["status == 502", "        ^ equality is written with one ="].join("\n"),
  );
  expect(mistake("status = 502 && masked")).toBe(
    ["status = 502 && masked", "             ^ write and instead"].join("\n"),
  );
  expect(mistake("status = 502 pool = app")).toContain(
    "             ^ join comparisons with and or or",
  );
  expect(mistake("(status = 502")).toContain("             ^ a parenthesis is never closed");
  expect(mistake("status = 502)")).toContain("            ^ this parenthesis was never opened");
  expect(mistake('path = "a')).toContain("       ^ this quote is never closed");
  expect(mistake("status =")).toContain("        ^ a value must follow =");
  expect(mistake("status")).toContain("      ^ an operator must follow status");
  expect(mistake("status = 502 and")).toContain("                ^ a comparison must follow and");
  expect(mistake("status in 502")).toContain("       ^ in needs a list in parentheses");
  expect(mistake("pool < a")).toContain("     ^ pool has no order");
  expect(mistake("status ~ 50")).toContain("       ^ status holds no text to search in");
  expect(mistake("masked = maybe")).toContain("         ^ masked is true or false");
  expect(mistake("status = oops")).toContain("         ^ a status is a number such as 502");
  expect(mistake("frobnicate = 1")).toContain("fields: time start duration");
  expect(mistake("constructor = 1")).toContain("^ there is no field constructor");
  expect(mistake(" ")).toContain("the filter is empty");
});

test("printing a filter and parsing it again gives the same filter", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 8 }).map((value) => JSON.stringify(value));
  const textField = fc.constantFrom(...FILTER_FIELDS.filter((field) => printable(field)));
  const leaf = fc.oneof(
    fc
      .tuple(
        textField,
        fc.constantFrom("=", "!=", "~", "!~"),
        text.filter((t) => !t.includes("\\")),
      )
      .map((p) => p.join(" ")),
    fc
      .tuple(fc.constantFrom("status <", "status !="), fc.integer({ min: 0, max: 999 }))
      .map((p) => p.join(" ")),
    fc.constant("masked"),
  );
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc
        .tuple(tie("tree"), fc.constantFrom("and", "or"), tie("tree"))
        .map((p) => `(${p.join(" ")})`),
      tie("tree").map((inner) => `not (${inner})`),
    ),
  }));
  fc.assert(
    fc.property(tree, (source) => {
      const once = printed(source);
      expect(printed(once)).toBe(once);
    }),
    { numRuns: 200 },
  );
});

function printable(field: string): boolean {
  return !["time", "start", "duration", "status", "masked"].includes(field);
}

test("any text at all gives a filter or a mistake inside it", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."ab=!<>~()\"', 5sx&|not-".split("")) }),
      (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toMatchObject({ name: "TextError", text });
          const { offset } = error as { offset: number };
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(text.length);
        }
      },
    ),
    { numRuns: 500 },
  );
});
