// Every line of the rig's error log against nginx.md §5, the spellings other systems use, and the join of the two logs.
import { expect, test } from "vitest";
import { KV, rigLines, Teller, type Told } from "./nginx/rig.ts";

/** Mark → what its failing lines say, in order: reason, and peer or pool. */
const RIG: Readonly<Record<string, readonly string[]>> = {
  refused: ["connect-refused 127.0.0.1:21001"],
  closenow: ["disconnect-reset 127.0.0.1:21002"],
  rst: ["disconnect-reset 127.0.0.1:21003"],
  close: ["disconnect-close 127.0.0.1:21004"],
  hang: ["response-timeout 127.0.0.1:21005"],
  partialclose: ["truncated-response 127.0.0.1:21006"],
  partialhang: ["truncated-response 127.0.0.1:21007"],
  nbpartialclose: ["truncated-response 127.0.0.1:21006"],
  nbpartialhang: ["truncated-response 127.0.0.1:21007"],
  garbage: ["invalid-response 127.0.0.1:21008"],
  badhdr: ["invalid-response 127.0.0.1:21009"],
  bighdr: ["header-too-large 127.0.0.1:21010"],
  up502: [],
  up503: [],
  up504: [],
  badchunk: ["truncated-response 127.0.0.1:21013"],
  ok: [],
  ka: ["disconnect-close 127.0.0.1:21015"],
  kapost: ["disconnect-close 127.0.0.1:21015", "disconnect-close 127.0.0.1:21015"],
  kr: ["disconnect-reset 127.0.0.1:21016"],
  xaccel: [],
  xadead: ["connect-refused 127.0.0.1:21001"],
  tlsok: [],
  tlsplain: ["tls-failure 127.0.0.1:21014"],
  tlsclose: ["tls-failure 127.0.0.1:21041"],
  tlshang: ["tls-failure 127.0.0.1:21042"],
  tlseof: ["disconnect-close 127.0.0.1:21043"],
  tlsver: ["tls-failure 127.0.0.1:21044"],
  tlsverify: ["tls-failure 127.0.0.1:21040"],
  tlsname: ["tls-failure 127.0.0.1:21040"],
  httptotls: ["disconnect-reset 127.0.0.1:21040"],
  full: ["connect-timeout 127.0.0.1:21050"],
  unixmissing: ["connect-local unix:/run/apps/missing.sock"],
  unixdead: ["connect-refused unix:/run/apps/dead.sock"],
  unixperm: ["connect-local unix:/run/apps/perm.sock"],
  unixclose: ["disconnect-close unix:/run/apps/ok.sock"],
  // After a timeout nginx leaves out the colon behind the socket's path.
  unixhang: ["response-timeout unix:/run/apps/hang.sock"],
  unixfull: ["connect-local unix:/run/apps/full.sock"],
  dnsnx: ["dns-failure"],
  dnssf: ["dns-failure"],
  dnsrf: ["dns-failure"],
  dnsdrop: ["dns-failure"],
  dnsdead: ["dns-failure"],
  dnsok: ["connect-refused 127.0.0.1:21001"],
  noresolver: ["proxy-config"],
  noport: ["proxy-config"],
  invurl: ["proxy-config"],
  g2dead: [
    "connect-refused 127.0.0.1:21001",
    "connect-refused 127.0.0.1:21060",
    "no-upstream [g2dead]",
  ],
  gretry: ["connect-refused 127.0.0.1:21001"],
  gretryclose: ["disconnect-close 127.0.0.1:21004"],
  gdown: ["no-upstream [gdown]"],
  gtmo: ["response-timeout 127.0.0.1:21005"],
  g502: [],
  localhost: ["connect-refused 127.0.0.1:21001", "connect-refused 127.0.0.1:21001"],
  epnamed: ["connect-refused 127.0.0.1:21001"],
  eptmo: ["response-timeout 127.0.0.1:21005"],
  epuri: ["connect-refused 127.0.0.1:21001"],
  ep200: ["connect-refused 127.0.0.1:21001"],
  epstatic: ["connect-refused 127.0.0.1:21001"],
  epdead: ["connect-refused 127.0.0.1:21001", "no-upstream [g2dead]"],
  epdns: ["connect-refused 127.0.0.1:21001", "dns-failure"],
  icept: [],
  iceptnamed: [],
  icept503: [],
  redir: ["connect-refused 127.0.0.1:21001"],
  // The line behind it, "auth request unexpected status", is its consequence and only a note.
  "auth/": ["connect-refused 127.0.0.1:21001"],
  "auth2/": [],
  "auth3/": ["connect-refused 127.0.0.1:21001"],
  mirror: ["connect-refused 127.0.0.1:21001"],
  fcgi: [],
  fcpsu: [],
  fcclose: ["response-timeout 127.0.0.1:21033"],
  fcref: ["connect-refused 127.0.0.1:21001"],
  fcunix: ["connect-local unix:/run/apps/missing.sock"],
  fcunixhang: ["response-timeout unix:/run/apps/hang.sock"],
  fchttp: ["invalid-response 127.0.0.1:21032"],
  fctohttp: ["response-timeout 127.0.0.1:21014"],
  uwsgi: ["connect-refused 127.0.0.1:21001"],
  uwsgitohttp: ["response-timeout 127.0.0.1:21033"],
  ret502: [],
  postclose: ["disconnect-close 127.0.0.1:21004"],
  head: ["connect-refused 127.0.0.1:21001"],
  wstimeout: [],
  abort: ["client-abort 127.0.0.1:21005"],
  ignabort: ["response-timeout 127.0.0.1:21005"],
  abortbig: ["client-abort 127.0.0.1:21020"],
  gmax: ["no-upstream [gmax]", "response-timeout 127.0.0.1:21005"],
  lr: ["proxy-policy"],
  cache: [],
  h2hang: ["response-timeout 127.0.0.1:21005"],
  h2abort: [],
  h2r: ["connect-refused 127.0.0.1:21001"],
  grpc: [],
  grpcref: ["connect-refused 127.0.0.1:21001"],
  grpchttp1: ["invalid-response 127.0.0.1:21014"],
  grpcclose: ["disconnect-close 127.0.0.1:21004"],
  grpchang: ["response-timeout 127.0.0.1:21042", "connect-refused 127.0.0.1:21001"],
  // Cut at 2048 bytes in the middle of the request: no upstream is left.
  longurl: ["connect-refused"],
  longurl2: ["connect-refused 127.0.0.1:21001"],
  quotes: [],
  quotes2: Array.from({ length: 7 }, () => "connect-refused 127.0.0.1:21001"),
};

function blame(told: Told): string {
  return [told.reason, told.peer, told.pool === "" ? "" : `[${told.pool}]`]
    .filter((text) => text !== "")
    .join(" ");
}

/** nginx may write a fault's line before the mark of the one behind it. */
function ofMark(mark: string): Told[] {
  const teller = Teller.errors();
  return rigLines("error.log")
    .filter((line) => line.mark === mark)
    .map(({ line }) => teller.tell(line))
    .filter((told): told is Told => told !== null);
}

test("every fault of the rig has the lines it must have", () => {
  const found = Object.keys(RIG).map((mark) => [
    mark,
    ofMark(mark)
      .filter(({ kind }) => kind === "error")
      .map(blame),
  ]);
  expect(Object.fromEntries(found)).toEqual(RIG);
});

test("every line with a head is read, and the process's own life becomes events", () => {
  const teller = Teller.errors();
  const missed: string[] = [];
  const events: string[] = [];
  for (const { line } of rigLines("error.log")) {
    const told = teller.tell(line);
    if (told === null) missed.push(line.slice(0, 20));
    else if (told.kind === "event") events.push(told.event);
    expect(told?.field ?? -1).toBe(-1);
  }
  expect(missed).toEqual(["Stack trace:", "#0 {main}", "  thrown in /var/www"]);
  expect(events).toEqual([
    "start",
    "dns-error",
    "ejection",
    "ejection",
    "ejection",
    "ejection",
    "stop",
  ]);
});

test("a record carries what the join needs", () => {
  const [refused] = ofMark("refused");
  expect(refused).toMatchObject({
    kind: "error",
    time: "2026-11-22T13:43:48.000Z",
    connection: 1,
    joinable: true,
    masked: false,
    client: "127.0.0.1",
    request: "GET /refused/x?q=1 HTTP/1.1",
    host: "www.rig.example",
    code: "connect() failed (111: Connection refused)",
    attempts: ["127.0.0.1:21001 connect-refused"],
  });
  expect(ofMark("partialclose")[0]).toMatchObject({ masked: true, reason: "truncated-response" });
  expect(ofMark("dnsdead")[0]).toMatchObject({ kind: "event", joinable: false, connection: -1 });
});

/** The reasons an access line may show for what the error log calls so. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  "connect-refused": ["connect-failed"],
  "connect-local": ["connect-failed"],
  "tls-failure": ["connect-failed", "connect-timeout"],
  "disconnect-close": ["disconnect"],
  "disconnect-reset": ["disconnect"],
  "header-too-large": ["invalid-response"],
  "dns-failure": ["unknown-failure"],
  "proxy-config": ["unknown-failure"],
  "truncated-response": ["none"],
};

/** Faults whose second line has no place in the access line: subrequests, a fallback that failed, a client after a 200. */
const LONELY = new Set(["mirror", "auth/", "epdns", "abortbig"]);

test("what the access log says of a connection is what the error log says, or its parent", () => {
  const access = Teller.access(KV);
  const errors = Teller.errors();
  const requests = new Map<number, Told[]>();
  for (const { line } of rigLines("kv.log")) {
    const told = access.tell(line)!;
    requests.set(told.connection, [...(requests.get(told.connection) ?? []), told]);
  }
  let compared = 0;
  for (const { line, mark } of rigLines("error.log")) {
    const told = errors.tell(line);
    if (told?.kind !== "error" || LONELY.has(mark)) continue;
    const reasons = (requests.get(told.connection) ?? []).flatMap((request) => [
      request.reason,
      ...request.attempts.map((attempt) => attempt.split(" ").at(-1)!),
    ]);
    const allowed = [told.reason, ...(PARENTS[told.reason] ?? [])];
    expect(
      reasons.some((reason) => allowed.includes(reason)),
      `${mark}: ${told.reason} ${reasons.join()}`,
    ).toBe(true);
    compared++;
  }
  expect(compared).toBeGreaterThan(90);
});

const CONTEXT =
  'client: 10.1.2.3, server: shop.example, request: "GET /a HTTP/1.1", upstream: "http://10.0.0.1:80/a", host: "shop.example"';

/** A line of the given message and action, at level error. */
function line(message: string, action: string | null, context = CONTEXT, level = "error"): string {
  const doing = action === null ? "" : ` while ${action}`;
  return `2026/11/22 13:43:48 [${level}] 9#9: *1 ${message}${doing}${context === "" ? "" : `, ${context}`}`;
}

const HEADER = "reading response header from upstream";
const BODY = "reading upstream";
const CONNECT = "connecting to upstream";
const SEND = "sending request to upstream";

test.each([
  ["connect() failed (61: Connection refused)", CONNECT, "connect-refused"],
  ["kevent() reported that connect() failed (61: Connection refused)", CONNECT, "connect-refused"],
  [
    "connect() failed (10061: No connection could be made because the target machine actively refused it)",
    CONNECT,
    "connect-refused",
  ],
  ["connect() failed (113: Host is unreachable)", CONNECT, "connect-unreachable"],
  ["connect() failed (113: No route to host)", CONNECT, "connect-unreachable"],
  ["connect() to 10.0.0.1:80 failed (101: Network unreachable)", CONNECT, "connect-unreachable"],
  ["connect() failed (110: Operation timed out)", CONNECT, "connect-timeout"],
  ["connect() to 10.0.0.1:80 failed (99: Unknown error)", CONNECT, "connect-local"],
  ["connect() to [::1]:80 failed (13: Permission denied)", CONNECT, "connect-local"],
  ["upstream timed out (110: Operation timed out)", CONNECT, "connect-timeout"],
  [
    "upstream timed out (10060: A connection attempt failed)",
    "connecting to upstream(proxy_connect)",
    "connect-timeout",
  ],
  ["upstream timed out (60: Operation timed out)", HEADER, "response-timeout"],
  ["upstream timed out (110: Connection timed out)", SEND, "send-failure"],
  ["writev() failed (32: Broken pipe)", SEND, "send-failure"],
  ["sendfile() failed (104: Connection reset by peer)", SEND, "send-failure"],
  ["recv() failed (54: Connection reset by peer)", HEADER, "disconnect-reset"],
  [
    "WSARecv() failed (10054: An existing connection was forcibly closed by the remote host)",
    HEADER,
    "disconnect-reset",
  ],
  ["recv() failed (113: No route to host)", HEADER, "disconnect"],
  ["readv() failed (104: Connection reset by peer)", BODY, "truncated-response"],
  [
    "peer closed connection in SSL handshake (104: Connection reset by peer)",
    "SSL handshaking to upstream",
    "tls-failure",
  ],
  [
    'upstream SSL certificate does not match "pay.test"',
    "SSL handshaking to upstream",
    "tls-failure",
  ],
  [
    "SSL_do_handshake() failed (SSL: error:1408F10B:SSL routines:ssl3_get_record:wrong version number)",
    "SSL handshaking to upstream",
    "tls-failure",
  ],
  ['upstream sent invalid header: "x-correlation-id\\x20..."', HEADER, "invalid-response"],
  [
    'upstream sent duplicate header line: "A: x", previous value: "A: y"',
    HEADER,
    "invalid-response",
  ],
  ["upstream sent unexpected http2 frame: 7", HEADER, "invalid-response"],
  ["upstream rejected request with error 7", HEADER, "disconnect-reset"],
  ["upstream sent goaway with error 0", HEADER, "disconnect-close"],
  ["upstream prematurely closed FastCGI stdout", HEADER, "disconnect-close"],
  ["1024 worker_connections are not enough", CONNECT, "overflow"],
  ["socket() failed (24: No file descriptors available)", CONNECT, "proxy-resource"],
  [
    'pwrite() "/var/cache/nginx/proxy_temp/1" failed (28: No space left on device)',
    BODY,
    "proxy-resource",
  ],
  ["something nobody has described", HEADER, "unknown-failure"],
])("%s while %s", (message, action, reason) => {
  expect(Teller.errors().tell(line(message, action))).toMatchObject({
    kind: "error",
    reason,
    peer: "10.0.0.1:80",
    joinable: true,
  });
});

test.each([
  ['upstream sent duplicate header line: "A: x", previous value: "A: y", ignored', HEADER, "warn"],
  [
    'FastCGI sent in stderr: "PHP message: connect() failed (111: Connection refused)"',
    HEADER,
    "error",
  ],
  ["an upstream response is buffered to a temporary file /tmp/p/1", BODY, "warn"],
  [
    "SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share)",
    "SSL handshaking",
    "crit",
  ],
  ["peer closed connection in SSL handshake", "SSL handshaking", "info"],
  ["recv() failed (104: Connection reset by peer)", "waiting for request", "info"],
  ["send() failed (32: Broken pipe)", "sending to client", "info"],
  ["upstream timed out (110: Connection timed out)", "proxying upgraded connection", "info"],
  ["client intended to send too large body: 10485761 bytes", null, "error"],
  ["[lua] balancer.lua:99: picked nobody", CONNECT, "error"],
  ["something nobody has described", HEADER, "info"],
])("%s while %s is a note", (message, action, level) => {
  expect(Teller.errors().tell(line(message, action, CONTEXT, level))).toMatchObject({
    kind: "note",
    reason: "none",
    joinable: false,
  });
});

test("a missing file is no failure of an upstream", () => {
  const context =
    'client: 10.1.2.3, server: shop.example, request: "GET /favicon.ico HTTP/1.1", host: "shop.example"';
  const message = 'open() "/srv/www/favicon.ico" failed (2: No such file or directory)';
  expect(Teller.errors().tell(line(message, null, context))).toMatchObject({
    kind: "note",
    reason: "none",
  });
});

test.each([
  ["notice", "9#9: signal 1 (SIGHUP) received from 7, reconfiguring", "reload"],
  ["notice", "9#9: signal 15 (SIGTERM) received from 1, exiting", "stop"],
  ["notice", "9#9: signal 10 (SIGUSR1) received from 1, reopening logs", ""],
  ["alert", "9#9: worker process 4242 exited on signal 9", "worker-death"],
  ["alert", "9#9: worker process 4242 exited on signal 11 (core dumped)", "worker-death"],
  [
    "alert",
    "9#9: worker process 4242 exited with fatal code 2 and cannot be respawned",
    "worker-death",
  ],
  ["notice", "9#9: worker process 4242 exited with code 0", ""],
  ["alert", "9#9: 1024 worker_connections are not enough", "limit"],
  ["warn", "9#9: 1024 worker_connections are not enough, reusing connections", "limit"],
  ["crit", "9#9: accept4() failed (24: Too many open files)", "limit"],
  ["emerg", '9#9: host not found in upstream "app" in /etc/nginx/nginx.conf:12', "config-error"],
  ["emerg", "9#9: bind() to 0.0.0.0:80 failed (98: Address already in use)", "config-error"],
  ["emerg", '9#9: unknown directive "prxy_pass" in /etc/nginx/nginx.conf:3', "config-error"],
  [
    "error",
    "9#9: recv() failed (111: Connection refused) while resolving, resolver: 10.0.0.53:53",
    "dns-error",
  ],
  ["notice", '9#9: using the "epoll" event method', ""],
])("[%s] %s", (level, text, event) => {
  const told = Teller.errors().tell(`2026/11/22 13:43:48 [${level}] ${text}`);
  expect(told).toMatchObject({ kind: event === "" ? "note" : "event", event, reason: "none" });
});

test("a message's changing parts stay out of its code", () => {
  const teller = Teller.errors();
  const code = (message: string, action: string | null): string =>
    teller.tell(line(message, action))!.code;
  expect(code("connect() to unix:/run/a.sock failed (2: No such file or directory)", CONNECT)).toBe(
    "connect() failed (2: No such file or directory)",
  );
  expect(code("recv() failed (104: Connection reset by peer)", HEADER)).toBe(
    "recv() failed (104: Connection reset by peer)",
  );
  expect(code("app.internal could not be resolved (3: Host not found)", null)).toBe(
    "could not be resolved (3: Host not found)",
  );
  expect(code('limiting requests, excess: 20.955 by zone "z"', null)).toBe("limiting requests");
  expect(code("upstream sent frame for unknown stream 17", HEADER)).toBe(
    "upstream sent frame for unknown stream",
  );
  expect(code("something odd at 17 happened", HEADER)).toBe("something odd at");
});

test.each([
  ["http://10.0.0.1:8080/a", "10.0.0.1:8080", ""],
  ["http://10.0.0.1:8080?action=stream", "10.0.0.1:8080", ""],
  ["https://[::1]:443/a", "[::1]:443", ""],
  ["http://[::1]/a", "", "[::1]"],
  ["fastcgi://unix:/run/php.sock:", "unix:/run/php.sock", ""],
  ["fastcgi://unix:///run/php.sock", "unix:///run/php.sock", ""],
  ["http://unix:/run/app.sock:/a", "unix:/run/app.sock", ""],
  ["http://unix:/run/app.sock/a", "unix:/run/app.sock", ""],
  ["http://unix:/run/app/a", "unix:/run/app", ""],
  ["passenger:unix:/tmp/agents/core:", "unix:/tmp/agents/core", ""],
  ["grpc://10.0.0.1:2002", "10.0.0.1:2002", ""],
  ["10.0.0.1:6443", "10.0.0.1:6443", ""],
  ["http://backend/a", "", "backend"],
  ["http://localhost/a?b=http://x:1/", "", "localhost"],
])("upstream %s", (upstream, peer, pool) => {
  const context = CONTEXT.replace("http://10.0.0.1:80/a", upstream);
  expect(Teller.errors().tell(line("no live upstreams", CONNECT, context))).toMatchObject({
    peer,
    pool,
  });
});

test("a date no calendar has names the time", () => {
  expect(Teller.errors().tell("2026/02/30 13:43:48 [error] 9#9: *1 x")?.field).toBe(0);
});
