// nginx's times without keys, told apart by the lines around one.
import { expect, test } from "vitest";
import { guessNginxFormat } from "../../src/grammar/index.ts";

const HEAD = '192.0.2.3 - - [22/Nov/2026:13:43:48 +0000] "GET /x HTTP/1.1" 200 5';

/** The variables behind the head of a guess at the first of these tails. */
function behind(...tails: readonly string[]): string {
  const lines = tails.map((tail) => `${HEAD} ${tail}`);
  const guess = guessNginxFormat(
    lines[0]!,
    {},
    () => null,
    () => lines,
  );
  return guess!.format.slice(guess!.format.indexOf("${body_bytes_sent} ") + 19);
}

test.each([
  ["a number is the request's", ["0.010"], "${request_time}"],
  ["a dash elsewhere is an upstream's", ["0.010", "-"], "${upstream_response_time}"],
  ["so is a list elsewhere", ["0.010", "0.010, 0.020"], "${upstream_response_time}"],
  [
    "the longer is the request's",
    ["0.010 0.010", "0.020 0.010"],
    "${request_time} ${upstream_response_time}",
  ],
  [
    "wherever it stands",
    ["0.010 0.010", "0.010 0.020"],
    "${upstream_response_time} ${request_time}",
  ],
  [
    "equal ones stand as nearly everybody writes them",
    ["0.010 0.010"],
    "${request_time} ${upstream_response_time}",
  ],
  ["lines that disagree tell nothing", ["0.010 0.020", "0.020 0.010"], "${why502_2} ${why502_3}"],
  ["of three the first", ["0.020 0.001 0.010"], "${request_time} ${why502_2} ${why502_3}"],
  [
    "of four all, where they rise",
    ["0.020 0.001 0.010 0.019"],
    "${request_time} ${upstream_connect_time} ${upstream_header_time} ${upstream_response_time}",
  ],
  ["a date is no time", ["1795355028.658"], "${msec}"],
])("%s", (_, tails, variables) => {
  expect(behind(...tails)).toBe(variables);
});

test("a key further on keeps its variable", () => {
  const line = `${HEAD} 0.010 rt=0.020`;
  const guess = guessNginxFormat(line, { rt: "request_time" }, () => null);
  expect(guess!.format).toContain("${body_bytes_sent} ${why502_2} rt=${request_time}");
});
