// Envoy's format strings: text, JSON, arguments, and mistakes with their carets.
import { describe, expect, test } from "vitest";
import { parseEnvoyFormat } from "../../src/grammar/envoy-format.ts";
import { brief, briefKeys } from "./brief-ast.ts";
import { caret } from "./caret.ts";

const joined = (text: string): string => brief(parseEnvoyFormat(text).items).join("");

describe("text", () => {
  test("operators, arguments, lengths, doubled percent signs", () => {
    expect(
      joined(
        '[%START_TIME(%s.%3f)%] "%REQ(:method)% %REQ(x-a?:Path):20%" 100%% %RESPONSE_CODE%%DURATION%',
      ),
    ).toBe(
      '[<START_TIME(%s.%3f)>] "<REQ(:METHOD)> <REQ(X-A?:PATH):20>" 100% <RESPONSE_CODE><DURATION>',
    );
  });

  test("an argument ends at the first ) before % or a length", () => {
    expect(joined("%CEL(size(request.headers['a']) * 2)% %DYNAMIC_METADATA(a:b)c):7%")).toBe(
      "<CEL(size(request.headers['a']) * 2)> <DYNAMIC_METADATA(a:b)c):7>",
    );
    expect(joined("%START_TIME(%Y/%m/%dT%H:%M:%S%z)%x")).toBe("<START_TIME(%Y/%m/%dT%H:%M:%S%z)>x");
    expect(joined('%COALESCE({"operators":["A"]})%')).toBe('<COALESCE({"operators":["A"]})>');
  });

  test("only header names are upper-cased", () => {
    expect(joined("%RESP(x-b)% %TRAILER(grpc-status)% %FILTER_STATE(a.b:PLAIN)%")).toBe(
      "<RESP(X-B)> <TRAILER(GRPC-STATUS)> <FILTER_STATE(a.b:PLAIN)>",
    );
  });

  test("the line end it writes is none of the line, spelled or real", () => {
    expect(joined("%RESPONSE_CODE%\n")).toBe("<RESPONSE_CODE>");
    expect(joined("%RESPONSE_CODE%\\n")).toBe("<RESPONSE_CODE>");
  });

  test("YAML's double quotes are undone", () => {
    const text = '"%PROTOCOL% \\"%REQ(:METHOD)%\\"\\n"';
    const ast = parseEnvoyFormat(text);
    expect(brief(ast.items).join("")).toBe('<PROTOCOL> "<REQ(:METHOD)>"');
    expect(ast.items[2]).toMatchObject({ offset: text.indexOf("%REQ") });
  });
});

describe("JSON", () => {
  const nested =
    '{"start":"%START_TIME%","req":{"m":"%REQ(:METHOD)% %PROTOCOL%","n":1},"l":["%DURATION%"],"dd.id":"%TRACE_ID%"}';

  test("an object of strings has the shape json and dotted keys", () => {
    const ast = parseEnvoyFormat(nested);
    expect(ast).toMatchObject({ shape: "json", escape: "json" });
    expect(briefKeys(ast)).toEqual({
      start: "<START_TIME>",
      "req.m": "<REQ(:METHOD)> <PROTOCOL>",
      "dd.id": "<TRACE_ID>",
    });
  });

  test("a text format that only looks like it stays text where the caller knows better", () => {
    const ast = parseEnvoyFormat(nested, { shape: "text" });
    expect(ast).toMatchObject({ shape: "text", escape: "none" });
    expect(brief(ast.items)[0]).toBe('{"start":"');
    expect(briefKeys(ast)).toMatchObject({ start: "<START_TIME>" });
  });

  test("bare operators are no JSON format", () => {
    const ast = parseEnvoyFormat('{"code": %RESPONSE_CODE%, "flags": "%RESPONSE_FLAGS%"}');
    expect(ast.shape).toBe("text");
    expect(briefKeys(ast)).toEqual({ code: "<RESPONSE_CODE>", flags: "<RESPONSE_FLAGS>" });
  });

  test("quotes of an argument are escaped inside a string", () => {
    expect(briefKeys(parseEnvoyFormat('{"x":"%COALESCE({\\"operators\\":[\\"A\\"]})%"}'))).toEqual({
      x: '<COALESCE({"operators":["A"]})>',
    });
  });

  test("braces alone make no object", () => {
    expect(joined("{%PROTOCOL%}")).toBe("{<PROTOCOL>}");
  });
});

test("mistakes are shown where they are", () => {
  const mistake = (text: string): string => caret(() => parseEnvoyFormat(text));
  expect(mistake("[%START_TIME%] %REQ(")).toBe(
    ["[%START_TIME%] %REQ(", "               ^ %REQ is never closed", "it must end with )%"].join(
      "\n",
    ),
  );
  expect(mistake("%START_TIME(%s.%3f")).toContain("^ %START_TIME is never closed");
  expect(mistake("%RESPONSE_CODE %DURATION%")).toBe(
    [
      "%RESPONSE_CODE %DURATION%",
      '              ^ %RESPONSE_CODE is not closed before " "',
      "it must end with %",
    ].join("\n"),
  );
  expect(mistake("%REQ%")).toContain("^ %REQ% needs a header's name");
  expect(mistake("%REQ()%")).toContain("^ %REQ needs a header's name in its parentheses");
  expect(mistake("%REQ(A?B?C)%")).toContain("one second header may follow ?, no third");
  expect(mistake("%PROTOCOL% %Duration%")).toContain("           ^ %Duration is no operator");
  expect(mistake("%PROTOCOL% 5% off")).toContain("            ^ this % begins no operator");
  expect(mistake("%COALESCE(A)%")).toContain("needs a JSON object");
  expect(mistake('{"a":"%PROTOCOL%" "b":"%DURATION%"}')).toBe(
    [
      '{"a":"%PROTOCOL%" "b":"%DURATION%"}',
      '                  ^ ""b"" has no place here in a JSON object',
    ].join("\n"),
  );
  expect(mistake("nothing 100%%")).toContain("this format has no field");
});

test("reads a YAML mapping as the object it means", () => {
  const yaml = `
    # as under json_format
    start: "%START_TIME%"
    answer:
      code: '%RESPONSE_CODE%'
      "flags": "%RESPONSE_FLAGS%"   
    path: %REQ(:PATH)%
    fixed: 7
  `;
  const { shape, keys } = parseEnvoyFormat(yaml);
  expect(shape).toBe("json");
  expect(keys.map(({ key }) => key)).toEqual(["start", "answer.code", "answer.flags", "path"]);
});
