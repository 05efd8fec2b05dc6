// JSON lines as proxies write them, valid and not, and the fast walker against its slow twin.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileJson, type JsonKey } from "../../src/grammar/index.ts";
import { jsonSlow } from "./json-slow.ts";

const KEYS: readonly JsonKey[] = [
  { key: "response_code", field: "RESPONSE_CODE" },
  { key: "status", field: "RESPONSE_CODE" },
  { key: "path", field: "PATH" },
  { key: "a.b", field: "INNER" },
  { key: "a.b.c", field: "DEEP" },
  { key: "upstream", field: "UPSTREAM" },
];

function scan(line: string): Record<string, string> | string {
  const { fields, scan: match } = compileJson(KEYS, () => null);
  const bytes = Buffer.from(`  ${line}\n`, "utf8");
  const spans = new Int32Array(2 * fields.length + 1);
  const failed = match(bytes, 2, bytes.length - 1, spans);
  if (failed >= 0) return `no match at ${spans[2 * fields.length]! - 2}`;
  return Object.fromEntries(
    fields.flatMap(({ name }, at) =>
      spans[2 * at]! < 0 ? [] : [[name, bytes.toString("utf8", spans[2 * at], spans[2 * at + 1])]],
    ),
  );
}

describe("JSON lines", () => {
  it("keeps strings raw, numbers bare, and null absent", () => {
    expect(
      scan(`{"response_code":503,"path":"/a\\"b","upstream":null,"x":[1,{"path":"no"}]}`),
    ).toEqual({ RESPONSE_CODE: "503", PATH: `/a\\"b` });
  });

  it("reads nested objects by dotted keys, blanks anywhere", () => {
    expect(scan(`{ "a" : { "b" : {"c": "deep"} } , "status" : "502" }`)).toEqual({
      DEEP: "deep",
      RESPONSE_CODE: "502",
    });
  });

  it("passes over members whose keys have lost their quotes", () => {
    expect(scan(`{"a":{"x":"1",hp:"/x",hq:"?b","b":"3"},"status":5}`)).toEqual({
      INNER: "3",
      RESPONSE_CODE: "5",
    });
    expect(scan(`{"x":"1",hp-q:"/x"}`)).toBe("no match at 9");
  });

  it("takes the first of two keys for one field", () => {
    expect(scan(`{"status":1,"response_code":2}`)).toEqual({ RESPONSE_CODE: "1" });
  });

  it("reads what nginx writes though it is no JSON", () => {
    expect(scan(`{"status":009,"path":-,"upstream":,"x":1}`)).toEqual({
      RESPONSE_CODE: "009",
      PATH: "-",
      UPSTREAM: "",
    });
    expect(scan(`{"path":0.010, 0.020,"status":502, 200}`)).toEqual({
      PATH: "0.010, 0.020",
      RESPONSE_CODE: "502, 200",
    });
  });

  it("reads an object over several lines, blanks and tabs between its parts", () => {
    expect(scan(`{\n\t"status": "503",\r\n  "a": {\n "b": 1\n}\n}`)).toEqual({
      RESPONSE_CODE: "503",
      INNER: "1",
    });
  });

  it("takes a list for its first element", () => {
    expect(scan(`{"path":["/a","/b"],"a":[{"b":{"c":[7,8]}},{"b":9}],"status":[]}`)).toEqual({
      PATH: "/a",
      DEEP: "7",
    });
  });

  it("reads strings whose own quotes and backslashes nobody escaped", () => {
    expect(scan(`{"path":"/a "b", c","upstream":"x\\","status":"503"}`)).toEqual({
      PATH: `/a "b", c`,
      UPSTREAM: "x\\",
      RESPONSE_CODE: "503",
    });
    expect(scan(`{"status":"503","path":"/a "b""}`)).toEqual({
      RESPONSE_CODE: "503",
      PATH: `/a "b"`,
    });
  });

  it.each([
    `{"path":"/a,"status":"503"}`,
    `{"path":/a","status":"503"}`,
    `{"status":1`,
    `{"status"}`,
    `["status"]`,
    `{"path":"x`,
    `{"a":{"b":1}`,
    `{"status":1} tail`,
    ``,
    `{`,
  ])("refuses %s", (line) => {
    expect(scan(line)).toMatch(/^no match/);
  });

  it("agrees with its slow twin on any object, line after line", () => {
    const key = fc.constantFrom(
      "response_code",
      "status",
      "path",
      "a",
      "b",
      "c",
      "upstream",
      "other",
      "a.b",
    );
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.oneof(fc.string(), fc.constant({ path: 1 })), { maxLength: 3 }),
    );
    const object = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: "small" }, leaf, tie("node")),
      node: fc
        .uniqueArray(fc.tuple(key, tie("tree")), { selector: ([name]) => name, maxLength: 6 })
        .map((entries) => Object.fromEntries(entries) as object),
    })).node as fc.Arbitrary<Record<string, unknown>>;
    const { fields, scan: match } = compileJson(KEYS, () => null);
    const spans = new Int32Array(2 * fields.length + 1);
    fc.assert(
      fc.property(object, (value) => {
        const line = JSON.stringify(value);
        const bytes = Buffer.from(line);
        expect(match(bytes, 0, bytes.length, spans)).toBe(-1);
        const slow = jsonSlow(KEYS, line);
        for (const [at, { name }] of fields.entries()) {
          const raw =
            spans[2 * at]! < 0
              ? undefined
              : bytes.toString("utf8", spans[2 * at], spans[2 * at + 1]);
          const isString = raw !== undefined && bytes[spans[2 * at]! - 1] === 34;
          const got =
            raw === undefined ? undefined : isString ? (JSON.parse(`"${raw}"`) as string) : raw;
          expect(got).toBe(slow.get(name));
        }
      }),
      { numRuns: 400 },
    );
  });

  it("never reads outside its line", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const bytes = Buffer.concat([Buffer.from(`{"status":"`), noise]);
        const { fields, scan: match } = compileJson(KEYS, () => null);
        const spans = new Int32Array(2 * fields.length + 1);
        match(bytes, 0, bytes.length, spans);
        for (const offset of spans) expect(offset).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
