// A HAProxy line with one field damaged is a miss that names the field, and a line that was cut is never read as another.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileText } from "../../src/grammar/index.ts";
import { catalogue, describeAmong } from "../conformance/describer.ts";

const LINES: Readonly<Record<string, string>> = {
  "haproxy httplog":
    '10.0.0.1:41122 [22/Nov/2026:13:47:09.707] fe~ be/s1 10/20/30/40/100 504 198 c=1 d=2 sHVN 5/4/3/2/1 6/7 {shop.example|} {x} "GET /x HTTP/1.1"',
  "haproxy httpslog":
    '10.0.0.1:41122 [22/Nov/2026:13:47:09.707] fe~ be/s1 10/20/30/40/100 504 198 - - sH-- 5/4/3/2/1 6/7 {shop.example|} {x} "GET /x HTTP/1.1" 0/0000000000000000/0/0/1 a.example/TLSv1.3/TLS_AES_128_GCM_SHA256',
  "haproxy tcplog":
    "10.0.0.1:41122 [22/Nov/2026:13:47:09.707] fe be/s1 10/20/1503 90 SC 5/4/3/2/1 6/7",
  "haproxy clf httplog":
    '10.0.0.1 - - [22/Nov/2026:13:46:25 +0000] "GET /x HTTP/1.1" 502 209 "" "" 49280 491 "fe~" "be" "s1" 10 20 30 -1 103 SH-- 5 4 3 2 1 6 7 "" "" "shop.example" ""',
  "haproxy clf tcplog":
    '10.0.0.1 - - [22/Nov/2026:13:46:25 +0000] "TCP " 000 90 "" "" 49280 491 "fetcp" "tcpbe" "r1" 10 20 -1 1505 44 SC-- 5 4 3 2 1 6 7 "" "" ',
  "haproxy connection error":
    "10.0.0.1:39032 [22/Nov/2026:13:46:25.597] fessl/1: Connection closed during SSL handshake",
  "haproxy error-log-format":
    "10.0.0.1:41122 [22/Nov/2026:13:46:25.597] fe~ 12/13 30/0A00009C/1/2/0 -/TLSv1.3/-",
};
const SHAPED = new Set(["int", "haproxy-time", "clf-time"]);
const STATES = new Set(["ts", "tsc"]);

describe.each(Object.entries(LINES))("%s", (name, line) => {
  const { how } = catalogue.listed.find((listed) => listed.name === name)!.recipe();
  if (how.kind !== "text") throw new Error(`${name} is no text format`);
  const { fields, scan } = compileText(how.plan);
  const spans = new Int32Array(2 * fields.length + 1);
  const bytes = Buffer.from(line);
  scan(bytes, 0, bytes.length, spans);
  const places = fields.map((field, at) => ({
    ...field,
    start: spans[2 * at]!,
    end: spans[2 * at + 1]!,
  }));

  test("the line itself is read", () => {
    expect(describeAmong(line, name).format).toBe(name);
  });

  test("a wrong byte in a number, a date or a state", () => {
    const shaped = places.filter(({ name: field, kind }) => SHAPED.has(kind) || STATES.has(field));
    fc.assert(
      fc.property(
        fc.constantFrom(...shaped),
        fc.nat(40),
        fc.constantFrom("x", "?", '"', "#"),
        ({ name: field, start, end }, at, wrong) => {
          const place = start + (at % (end - start));
          const told = describeAmong(line.slice(0, place) + wrong + line.slice(place + 1), name);
          expect(told.format).toBeNull();
          expect(told.miss?.field).toBe(field);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("names and states do not vanish", () => {
    for (const { name: field, kind, start, end } of places) {
      if (kind !== "word" || !["ft", "b", "f", "ts", "tsc"].includes(field)) continue;
      const told = describeAmong(line.slice(0, start) + line.slice(end), name);
      expect([field, told.format, told.miss?.field]).toEqual([field, null, field]);
    }
  });

  test("a cut line is a miss, up to its last field", () => {
    const last = Math.max(...places.map(({ start }) => start));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: last - 1 }), (at) => {
        const told = describeAmong(line.slice(0, at), name);
        // What HAProxy writes after the request may be missing as a whole, and the front of a CLF line is common log.
        const isWhole = told.record?.time === describeAmong(line, name).record?.time;
        expect(told.format === null || told.proxy !== "haproxy" || isWhole).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
