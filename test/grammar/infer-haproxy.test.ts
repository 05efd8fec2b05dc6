// Guessing a log-format: what is told by place and shape, what stays unknown, and what is nobody's.
import fc from "fast-check";
import { expect, test } from "vitest";
import { inferHaproxyFormat, inferKeyedFormat } from "../../src/grammar/index.ts";

const HTTPLOG =
  '10.0.0.1:41122 [22/Nov/2026:13:47:09.707] fe~ be/s1 0/0/1/-1/3004 504 198 - - sH-- 5/4/3/2/0 0/0 {shop.example|} {} "GET /x HTTP/1.1"';
const FORMAT =
  "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";

test.each([
  ["httplog", HTTPLOG, FORMAT],
  ["captures may be missing elsewhere", HTTPLOG.replace("{shop.example|} {} ", ""), FORMAT],
  ["a tail", `${HTTPLOG} id=7 0/0`, `${FORMAT} %[rest]`],
  ["cookies left out", HTTPLOG.replace(" - - ", " "), FORMAT.replace("%CC %CS ", "")],
  [
    "a column more",
    HTTPLOG.replace(" 0/0/1", " lb1 0/0/1"),
    FORMAT.replace("%TR/", "%[why502_1] %TR/"),
  ],
  ["no frontend", HTTPLOG.replace("fe~ ", ""), FORMAT.replace("%ft ", "")],
  [
    "the request first",
    `"GET /x HTTP/1.1" ${HTTPLOG.replace(/ \{shop.*/, "")}`,
    `%{+Q}r ${FORMAT.replace(" %hr %hs %{+Q}r", "")}`,
  ],
  ["all names joined", HTTPLOG.replace("fe~ be/", "fe~/be/"), FORMAT.replace("%ft %b/", "%ft/%b/")],
  [
    "TCP with something behind",
    "10.0.0.1:41122 [22/Nov/2026:13:47:09.707] fe be/s1 1/-1/1503 0 SC 1/1/0/0/3 0/0 10.0.0.9:443",
    "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq %[why502_1]",
  ],
  [
    "connections and queues in one, before the timers, and an epoch's time",
    '[1394817291.250] 10/5/2/0/3/0/0 48/0/0/624/672 ---- 1.10.2.10:35701 10.151.122.228:443 - - "GET /v1/ HTTP/1.0" 404 be:s1 size=787',
    "[%Ts.%ms] %ac/%fc/%bc/%sc/%rc/%sq/%bq %TR/%Tw/%Tc/%Tr/%Ta %tsc %ci:%cp %[why502_1] %[why502_2] %[why502_3] %hr %hs %{+Q}r %ST %[rest]",
  ],
  [
    "seven timers: the last one covers the others",
    HTTPLOG.replace("0/0/1/-1/3004", "3/9/0/0/1/-1/3004"),
    FORMAT.replace(
      "%TR/%Tw/%Tc/%Tr/%Ta",
      "%[why502_timer_1]/%[why502_timer_2]/%[why502_timer_3]/%[why502_timer_4]/%[why502_timer_5]/%[why502_timer_6]/%Ta",
    ),
  ],
  [
    "quotes escaped by a relay",
    HTTPLOG.replaceAll('"', '\\"'),
    `'${FORMAT.replace("%{+Q}r", String.raw`\"%r\"`)}'`,
  ],
])("%s", (_, line, format) => {
  if (format !== null) expect(inferHaproxyFormat(line)).toBe(format);
  else expect(inferHaproxyFormat(line)).toContain("%tsc");
});

test("values behind keys", () => {
  const aliases = {
    frontend: "f",
    backend: "b",
    server: "s",
    src: "ci",
    status: "ST",
    bytes_out: "B",
    method: "HM",
    path: "HP",
  };
  expect(
    inferKeyedFormat(
      '25/Nov/2026:22:53:38.123 1234 frontend=fe backend=be server=s1 src=10.0.0.1:3333 timers=0/0/1/-1/30001 status=504 bytes_out=198 flags=sH-- connections=1/1/1/1 method=GET path="/x y" else=1',
      aliases,
    ),
  ).toBe(
    '%t %[why502_1] frontend=%f backend=%b server=%s src=%ci:%cp timers=%TR/%Tw/%Tc/%Tr/%Ta status=%ST bytes_out=%B flags=%tsc connections=%[why502_2] method=%HM path="%HP" else=%[why502_3]',
  );
  expect(inferKeyedFormat("time=1 status=504 upstream=10.0.0.1:80 path=/x", aliases)).toBeNull();
  expect(inferKeyedFormat("", aliases)).toBeNull();
});

test("a date in front of the date", () => {
  expect(inferHaproxyFormat(`[22/Nov/2026:13:47:09 +0000] ${HTTPLOG}`)).toBe(
    `[%[why502_text_1]] ${FORMAT}`,
  );
});

test("what no HAProxy wrote is not guessed at", () => {
  for (const line of [
    '10.0.0.1 - - [22/Nov/2026:13:46:25 +0000] "GET / HTTP/1.1" 502 12 "-" "curl/8"',
    "2026/11/22 13:43:48 [error] 7#7: *1 connect() failed (111: Connection refused)",
    "Nov 22 13:50:55 host kernel: CD 1/2/3 something",
    "PR -- 1 2 3",
    "",
  ])
    expect(inferHaproxyFormat(line)).toBeNull();
});

test("whatever the bytes, a guess is made or not, and quickly", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (line) => {
      const format = inferHaproxyFormat(`${line} 1/2/3 CD 4 [{"${line}`);
      expect(format === null || format.includes("%ts")).toBe(true);
    }),
  );
  expect(inferHaproxyFormat('{ "'.repeat(50_000))).toBeNull();
});
