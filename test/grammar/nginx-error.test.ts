// The scanner of nginx error lines: its fields on real, cut and hostile lines, and that it never leaves its line.
import fc from "fast-check";
import { expect, test } from "vitest";
import { nginxErrorScanner } from "../../src/grammar/nginx-error.ts";

const scanner = nginxErrorScanner();

/** The fields present, by name. */
function fieldsOf(line: string): Record<string, string> | null {
  const bytes = new Uint8Array(Buffer.from(line, "latin1"));
  const spans = new Int32Array(2 * scanner.fields.length + 1);
  if (scanner.scan(bytes, 0, bytes.length, spans) >= 0) return null;
  const out: Record<string, string> = {};
  for (const [index, { name }] of scanner.fields.entries()) {
    if (spans[2 * index]! >= 0) out[name] = line.slice(spans[2 * index]!, spans[2 * index + 1]!);
  }
  return out;
}

const HEAD = "2026/11/22 13:43:48 [error] 9#10: ";
const REQUEST = 'client: 10.1.2.3, server: shop.example, request: "GET /a HTTP/1.1"';

test("all parts of an ordinary line", () => {
  const line =
    `${HEAD}*20638423165 connect() failed (111: Connection refused) while connecting to upstream, ${REQUEST}, ` +
    'subrequest: "/auth", upstream: "http://10.0.0.1:80/a", host: "shop.example:8080", referrer: "http://x/"';
  expect(fieldsOf(line)).toEqual({
    time: "2026/11/22 13:43:48",
    level: "error",
    pid: "9",
    tid: "10",
    cid: "20638423165",
    message: "connect() failed (111: Connection refused)",
    errno: "111",
    action: "connecting to upstream",
    client: "10.1.2.3",
    server: "shop.example",
    request: "GET /a HTTP/1.1",
    subrequest: "/auth",
    upstream: "http://10.0.0.1:80/a",
    host: "shop.example:8080",
    referrer: "http://x/",
  });
});

test.each([
  "",
  "nginx: [emerg] bind() failed",
  "2026/11/22 13:43:48",
  "2026/11/22 13:43:48 [error] ",
  "Stack trace:",
  "2026-11-22 13:43:48 [error] 1#1: x",
])("no head, no match: %s", (line) => expect(fieldsOf(line)).toBeNull());

test("a line of the process has no context", () => {
  expect(
    fieldsOf("2026/11/22 13:43:48 [alert] 9#9: worker process 7 exited on signal 11 (core dumped)"),
  ).toEqual({
    time: "2026/11/22 13:43:48",
    level: "alert",
    pid: "9",
    tid: "9",
    message: "worker process 7 exited on signal 11 (core dumped)",
  });
});

test("servers without a name, and with a regular expression for one", () => {
  const server = (name: string): string | undefined =>
    fieldsOf(
      `${HEAD}*1 x while connecting to upstream, client: ::ffff:1.2.3.4, server: ${name}, request: "GET / HTTP/1.1", host: "h"`,
    )?.["server"];
  for (const name of ["", "_", "*.*.org", "~^sub\\.(?<d>.{1,3}), host$", "0.0.0.0:443"])
    expect(server(name)).toBe(name);
});

test("raw quotes in request, upstream and referrer", () => {
  const line =
    `${HEAD}*221 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: rig.example, ` +
    'request: "GET /refused/"q",upstream:"http://1.2.3.4:5/",h\xc3\xa9%22 HTTP/1.1", ' +
    'upstream: "http://127.0.0.1:21001/refused/"q",upstream:"http://1.2.3.4:5/",h\xc3\xa9%22", host: "good", referrer: "r"ef, host: "y"';
  expect(fieldsOf(line)).toMatchObject({
    request: 'GET /refused/"q",upstream:"http://1.2.3.4:5/",h\xc3\xa9%22 HTTP/1.1',
    upstream: 'http://127.0.0.1:21001/refused/"q",upstream:"http://1.2.3.4:5/",h\xc3\xa9%22',
    host: "good",
    referrer: 'r"ef, host: "y',
  });
});

test("a request that imitates what follows it", () => {
  const line = `${HEAD}*1 x while connecting to upstream, client: 1.1.1.1, server: s, request: "GET /",upstream:"http://9.9.9.9:9/"HTTP/1.1 HTTP/1.1", upstream: "http://10.0.0.1:80/", host: "h"`;
  expect(fieldsOf(line)).toMatchObject({
    request: 'GET /",upstream:"http://9.9.9.9:9/"HTTP/1.1 HTTP/1.1',
    upstream: "http://10.0.0.1:80/",
    host: "h",
  });
});

test("requests without a version, junk, and none", () => {
  expect(
    fieldsOf(
      `${HEAD}*1 x, client: 1.1.1.1, server: s, request: "GET /09", upstream: "http://10.0.0.1:80/09"`,
    ),
  ).toMatchObject({
    request: "GET /09",
    upstream: "http://10.0.0.1:80/09",
  });
  expect(
    fieldsOf(`${HEAD}*1 x, client: 1.1.1.1, server: s, request: "\x16\x03\x01"`),
  ).toMatchObject({ request: "\x16\x03\x01" });
  expect(fieldsOf(`${HEAD}*1 x, client: 1.1.1.1, server: s`)).not.toHaveProperty("request");
});

test("lines cut at 2048 bytes keep what is whole", () => {
  const whole = `${HEAD}*1 upstream timed out (110: Connection timed out) while reading response header from upstream, ${REQUEST}, upstream: "http://10.0.0.1:8080/a", host: "shop.example"`;
  for (let length = HEAD.length; length <= whole.length; length++) {
    const fields = fieldsOf(whole.slice(0, length))!;
    expect(fields).not.toBeNull();
    // Half an address is another server's.
    expect(["http://10.0.0.1:8080/", "http://10.0.0.1:8080/a", undefined]).toContain(
      fields["upstream"],
    );
    const request = fields["request"];
    if (request !== undefined) expect("GET /a HTTP/1.1".startsWith(request)).toBe(true);
  }
  expect(
    fieldsOf(
      `${HEAD}*1 x while connecting to upstream, ${REQUEST}, upstream: "http://unix:/run/ap`,
    ),
  ).not.toHaveProperty("upstream");
});

test("Kong's id, stray commas, and wide gaps", () => {
  expect(
    fieldsOf(`${HEAD}*1 x, ${REQUEST}, host: "h", referrer: "a", request_id: "0a1b"`),
  ).toMatchObject({
    referrer: "a",
    request_id: "0a1b",
  });
  expect(fieldsOf(`${HEAD}*1 x, ${REQUEST}, host: "h", kong_request_id: 0a1b`)).toMatchObject({
    host: "h",
    request_id: "0a1b",
  });
  expect(
    fieldsOf(`${HEAD}*1 x, ${REQUEST},      upstream: "http://10.0.0.1:80/", host: "h", `),
  ).toMatchObject({
    upstream: "http://10.0.0.1:80/",
    host: "h",
  });
});

test("stream, mail, resolver and syslog contexts", () => {
  expect(
    fieldsOf(
      `${HEAD}*1103 connect() failed (111: Connection refused) while connecting to upstream, client: 172.18.0.1, server: 0.0.0.0:6443, ` +
        'upstream: "172.18.0.3:6443", bytes from/to client:0/0, bytes from/to upstream:0/0',
    ),
  ).toMatchObject({ client: "172.18.0.1", server: "0.0.0.0:6443", upstream: "172.18.0.3:6443" });
  expect(
    fieldsOf(
      `${HEAD}*1 x while proxying connection, udp client: 1.1.1.1, server: 0.0.0.0:53, upstream: "10.0.0.1:53"`,
    ),
  ).toMatchObject({
    client: "1.1.1.1",
    action: "proxying connection",
    upstream: "10.0.0.1:53",
  });
  expect(
    fieldsOf(
      `${HEAD}*1 x while reading response from upstream, client: 1.1.1.1 using starttls, server: 0.0.0.0:993, login: "a, b", upstream: 10.0.0.1:143`,
    ),
  ).toMatchObject({ client: "1.1.1.1", server: "0.0.0.0:993", upstream: "10.0.0.1:143" });
  expect(
    fieldsOf(
      `${HEAD}recv() failed (111: Connection refused) while resolving, resolver: 127.0.0.1:53`,
    ),
  ).toMatchObject({
    message: "recv() failed (111: Connection refused)",
    action: "resolving",
    errno: "111",
  });
  expect(
    fieldsOf(
      `${HEAD}send() failed (111: Connection refused) while logging to syslog, server: 10.0.0.9`,
    ),
  ).toMatchObject({
    action: "logging to syslog",
  });
});

test("a message may hold newlines and the word while", () => {
  expect(
    fieldsOf(
      `${HEAD}*1 FastCGI sent in stderr: "PHP message: Error while\nStack trace:\n#0 {main}" while reading response header from upstream, ${REQUEST}`,
    ),
  ).toMatchObject({
    message: 'FastCGI sent in stderr: "PHP message: Error while\nStack trace:\n#0 {main}"',
    action: "reading response header from upstream",
  });
  expect(fieldsOf(`${HEAD}*1 [lua] "while x", ${REQUEST}`)).not.toHaveProperty("action");
});

const pieces = fc.constantFrom(
  HEAD,
  "*1 ",
  " while ",
  ", client: ",
  "1.1.1.1",
  ", server: ",
  ', request: "',
  "GET / HTTP/1.1",
  '"',
  ', upstream: "',
  "http://",
  "unix:/a",
  ', host: "',
  ', referrer: "',
  ', request_id: "',
  ", ",
  ":",
  "(111: ",
  ")",
  "\n",
  ", udp client: ",
  ' HTTP/1.1"',
  "bytes from/to ",
  ", upstream: ",
);

test("property: it never throws, and what stands around the line makes no difference", () => {
  const text = fc.oneof(
    fc
      .array(fc.oneof(pieces, fc.string({ maxLength: 6 })), { maxLength: 24 })
      .map((parts) => parts.join("")),
    fc.array(pieces, { maxLength: 24 }).map((parts) => HEAD + parts.join("")),
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(0, 34, 44, 48, 58, 10), (line, around) => {
      const inner = Buffer.from(line, "latin1");
      const alone = new Int32Array(2 * scanner.fields.length + 1);
      const within = new Int32Array(2 * scanner.fields.length + 1);
      const answer = scanner.scan(new Uint8Array(inner), 0, inner.length, alone);
      const wide = new Uint8Array(inner.length + 64).fill(around);
      wide.set(inner, 32);
      expect(scanner.scan(wide, 32, 32 + inner.length, within)).toBe(answer);
      for (let k = 0; k < 2 * scanner.fields.length; k++) {
        expect(within[k]! < 0 ? -1 : within[k]! - 32).toBe(alone[k]! < 0 ? -1 : alone[k]!);
        if (alone[k]! >= 0) expect(alone[k]!).toBeLessThanOrEqual(inner.length);
        if (k % 2 === 1 && alone[k]! >= 0) expect(alone[k]!).toBeGreaterThanOrEqual(alone[k - 1]!);
      }
    }),
    { numRuns: 3000 },
  );
});
