// When one line alone is enough to believe a guessed log_format, and that a damaged one never is.
import { expect, test } from "vitest";
import { guessNginxFormat, type FieldKind } from "../../src/grammar/index.ts";

const ALIASES = {
  rt: "request_time",
  uct: "upstream_connect_time",
  urt: "upstream_response_time",
  us: "upstream_status",
};
const KINDS: Readonly<Record<string, FieldKind>> = { request_time: "seconds" };
const kindOf = (name: string): FieldKind | null => KINDS[name] ?? null;
const HEAD = '192.0.2.1 - - [04/Mar/2026:07:08:09 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl/8"';
const LINE = `${HEAD} "-" rt=0.012 uct="0.001" urt="0.011" sid=x`;

test("keys that hold what they say are enough", () => {
  const found = guessNginxFormat(LINE, ALIASES, kindOf);
  expect(found?.isTelling).toBe(true);
  expect(found?.format).toContain('rt=${request_time} uct="${upstream_connect_time}"');
});

test.each([
  ["fewer keys", `${HEAD} rt=0.012`],
  ["a value nobody names", `${HEAD} "-" 17 rt=0.012 uct="0.001" urt="0.011"`],
  ["a number that is none", LINE.replace("rt=0.012", "rt=0.0x2")],
  ["an address that is none", LINE.replace("192.0.2.1", "192.0.2.x")],
  ["a status that is none", LINE.replace("502 157", "5O2 157")],
])("%s: not by itself", (_, line) => {
  expect(guessNginxFormat(line, ALIASES, kindOf)?.isTelling ?? false).toBe(false);
});
