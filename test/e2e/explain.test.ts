// `why502 explain`, `reasons` and `causes` from outside: goldens at 80 columns, one JSON object a line, nothing raw on the terminal.
import { expect, test } from "vitest";
import { run } from "./run-binary.ts";

const LINES = {
  nginx:
    '127.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET /refused HTTP/1.1" 502 157 "-" "curl/8.0" rt=0.001 ua="127.0.0.1:21001" us="502" uct="-" uht="-" urt="0.001"',
  error:
    '2026/11/22 13:43:48 [error] 31007#31007: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: s, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:21001/x", host: "s"',
  haproxy:
    'Nov 22 13:53:06 lb haproxy[7]: 127.0.0.1:60522 [22/Nov/2026:13:53:06.281] fe app/s2 0/0/-1/-1/3008 503 217 - - SC-- 2/1/0/0/+3 0/0 "GET /x HTTP/1.1"',
  envoy:
    '[2026-11-22T18:13:25.300Z] "GET /x HTTP/1.1" 503 UF,URX 0 91 12 - "-" "curl" "id" "shop" "10.0.0.1:80"',
  event:
    'Nov 22 13:53:06 lb haproxy[7]: Server app/s1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 1 active and 0 backup servers left.',
} as const;

/** What must be told, whatever the words around it. */
const SAYS: Readonly<Record<keyof typeof LINES, readonly string[]>> = {
  nginx: ["├ 127.0.0.1:21001 $upstream_addr", "(connect-failed)", "made by the proxy", "ss -ltn"],
  error: ["├ 111 errno", "(connect-refused)", "next on 127.0.0.1"],
  haproxy: ["├ SC-- %tsc", "(connect-failed)", "3 retries", "why502 reasons connect-failed"],
  envoy: ["├ UF,URX %RESPONSE_FLAGS%", "(connect-failed)", "URX:"],
  event: ["server down", "Layer4 connection problem"],
};

const fits = (stdout: string): void => {
  for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
};

test.each(Object.keys(LINES) as (keyof typeof LINES)[])("a line of %s", async (name) => {
  const { code, stdout, stderr } = await run(["explain", "--tz", "UTC", LINES[name]]);
  expect([code, stderr]).toEqual([0, ""]);
  fits(stdout);
  const plain = stdout.replace(/\s+/g, " ");
  for (const words of SAYS[name]) expect(plain).toContain(words);
});

test.each([
  [
    "explain",
    ["SH--", "UF,URX", "111", "no live upstreams", "L4CON", "009", "95 bytes"],
    "haproxy · termination state",
  ],
  ["reasons", [], "connect-refused"],
  ["reasons", ["disconnect-reset", "overflow"], "disconnect-reset · "],
  ["causes", [], "keepalive-race"],
  ["causes", ["keepalive-race"], "check"],
])("%s %j", async (command, args, words) => {
  const { code, stdout, stderr } = await run([command, ...args]);
  expect([code, stderr]).toEqual([0, ""]);
  fits(stdout);
  expect(stdout).toContain(words);
});

interface Told {
  readonly input: string;
  readonly format: string | null;
  readonly proxy: string | null;
  readonly kind: string | null;
  readonly record: Readonly<Record<string, unknown>> | null;
  readonly failure: Readonly<Record<string, unknown>> | null;
  readonly miss: unknown;
}
const objects = (stdout: string): Told[] =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Told);

test("JSON: one object for each line, in order, blank and broken ones too", async () => {
  const input = [LINES.envoy, "", "garbage \u001b[31m", LINES.haproxy, "sQ"].join("\n");
  const { code, stdout } = await run(["explain", "-o", "json", "--tz", "UTC"], { input });
  expect(code).toBe(0);
  const told = objects(stdout);
  expect(told.map(({ input: line }) => line)).toEqual(input.split("\n"));
  expect(told.map(({ kind }) => kind)).toEqual(["request", null, null, "request", "code"]);
  for (const one of told)
    expect(Object.keys(one)).toEqual([
      "input",
      "format",
      "certainty",
      "proxy",
      "kind",
      "record",
      "failure",
      "miss",
    ]);
  expect(told.map(({ record, miss }) => [record === null, miss === null])).toEqual([
    [false, true],
    [true, false],
    [true, false],
    [false, true],
    [true, true],
  ]);
  expect(told[0]!.failure).toEqual({
    reason: "connect-failed",
    stage: "connect",
    by: "proxy",
    detail: null,
    code: "UF,URX",
    masked: false,
  });
  expect(told[0]!.record).toMatchObject({
    proxy: "envoy",
    node: null,
    time: "2026-11-22T18:13:25.312Z",
    start: "2026-11-22T18:13:25.300Z",
    durationMs: 12,
    client: null,
    method: "GET",
    path: "/x",
    host: "shop",
    protocol: "HTTP/1.1",
    status: 503,
    bytesOut: 91,
    requestId: "id",
    pool: null,
    peer: "10.0.0.1:80",
    attempts: [],
    frontend: null,
    route: null,
    code: "UF,URX",
    userAgent: "curl",
    referer: null,
  });
  expect(told[3]!.record).toMatchObject({ node: "lb", tries: 4, pool: "app", frontend: "fe" });
});

test("a code of several proxies gives an object for each", async () => {
  const { stdout } = await run(["explain", "-o", "json", "502", "ECONNREFUSED"]);
  expect(objects(stdout).map(({ input, proxy }) => `${input} ${proxy!}`)).toEqual([
    "502 nginx",
    "502 haproxy",
    "502 envoy",
    "ECONNREFUSED nginx",
    "ECONNREFUSED envoy",
    "ECONNREFUSED haproxy",
  ]);
});

test("words typed without quotes are one message, an argument may hold several lines", async () => {
  const words = await run(["explain", "-o", "json", "no", "live", "upstreams"]);
  expect(objects(words.stdout).map(({ input }) => input)).toEqual(["no live upstreams"]);
  const lines = await run(["explain", "-o", "json", `${LINES.envoy}\n${LINES.error}\n`]);
  expect(objects(lines.stdout).map(({ kind }) => kind)).toEqual(["request", "error"]);
});

test("nothing understood is exit code 4; an unknown name is a mistake", async () => {
  expect((await run(["explain", "what is this"])).code).toBe(4);
  const wrong = await run(["reasons", "conect-refused"]);
  expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toContain("hint: did you mean connect-refused?");
});

test("garbage leaves the terminal as it was", async () => {
  const bytes = Buffer.from(Array.from({ length: 4096 }, (_, k) => (k * 7919 + (k >> 3)) % 256));
  const { stdout, stderr } = await run(["explain"], {
    input: Buffer.concat([
      bytes,
      Buffer.from(`\n${LINES.nginx.replace("curl", "\u001b]0;x\u0007\u009b31m")}\n`),
    ]),
  });
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|internal error/);
});

test("reasons and causes as JSON", async () => {
  const all = JSON.parse((await run(["reasons", "-o", "json"])).stdout) as {
    reason: string;
    codes: unknown[];
  }[];
  expect(all.length).toBeGreaterThan(20);
  const one = JSON.parse((await run(["reasons", "overflow", "-o", "json"])).stdout) as {
    reason: string;
    stage: string;
  };
  expect([one.reason, one.stage]).toEqual(["overflow", "select"]);
  const cause = JSON.parse((await run(["causes", "pool-down", "-o", "json"])).stdout) as {
    cause: string;
  };
  expect(cause.cause).toBe("pool-down");
});
