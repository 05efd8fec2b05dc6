// Lines without a head in nginx error logs: what continues a message, and what was damaged.
import { expect, test } from "vitest";
import { readBytes, type FileBooks } from "../conformance/files.ts";

const HEAD = "2026/11/22 13:43:48 [error] 9#9: *7 ";
const CONTEXT =
  'client: 127.0.0.1, server: s, request: "GET /a HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "h"';
const PHP = [
  `${HEAD}FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Exception: no in /srv/app/index.php:3`,
  "Stack trace:",
  "#0 /srv/app/index.php(12): main()",
  "#1 {main}",
  `  thrown in /srv/app/index.php on line 3" while reading response header from upstream, ${CONTEXT}`,
];
const LUA = [
  `${HEAD}failed to run balancer_by_lua*: /srv/lua/balancer.lua:99: attempt to index local 'checker' (a nil value)`,
  "stack traceback:",
  "\tbalancer_by_lua:2: in main chunk",
  `        balancer_by_lua:2: in main chunk while connecting to upstream, ${CONTEXT}`,
];
const REFUSED = `${HEAD}connect() failed (111: Connection refused) while connecting to upstream, ${CONTEXT}`;
const ACCESS =
  '127.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl/8.5.0"';

function books(...lines: readonly string[]): Promise<FileBooks> {
  return readBytes(Buffer.from(lines.map((line) => `${line}\n`).join("")));
}

test.each([
  ["PHP's stderr", PHP],
  ["a Lua traceback", LUA],
])("%s belongs to the line before", async (_, lines) => {
  expect(await books(...lines, REFUSED)).toMatchObject({ records: lines.length + 1, misses: 0 });
  // The same between access lines, as containers write them.
  expect(await books(ACCESS, ...lines, ACCESS, REFUSED)).toMatchObject({
    records: lines.length + 3,
    misses: 0,
  });
});

test("in a file of nothing but error lines whatever has no head continues a message", async () => {
  expect(await books(REFUSED, "SELECT * FROM t", "WHERE a = 1", REFUSED)).toMatchObject({
    records: 4,
    misses: 0,
  });
  expect(await books(REFUSED, ACCESS, "SELECT * FROM t")).toMatchObject({ records: 2, misses: 1 });
  expect(await books(ACCESS, ACCESS, "SELECT * FROM t")).toMatchObject({ records: 2, misses: 1 });
});

test("a damaged head is a miss, not a continuation", async () => {
  const damaged = REFUSED.replace("2026/11/22", "2026-11/22");
  expect(await books(REFUSED, damaged)).toMatchObject({ records: 1, misses: 1 });
  expect(await books(REFUSED, REFUSED.slice(15))).toMatchObject({ records: 1, misses: 1 });
});

test("access lines that come late are requests all the same", async () => {
  const errors = Array.from({ length: 500 }, () => REFUSED);
  const { formats, misses } = await books(...errors, ACCESS, ACCESS);
  expect(misses).toBe(0);
  expect(formats).toContain("nginx combined");
});

test("without an error log nothing is a continuation", async () => {
  expect(await books(ACCESS, "Stack trace:", "\tat main", ACCESS)).toMatchObject({ misses: 2 });
});
