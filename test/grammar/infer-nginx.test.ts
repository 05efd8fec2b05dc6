// When one line alone is enough to believe a guessed log_format, and that a damaged one never is.
import { expect, test } from "vitest";
import { guessNginxFormat, type FieldKind } from "../../src/grammar/index.ts";

const ALIASES = {
  client: "remote_addr",
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

const formatOf = (line: string): string | undefined =>
  guessNginxFormat(
    line,
    {
      ...ALIASES,
      status: "status",
      request_time: "request_time",
      upstream_response_time: "upstream_response_time",
    },
    kindOf,
  )?.format;

test.each([
  [
    "what an arrow points to",
    '192.0.2.1 -> 192.0.2.2:80, 192.0.2.3 [2026-03-04T07:08:09+02:00] "POST /a HTTP/1.1" 502 166',
    "${remote_addr} ${why502_1} ${upstream_addr} [${time_iso8601}]",
  ],
  [
    "words that name what follows",
    `${HEAD} to: 192.0.2.9:8080: upstream_response_time 0.003 msec 1664915739.787 request_time 0.004`,
    "to: ${upstream_addr}: upstream_response_time ${upstream_response_time} msec ${msec} request_time ${request_time}",
  ],
  [
    "quoted values are no referers by their place alone",
    '192.0.2.1 [04/Mar/2026:07:08:09 +0000] "GET /a HTTP/1.1" 304 0 "shop" "https://b.example/" "Mozilla/5.0 (X11)"',
    '${body_bytes_sent} "${why502_1}" "${why502_2}" "${http_user_agent}"',
  ],
  [
    "the host's own address before the client's",
    '192.0.2.1 192.0.2.7 - - [04/Mar/2026:07:08:09 +0000] "GET /a HTTP/1.1" 304 0 17',
    "${why502_1} ${remote_addr} ${why502_2}",
  ],
  [
    "a list of addresses",
    'a.example 192.0.2.1, 192.0.2.7 - - [04/Mar/2026:07:08:09 +0000] "GET /a HTTP/1.1" 304 0',
    "${host} ${http_x_forwarded_for} - ${remote_user} [${time_local}]",
  ],
  [
    "labels within brackets",
    '[22/Nov/2026:13:43:48 +0000] 200 - GET https a.example "/h" [Client 192.0.2.4] [Length 51] [Gzip -] "curl/7.68.0" "-"',
    '${status} ${why502_1} ${request_method} ${why502_2} ${why502_3} "${request_uri}" [Client ${remote_addr}] [Length ${why502_4}] [Gzip ${why502_5}] "${http_user_agent}"',
  ],
  [
    "every value quoted",
    '"2026-03-04T07:08:09+02:00","192.0.2.1","GET /a HTTP/1.1","502","157","0.012","10.0.0.1:80","502"',
    '"${time_iso8601}","${remote_addr}","${request}","${status}","${body_bytes_sent}","${why502_1}","${upstream_addr}","${upstream_status}"',
  ],
  [
    "a quoted host with its port is no server",
    `${HEAD} "-" "shop.example:8443" "10.0.0.1:80, 10.0.0.2:80" "0.012" "502"`,
    '"${http_x_forwarded_for}" "${why502_2}" "${upstream_addr}" "${why502_3}" "${why502_4}"',
  ],
  [
    "the parts of the request quoted each",
    '192.0.2.1 - [04/Mar/2026:07:08:09 +0000] "GET" "/a" "HTTP/1.1" "502" "157"',
    '"${request_method}" "${request_uri}" "${why502_2}" "${status}" "${body_bytes_sent}"',
  ],
  [
    "the host between the method and the path",
    "2026-03-04T07:08:09+02:00 192.0.2.1 GET shop.example /a 502 0.012",
    "${request_method} ${why502_1} ${request_uri} ${status} ${request_time}",
  ],
  [
    "a time without brackets, and a request within",
    "192.0.2.1 # 04/Mar/2026:07:08:09 +0000 # [GET /a HTTP/1.1] # 502",
    "${time_local} ${why502_2} [${request}] ${why502_3} ${status}",
  ],
  [
    "control signs that separate, as for Hive",
    "192.0.2.1|04/Mar/2026:07:08:09 +0000|GET /a|b HTTP/1.1|502|157|10.0.0.1:80|".replace(
      /\|(?!b)/g,
      "\x01",
    ),
    "${remote_addr}\x01${time_local}\x01${request}\x01${status}\x01${body_bytes_sent}\x01${upstream_addr}\x01",
  ],
  [
    "few labels",
    "time:04/Mar/2026:07:08:09 +0000\tclient:192.0.2.1\tstatus:502",
    "time:${time_local}\tclient:${remote_addr}\tstatus:${status}",
  ],
  [
    "a time is no address",
    '10:43:45 192.0.2.1 [04/Mar/2026:07:08:09 +0000] "GET /a HTTP/1.1" 304 0',
    "${why502_1} ${remote_addr}",
  ],
  [
    "a status before the method",
    "[2026-03-04T07:08:09+02:00] - a.example - 192.0.2.1 - 200 - - - GET - HTTP/2.0 - 1234",
    "${remote_addr} ${why502_4} ${status}",
  ],
])("%s", (_, line, part) => {
  expect(formatOf(line)).toContain(part);
});

test("of two statuses before the method, the last", () => {
  expect(
    formatOf('[22/Nov/2026:13:43:48 +0000] - 404 200 - GET http a.example "/h" [Client 192.0.2.4]'),
  ).toContain("${why502_1} ${why502_2} ${status}");
});

test("of two numbers either of which could be the status, none is", () => {
  expect(formatOf("[2026-03-04T07:08:09+02:00] 192.0.2.1 443 GET /a HTTP/2.0 502")).toContain(
    "${remote_addr} ${why502_1} ${request_method} ${request_uri} ${why502_2} ${status}",
  );
});

test.each([
  ["[0.012]", "[${why502_2}]"],
  ["[[0.012]]", "[${why502_2}]]"],
  ["[10.0.0.2:8080] [502]", "[${upstream_addr}] [${upstream_status}]"],
  [
    "[rt=0.012, urt=0.011][us=502]x",
    "[rt=${request_time}, urt=${upstream_response_time}][us=${upstream_status}]${why502_2}",
  ],
  ["[rt: 0.012] [by: api two]", "[rt: ${request_time}] [${why502_text_2}]"],
  ["rt: 0.012, urt: 0.011,", "rt: ${request_time}, urt: ${upstream_response_time},"],
  ["rt=0.012 |; ", "rt=${request_time} |; "],
])("what ends a line belongs to its last value or behind it: %s", (tail, format) => {
  expect(formatOf(`${HEAD} ${tail}`)?.split('http_user_agent}" ')[1]).toBe(format);
});

test("whatever the bytes, a guess is made or not, and quickly", () => {
  const signs = [
    "[rt=",
    "]",
    "[",
    '"',
    " ",
    ",",
    ", ",
    ":",
    "|",
    ";",
    "x",
    "1",
    "502",
    "us: ",
    "\\",
  ];
  let seed = 7;
  const next = (): string => signs[(seed = (seed * 1103515245 + 12345) % 2 ** 31) % signs.length]!;
  for (let round = 0; round < 2000; round++) {
    const line = `${HEAD} ${Array.from({ length: 12 }, next).join("")}`;
    expect(formatOf(line)).toEqual(expect.any(String));
  }
});
