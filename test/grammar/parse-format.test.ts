// Whose language a format string is.
import { describe, expect, test } from "vitest";
import { languageOf, parseFormat } from "../../src/grammar/parse-format.ts";
import { caret } from "./caret.ts";

describe("whose language a string is", () => {
  test.each([
    ["$status", "nginx"],
    ["${status}%", "nginx"],
    ['{"st":"$status","p":"100%"}', "nginx"],
    ["log_format x '%ci';", "nginx"],
    ["%ci:%cp [%t]", "haproxy"],
    ["%ST %B %CC %CS %HPO", "haproxy"],
    ["%[capture.req.hdr(0)] $x", "haproxy"],
    ["%{+Q}r", "haproxy"],
    ["%{+json}o %(status)ST", "haproxy"],
    ['{"st":%ST}', "haproxy"],
    ["${HAPROXY_HTTP_LOG_FMT} tail", "haproxy"],
    ['log-format "x"', "haproxy"],
    ["option httplog", "haproxy"],
    ["%ci %STATUS", "haproxy"],
    ["[%START_TIME%]", "envoy"],
    ["%START_TIME(%s.%3f)% $x", "envoy"],
    ['{"st":"%RESPONSE_CODE%"}', "envoy"],
    ["%REQ(", "envoy"],
    ["100%% %DURATION%", "envoy"],
    ["ACCESS %PROTOCOL%", "envoy"],
    ["combined", null],
    ["100%%", null],
    ["", null],
  ] as const)("%s is %s", (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
});

test("a given language is not guessed", () => {
  expect(parseFormat("$status %ci", "haproxy").language).toBe("haproxy");
  expect(parseFormat('{"a":"%PROTOCOL%"}', null, "text").shape).toBe("text");
  expect(parseFormat('{"a":"%PROTOCOL%"}').shape).toBe("json");
});

test("named formats of HAProxy are handed on", () => {
  const names = new Map([["option tcplog", "%ci"]]);
  expect(parseFormat("option tcplog", null, undefined, names).items).toHaveLength(1);
});

test("a text without any field says so in one sentence", () => {
  expect(caret(() => parseFormat("access.log"))).toBe(
    [
      "access.log",
      "^ this format has no field",
      "fields are written $status (nginx), %ST (HAProxy) or %RESPONSE_CODE% (Envoy)",
    ].join("\n"),
  );
});

describe("what a configuration spells as a control character", () => {
  test.each(["$status\\t$msec", "%ST\\t%Tt", "%RESPONSE_CODE%\\t%DURATION%\\n"])(
    "%s is separated by a tab",
    (text) => {
      expect(parseFormat(text).items.filter(({ kind }) => kind === "text")).toEqual([
        { kind: "text", text: "\t" },
      ]);
    },
  );

  test("is left to JSON's own reader inside an object", () => {
    const { keys } = parseFormat('{"a":"%PROTOCOL%\\t%DURATION%"}');
    expect(keys[0]!.items).toHaveLength(3);
  });

  test("keeps carets where they belong", () => {
    expect(caret(() => parseFormat("%ST\\t\\t%{zz", "haproxy"))).toContain("\n         ^");
  });
});

describe("records over several lines", () => {
  const object = '{\n  "code": "%RESPONSE_CODE%",\n  "took": "%DURATION%"\n}\n';

  test("are read where they are objects, even as the text that Envoy takes them for", () => {
    expect(parseFormat(object, "envoy", "text")).toMatchObject({ shape: "json" });
    expect(parseFormat(object).keys.map(({ key }) => key)).toEqual(["code", "took"]);
  });

  test.each(["$status\n$msec", "$status $msec \\n$uri", "%ST\\n%Tt", "%DURATION%\\n%PROTOCOL%"])(
    "are refused as any other text: %j",
    (text) => {
      expect(caret(() => parseFormat(text))).toContain(
        "^ this format writes a record over several",
      );
    },
  );

  test("a break at the end is no second line", () => {
    for (const text of ["$status\n", "%ST\\n", "%DURATION%\\n", "\n$status $msec\n"]) {
      expect(parseFormat(text).shape).toBe("text");
    }
  });
});
