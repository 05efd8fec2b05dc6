// The join of nginx's two logs, on the lines of a real nginx under a hundred faults, whose connections tell the truth.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REASONS } from "../../src/record/index.ts";
import { applyJoin } from "../../src/summary/apply-join.ts";
import { COMBINED, EXTENDED, INGRESS, KV, rigLines } from "../record/nginx/rig.ts";
import { judge, type AccessLine, type Judged } from "./join-pairs.ts";

const connectionOf = (line: string): number => Number(/ c=(\d+)/.exec(line)![1]);
const kv = rigLines("kv.log").map(({ line }) => ({ text: line, connection: connectionOf(line) }));
/** As Debian's nginx writes it, without what is below `error`, and as the rig did. */
const everyError = rigLines("error.log")
  .map(({ line }) => line)
  .filter((line) => /^\d{4}\//.test(line));
const errors = everyError.filter((line) => !/\[(?:info|notice|warn)\]/.test(line));

/** The same requests in another format: their order is the same. */
function inFormat(name: string): AccessLine[] {
  const path = new URL(`../record/nginx/${name}.log`, import.meta.url);
  const lines = readFileSync(path, "latin1").split("\n");
  const own = lines.filter((line) => line !== "" && !line.startsWith("#### "));
  expect(own.length).toBe(kv.length);
  return own.map((text, at) => ({ text, connection: kv[at]!.connection }));
}

function share({ right, explainable }: Judged): number {
  expect(explainable).toBeGreaterThan(70);
  return right / explainable;
}

test.each([
  ["at level error", errors],
  ["at level info", everyError],
])("with $connection, %s", (_, lines) => {
  const judged = judge(kv, KV, lines, true);
  expect(judged.wrong).toEqual([]);
  expect(share(judged)).toBeGreaterThanOrEqual(0.95);
  expect(judged.result.ambiguous).toBe(0);
});

const MAIN = `${COMBINED} "$http_x_forwarded_for"`;

test.each([
  ["kv, its connections unread", kv, KV],
  ["combined", inFormat("combined"), COMBINED],
  ["main", inFormat("main"), MAIN],
  ["ingress", inFormat("ing"), INGRESS],
] as const)("without $connection: %s", (_, access, format) => {
  for (const lines of [errors, everyError]) {
    const judged = judge(access, format, lines, false);
    expect(judged.wrong).toEqual([]);
    expect(share(judged)).toBeGreaterThanOrEqual(0.9);
  }
});

const HEAD = '127.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET /x HTTP/1.1"';

function combined(second: number, status: number, client = "10.1.1.1", path = "/x"): string {
  const time = `22/Nov/2026:13:43:${String(second).padStart(2, "0")} +0000`;
  return `${client} - - [${time}] "GET ${path} HTTP/1.1" ${status} 157 "-" "-"`;
}

const REFUSED = "connect() failed (111: Connection refused) while connecting to upstream";
const TIMEOUT =
  "upstream timed out (110: Connection timed out) while reading response header from upstream";
const NOBODY = "no live upstreams while connecting to upstream";

function error(
  second: number,
  connection: number,
  message: string,
  peer = "10.0.0.1:80",
  more: { readonly client?: string; readonly path?: string; readonly subrequest?: string } = {},
): string {
  const { client = "10.1.1.1", path = "/x", subrequest } = more;
  const sub = subrequest === undefined ? "" : `, subrequest: "${subrequest}"`;
  return (
    `2026/11/22 13:43:${String(second).padStart(2, "0")} [error] 9#9: *${connection} ${message}, client: ${client}, ` +
    `server: s, request: "GET ${path} HTTP/1.1"${sub}, upstream: "http://${peer}/x", host: "h"`
  );
}

/** Every failure after the join: `visible+masked reason peer status`. */
function after(access: readonly string[], lines: readonly string[], format = COMBINED): string[] {
  const unknown = access.map((text) => ({ text, connection: -1 }));
  const { cells } = judge(unknown, format, lines, true);
  const rows = applyJoin(cells, true).failures.rows();
  return rows
    .map(
      ({ upstream, reason, status, visible, masked }) =>
        `${visible}+${masked} ${REASONS[reason]!} ${cells.upstreams.name(upstream).peer ?? cells.upstreams.name(upstream).pool ?? "-"} ${status}`,
    )
    .sort();
}

test("a combined line and its error line give reason and peer", () => {
  expect(after([combined(9, 502)], [error(9, 1, REFUSED)])).toEqual([
    "1+0 connect-refused 10.0.0.1:80 502",
  ]);
});

test("attempts of one connection are one request's; the last one is blamed", () => {
  const lines = [error(3, 7, TIMEOUT, "10.0.0.1:80"), error(9, 7, TIMEOUT, "10.0.0.2:80")];
  expect(after([combined(9, 504)], lines)).toEqual(["1+0 response-timeout 10.0.0.2:80 504"]);
});

test("nobody left is not blamed where a failure led to it", () => {
  const lines = [error(9, 7, TIMEOUT), error(9, 7, NOBODY, "app")];
  expect(after([combined(9, 502)], lines)).toEqual(["1+0 response-timeout 10.0.0.1:80 502"]);
  expect(after([combined(9, 502)], [error(9, 8, NOBODY, "app")])).toEqual([
    "1+0 no-upstream app 502",
  ]);
});

test("a status tells apart what time cannot", () => {
  const lines = [error(9, 1, REFUSED, "10.0.0.1:80"), error(9, 2, TIMEOUT, "10.0.0.2:80")];
  expect(after([combined(9, 504), combined(9, 502)], lines)).toEqual([
    "1+0 connect-refused 10.0.0.1:80 502",
    "1+0 response-timeout 10.0.0.2:80 504",
  ]);
});

test("what cannot be told apart is matched by count and called ambiguous", () => {
  const lines = [error(9, 1, REFUSED, "10.0.0.1:80"), error(9, 2, REFUSED, "10.0.0.2:80")];
  const access = [combined(9, 502), combined(9, 502)];
  expect(after(access, lines)).toEqual([
    "1+0 connect-refused 10.0.0.1:80 502",
    "1+0 connect-refused 10.0.0.2:80 502",
  ]);
  const judged = judge(
    access.map((text) => ({ text, connection: -1 })),
    COMBINED,
    lines,
    true,
  );
  expect(judged.result).toMatchObject({ joined: 0, ambiguous: 2, orphanErrors: 0 });
});

test("one kept-alive connection with many requests: a line each", () => {
  const seconds = [1, 2, 3, 3, 3, 4];
  const lines = seconds.map((second) => error(second, 5, REFUSED));
  expect(
    after(
      seconds.map((second) => combined(second, 502)),
      lines,
    ),
  ).toEqual([
    "1+0 connect-refused 10.0.0.1:80 502",
    "1+0 connect-refused 10.0.0.1:80 502",
    "1+0 connect-refused 10.0.0.1:80 502",
    "3+0 connect-refused 10.0.0.1:80 502",
  ]);
});

test("lines of another client, another path or another time are nobody's", () => {
  const lines = [
    error(9, 1, REFUSED, "10.0.0.1:80", { client: "10.9.9.9" }),
    error(9, 2, REFUSED, "10.0.0.1:80", { path: "/y" }),
    error(30, 3, REFUSED),
  ];
  expect(after([combined(9, 502)], lines)).toEqual([
    "0+1 connect-refused 10.0.0.1:80 0",
    "0+2 connect-refused 10.0.0.1:80 0",
    "1+0 unknown-failure - 502",
  ]);
});

test("a failed attempt behind a good answer stays hidden", () => {
  expect(after([combined(9, 200)], [error(9, 1, REFUSED)])).toEqual([
    "0+1 connect-refused 10.0.0.1:80 0",
  ]);
});

test("a 500 is a failure where an error line says that nginx made it", () => {
  const full = "1024 worker_connections are not enough while connecting to upstream";
  expect(after([combined(9, 500)], [error(9, 1, full)])).toEqual(["1+0 overflow 10.0.0.1:80 500"]);
  expect(after([combined(9, 500)], [])).toEqual([]);
  const auth = error(9, 1, REFUSED, "10.0.0.9:80", { subrequest: "/auth" });
  expect(after([combined(9, 500)], [auth])).toEqual(["1+0 connect-refused 10.0.0.9:80 500"]);
});

test("clients that left are counted once, by the access log", () => {
  const gone =
    "epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while " +
    "reading response header from upstream";
  expect(after([combined(9, 499)], [error(9, 1, gone)])).toEqual(["1+0 client-abort - 499"]);
});

test("every failed attempt of a rescued request is a hidden failure of its own peer", () => {
  const tail = 'rt=0.010 ua="10.0.0.1:80, 10.0.0.2:80, 10.0.0.3:80" us="502, 504, 200" ';
  const times = 'uct="-, 0.000, 0.000" uht="-, -, 0.001" urt="0.000, 1.000, 0.001" c=7';
  const line = `${HEAD.replace("127.0.0.1", "10.1.1.1")} 200 5 "-" "-" "-" "h" ${tail}${times}`;
  expect(after([line], [], EXTENDED)).toEqual([
    "0+1 connect-failed 10.0.0.1:80 200",
    "0+1 response-timeout 10.0.0.2:80 200",
  ]);
  const told = [error(48, 7, REFUSED), error(48, 7, TIMEOUT, "10.0.0.2:80")];
  expect(after([line], told, EXTENDED)).toEqual([
    "0+1 connect-refused 10.0.0.1:80 200",
    "0+1 response-timeout 10.0.0.2:80 200",
  ]);
});

test("method and URI in fields of their own join too", () => {
  const format =
    '{"t":"$time_iso8601","c":"$remote_addr","m":"$request_method","u":"$request_uri","s":"$status"}';
  const line = '{"t":"2026-11-22T13:43:09+00:00","c":"10.1.1.1","m":"GET","u":"/x","s":"502"}';
  expect(after([line], [error(9, 1, REFUSED)], format)).toEqual([
    "1+0 connect-refused 10.0.0.1:80 502",
  ]);
});
