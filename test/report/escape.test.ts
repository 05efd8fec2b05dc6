// Nothing from a log steers the terminal.
import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeForTerminal, escapeToAscii } from "../../src/report/index.ts";

test.each([
  ["\x1b[31mred", "\\x1b[31mred"],
  ["a\tb\r\nc", "a\\tb\\r\\nc"],
  ["\x9b2J", "\\x9b2J"],
  ["\x00\x7f", "\\x00\\x7f"],
  ["abc\u202egnp.exe", "abc\\u202egnp.exe"],
  ["\u2066x\u2069", "\\u2066x\\u2069"],
  ["zero\u200bwidth", "zero\\u200bwidth"],
  ["lone \ud800 surrogate", "lone \\ud800 surrogate"],
  ["tag \u{e0041}", "tag \\u{e0041}"],
  ["line\u2028end", "line\\u2028end"],
  ["日本語 é → ok", "日本語 é → ok"],
  ["C:\\x41", "C:\\x41"],
])("%j becomes %j", (text, safe) => {
  expect(escapeForTerminal(text)).toBe(safe);
});

test("no control, formatting or invisible character survives, and escaping twice changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const safe = escapeForTerminal(text);
      expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u);
      expect(escapeForTerminal(safe)).toBe(safe);
    }),
  );
});

test("every single byte and every C1 control", () => {
  for (let code = 0; code < 0xa0; code++) {
    const safe = escapeForTerminal(String.fromCharCode(code));
    expect(safe).toMatch(/^[\x20-\x7e]+$/);
  }
});

test("for an ASCII terminal typography is replaced and the rest written out", () => {
  expect(escapeToAscii("app → x – “y” … ×3")).toBe('app -> x - "y" ... x3');
  expect(escapeToAscii("é 日 🙂")).toBe("\\xe9 \\u65e5 \\u{1f642}");
});
