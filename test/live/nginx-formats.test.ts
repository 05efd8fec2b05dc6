// nginx writes its log in formats out of real configurations; each is given as it stands there, and every field is checked.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, connect, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describe as describeLine } from "../conformance/describer.ts";
import type { DescribedRecord } from "../../src/record/described.ts";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { makeFolder, removeFolder, startProxy } from "./rig.ts";

/** Directives as people write them: parts joined over lines, braces, tabs, all three escapings, odd separators. */
const FORMATS: Readonly<Record<string, string>> = {
  timed: `log_format timed '$remote_addr - $remote_user [$time_local] "$request" '
    '$status $body_bytes_sent "$http_referer" '
    '"$http_user_agent"rt=$request_time uct="$upstream_connect_time" '
    'uht="$upstream_header_time" urt="$upstream_response_time" us="$upstream_status" ua="$upstream_addr"';`,
  json: `log_format json escape=json '{"t":"$time_iso8601","a":"$remote_addr","u":"$remote_user","r":"$request","s":$status,'
    '"b":$body_bytes_sent,"rt":$request_time,"urt":$upstream_response_time,"us":"$upstream_status",'
    '"ua":"$upstream_addr","uht":"$upstream_header_time","agent":"$http_user_agent","ref":"$http_referer"}';`,
  nested: `log_format nested escape=json '{"time":"$time_iso8601","core":{"ip":"$remote_addr","line":"$request","status":"$status"},'
    '"up":{"addr":"$upstream_addr","status":"$upstream_status","header":"$upstream_header_time"},"agent":"$http_user_agent"}';`,
  bare: `log_format bare escape=none '$msec|$remote_addr|$request|$status|$upstream_addr|$upstream_status|$upstream_header_time|$http_user_agent';`,
  bars: `log_format bars '[$time_iso8601]|| "$request"|| $status|| $body_bytes_sent|| "$http_referer"|| $http_user_agent|| '
    '$remote_addr|| $request_time|| $upstream_response_time|| $upstream_addr|| $upstream_status';`,
  ltsv: `log_format ltsv 'time:$time_iso8601\\thost:\${remote_addr}\\treq:$request\\tstatus:\${status}\\tua:$http_user_agent\\t'
    'upstream:$upstream_addr\\tupstatus:$upstream_status\\tapptime:$upstream_response_time';`,
  ingress: `log_format ingress '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" $request_length $request_time [$proxy_host] [] $upstream_addr $upstream_response_length '
    '$upstream_response_time $upstream_status $request_id';`,
  semicolons: `log_format semicolons "$time_local;$remote_addr;$http_host;$request_method;$request_uri;$status;$request_time;"
    "$upstream_addr;$upstream_status;$upstream_header_time;$http_user_agent";`,
  amplified: `log_format amplified '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" "$http_x_forwarded_for" "$host" sn="$server_name" rt=$request_time ua="$upstream_addr" '
    'us="$upstream_status" ut="$upstream_response_time" ul="$upstream_response_length" cs=$upstream_cache_status';`,
  csv: `log_format csv '"$time_iso8601","$remote_addr","$request_method","$request_uri","$server_protocol","$status","$request_time",'
    '"$upstream_addr","$upstream_status","$upstream_response_time","$http_user_agent","$http_host"';`,
  logfmt: `log_format logfmt 'ts=$msec client=$remote_addr method=$request_method uri="$request_uri" proto=$server_protocol '
    'status=$status bytes=$bytes_sent rt=$request_time upstream="$upstream_addr" upstream_status="$upstream_status" '
    'upstream_rt="$upstream_response_time" rid=$request_id agent="$http_user_agent"';`,
  gelf: `log_format gelf escape=json '{ "timestamp": "$time_iso8601", "remote_addr": "$remote_addr", "body_bytes_sent": $body_bytes_sent, '
    '"request_time": $request_time, "response_status": $status, "request": "$request", "request_method": "$request_method", '
    '"host": "$http_host", "upstream_cache_status": "$upstream_cache_status", "upstream_addr": "$upstream_addr", '
    '"upstream_status": "$upstream_status", "http_user_agent": "$http_user_agent", "http_version": "$server_protocol" }';`,
  arrow: `log_format arrow '$remote_addr -> $upstream_addr [$time_local] $http_host "$request" $status/$upstream_status '
    '$request_time/$upstream_response_time "$http_user_agent"';`,
  numbered: `log_format numbered '#$connection-$connection_requests $pid [$time_local] <$remote_addr:$remote_port> '
    '($request_method) {$request_uri} =$status= ^$upstream_addr^ ^$upstream_status^ ~$upstream_connect_time~ "$http_user_agent"';`,
  tabbed: `log_format tabbed "$time_local\t$remote_addr\t$request\t$status\t$upstream_addr\t$upstream_status\t$upstream_response_time\t"
    "$http_user_agent\t$request_length";`,
  tight: `log_format tight escape=default '$status-$upstream_status,$upstream_addr,$request_time@$msec $connection.$connection_requests "$request"' ;`,
};

/** What was asked, and what every line about it must say; peers by their names below, null for none. */
interface Asked {
  readonly path: string;
  readonly headers: string;
  readonly status: number;
  readonly attempts: readonly (readonly [peer: string | null, status: number | null])[];
  readonly agent: string | null;
}

const AGENT = "User-Agent: x y\r\n";
const ASKED: readonly Asked[] = [
  {
    path: "/ok/a?b=1,2&c=%22",
    headers: `User-Agent: cu"rl\\8\t[x] | y; z\r\nReferer: http://r/"q", host: "z\r\nAuthorization: Basic ${btoa('joe "x" user:p')}\r\n`,
    status: 200,
    attempts: [["ok", 200]],
    agent: 'cu"rl\\8\t[x] | y; z',
  },
  {
    path: "/ok/\xc3\xa9\xfc",
    headers: "User-Agent: \r\n",
    status: 200,
    attempts: [["ok", 200]],
    agent: null,
  },
  {
    path: "/retry",
    headers: AGENT,
    status: 200,
    attempts: [
      ["dead", 502],
      ["ok", 200],
    ],
    agent: "x y",
  },
  { path: "/dead", headers: AGENT, status: 502, attempts: [["dead", 502]], agent: "x y" },
  {
    path: "/fallback",
    headers: AGENT,
    status: 200,
    attempts: [
      ["dead", 502],
      ["ok", 200],
    ],
    agent: "x y",
  },
  { path: "/return", headers: AGENT, status: 502, attempts: [], agent: "x y" },
  { path: "/garbage", headers: AGENT, status: 9, attempts: [["garbage", 200]], agent: "x y" },
  { path: "/unix", headers: AGENT, status: 502, attempts: [["socket", 502]], agent: "x y" },
];

const program = findProgram("nginx");
const folder = makeFolder("nginx-formats");
const servers: Server[] = [];
const peers: Record<string, string> = {};

function listen(port: number, answer: string): void {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(answer));
  });
  servers.push(server.listen(port, "127.0.0.1"));
}

/** Sends a request and waits for the connection's end. */
function ask(port: number, { path, headers }: Asked): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: Shop.example\r\nConnection: close\r\n${headers}\r\n`,
        "latin1",
      ),
    );
    socket.on("error", () => {}).resume();
    socket.once("close", () => resolve());
  });
}

describe.skipIf(program === null)("formats out of configurations", () => {
  beforeAll(async () => {
    const [port, ok, garbage, dead] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    Object.assign(peers, {
      ok: `127.0.0.1:${ok}`,
      dead: `127.0.0.1:${dead}`,
      garbage: `127.0.0.1:${garbage}`,
      socket: `unix:${folder}/none.sock`,
    });
    listen(ok, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
    listen(garbage, "nonsense here\r\n");
    writeFileSync(join(folder, "nginx.conf"), configuration(port, peers));
    const args = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")];
    const nginx = await startProxy(program!, args, folder, port);
    for (const asked of ASKED) await ask(port, asked);
    await nginx.stop();
  }, 30_000);

  afterAll(() => {
    for (const server of servers) server.close();
    removeFolder(folder);
  });

  it.each(Object.keys(FORMATS))("%s", (name) => {
    const format = FORMATS[name]!;
    const lines = readFileSync(join(folder, `${name}.log`), "latin1").split("\n");
    // The rig's own knock at the door has no request.
    const own = lines.filter((line) => ASKED.some(({ path }) => line.includes(pathPart(path))));
    expect(own.length).toBe(ASKED.length);
    for (const [at, asked] of ASKED.entries()) {
      const line = Buffer.from(own[at]!, "latin1").toString("utf8");
      const { record, miss } = describeLine(line, format);
      expect(miss, own[at]).toBeNull();
      check(record!, asked, format);
    }
  });
});

/** What of a path no escaping changes. */
function pathPart(path: string): string {
  return /^\/\w+(?:\/a\?b)?/.exec(path)![0];
}

function check(record: DescribedRecord, asked: Asked, format: string): void {
  const has = (variable: string): boolean => new RegExp(`\\$\\{?${variable}\\b`).test(format);
  expect(record.status).toBe(asked.status);
  expect(record.method).toBe("GET");
  if (/^[ -~]*$/.test(asked.path)) expect(record.path).toBe(asked.path);
  if (has("remote_addr")) expect(record.client).toBe("127.0.0.1");
  if (has("http_host")) expect(record.host).toBe("Shop.example");
  if (has("http_user_agent")) {
    const agent = record.userAgent?.replace(/\\x([0-9A-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    expect(agent ?? null).toBe(asked.agent);
  }
  expect(record.attempts.map(({ peer, status }) => [peer, status])).toEqual(
    asked.attempts.map(([peer, status]) => [peer === null ? null : peers[peer], status]),
  );
}

function configuration(port: number, to: Readonly<Record<string, string>>): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const names = Object.keys(FORMATS);
  return `
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log info;
events { worker_connections 64; }
http {
  ${temporary.map((name) => `${name}_temp_path tmp-${name};`).join(" ")}
  ${Object.values(FORMATS).join("\n  ")}
  ${names.map((name) => `access_log ${name}.log ${name};`).join("\n  ")}
  upstream group { server ${to["dead"]}; server ${to["ok"]}; }
  server {
    listen 127.0.0.1:${port};
    location /ok { proxy_pass http://${to["ok"]}; }
    location /retry { proxy_pass http://group; }
    location /dead { proxy_pass http://${to["dead"]}; }
    location /fallback { proxy_pass http://${to["dead"]}; error_page 502 = @fallback; }
    location @fallback { proxy_pass http://${to["ok"]}; }
    location /return { return 502; }
    location /garbage { proxy_pass http://${to["garbage"]}; }
    location /unix { proxy_pass http://${to["socket"]}:/; }
  }
}
`;
}
