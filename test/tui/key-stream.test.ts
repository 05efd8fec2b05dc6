// Pasted escape sequences and answers of the terminal are no keys, however they are cut.
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { keysOf, keyStream } from "../../src/tui/key-stream.ts";

test.each([
  ["abc\r", "abc\r"],
  ["\x1b", "\x1b"],
  ["\x1b[A\x1b[B\x1b[5~\x1b[1;5C\x1b[Z\x1b[3~", "\x1b[A\x1b[B\x1b[5~\x1b[1;5C\x1b[Z\x1b[3~"],
  ["\x1bOA", "\x1bOA"],
  ["x\x1b[31my", "xy"],
  ["\x1b[2J\x1b[12;40R\x1b[?1;2c\x1b[200~pasted\x1b[201~", "pasted"],
  ["\x1b\x1b[31m", ""],
  ["\x1b[99;5~\x1b[97;5u", ""],
])("%j", (typed, keys) => {
  expect(keysOf(typed)).toEqual({ keys, held: "" });
});

test("a sequence that comes in two pieces", () => {
  const input = new Readable({ read: () => undefined }) as unknown as NodeJS.ReadStream;
  const keys = keyStream(input);
  input.push("a\x1b[3");
  expect(keys.read()).toBe("a");
  input.push("1mb");
  expect(keys.read()).toBe("b");
  input.push("\x1b[");
  input.push("A");
  expect(keys.read()).toBe("\x1b[A");
  expect(keys.read()).toBeNull();
});
