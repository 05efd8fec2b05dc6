// Every failing line of two real HAProxy runs against haproxy.md §4 and §7.2, and single lines of other formats.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { explainHaproxy } from "../../src/record/explain-haproxy.ts";
import { LOCAL, NOTE, REQUEST, ZONED } from "../../src/record/record.ts";
import { catalogue, teller, tellerOf, texts, type Told } from "./teller.ts";

const HTTPLOG =
  "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";
const TAILS = {
  "2.6": " | rule=%[last_rule_file]:%[last_rule_line] bc_err=%[bc_err]/%[bc_err_str]",
  "3.4":
    " | rule=%[last_rule_file]:%[last_rule_line] bc_err=%[bc_err]/%[bc_err_str]/%[bc_err_name] tev=%[term_events] srvst=%[server_status] reused=%[bc_reused] we=%[waiting_entity] le=%[last_entity] sslbc=%[ssl_bc_err_str]",
};

/** Failing requests in the order of the log: path (`-` for a bad request), state, status, reason, masked. */
const RUNS: Readonly<Record<keyof typeof TAILS, readonly string[]>> = {
  "2.6": [
    "/close SH-- 502 disconnect",
    "/rst SH-- 502 disconnect",
    "/partial SH-- 502 disconnect",
    "/junk PH-- 502 invalid-response",
    "/badhdr PH-- 502 invalid-response",
    "/badcl PH-- 502 invalid-response",
    "/bighdr PH-- 502 invalid-response",
    "/slow sH-- 504 response-timeout",
    "/502 ---- 502 upstream-status",
    "/503 ---- 503 upstream-status",
    "/504 ---- 504 upstream-status",
    "/deny PR-- 403 proxy-policy",
    "/deny503 PR-- 503 proxy-policy",
    "/tarpit PT-- 500 proxy-policy",
    "/ret503 LR-- 503 proxy-policy",
    // Only the captured response header tells a refusal by rule from an answer that is not valid.
    "/rdeny PH-- 502 proxy-policy",
    "/rdeny504 PH-- 504 proxy-policy",
    "/be/refused SC-- 503 connect-failed",
    "/be/tout sC-- 503 connect-timeout",
    "/be/nosrv SC-- 503 no-upstream",
    "/be/empty SC-- 503 no-upstream",
    "/be/undef SC-- 503 no-upstream",
    "/be/redisp ---- rc=+1 200 connect-failed masked",
    "/be/redisp ---- rc=+1 200 connect-failed masked",
    "/be/mixed sC-- 503 connect-timeout",
    "/be/ssl/ sC-- 503 connect-timeout",
    "/be/acc SC-- 503 connect-failed",
    "/middie SD-- 200 truncated-response masked",
    "/midclose SD-- 200 truncated-response masked",
    "/midhang sD-- 200 truncated-response masked",
    "/badchunk PH-- 502 invalid-response",
    "- CR-- 400 client-abort",
    "- cR-- 408 client-abort",
    "- CR-- 400 client-abort",
    "- cR-- 408 client-abort",
    "- PR-- 400 proxy-policy",
    "- PR-- 400 proxy-policy",
    "/slow sH-- 504 response-timeout",
    "/slow sH-- 504 response-timeout",
    "/be/abc/slow sH-- 504 response-timeout",
    "/be/tout sC-- 503 connect-timeout",
    "/be/tout sC-- 503 connect-timeout",
    "/be/q sQ-- 503 queue-timeout",
    "/be/q sQ-- 503 queue-timeout",
    "/be/q sQ-- 503 queue-timeout",
    "/be/q sQ-- 503 queue-timeout",
    "/be/q?CQ sQ-- 503 queue-timeout",
    "/be/q CD-- 200 client-abort",
    "/sleep CD-- 200 client-abort",
    "/second SH-- 502 disconnect",
    "/second?rst SH-- 502 disconnect",
    "/be/l7/rst SH-- 502 disconnect",
    "/be/kill/slow KH-- 502 admin-kill",
    "/be/kill/slow DH-- 502 admin-kill",
    "http://127.0.0.1:28101/slow sH-- 504 response-timeout",
    "http://127.0.0.1:28101/be/refused SC-- 503 connect-failed",
    "- PR-- 0 proxy-policy",
  ],
  "3.4": [
    "/close SH-- 502 disconnect-close",
    "/rst SH-- 502 disconnect-reset",
    "/partial PH-- 502 disconnect-close",
    "/junk PH-- 502 invalid-response",
    "/badhdr PH-- 502 invalid-response",
    "/badcl PH-- 502 invalid-response",
    "/bighdr PH-- 502 invalid-response",
    "/slow sH-- 504 response-timeout",
    "/502 ---- 502 upstream-status",
    "/503 ---- 503 upstream-status",
    "/504 ---- 504 upstream-status",
    "/deny PR-- 403 proxy-policy",
    "/deny503 PR-- 503 proxy-policy",
    "/tarpit PT-- 500 proxy-policy",
    "/ret503 LR-- 503 proxy-policy",
    "/rdeny PH-- 502 proxy-policy",
    "/rdeny504 PH-- 504 proxy-policy",
    "/be/refused SC-- 503 connect-refused",
    "/be/tout sC-- 503 connect-timeout",
    "/be/nosrv SC-- 503 no-upstream",
    "/be/empty SC-- 503 no-upstream",
    "/be/undef SC-- 503 no-upstream",
    "/be/redisp ---- rc=+1 200 connect-failed masked",
    "/be/redisp ---- rc=+1 200 connect-failed masked",
    "/be/mixed sC-- 503 connect-timeout",
    "/be/ssl/ sC-- 503 connect-timeout",
    "/be/acc SH-- 502 disconnect-reset",
    "/middie SD-- 200 truncated-response masked",
    "/midclose SD-- 200 truncated-response masked",
    "/midhang sD-- 200 truncated-response masked",
    "/badchunk PH-- 502 invalid-response",
    "- CR-- 400 client-abort",
    "- cR-- 408 client-abort",
    "- CR-- 400 client-abort",
    "- cR-- 408 client-abort",
    "- PR-- 400 proxy-policy",
    "- PR-- 400 proxy-policy",
    "/slow CH-- 400 client-abort",
    "/slow CD-- 400 client-abort",
    "/be/abc/slow CH-- 400 client-abort",
    "/be/tout CC-- 0 client-abort",
    "/be/tout CC-- 0 client-abort",
    "/be/q?CQ CQ-- 0 client-abort",
    "/be/q sQ-- 503 queue-timeout",
    "/be/q sQ-- 503 queue-timeout",
    "/be/q sQ-- 503 queue-timeout",
    "/be/q sQ-- 503 queue-timeout",
    "/be/q CL-- 200 client-abort",
    "/sleep CL-- 200 client-abort",
    "/be/l7/rst SH-- 502 disconnect-reset",
    "/be/kill/slow KC-- 500 admin-kill",
    "/be/kill/slow DC-- 500 admin-kill",
    "http://127.0.0.1:28301/rst SH-- 502 disconnect-reset",
    "http://127.0.0.1:28301/slow sH-- 504 response-timeout",
    "http://127.0.0.1:28301/be/refused SC-- 503 connect-refused",
    "- PR-- 0 proxy-policy",
  ],
};

function pathOf({ field }: Told): string {
  return field("r")?.split(" ")[1] ?? "-";
}

function fullFormat(version: keyof typeof TAILS): (line: string) => Told | null {
  return teller(catalogue.recipeOf(HTTPLOG + TAILS[version], "given", "haproxy"));
}

function linesOf(name: string): string[] {
  return readFileSync(new URL(`haproxy/${name}`, import.meta.url), "latin1")
    .split("\n")
    .filter(Boolean);
}

test.each(["2.6", "3.4"] as const)("failing lines of HAProxy %s", (version) => {
  const tell = fullFormat(version);
  const told = linesOf(`${version}.log`)
    .map(tell)
    .filter((one) => one !== null);
  const failed = told.filter(({ rec }) => rec.reason !== 0);
  expect(failed.map((one) => `${pathOf(one)} ${one.code} ${one.gist}`)).toEqual(RUNS[version]);
  expect(told.length).toBeGreaterThan(failed.length);
});

test("each line of the runs is read by one of the built-in formats", () => {
  const tellers = catalogue.listed
    .filter(({ proxy, format }) => proxy === "haproxy" && format !== "")
    .map(({ name }) => tellerOf(name));
  for (const version of ["2.6", "3.4"] as const) {
    const all = [fullFormat(version), ...tellers];
    const missed = linesOf(`${version}.log`).filter((line) =>
      all.every((tell) => tell(line) === null),
    );
    // CLF depends on which aliases `%{+Q}` quotes, which test/grammar looks at.
    expect(missed.filter((line) => !line.includes('"feclf"'))).toEqual([]);
  }
});

const httplog = tellerOf("haproxy httplog");
const tcplog = tellerOf("haproxy tcplog");

/** Public lines (haproxy.md §8): format, line, gist, pool, peer. */
const SAMPLES: readonly (readonly [string, string, string, string, string])[] = [
  [
    "haproxy httplog",
    '10.0.0.1:34552 [15/Oct/2003:15:26:31.462] px-http px-http/srv1 3183/-1/-1/-1/11215 503 0 - - SC-- 205/202/202/115/3 0/0 "HEAD / HTTP/1.0"',
    "503 connect-failed",
    "px-http",
    "px-http/srv1",
  ],
  [
    "haproxy httplog",
    '127.0.0.1:33319 [15/Oct/2003:08:31:57.149] px-http px-http/srv1 6559/1230/7/147/6870 200 243 - - ---- 324/239/239/99/0 0/9 "HEAD / HTTP/1.0"',
    "200 none",
    "px-http",
    "px-http/srv1",
  ],
  [
    "haproxy httplog",
    '127.0.0.1:34548 [15/Oct/2003:15:18:55.798] px-http px-http/<NOSRV> -1/-1/-1/-1/8490 -1 0 - - CR-- 2/2/2/0/0 0/0 ""',
    "0 client-abort",
    "px-http",
    "",
  ],
  [
    "haproxy httplog",
    'xxx.xxx.xxx.xxx:43608 [07/Mar/2023:11:33:48.083] ssl~ http/10.81.15.120 0/0/3/-1/600004 504 198 - - sH-- 1757/1757/11/0/0 0/0 {Go-http-client/2.0} "GET https://api.domain.com/xyz HTTP/2.0"',
    "504 response-timeout",
    "http",
    "http/10.81.15.120",
  ],
  [
    "haproxy httplog",
    '::1:54498 [16/Mar/2020:14:09:49.657] marketbuker.yandex.ru:29310 marketbuker.yandex.ru:29310/sas3-1464:27494 0/502/-1/-1/502 503 237 - - sQ-- 1373/31/16/13/0 1/0 {1584356989641/…|85.140.7.220, 2a02:…|…} "GET /buker/GetCards?… HTTP/1.1"',
    "503 queue-timeout",
    "marketbuker.yandex.ru:29310",
    "marketbuker.yandex.ru:29310/sas3-1464:27494",
  ],
  [
    "haproxy httplog",
    '127.0.0.1:34242 [17/Feb/2021:11:25:23.660] FE BE/apache 0/0/0/-1/0 500 15445 - - IHNI 1/1/0/0/0 0/0 "GET /image.png HTTP/1.1"',
    "500 unknown-failure",
    "BE",
    "BE/apache",
  ],
  // Up to 2.3 retries are logged that never were: -1 in Tw says that no server could be chosen.
  [
    "haproxy httplog",
    'xx:xxx:xxx:xxx:xx [13/Apr/2023:16:00:25.576] https-in~ app/<NOSRV> 0/-1/-1/-1/0 503 479 - - SC-- 6/5/0/0/3 0/0 "GET / HTTP/1.1"',
    "503 no-upstream",
    "app",
    "",
  ],
  [
    "haproxy httplog",
    '2001:bad:coff:ee:cd97:5710:4515:7c73:52553 [21/Feb/2018:14:31:30.690] fe backend-name/backend-04 1/0/1/-1/4758 400 1932 - - CH-- 518/215/0/0/0 0/0 {host.name.tld|Mozilla/5.0 (Mac||https://referred.name.tld/some/string?f=%7B…} {} "GET /some/path/here/filename.jpg HTTP/1.1"',
    "400 client-abort",
    "backend-name",
    "backend-name/backend-04",
  ],
  // Up to 2.4 a client that leaves while connecting is logged as 503.
  [
    "haproxy httplog",
    '10.1.1.1:59794 [10/Mar/2022:14:00:56.528] fe app/app_052 0/0/-1/-1/3 503 217 - - CC-- 4/1/0/0/0 0/0 "GET /5.js HTTP/1.1"',
    "503 client-abort",
    "app",
    "app/app_052",
  ],
  [
    "haproxy httplog",
    '127.0.0.1:48380 [23/Mar/2017:13:22:22.686] api~ api-backend/http31 39/0/2062/-1/122101 -1 0 - - SD-- 1714/1714/1678/35/0 0/0 {0,"",""} "POST /ping HTTP/1.1"',
    "0 disconnect",
    "api-backend",
    "api-backend/http31",
  ],
  [
    "haproxy httplog",
    '127.0.0.1:33320 [15/Oct/2003:08:32:17.925] px-http px-http/srv1 9/0/7/14/30 502 243 - - PH-- 3/2/2/0/0 0/0 "GET /cgi-bin/bug.cgi? HTTP/1.0"',
    "502 proxy-policy",
    "px-http",
    "px-http/srv1",
  ],
  [
    "haproxy tcplog",
    "1.1.1.1:48847 [21/Jan/2016:17:12:08.054] f_443~ f_4_backend/a742b970 9998/-1/12140 213 SC 0/0/0/0/3 0/0",
    "-1 connect-failed",
    "f_4_backend",
    "f_4_backend/a742b970",
  ],
  [
    "haproxy tcplog",
    "127.0.0.1:40962 [20/Sep/2018:15:44:23.285] main app/<NOSRV> -1/-1/1 212 SC 1/1/0/0/0 0/0",
    "-1 no-upstream",
    "app",
    "",
  ],
  [
    "haproxy tcplog",
    "127.0.0.1:34550 [15/Oct/2003:15:24:28.312] px-tcp px-tcp/srv1 0/0/5007 0 cD 0/0/0/0/0 0/0",
    "-1 client-abort",
    "px-tcp",
    "px-tcp/srv1",
  ],
];

test.each(SAMPLES)("%s: %s", (format, line, gist, pool, peer) => {
  const told = tellerOf(format)(line)!;
  expect([told.gist, told.pool, told.peer]).toEqual([gist, pool, peer]);
});

test("the line was written when the request ended", () => {
  const line =
    '127.0.0.1:35266 [22/Nov/2026:13:45:51.494] fe ok/s1 0/0/0/-1/1001 504 198 - - sH-- 1/1/0/0/0 0/0 "GET /slow HTTP/1.1"';
  const { rec } = httplog(line)!;
  expect(rec.clock).toBe(LOCAL);
  expect(rec.startMs).toBe(Date.UTC(2026, 10, 22, 13, 45, 51, 494));
  expect(rec.timeMs).toBe(rec.startMs + 1001);
  expect(rec.durationMs).toBe(1001);
  const asap = httplog(line.replace("/-1/1001 504 198", "/1/+3 200 +93").replace("sH--", "----"))!;
  expect(asap.rec.timeMs).toBe(rec.startMs + 3);
  const tcp = tcplog(
    "127.0.0.1:58016 [22/Nov/2026:13:46:23.984] fetcp tcpok/s1 1/0/7 90 -- 2/1/0/0/0 0/0",
  )!;
  expect(tcp.rec.timeMs).toBe(Date.UTC(2026, 10, 22, 13, 46, 23, 991));
  const before = tellerOf("haproxy httplog before 1.7")(
    '127.0.0.1:35266 [22/Nov/2015:13:45:51.494] fe ok/s1 3/0/0/5/9 200 98 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
  )!;
  expect(before.rec.timeMs).toBe(Date.UTC(2015, 10, 22, 13, 45, 51, 503));
});

test("dates of any kind: UTC with %ms apart, epochs, ISO", () => {
  const clf = teller(
    catalogue.recipeOf("%ci - - [%trg] %ST %ms %b %s %Ta %tsc", "given", "haproxy"),
  );
  const { rec, peer } = clf("127.0.0.1 - - [22/Nov/2026:13:46:25 +0000] 502 491 ok s1 7 SH--")!;
  expect(rec.clock).toBe(ZONED);
  expect(rec.timeMs).toBe(Date.UTC(2026, 10, 22, 13, 46, 25, 498));
  expect(peer).toBe("ok/s1");
  const epoch = teller(
    catalogue.recipeOf("%[accept_date(ms)] %b/%s %Tt %tsc %ST", "given", "haproxy"),
  );
  expect(epoch("1795355028658 a/b 12 ---- 200")!.rec.timeMs).toBe(1795355028670);
  const undated = teller(catalogue.recipeOf("%ST %b %s %ci:%cp %tsc", "given", "haproxy"));
  expect(undated("503 api <NOSRV> 10.0.0.1:33156 SC--")!.rec.timeMs).toBeNaN();
});

test("dates by strftime: of the end, of the beginning, with a zone of their own or none", () => {
  const of = (format: string, line: string): Told =>
    teller(catalogue.recipeOf(format, "given", "haproxy"))(line)!;
  const end = of(
    "[%[date,ltime(%Y-%m-%d %H:%M:%S)].%ms %[date,ltime(%z)]] %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %tsc",
    "[2026-11-25 23:49:05.449 +0200] be/s1 0/0/0/-1/1500 502 SH--",
  );
  expect([end.rec.clock, end.rec.timeMs, end.rec.startMs]).toEqual([
    ZONED,
    Date.UTC(2026, 10, 25, 21, 49, 5),
    Date.UTC(2026, 10, 25, 21, 49, 3, 500),
  ]);
  const start = of(
    '%[accept_date(ms),ms_utime("%Y-%m-%dT%H:%M:%S.%3NZ")] %b/%s %Tt %ST %tsc',
    "2026-11-25T23:49:05.449Z be/s1 1500 502 SH--",
  );
  expect([start.rec.clock, start.rec.timeMs]).toEqual([
    ZONED,
    Date.UTC(2026, 10, 25, 23, 49, 6, 949),
  ]);
  const local = of(
    "%[date,ltime(%d %b %Y %T)] %b/%s %Tt %ST %tsc",
    "25 Nov 2026 23:49:05 be/s1 1500 502 SH--",
  );
  expect([local.rec.clock, local.rec.timeMs]).toEqual([LOCAL, Date.UTC(2026, 10, 25, 23, 49, 5)]);
});

test("with a redispatch the named server is not to blame, with plain retries it is", () => {
  const line = (rc: string): string =>
    `127.0.0.1:1 [23/Nov/2026:18:14:10.635] fe be_auth/auth1 0/0/-1/-1/0 503 217 - - SC-- 1/1/0/0/${rc} 0/0 "GET / HTTP/1.1"`;
  expect(httplog(line("+2"))!.peer).toBe("");
  expect(httplog(line("2"))!.peer).toBe("be_auth/auth1");
  expect(httplog(line("+2"))!.rec.tries).toBe(3);
  const good = line("2").replace("-1/-1/0 503", "0/3/5 200").replace("SC--", "--VN");
  const told = httplog(good)!;
  expect([told.gist, told.code, told.peer]).toEqual([
    "200 connect-failed masked",
    "---- rc=2",
    "be_auth/auth1",
  ]);
  // Servers were tried, then none was left: the first failure is what the letters tell.
  const none = httplog(line("+2").replace("auth1", "<NOSRV>"))!;
  expect([none.reason, none.peer]).toEqual(["connect-failed", ""]);
});

test("connection errors are believed by name, text, and those numbers that never moved", () => {
  const tell = teller(
    catalogue.recipeOf(
      "[%tr] %b/%s %Tw/%Tc/%Tr/%Ta %ST %tsc %[bc_err] %[bc_err_name]",
      "given",
      "haproxy",
    ),
  );
  const reason = (state: string, err: string): string =>
    tell(`[22/Nov/2026:13:45:51.494] b/s 0/-1/-1/3 503 ${state} ${err}`)!.reason;
  expect(reason("SC--", "47 EREFUSED")).toBe("connect-refused");
  expect(reason("SC--", "48 EUNREACH")).toBe("connect-unreachable");
  expect(reason("SC--", "34 SSL_HANDSHAKE")).toBe("tls-failure");
  expect(reason("SC--", "9 FREE_PORTS")).toBe("connect-local");
  expect(reason("SC--", "2 PROC_FDLIM")).toBe("proxy-resource");
  expect(reason("SC--", "34 -")).toBe("tls-failure");
  expect(reason("SC--", "46 -")).toBe("connect-failed");
  expect(reason("SH--", "0 -")).toBe("disconnect-close");
  expect(reason("SH--", "- -")).toBe("disconnect");
});

test("without a termination state a gateway status is nobody's", () => {
  const plain = teller(catalogue.recipeOf("[%tr] %b/%s %ST %Ta", "given", "haproxy"));
  expect(plain("[22/Nov/2026:13:45:51.494] b/s 503 3")!.reason).toBe("unknown-failure");
  const told = teller(
    catalogue.recipeOf("[%tr] %b/%s %ST %Ta %[server_status]", "given", "haproxy"),
  );
  expect(told("[22/Nov/2026:13:45:51.494] b/s 503 3 503")!.reason).toBe("upstream-status");
});

test("states that HAProxy does not write make a miss", () => {
  expect(
    httplog(
      '127.0.0.1:1 [22/Nov/2026:13:45:51.494] fe ok/s1 0/0/0/1/1 200 98 - - ZZ-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
    ),
  ).toBeNull();
});

test("connection errors and accepts are notes", () => {
  const broken = tellerOf("haproxy connection error")(
    "127.0.0.1:58170 [22/Nov/2026:13:47:09.502] fessl/1: SSL handshake failure (error:0A00009C:SSL routines::http request)",
  )!;
  expect([broken.rec.kind, broken.rec.reason, broken.client]).toEqual([NOTE, 0, "127.0.0.1"]);
  const accept = tellerOf("haproxy connect http")(
    "Connect from 127.0.0.1:57548 to 127.0.0.1:28308 (ldef/HTTP)",
  )!;
  expect(accept.rec.kind).toBe(NOTE);
  expect(
    httplog(
      '127.0.0.1:1 [22/Nov/2026:13:45:51.494] fe fe/<NOSRV> 0/-1/-1/-1/0 200 98 - - LR-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
    )!.rec.kind,
  ).toBe(REQUEST);
});

test("a line explained", () => {
  const knowledge: unknown = JSON.parse(texts["haproxy/failures.json"]!);
  const told = httplog(
    '127.0.0.1:1 [22/Nov/2026:13:45:59.410] fe mixed/r1 0/500/-1/-1/1500 503 217 - - sC-- 1/1/0/0/+1 0/0 "GET /be/mixed HTTP/1.1"',
  )!;
  const said = explainHaproxy(told.field, told.rec, told.names, knowledge);
  expect(said[0]).toMatch(/^sC--: Nothing completed the connection within timeout connect/);
  // Where Tw holds the failed try and the last one may have been refused at once, nothing can be divided.
  expect(said.join("\n")).not.toContain("ms a try");
  expect(said.join("\n")).toContain("r1 was only the last tried");
  const stayed = httplog(
    '127.0.0.1:1 [22/Nov/2026:13:45:56.467] fe tout/t1 0/0/-1/-1/2005 503 217 - - sC-- 1/1/0/0/3 0/0 "GET / HTTP/1.1"',
  )!;
  expect(explainHaproxy(stayed.field, stayed.rec, stayed.names, knowledge)[1]).toBe(
    "Tc=-1: no connection; 501 ms a try is the timeout connect",
  );
  expect(said).toContain("217 bytes were sent: the length of HAProxy's own page for 503");
  const fine = httplog(
    '127.0.0.1:1 [22/Nov/2026:13:45:51.494] fe ok/s1 0/0/0/1/1 200 98 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
  )!;
  expect(explainHaproxy(fine.field, fine.rec, fine.names, knowledge)).toEqual([]);
  const tail = tellerOf("haproxy httplog with more behind")(
    '127.0.0.1:1 [22/Nov/2026:13:45:51.494] fe ok/s1 0/0/0/-1/1 502 209 - - SH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1" fc_err=- bc_err=ERESET',
  )!;
  expect(tail.reason).toBe("disconnect-reset");
  expect(explainHaproxy(tail.field, tail.rec, tail.names, knowledge)).toContain(
    "bc_err: The server reset the connection.",
  );
  const shaken = tellerOf("haproxy connection error")(
    "127.0.0.1:39032 [22/Nov/2026:13:46:25.597] fessl/1: SSL handshake failure",
  )!;
  expect(explainHaproxy(shaken.field, shaken.rec, shaken.names, knowledge)[0]).toContain(
    'before there was a request, with "SSL handshake failure"',
  );
});
