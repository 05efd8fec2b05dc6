// What a user's mistake and a bug look like on stderr, and the exit code of each.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exitCodeOf } from "../../src/cli/exit-codes.ts";
import { renderProblem } from "../../src/cli/problem.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { TextError } from "../../src/grammar/ast.ts";
import { InputError } from "../../src/input/input-error.ts";

describe("printed", () => {
  test("a mistake in a text: sentence, caret, hint", () => {
    const error = new TextError(
      "there is no variable $statsu",
      '"$request" $statsu',
      11,
      "did you mean $status?",
    );
    expect(renderProblem(error)).toBe(
      'why502: there is no variable $statsu\n    "$request" $statsu\n               ^\nhint: did you mean $status?\n',
    );
  });

  test("an input that cannot be read", () => {
    expect(renderProblem(new InputError("there is no file nginx.log", ""))).toBe(
      "why502: there is no file nginx.log\n",
    );
  });

  test("a caret at the end, and in the second line", () => {
    expect(renderProblem(new UsageError("m", "abc", 3))).toBe("why502: m\n    abc\n       ^\n");
    expect(renderProblem(new UsageError("m", "ab\ncd\nef", 4))).toBe("why502: m\n    cd\n     ^\n");
  });

  test("wide characters before the caret", () => {
    expect(renderProblem(new UsageError("m", "数x", 1))).toBe("why502: m\n    数x\n      ^\n");
  });

  test("a long text is cut around the place", () => {
    const text = `${"a".repeat(200)}!${"b".repeat(200)}`;
    const [, shown, caret] = renderProblem(new UsageError("m", text, 200)).split("\n");
    expect(shown!.length).toBeLessThanOrEqual(80);
    expect(shown![caret!.indexOf("^")]).toBe("!");
  });

  test("a bug: no stack", () => {
    const text = renderProblem(new TypeError("x is undefined"));
    expect(text).toContain("why502: internal error: x is undefined\n");
    expect(text).not.toContain("    at ");
    expect(renderProblem("thrown text")).toBe("why502: thrown text\n");
  });

  test("whatever is typed, the terminal is safe and the lines fit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(60), (text, offset) => {
        const lines = renderProblem(new UsageError("m", text, offset)).split("\n");
        for (const line of lines) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
          expect(line.length).toBeLessThanOrEqual(90);
        }
      }),
    );
  });
});

test("exit codes", () => {
  expect(exitCodeOf(new UsageError("m"))).toBe(2);
  expect(exitCodeOf(new TextError("m", "t", 0))).toBe(2);
  expect(exitCodeOf(new InputError("m"))).toBe(4);
  expect(exitCodeOf(new Error("m"))).toBe(1);
  expect(exitCodeOf(null)).toBe(1);
});
