// Every line of the rig's access log against what nginx.md §6.6 and §6.7 say it is, and single lines of other formats.
import { expect, test } from "vitest";
import { compileJson } from "../../src/grammar/compile-json.ts";
import { compileText } from "../../src/grammar/compile-text.ts";
import { parseFormat } from "../../src/grammar/parse-format.ts";
import { planText } from "../../src/grammar/plan.ts";
import { Names } from "../../src/record/names.ts";
import { nginxAccessReader } from "../../src/record/nginx-access.ts";
import { REASONS } from "../../src/record/reasons.ts";
import { LOCAL, Rec } from "../../src/record/record.ts";
import {
  COMBINED,
  EXTENDED,
  INGRESS,
  kinds,
  KV,
  rigLines,
  Teller,
  type Told,
} from "./nginx/rig.ts";

/** Path → status, reason and `masked`, in the order of the log. Paths that are missing here are healthy. */
const RIG: Readonly<Record<string, readonly string[]>> = {
  "/refused/x?q=1": ["502 connect-failed"],
  "/closenow/x?q=1": ["502 disconnect"],
  "/rst/x?q=1": ["502 disconnect"],
  "/close/x?q=1": ["502 disconnect"],
  "/hang/x?q=1": ["504 response-timeout"],
  // The body broke after a good header: only the error log knows.
  "/partialclose/x?q=1": ["200 none"],
  "/partialhang/x?q=1": ["200 none"],
  "/nbpartialclose/x?q=1": ["200 none"],
  "/nbpartialhang/x?q=1": ["200 none"],
  "/badchunk/x?q=1": ["200 none"],
  "/garbage/x?q=1": ["9 invalid-response"],
  "/badhdr/x?q=1": ["502 invalid-response"],
  "/bighdr/x?q=1": ["502 invalid-response"],
  "/up502/x?q=1": ["502 upstream-status"],
  "/up503/x?q=1": ["503 upstream-status"],
  "/up504/x?q=1": ["504 upstream-status"],
  "/ok/x?q=1": ["200 none"],
  "/ka": ["200 none", "200 disconnect masked", "200 disconnect masked", "502 disconnect"],
  "/kr": ["200 none", "200 disconnect masked"],
  "/xaccel": ["200 none"],
  "/xadead": ["502 connect-failed"],
  "/tlsok": ["200 none"],
  // The connect time includes the TLS handshake.
  "/tlsplain": ["504 connect-timeout"],
  "/tlsclose": ["502 connect-failed"],
  "/tlshang": ["504 connect-timeout"],
  "/tlseof": ["502 disconnect"],
  "/tlsver": ["502 connect-failed"],
  "/tlsverify": ["502 connect-failed"],
  "/tlsname": ["502 connect-failed"],
  "/httptotls": ["502 disconnect"],
  "/full": ["504 connect-timeout"],
  "/unixmissing": ["502 connect-failed"],
  "/unixdead": ["502 connect-failed"],
  "/unixperm": ["502 connect-failed"],
  "/unixclose": ["502 disconnect"],
  "/unixhang": ["504 response-timeout"],
  "/unixfull": ["502 connect-failed"],
  "/dnsnx": ["502 unknown-failure"],
  "/dnssf": ["502 unknown-failure"],
  "/dnsrf": ["502 unknown-failure"],
  "/dnsdrop": ["502 unknown-failure"],
  "/dnsdead": ["502 unknown-failure"],
  "/dnsok": ["502 connect-failed"],
  "/noresolver": ["502 unknown-failure"],
  "/noport": ["500 unknown-failure"],
  "/invurl": ["500 unknown-failure"],
  "/g2dead": ["502 connect-failed", "502 no-upstream"],
  "/gretry": ["200 connect-failed masked"],
  "/gretryclose": ["200 disconnect masked"],
  "/gdown": ["502 no-upstream"],
  "/gtmo": ["200 response-timeout masked"],
  "/g502": ["200 upstream-status masked"],
  "/localhost": ["502 connect-failed", "502 connect-failed"],
  "/epnamed": ["200 connect-failed masked"],
  "/eptmo": ["200 response-timeout masked"],
  "/epuri": ["502 connect-failed"],
  "/ep200": ["200 connect-failed masked"],
  "/epstatic": ["200 connect-failed masked"],
  "/epdead": ["502 connect-failed"],
  "/epdns": ["502 connect-failed"],
  "/icept": ["502 upstream-status"],
  "/iceptnamed": ["200 upstream-status masked"],
  "/icept503": ["503 upstream-status"],
  "/redir": ["302 connect-failed masked"],
  "/auth/": ["500 unknown-failure"],
  "/auth2/": ["401 none"],
  "/auth3/": ["502 connect-failed"],
  "/mirror": ["200 none"],
  "/fcgi": ["500 none"],
  "/fcpsu": ["404 none"],
  "/fcclose": ["504 response-timeout"],
  "/fcref": ["502 connect-failed"],
  "/fcunix": ["502 connect-failed"],
  "/fcunixhang": ["504 response-timeout"],
  "/fchttp": ["502 invalid-response"],
  "/fctohttp": ["504 response-timeout"],
  "/uwsgi": ["502 connect-failed"],
  "/uwsgitohttp": ["504 response-timeout"],
  "/ret502": ["502 unknown-failure"],
  "/gretryclose/post": ["502 disconnect"],
  "/refused/head": ["502 connect-failed"],
  "/ws": ["101 none"],
  "/hang/abort": ["499 client-abort"],
  "/ignabort": ["504 response-timeout"],
  "/big": ["200 none"],
  "/gmax/1": ["502 no-upstream"],
  "/gmax/2": ["504 response-timeout"],
  "/lr": ["200 none", "503 proxy-policy"],
  "/cache": ["200 none"],
  "/a?x": ["504 response-timeout"],
  "/b": ["499 client-abort"],
  "/r": ["502 connect-failed"],
  "/grpcref": ["502 connect-failed", "502 connect-failed"],
  "/grpchttp1": ["502 invalid-response"],
  "/grpcclose": ["502 disconnect"],
  "/grpchang": ["504 response-timeout"],
  "/refused/emptyref": ["502 connect-failed"],
  "/refused/nohost": ["502 connect-failed"],
  "/refused/09": ["502 connect-failed"],
  "http://other.example/refused/abs": ["502 connect-failed"],
  "/refused/p1": ["502 connect-failed"],
  "/refused/p2": ["502 connect-failed"],
};

function told(teller: Teller, line: string): Told {
  const record = teller.tell(line);
  expect(record, line).not.toBeNull();
  expect(record!.field, line).toBe(-1);
  return record!;
}

test("every line of the rig gets the reason the fault has", () => {
  const teller = Teller.access(KV);
  const seen = new Map<string, string[]>();
  for (const { line } of rigLines("kv.log")) {
    const record = told(teller, line);
    const path = record.request.split(" ")[1] ?? "";
    const list = seen.get(path) ?? [];
    list.push(`${record.status} ${record.reason}${record.masked ? " masked" : ""}`);
    seen.set(path, list);
  }
  expect(Object.fromEntries(Object.keys(RIG).map((path) => [path, seen.get(path)]))).toEqual(RIG);
  for (const [path, list] of seen) {
    if (path in RIG || path.length > 100) continue;
    const allowed = path.includes("\\x22q\\x22")
      ? ["502 connect-failed", "400 none"]
      : ["400 none"];
    for (const text of list) expect(allowed, path).toContain(text);
  }
});

test("lists are zipped into attempts, and the blame goes to the one that failed first of all", () => {
  const teller = Teller.access(KV);
  const of = (path: string, nth = 0): Told =>
    told(
      teller,
      rigLines("kv.log").filter(({ line }) => line.includes(` ${path} HTTP`))[nth]!.line,
    );
  expect(of("/gretry").attempts).toEqual([
    "127.0.0.1:21001 connect-failed",
    "127.0.0.1:21014 none",
  ]);
  expect(of("/gretry")).toMatchObject({
    peer: "127.0.0.1:21001",
    pool: "gretry",
    code: "502, 200",
  });
  expect(of("/g2dead", 1)).toMatchObject({
    peer: "",
    pool: "g2dead",
    code: "502",
    attempts: [" no-upstream"],
  });
  // `a : group`: the group's end follows from nothing but its own dead peers; the first failure is the cause.
  expect(of("/epdead")).toMatchObject({ peer: "127.0.0.1:21001", pool: "", code: "502 : 502" });
  expect(of("/epdns")).toMatchObject({
    peer: "127.0.0.1:21001",
    code: "502",
    attempts: ["127.0.0.1:21001 connect-failed"],
  });
  expect(of("/xaccel").attempts).toEqual(["127.0.0.1:21017 none", "127.0.0.1:21014 none"]);
  expect(of("/unixhang")).toMatchObject({ peer: "unix:/run/apps/hang.sock", pool: "" });
  expect(of("/hang/x?q=1")).toMatchObject({
    connection: 9,
    durationMs: 1002,
    time: "2026-11-22T13:43:49.700Z",
    joinable: true,
  });
  expect(of("/up502/x?q=1")).toMatchObject({ joinable: false });
});

const HEAD = '127.0.0.1 - - [22/Nov/2026:13:43:48 +0200] "GET /x HTTP/1.1" ';

test("a format without upstream fields knows no more than the status", () => {
  const teller = Teller.access(COMBINED);
  const reason = (status: string): string => told(teller, `${HEAD}${status} 157 "-" "-"`).reason;
  expect(
    ["502", "503", "504", "009", "500", "499", "429", "200", "404", "000"].map(reason),
  ).toEqual([
    "unknown-failure",
    "unknown-failure",
    "unknown-failure",
    "unknown-failure",
    "none",
    "client-abort",
    "none",
    "none",
    "none",
    "none",
  ]);
  expect(told(teller, `${HEAD}502 157 "-" "-"`)).toMatchObject({
    time: "2026-11-22T11:43:48.000Z",
    client: "127.0.0.1",
    request: "GET /x HTTP/1.1",
    peer: "",
    pool: "",
    code: "502",
    joinable: true,
    attempts: [],
  });
});

function extended(
  status: string,
  ua: string,
  us: string,
  uct: string,
  uht: string,
  urt: string,
): string {
  return (
    `${HEAD}${status} 157 "-" "curl" "-" "shop.example" rt=0.010 ua="${ua}" us="${us}" uct="${uct}" uht="${uht}" ` +
    `urt="${urt}" c=7`
  );
}

test("connect and header times tell how far an attempt got", () => {
  const teller = Teller.access(EXTENDED);
  const read = (...args: Parameters<typeof extended>): string => {
    const record = told(teller, extended(...args));
    return record.reason + (record.masked ? " masked" : "");
  };
  expect(read("502", "10.0.0.1:80", "502", "-", "-", "0.000")).toBe("connect-failed");
  expect(read("502", "10.0.0.1:80", "502", "0.001", "-", "0.004")).toBe("unknown-failure");
  expect(read("502", "10.0.0.1:80", "502", "0.001", "0.004", "0.004")).toBe("upstream-status");
  expect(read("504", "10.0.0.1:80", "504", "-", "-", "1.000")).toBe("connect-timeout");
  expect(read("504", "10.0.0.1:80", "504", "0.001", "-", "1.000")).toBe("response-timeout");
  expect(read("503", "10.0.0.1:80", "503", "0.001", "0.002", "0.002")).toBe("upstream-status");
  expect(read("500", "10.0.0.1:80", "500", "0.001", "0.002", "0.002")).toBe("none");
  expect(read("502", "backend", "502", "-", "-", "0.000")).toBe("no-upstream");
  expect(read("504", "10.0.0.1:80, backend", "504, 502", "0.000, -", "-, -", "1.000, 0.000")).toBe(
    "response-timeout",
  );
  expect(read("502", "-", "-", "-", "-", "-")).toBe("unknown-failure");
  expect(read("503", "-", "-", "-", "-", "-")).toBe("proxy-policy");
  expect(read("429", "-", "-", "-", "-", "-")).toBe("proxy-policy");
  // Found but empty: choosing a peer failed on this machine.
  expect(read("500", "", "-", "-", "-", "0.000")).toBe("proxy-resource");
  expect(read("200", "10.0.0.1:80", "502", "0.000", "-", "0.001")).toBe("unknown-failure masked");
  expect(
    read("404", "10.0.0.1:80, 10.0.0.2:80", "502, 404", "-, 0.000", "-, 0.001", "0.000, 0.001"),
  ).toBe("connect-failed masked");
  expect(read("404", "10.0.0.1:80", "502", "-", "-", "0.000")).toBe("connect-failed");
  // `upstream_status_on_error off` (nginx#1661): nginx's own failures without a status of their own.
  expect(read("504", "10.0.0.1:80", "-", "-", "-", "1.000")).toBe("connect-timeout");
  expect(read("499", "10.0.0.1:80", "-", "0.000", "-", "0.301")).toBe("client-abort");
  expect(read("200", "[::1]:80", "200", "0.000", "0.001", "0.301")).toBe("none");
});

test("more attempts than are kept still end with the last one", () => {
  const count = 300;
  const list = (item: (k: number) => string): string =>
    Array.from({ length: count }, (_, k) => item(k)).join(", ");
  const line = extended(
    "200",
    list((k) => `10.0.${k >> 8}.${k & 255}:80`),
    list((k) => (k === count - 1 ? "200" : "502")),
    list((k) => (k === count - 1 ? "0.001" : "-")),
    list((k) => (k === count - 1 ? "0.002" : "-")),
    list(() => "0.001"),
  );
  const record = told(Teller.access(EXTENDED), line);
  expect(record).toMatchObject({ reason: "connect-failed", masked: true, code: "200" });
  expect(record.attempts).toHaveLength(128);
  expect(record.attempts.at(-1)).toBe("10.0.1.43:80 none");
});

test("ingress-nginx: the pool is named, and a 503 without a server means that it has none", () => {
  const teller = Teller.access(INGRESS);
  const line = (status: string, pool: string, addr: string, us: string, length = "0"): string =>
    `${HEAD}${status} 190 "-" "curl" 81 0.000 [${pool}] [] ${addr} ${length} 0.000 ${us} 2889e565a82f4db8e58280450ad03e61`;
  expect(told(teller, line("503", "shop-app-80", "-", "-"))).toMatchObject({
    reason: "no-upstream",
    pool: "shop-app-80",
  });
  expect(told(teller, line("503", "", "-", "-"))).toMatchObject({
    reason: "proxy-policy",
    pool: "",
  });
  expect(told(teller, line("200", "shop-app-80", "10.0.0.1:80", "200", "12"))).toMatchObject({
    reason: "none",
    pool: "shop-app-80",
  });
  expect(told(teller, line("502", "shop-app-80", "10.0.0.1:80", "502", "12"))).toMatchObject({
    reason: "upstream-status",
  });
  const retried =
    `${HEAD}200 28 "-" "curl" 60 0.683 [shop-app-80] [] 10.0.0.1:443, 10.0.0.2:443, 10.0.0.3:443 ` +
    "0, 0, 39 0.096, 0.092, 0.496 502, 502, 200 d0f69894df9d4b231eca7773a6759ba2";
  const record = told(teller, retried);
  expect(record).toMatchObject({
    reason: "unknown-failure",
    masked: true,
    peer: "10.0.0.2:443",
    joinable: true,
  });
  expect(record.attempts).toEqual([
    "10.0.0.1:443 unknown-failure",
    "10.0.0.2:443 unknown-failure",
    "10.0.0.3:443 none",
  ]);
});

test("an impossible value names its field", () => {
  const teller = Teller.access(COMBINED);
  const field = (line: string): string | number | null => {
    const record = teller.tell(line);
    return record === null ? null : record.field;
  };
  const line = (time: string, status = "200"): string =>
    `1.2.3.4 - - [${time}] "GET / HTTP/1.1" ${status} 5 "-" "-"`;
  expect(field(line("22/Nov/2026:13:43:48 +0000"))).toBe(-1);
  for (const time of [
    "31/Nov/2026:13:43:48 +0000",
    "29/Feb/2025:13:43:48 +0000",
    "22/Nop/2026:13:43:48 +0000",
    "22/Nov/2026:24:00:00 +0000",
    "22/Nov/2026:13:60:48 +0000",
    "22/Nov/2026:13:43:48 +9900",
  ]) {
    expect(field(line(time)), time).toBe(2);
  }
  expect(field(line("22/Nov/2026:13:43:48 +0000", "20000"))).toBe(4);
  const times = Teller.access(EXTENDED);
  expect(times.tell(extended("502", "10.0.0.1:80", "502", "0.0.1", "-", "-"))?.field).toBe(
    times.tell(extended("502", "10.0.0.1:80", "5x2", "0.001", "-", "-"))!.field + 1,
  );
});

test("JSON lines: any known key, missing ones, and a value that tells what its key is", () => {
  const keys = Object.entries({
    time_local: "time_local",
    msec: "msec",
    "@timestamp": "time_iso8601",
    st: "status",
    ua: "ua",
    upstream_addr: "upstream_addr",
    us: "upstream_status",
    uht: "upstream_header_time",
    request_uri: "request_uri",
    path: "uri",
    method: "request_method",
    client_ip: "remote_addr",
    vhost: "host",
    rt: "request_time",
  }).map(([key, field]) => ({ key, field }));
  const names = new Names();
  const scanner = compileJson(keys, () => null);
  const read = nginxAccessReader(scanner.fields, names, "json");
  const spans = new Int32Array(2 * scanner.fields.length + 1);
  const tell = (line: string): Rec => {
    const bytes = new TextEncoder().encode(line);
    const rec = new Rec();
    expect(scanner.scan(bytes, 0, bytes.length, spans)).toBe(-1);
    expect(read(bytes, spans, rec)).toBe(-1);
    return rec;
  };
  const line =
    '{"time_local":"2026-11-22T13:43:48+01:00","st":502,"ua":"10.0.0.1:80","us":"502","uht":"","path":"/a","method":"GET","rt":"0.250"}';
  const rec = tell(line);
  expect(new Date(rec.timeMs).toISOString()).toBe("2026-11-22T12:43:48.000Z");
  expect([
    rec.status,
    names.text(rec.peer),
    REASONS[rec.reason],
    rec.durationMs,
    rec.escape,
  ]).toEqual([502, "10.0.0.1:80", "unknown-failure", 250, 2]);
  expect(line.slice(rec.pathStart, rec.pathEnd)).toBe("/a");
  const agent = tell(
    '{"@timestamp":"2026-11-22T13:43:48","st":200,"ua":"Mozilla/5.0 (X11)","path":"/a"}',
  );
  expect([agent.peer, agent.reason, agent.clock]).toEqual([0, 0, LOCAL]);
  // An empty value in JSON is a missing one: nothing says that choosing a peer failed.
  expect(
    REASONS[tell('{"msec":1795355028.658,"st":"500","upstream_addr":"","us":""}').reason],
  ).toBe("unknown-failure");
});

test("a full table of names changes nothing but the names", () => {
  const names = new Names(3);
  const ast = parseFormat(EXTENDED, "nginx");
  const scanner = compileText(planText(ast, (name) => kinds[name] ?? null));
  const read = nginxAccessReader(scanner.fields, names, ast.escape);
  const spans = new Int32Array(2 * scanner.fields.length + 1);
  for (let k = 0; k < 9; k++) {
    const bytes = new TextEncoder().encode(
      extended("502", `10.0.0.${k}:80`, "502", "-", "-", "0.000"),
    );
    const rec = new Rec();
    expect(scanner.scan(bytes, 0, bytes.length, spans)).toBe(-1);
    expect(read(bytes, spans, rec)).toBe(-1);
    expect([REASONS[rec.reason], rec.attempts]).toEqual(["connect-failed", 1]);
    expect(rec.peer).toBeGreaterThanOrEqual(0);
  }
});
