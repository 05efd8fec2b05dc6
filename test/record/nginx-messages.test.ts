// Every upstream message that nginx is known to write, with the reason, the stage, the maker and the status it leads to.
import { expect, test } from "vitest";
import { REASONS, stageOf, type Reason } from "../../src/record/reasons.ts";
import { messageRules } from "../../src/record/message-table.ts";
import { knowledge, Teller } from "./nginx/rig.ts";

const CONNECT = "connecting to upstream";
const TLS = "SSL handshaking to upstream";
const SEND = "sending request to upstream";
const HEADER = "reading response header from upstream";
const BODY = "reading upstream";
const EARLY = "sending early hints to client";

type Row = readonly [message: string, action: string | null, reason: Reason, status: number];

/** By the phase of a request, as the sources have them. Status 0: already sent, or not the message's to say. */
const ROWS: readonly Row[] = [
  ["connect() failed (111: Connection refused)", CONNECT, "connect-refused", 502],
  ["connect() to unix:/a.sock failed (111: Connection refused)", CONNECT, "connect-refused", 502],
  [
    "connect() to unix:/a.sock failed (2: No such file or directory)",
    CONNECT,
    "connect-local",
    502,
  ],
  ["connect() to 10.0.0.1:80 failed (13: Permission denied)", CONNECT, "connect-local", 502],
  [
    "connect() to unix:/a.sock failed (11: Resource temporarily unavailable)",
    CONNECT,
    "connect-local",
    502,
  ],
  [
    "connect() to 10.0.0.1:80 failed (99: Cannot assign requested address)",
    CONNECT,
    "connect-local",
    502,
  ],
  ["connect() to 10.0.0.1:80 failed (99: Address not available)", CONNECT, "connect-local", 502],
  ["connect() failed (113: No route to host)", CONNECT, "connect-unreachable", 502],
  ["connect() failed (113: Host is unreachable)", CONNECT, "connect-unreachable", 502],
  [
    "connect() to 10.0.0.1:80 failed (101: Network is unreachable)",
    CONNECT,
    "connect-unreachable",
    502,
  ],
  ["connect() failed (65: No route to host)", CONNECT, "connect-unreachable", 502],
  ["connect() failed (110: Connection timed out)", CONNECT, "connect-timeout", 502],
  ["connect() failed (10060: a text of Windows)", CONNECT, "connect-timeout", 502],
  ["connect() failed (10061: a text of Windows)", CONNECT, "connect-refused", 502],
  ["connect() failed (104: Connection reset by peer)", CONNECT, "connect-failed", 502],
  [
    "kevent() reported that connect() failed (61: Connection refused)",
    CONNECT,
    "connect-refused",
    502,
  ],
  ["upstream timed out (110: Connection timed out)", CONNECT, "connect-timeout", 504],
  ["upstream timed out (110: Operation timed out)", CONNECT, "connect-timeout", 504],
  [
    "upstream timed out (60: Operation timed out)",
    "connecting to upstream(proxy_connect)",
    "connect-timeout",
    504,
  ],
  ["no live upstreams", CONNECT, "no-upstream", 502],
  ["socket() failed (24: Too many open files)", CONNECT, "proxy-resource", 500],
  [
    "socket() failed (97: Address family not supported by protocol)",
    CONNECT,
    "proxy-resource",
    500,
  ],
  ["1024 worker_connections are not enough", CONNECT, "overflow", 500],
  [
    "the new socket has number 1024, but only 1024 files are available",
    CONNECT,
    "proxy-resource",
    500,
  ],
  ["bind(10.9.9.9) failed (99: Cannot assign requested address)", CONNECT, "connect-local", 500],
  ["ioctl(FIONBIO) failed (9: Bad file descriptor)", CONNECT, "proxy-resource", 500],
  ["app.internal could not be resolved (1: Format error)", null, "dns-failure", 502],
  ["app.internal could not be resolved (2: Server failure)", null, "dns-failure", 502],
  ["app.internal could not be resolved (3: Host not found)", null, "dns-failure", 502],
  ["app.internal could not be resolved (5: Operation refused)", null, "dns-failure", 502],
  ["app.internal could not be resolved (110: Operation timed out)", null, "dns-failure", 502],
  [
    "app.internal could not be resolved (3: Host not found)",
    "sending to client",
    "dns-failure",
    502,
  ],
  ["no resolver defined to resolve app.internal", null, "proxy-config", 502],
  ['no port in upstream "app"', null, "proxy-config", 500],
  ['invalid port in upstream "app:x"', null, "proxy-config", 500],
  ['invalid URL prefix in "app"', null, "proxy-config", 500],
  ["zero length URI to proxy", null, "proxy-config", 500],
  ["no upstream configuration", null, "proxy-config", 500],
  ["writev() failed (104: Connection reset by peer)", SEND, "send-failure", 502],
  ["writev() failed (32: Broken pipe)", SEND, "send-failure", 502],
  ["send() failed (32: Broken pipe)", SEND, "send-failure", 502],
  ["sendfile() failed (32: Broken pipe)", SEND, "send-failure", 502],
  ["WSASend() failed (10054: a text of Windows)", SEND, "send-failure", 502],
  ["SSL_write() failed (SSL: error:0A000126)", SEND, "send-failure", 502],
  ["upstream timed out (110: Connection timed out)", SEND, "send-failure", 504],
  ["upstream prematurely closed connection", HEADER, "disconnect-close", 502],
  ["recv() failed (104: Connection reset by peer)", HEADER, "disconnect-reset", 502],
  ["recv() failed (54: Connection reset by peer)", HEADER, "disconnect-reset", 502],
  ["WSARecv() failed (10054: a text of Windows)", HEADER, "disconnect-reset", 502],
  [
    "kevent() reported about an closed connection (54: Connection reset by peer)",
    HEADER,
    "disconnect-reset",
    502,
  ],
  ["upstream timed out (110: Connection timed out)", HEADER, "response-timeout", 504],
  ["upstream sent too big header", HEADER, "header-too-large", 502],
  ['upstream sent invalid header: "name\\x20..."', HEADER, "invalid-response", 502],
  ["upstream sent no valid HTTP/1.0 header", HEADER, "invalid-response", 9],
  [
    'upstream sent duplicate header line: "A: x", previous value: "A: y"',
    HEADER,
    "invalid-response",
    502,
  ],
  [
    'upstream sent "Content-Length" and "Transfer-Encoding" headers at the same time',
    HEADER,
    "invalid-response",
    502,
  ],
  ['upstream sent invalid "Content-Length" header', HEADER, "invalid-response", 502],
  ['upstream sent unknown "Transfer-Encoding": "x"', HEADER, "invalid-response", 502],
  ["upstream sent HTTP/1.0 response with early hints", HEADER, "invalid-response", 502],
  ["upstream prematurely sent response", TLS, "tls-failure", 502],
  ['upstream sent invalid status "x"', HEADER, "invalid-response", 502],
  [
    "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number)",
    TLS,
    "tls-failure",
    502,
  ],
  [
    "SSL_do_handshake() failed (SSL: error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:SSL alert number 40)",
    TLS,
    "tls-failure",
    502,
  ],
  ["peer closed connection in SSL handshake", TLS, "tls-failure", 502],
  [
    "peer closed connection in SSL handshake (104: Connection reset by peer)",
    TLS,
    "tls-failure",
    502,
  ],
  ["upstream timed out (110: Connection timed out)", TLS, "tls-failure", 504],
  ["upstream SSL certificate verify error: (18:self-signed certificate)", TLS, "tls-failure", 502],
  ['upstream SSL certificate does not match "app.internal"', TLS, "tls-failure", 502],
  ["SSL_read() failed (SSL: error:0A000126)", HEADER, "tls-failure", 502],
  ['SSL_set_tlsext_host_name("x") failed', CONNECT, "proxy-config", 500],
  ['cannot load certificate "/a.pem"', CONNECT, "proxy-config", 500],
  ["upstream prematurely closed connection", BODY, "truncated-response", 0],
  ["recv() failed (104: Connection reset by peer)", BODY, "truncated-response", 0],
  ["readv() failed (104: Connection reset by peer)", BODY, "truncated-response", 0],
  ["upstream timed out (110: Connection timed out)", BODY, "truncated-response", 0],
  ["upstream sent invalid chunked response", BODY, "truncated-response", 0],
  ["upstream sent too big trailers", BODY, "truncated-response", 0],
  [
    'pwrite() "/var/cache/nginx/proxy_temp/1/00/1" failed (28: No space left on device)',
    BODY,
    "proxy-resource",
    0,
  ],
  [
    'open() "/var/lib/nginx/proxy/1/00/0000000001" failed (13: Permission denied)',
    BODY,
    "proxy-resource",
    0,
  ],
  ["connection upgrade in subrequest", HEADER, "proxy-config", 500],
  ["upstream prematurely closed FastCGI stdout", HEADER, "disconnect-close", 502],
  ["upstream prematurely closed FastCGI request", HEADER, "disconnect-close", 502],
  ["upstream prematurely closed FastCGI stdout", BODY, "truncated-response", 0],
  ["upstream sent unsupported FastCGI protocol version: 72", HEADER, "invalid-response", 502],
  ["upstream sent invalid FastCGI record type: 9", HEADER, "invalid-response", 502],
  ["upstream sent unexpected FastCGI record: 3", HEADER, "invalid-response", 502],
  ["upstream sent unexpected FastCGI request id high byte: 9", HEADER, "invalid-response", 502],
  ["fastcgi request record is too big: 70000", CONNECT, "proxy-resource", 500],
  ["uwsgi request is too big: 70000", CONNECT, "proxy-resource", 500],
  ["uwsgi request is too little: 7", CONNECT, "proxy-resource", 500],
  ["scgi request length mismatch", CONNECT, "proxy-resource", 500],
  ['memcached sent invalid response: "x"', HEADER, "invalid-response", 502],
  ["upstream rejected request with error 7", HEADER, "disconnect-reset", 502],
  ["upstream sent goaway with error 0", HEADER, "disconnect-close", 502],
  ["upstream prematurely closed stream", HEADER, "disconnect-close", 502],
  ["upstream sent unexpected http2 frame: 7", HEADER, "invalid-response", 502],
  ["upstream sent too large http2 frame: 4740180", HEADER, "invalid-response", 502],
  ["upstream sent frame for unknown stream 7", HEADER, "invalid-response", 502],
  ["upstream violated connection flow control", HEADER, "invalid-response", 502],
  ["upstream sent no :status header", HEADER, "invalid-response", 502],
  ["upstream sent invalid http2 table index: 99", HEADER, "invalid-response", 502],
  ["upstream sent too many settings frames", HEADER, "invalid-response", 502],
  [
    "upstream sent response body larger than indicated content length",
    BODY,
    "truncated-response",
    0,
  ],
  ["upstream rejected request with error 2", BODY, "truncated-response", 0],
  ["upstream sent invalid trailer", BODY, "truncated-response", 0],
  ["upstream sent unexpected FastCGI record: 3", BODY, "truncated-response", 0],
  ["upstream sent too large http2 frame: 99", BODY, "truncated-response", 0],
  ["upstream violated stream flow control", BODY, "truncated-response", 0],
  ["upstream sent frame for closed stream 7", HEADER, "invalid-response", 502],
  ["upstream sent unexpected :status header", HEADER, "invalid-response", 502],
  ["upstream sent ping frame with invalid length: 3", HEADER, "invalid-response", 502],
  ["upstream prematurely closed connection", EARLY, "disconnect-close", 502],
  ["upstream timed out (110: Connection timed out)", EARLY, "response-timeout", 504],
  ['too long http2 header name: "x"', CONNECT, "proxy-resource", 500],
  ['limiting requests, excess: 20.955 by zone "z"', null, "proxy-policy", 503],
  ['limiting connections by zone "z"', null, "proxy-policy", 503],
  ["rewrite or internal redirection cycle while processing /x", null, "proxy-config", 500],
  [
    "client prematurely closed connection, so upstream connection is closed too",
    HEADER,
    "client-abort",
    499,
  ],
  [
    "epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too",
    SEND,
    "client-abort",
    499,
  ],
  [
    "failed to run balancer_by_lua*: balancer.lua:99: attempt to index a nil value",
    CONNECT,
    "proxy-config",
    0,
  ],
];

const BASE = 'client: 10.1.2.3, server: s, request: "GET /a HTTP/1.1"';

function line(message: string, action: string | null, level = "error"): string {
  const upstream = action === null ? "" : ', upstream: "http://10.0.0.1:80/a"';
  const doing = action === null ? "" : ` while ${action}`;
  return `2026/11/22 13:43:48 [${level}] 9#9: *7 ${message}${doing}, ${BASE}${upstream}, host: "h"`;
}

test.each(ROWS)("%s while %s: %s", (message, action, reason, status) => {
  const told = Teller.errors().tell(line(message, action))!;
  expect([told.kind, told.reason, told.rec.impliedStatus]).toEqual(["error", reason, status]);
  // The levels differ between versions and errors; the meaning does not.
  for (const level of ["crit", "alert"])
    expect(Teller.errors().tell(line(message, action, level))!.reason).toBe(reason);
});

test.each([
  ['FastCGI sent in stderr: "Primary script unknown"', HEADER],
  ["upstream sent duplicate header line: x, ignored", HEADER],
  ["setsockopt(SO_KEEPALIVE) failed, ignored (9: Bad file descriptor)", CONNECT],
  ["setsockopt(SO_RCVBUF) failed (9: Bad file descriptor)", CONNECT],
  ["SSL_shutdown() failed (SSL: error:140E0197:shutdown while in init)", TLS],
  ["upstream timed out (110: Connection timed out)", "proxying upgraded connection"],
  ["auth request unexpected status: 502", "sending to client"],
  ["limiting requests, dry run, excess: 1.000 by zone", null],
  ['delaying request, excess: 0.900, by zone "z"', null],
  ["client intended to send too large body: 99 bytes", null],
  ["access forbidden by rule", null],
  ['cache file "/c/1" contains invalid header', null],
  ["proxy_buffer_size 4096 is not enough for cache key, it should be increased", null],
  ["send() failed (32: Broken pipe)", "sending early hints to client"],
  ['key: "k" was not found by memcached', HEADER],
])("%s while %s is no failure by itself", (message, action) => {
  expect(Teller.errors().tell(line(message, action))).toMatchObject({
    kind: "note",
    reason: "none",
  });
});

/** Who makes the status that a message leads to: nginx, but for these. */
const MAKERS: Partial<Record<Reason, readonly string[]>> = {
  "client-abort": ["client"],
  "proxy-policy": ["policy"],
  "unknown-failure": ["unknown"],
  // What broke in its body, the upstream had answered.
  "truncated-response": ["upstream", "proxy"],
  // Bytes without a header are passed on (009).
  "invalid-response": ["proxy", "upstream"],
};

test("the catalogue says what the reasons promise", () => {
  for (const rule of messageRules(knowledge)) {
    const { message, reason, by, status, meaning, event } = rule;
    expect(meaning, message).toMatch(/^[A-Z\d"a-z].*[.)]$/);
    if (reason === undefined) {
      expect([by, status], message).toEqual([undefined, undefined]);
      continue;
    }
    expect(event, message).toBeUndefined();
    expect(REASONS, message).toContain(reason);
    expect(stageOf(reason), message).toBeDefined();
    const makers = MAKERS[reason] ?? ["proxy"];
    expect(makers, message).toContain(by);
  }
});
