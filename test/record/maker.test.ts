// Who made a failing answer: read from the line's evidence or the proxy's data, never guessed from the reason.
import { describe, expect, it } from "vitest";
import { describe as describeLine } from "../conformance/describer.ts";

const kv = (rest: string): string =>
  `1795355028.658 c=1/1 pid=31007 "GET /x HTTP/1.1" rt=0.001 ${rest} bytes=157 pipe=. compl="OK"`;
const http = (rest: string): string =>
  `127.0.0.1:60522 [22/Nov/2026:13:53:06.281] fe app/s1 ${rest} 2/1/0/0/0 0/0 "GET /x HTTP/1.1"`;
const envoy = (status: number, flags: string, details: string, host = "10.0.0.1:80"): string =>
  `[2026-11-22T18:13:25.300Z] "GET /x HTTP/1.1" ${status} ${flags} ${details} - "-" 0 95 1 - "-" "curl" "id" "shop" "${host}" outbound|80||shop - 10.0.0.9:80 10.0.0.2:5000 - default`;
const error = (message: string): string =>
  `2026/11/22 13:43:48 [error] 31007#31007: *1 ${message}, client: 127.0.0.1, server: s, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:21001/x", host: "s"`;

const MADE: readonly (readonly [title: string, line: string, reason: string, by: string])[] = [
  [
    "nginx: no header time",
    kv('st=502 ua="127.0.0.1:80" us="502" uct="-" uht="-" urt="0.001"'),
    "connect-failed",
    "proxy",
  ],
  [
    "nginx: a header time",
    kv('st=502 ua="127.0.0.1:80" us="502" uct="0.000" uht="0.001" urt="0.001"'),
    "upstream-status",
    "upstream",
  ],
  [
    "nginx: bytes passed on that are no HTTP",
    kv('st=009 ua="127.0.0.1:80" us="200" uct="0.000" uht="0.001" urt="0.101"'),
    "invalid-response",
    "upstream",
  ],
  [
    "nginx: nobody was asked",
    kv('st=502 ua="-" us="-" uct="-" uht="-" urt="-"'),
    "unknown-failure",
    "proxy",
  ],
  [
    "nginx: no field tells",
    '127.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET /x HTTP/1.1" 502 157 "-" "curl/8"',
    "unknown-failure",
    "unknown",
  ],
  [
    "nginx: 499",
    kv('st=499 ua="127.0.0.1:80" us="-" uct="0.000" uht="-" urt="0.3"'),
    "client-abort",
    "client",
  ],
  [
    "nginx error: refused",
    error("connect() failed (111: Connection refused) while connecting to upstream"),
    "connect-refused",
    "proxy",
  ],
  [
    "nginx error: cut off in the body",
    error("upstream prematurely closed connection while reading upstream"),
    "truncated-response",
    "upstream",
  ],
  ["haproxy: SH", http("0/0/0/-1/1 502 209 - - SH--"), "disconnect", "proxy"],
  ["haproxy: its own 502", http("0/0/0/1/1 502 209 - - ----"), "upstream-status", "upstream"],
  ["haproxy: deny", http("0/-1/-1/-1/0 503 209 - - PR--"), "proxy-policy", "policy"],
  ["haproxy: the client left", http("0/0/0/-1/1 -1 0 - - CH--"), "client-abort", "client"],
  [
    "haproxy: cut off in the body",
    http("0/0/0/1/1 200 209 - - SD--"),
    "truncated-response",
    "upstream",
  ],
  ["envoy: refused", envoy(503, "UF", "-"), "connect-failed", "proxy"],
  ["envoy: via_upstream", envoy(503, "-", "via_upstream"), "upstream-status", "upstream"],
  ["envoy: rate limit", envoy(429, "RL", "request_rate_limited"), "proxy-policy", "policy"],
  [
    "envoy: the client left",
    envoy(0, "DC", "downstream_remote_disconnect"),
    "client-abort",
    "client",
  ],
];

describe("who made it", () => {
  it.each(MADE)("%s", (_, line, reason, by) => {
    expect(describeLine(line).failure).toMatchObject({ reason, by });
  });
});
