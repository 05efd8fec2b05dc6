// nginx and HAProxy log to a real rsyslogd: whatever layout it writes, the report is the same.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/report/index.ts";
import type { Backend } from "./backend.ts";
import { ZONE } from "./child.ts";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { LogFile } from "./log-file.ts";
import { makeFolder, removeFolder, startProxy, type Rig, type View } from "./rig.ts";
import { LAYOUTS, startRsyslog, type Layout, type Rsyslog } from "./rsyslog.ts";
import { play, type Run } from "./scenario.ts";
import { report } from "./why502.ts";

const rsyslogd = findProgram("rsyslogd");
const programs = { nginx: findProgram("nginx"), haproxy: findProgram("haproxy") };
const PATIENCE_MS = 30_000;
const layouts = Object.keys(LAYOUTS) as Layout[];

interface Proxy {
  /** The tags of its logs; the first has a line for each request. */
  readonly logs: readonly string[];
  readonly configuration: (port: number, syslog: number, peers: readonly string[]) => string;
  readonly args: (folder: string, file: string) => readonly string[];
}

const PROXIES: Readonly<Record<keyof typeof programs, Proxy>> = {
  nginx: {
    logs: ["nginx_access", "nginx_error"],
    configuration: (port, syslog, peers) => `
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log syslog:server=127.0.0.1:${syslog},tag=nginx_error notice;
events { worker_connections 512; }
http {
  access_log syslog:server=127.0.0.1:${syslog},tag=nginx_access combined;
  upstream app { ${peers.map((peer) => `server ${peer} max_fails=0;`).join(" ")} }
  server {
    listen 127.0.0.1:${port};
    proxy_next_upstream off;
    location / { proxy_pass http://app; }
  }
}
`,
    args: (folder, file) => ["-p", folder, "-c", file, "-e", join(folder, "start.log")],
  },
  haproxy: {
    logs: ["haproxy"],
    configuration: (port, syslog, peers) => `
global
  log 127.0.0.1:${syslog} format rfc3164 local0
defaults
  mode http
  log global
  option httplog
  option dontlognull
  retries 0
  timeout connect 1s
  timeout server 1s
  timeout client 10s
frontend fe_main
  bind 127.0.0.1:${port}
  default_backend be_app
backend be_app
${peers.map((peer, at) => `  server app${at + 1} ${peer}`).join("\n")}
`,
    args: (_, file) => ["-db", "-f", file],
  },
};

/** One proxy whose logs the daemon writes. */
async function start(
  name: keyof typeof PROXIES,
  daemon: Rsyslog,
  folder: string,
  backends: readonly Backend[],
): Promise<Rig> {
  const { configuration, args, logs } = PROXIES[name];
  const port = await freePort();
  const peers = backends.map((backend) => `127.0.0.1:${backend.port}`);
  const file = join(folder, `${name}.conf`);
  writeFileSync(file, configuration(port, daemon.port, peers));
  const child = await startProxy(programs[name]!, args(folder, file), folder, port);
  const requests = layouts.map((layout) => new LogFile(daemon.file(logs[0]!, layout)));
  const viewOf = (layout: Layout): View => ({
    files: logs.map((log) => daemon.file(log, layout)),
    // Neither the heads of old nor the error log name a zone.
    flags: ["--tz", ZONE.offset],
  });
  return {
    url: `http://127.0.0.1:${port}`,
    views: Object.fromEntries(layouts.map((layout) => [layout, viewOf(layout)])),
    peers: name === "nginx" ? peers : backends.map((_, at) => `be_app/app${at + 1}`),
    untilLogged: async (count) => {
      for (const log of requests) await log.untilRequests(count);
    },
    stop: async () => {
      for (const log of requests) log.close();
      await child.stop();
    },
    remove: () => {},
  };
}

/** What a report says, without where its lines lie. */
function story({ totals, incidents, events, join: joined, gaps }: Report): unknown {
  const told = incidents.map(({ examples: _, ...incident }) => incident);
  return {
    totals,
    incidents: told,
    events: events.map(({ text: _, ...event }) => event),
    joined,
    gaps,
  };
}

const names = (Object.keys(PROXIES) as (keyof typeof PROXIES)[]).filter(
  (name) => programs[name] !== null,
);

describe.skipIf(rsyslogd === null || names.length === 0)("by rsyslog", () => {
  let folder: string;
  let daemon: Rsyslog;
  let runs: Run[];
  beforeAll(async () => {
    folder = makeFolder("rsyslog");
    const logs = names.flatMap((name) => PROXIES[name].logs);
    daemon = await startRsyslog(rsyslogd!, folder, logs);
    const starts = names.map(
      (name) => (backends: readonly Backend[]) => start(name, daemon, folder, backends),
    );
    runs = await play(starts, { fault: "refused", failing: "one backend" });
  }, PATIENCE_MS);
  afterAll(async () => {
    await daemon.child.stop();
    removeFolder(folder);
  });

  it.each(names)("%s: every line is read in each layout, to the same report", async (name) => {
    const run = runs[names.indexOf(name)]!;
    const reports = await Promise.all(layouts.map((layout) => report(run.rig.views[layout]!)));
    for (const { input, totals } of reports) {
      expect(input.misses).toBe(0);
      expect(totals).toMatchObject({ requests: run.requests, failures: run.failures.length });
    }
    const [first, ...others] = reports.map(story);
    for (const other of others) expect(other).toEqual(first);
    const { incidents } = reports[0]!;
    expect(incidents).toHaveLength(1);
    expect(incidents[0]!.reasons[0]).toMatchObject({ count: run.failures.length });
    expect(incidents[0]!.upstreams[0]).toMatchObject({ peer: run.peer });
  });
});
