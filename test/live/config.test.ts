// Formats of nobody's taste, written by the real servers: their own configuration is all that why502 is told.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Backend } from "./backend.ts";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { LogFile } from "./log-file.ts";
import { makeFolder, removeFolder, startProxy } from "./rig.ts";
import { send } from "./traffic.ts";
import { report } from "./why502.ts";

const REQUESTS = 30;
const PER_SECOND = 100;

/** What to start, what it writes, and what to tell why502. */
interface Setup {
  readonly args: readonly string[];
  readonly log: string;
  readonly port: number;
  readonly files: readonly string[];
  readonly config: string;
  readonly close?: () => void;
}

/** Starts a proxy before one good and one absent server, sends requests, and reads what it wrote by its configuration. */
async function readBack(
  program: string,
  setUp: (folder: string, port: number, peers: readonly [number, number]) => Promise<Setup>,
): Promise<Awaited<ReturnType<typeof report>>> {
  const folder = makeFolder("config");
  const backend = await Backend.start();
  try {
    const absent = await freePort();
    const made = await setUp(folder, await freePort(), [backend.port, absent]);
    const child = await startProxy(program, made.args, folder, made.port);
    const log = new LogFile(made.log);
    try {
      await send(`http://127.0.0.1:${made.port}`, REQUESTS, PER_SECOND);
      await log.untilRequests(REQUESTS);
    } finally {
      log.close();
      await child.stop();
      made.close?.();
    }
    return await report({ files: made.files, flags: ["--config", made.config, "--tz", "+05:30"] });
  } finally {
    await backend.stop();
    removeFolder(folder);
  }
}

const nginx = findProgram("nginx");
test.skipIf(nginx === null)(
  "nginx: includes, variables in the path, escape=json, its pools",
  async () => {
    const found = await readBack(nginx!, async (folder, port, peers) => {
      mkdirSync(join(folder, "conf.d"));
      mkdirSync(join(folder, "logs"));
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
      writeFileSync(
        join(folder, "nginx.conf"),
        `${process.getuid?.() === 0 ? "user root;" : ""}
daemon off; worker_processes 1; pid nginx.pid; error_log logs/error.log;
events { }
http { # 'an odd comment {
  log_format odd escape=json '$msec|\${status}|' "$upstream_addr|$upstream_status" '|[$request_method] <$request_uri>'
    ' {"c":"$upstream_connect_time","h":"$upstream_header_time","agent":"$http_user_agent"} $request_time;';
  ${temporary.map((name) => `${name}_temp_path tmp-${name};`).join(" ")}
  include conf.d/*.conf;
}
`,
      );
      writeFileSync(
        join(folder, "conf.d/site.conf"),
        `upstream shop { ${peers.map((peer) => `server 127.0.0.1:${peer} max_fails=0;`).join(" ")} }
server { listen 127.0.0.1:${port}; root ${folder}; access_log "${folder}/logs/$server_port.access.log" odd;
  location / { proxy_pass http://shop; proxy_next_upstream off; } }
`,
      );
      const config = join(folder, "nginx.conf");
      const log = join(folder, `logs/${port}.access.log`);
      const args = ["-p", folder, "-c", config, "-e", join(folder, "logs/error.log")];
      // No file is named: the configuration knows both logs.
      return { args, log, port, files: [], config };
    });
    const access = found.input.sources.find(({ name }) => name.includes("access"))!;
    expect(access).toMatchObject({
      format: "nginx odd (nginx.conf:5)",
      records: REQUESTS,
      misses: 0,
    });
    expect(found.input.sources.length).toBe(2);
    expect(found.totals).toMatchObject({ requests: REQUESTS, failures: REQUESTS / 2 });
    expect(found.incidents[0]!.upstreams[0]!.pool).toBe("shop");
  },
);

const haproxy = findProgram("haproxy");
test.skipIf(haproxy === null)(
  "HAProxy: quotes, escapes, variables, what defaults say",
  async () => {
    const found = await readBack(haproxy!, async (folder, port, peers) => {
      const log = join(folder, "raw.log");
      writeFileSync(log, "");
      const socket = createSocket("udp4", (message) => {
        appendFileSync(log, `${message.toString("latin1").trimEnd()}\n`, "latin1");
      });
      socket.bind(0, "127.0.0.1");
      await once(socket, "listening");
      const config = join(folder, "haproxy.cfg");
      writeFileSync(
        config,
        `global
  setenv SITE "odd shop"
  log 127.0.0.1:${(socket.address() as AddressInfo).port} format raw local0
defaults
  mode http
  log global
  option dontlognull
  retries 0
  timeout connect 1s
  timeout server 1s
  timeout client 5s
  log-format "site=\${SITE} %ci:%cp [%tr] \\"%HM %HU\\" %ST/%tsc %b/%s %TR/%Tw/%Tc/%Tr/%Ta # %rc" # odd
frontend web
  bind 127.0.0.1:${port}
  default_backend be
backend be
${peers.map((peer, at) => `  server s${at + 1} 127.0.0.1:${peer}`).join("\n")}
`,
      );
      const close = (): void => void socket.close();
      return { args: ["-db", "-f", config], log, port, files: [log], config, close };
    });
    expect(found.input.sources[0]).toMatchObject({
      format: "haproxy web (haproxy.cfg:12)",
      misses: 0,
    });
    expect(found.totals).toMatchObject({ requests: REQUESTS, failures: REQUESTS / 2 });
    expect(found.incidents[0]!.upstreams.find(({ failures }) => failures > 0)!.peer).toBe("be/s2");
  },
);

const envoy = findProgram("envoy");
test.skipIf(envoy === null)(
  "Envoy: YAML, a text with epoch seconds and a nested JSON format",
  async () => {
    const found = await readBack(envoy!, async (folder, port, peers) => {
      const [log, json] = [join(folder, "odd.txt"), join(folder, "odd.json")];
      const config = join(folder, "envoy.yaml");
      writeFileSync(
        config,
        `static_resources:
  listeners:
  - name: in
    address: &a { socket_address: { address: 127.0.0.1, port_value: ${port} } }
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: front
          access_log:
          - name: envoy.access_loggers.file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: ${log}
              log_format:
                text_format_source:
                  inline_string: |
                    %START_TIME(%s.%3f)% code=%RESPONSE_CODE%;%RESPONSE_FLAGS%;%UPSTREAM_CLUSTER%->%UPSTREAM_HOST% '%REQ(:METHOD)% %REQ(:PATH)%' %DURATION%
          - name: envoy.access_loggers.file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: ${json}
              log_format:
                json_format: { at: "%START_TIME%", res: { c: "%RESPONSE_CODE%", f: "%RESPONSE_FLAGS%" }, to: "%UPSTREAM_HOST%", p: "%REQ(:PATH)%" }
          route_config: { virtual_hosts: [ { name: all, domains: ["*"], routes: [ { match: { prefix: "/" }, route: { cluster: shop } } ] } ] }
          http_filters:
          - name: envoy.filters.http.router
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
  clusters:
  - name: shop
    type: STATIC
    connect_timeout: 1s
    load_assignment:
      cluster_name: shop
      endpoints: [ { lb_endpoints: [ ${peers.map((peer) => `{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: ${peer} } } } }`).join(", ")} ] } ]
`,
      );
      const args = ["-c", config, "--disable-hot-restart", "--concurrency", "1"];
      args.push("--file-flush-interval-msec", "50", "--log-level", "warning");
      return { args, log, port, files: [], config };
    });
    expect(found.input.sources.map(({ format, misses }) => [format, misses])).toEqual([
      ["envoy front (envoy.yaml:25)", 0],
      ["envoy front (envoy.yaml:18)", 0],
    ]);
    expect(found.totals.requests).toBe(2 * REQUESTS);
    expect(found.totals.failures).toBe(REQUESTS);
  },
);
