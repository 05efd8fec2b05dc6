// HAProxy with odd log-formats: each string, as it stands in the configuration, reads what HAProxy wrote with it.
import { spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Backend } from "./backend.ts";
import { ZONE, type Child } from "./child.ts";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { makeFolder, removeFolder, startProxy } from "./rig.ts";
import { PROGRAM } from "./why502.ts";

/** A log-format line of the configuration, and which fields it logs. */
const FORMATS: Readonly<
  Record<string, { readonly line: string; readonly tells: readonly string[] }>
> = {
  quotes: {
    line: String.raw`log-format "%{+Q}o\ quotes ts=%Ts.%ms c=%ci:%cp fe=%ft be=%b srv=%s t=%TR/%Tw/%Tc/%Tr/%Ta st=%ST b=%B cc=%CC ts=%tsc rc=%rc hr=%hr hs=%hs rq=%r"`,
    tells: ["client", "path", "frontend"],
  },
  json: {
    line: String.raw`log-format "{\"fe\":\"json\",\"t\":\"%trl\",\"st\":%ST,\"be\":\"%b\",\"s\":\"%s\",\"tsc\":\"%tsc\",\"Ta\":%Ta,\"rc\":\"%rc\",\"m\":\"%HM\",\"u\":\"%HPO%HQ\",\"ua\":\"%[capture.req.hdr(1),json(utf8s)]\"}"`,
    tells: ["path"],
  },
  bars: {
    line: "log-format bars|%ci|%cp|%tr|%ft|%b|%s|%TR|%Tw|%Tc|%Tr|%Ta|%ST|%B|%tsc|%ac|%fc|%bc|%sc|%rc|%sq|%bq|%hr|%{+Q}r",
    tells: ["client", "path", "frontend"],
  },
  escapes: {
    line: "log-format 'escapes [%Tl] %{+E,+Q}r %{+E}hr %{+Q,+E}[capture.req.hdr(1)] %b/%s %tsc %ST %Tw/%Tc/%Tr/%Tt %rc end'",
    tells: ["path"],
  },
  hex: {
    line: String.raw`log-format %{+X}o\ hex\ %ci:%cp_%fi:%fp_%Ts_%rt:%pid\ %{-X}b/%{-X}s\ %ST\ %tsc\ %Ta\ %ms\ %rc`,
    tells: [],
  },
  tail: {
    line: String.raw`log-format "tail %[date(0,ms),ltime(%Y)] %ci:%cp [%tr] %ft  %b/%s    %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r bc_err=%[bc_err]/%[bc_err_str] rule=%[last_rule_file]:%[last_rule_line] host=[%hr] host0=<%[capture.req.hdr(0),lower]>"`,
    tells: ["client", "path", "frontend"],
  },
  clf: {
    line: String.raw`log-format "%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl"`,
    tells: ["client", "path", "frontend"],
  },
  pairs: {
    line: `log-format "time=%t client=%ci:%cp frontend=%ft backend=%b server=%s timers=%TR/%Tw/%Tc/%Tr/%Ta status=%ST bytes=%B state=%tsc conns=%ac/%fc/%bc/%sc/%rc queues=%sq/%bq request=%{+Q}r"`,
    tells: ["client", "path", "frontend"],
  },
  object: {
    line: `log-format '{"frontend":"%f","time_local":"%trg","client":"%ci","port":%cp,"backend":"%b","server":"%s","TR":"%TR","Tw":"%Tw","Tc":"%Tc","Tr":"%Tr","Ta":"%Ta","status":"%ST","bytes":"%B","termination":"%tsc","retries":"%rc","method":"%HM","uri":"%HPO%HQ","version":"%HV"}'`,
    tells: ["client", "path", "frontend"],
  },
  semicolons: {
    line: `log-format "%ci;%cp;%tr;%ft;%b;%s;%TR;%Tw;%Tc;%Tr;%Ta;%ST;%B;%tsc;%rc;%hr;%{+Q}r"`,
    tells: ["client", "path", "frontend"],
  },
  parts: {
    line: `log-format "%Ts.%ms [%T] %ci %f/%b/%s %Ta %ST %tsc %rc %HM %HPO%HQ %HV"`,
    tells: ["client", "path", "frontend"],
  },
  secure: {
    line: `log-format "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %sslv/%sslc %[ssl_fc_sni] %ID %{+Q}r"`,
    tells: ["client", "path", "frontend"],
  },
};
const NAMES = Object.keys(FORMATS);
const AGENT = 'cu rl "q" x|y}z\\ \u00fc';
const haproxy = findProgram("haproxy");

describe.skipIf(haproxy === null)("odd log-formats of HAProxy", () => {
  const folder = makeFolder("formats");
  const messages: string[] = [];
  const ports = new Map<string, number>();
  let probe: string[] = [];
  let socket: Socket | null = null;
  let child: Child | null = null;
  let backend: Backend | null = null;

  beforeAll(async () => {
    backend = await Backend.start();
    socket = createSocket("udp4", (message) => messages.push(message.toString("latin1").trimEnd()));
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    for (const name of NAMES) ports.set(name, await freePort());
    const closed = await freePort();
    const log = (socket.address() as AddressInfo).port;
    writeFileSync(join(folder, "haproxy.cfg"), configuration(ports, backend.port, closed, log));
    const args = ["-db", "-f", join(folder, "haproxy.cfg")];
    child = await startProxy(haproxy!, args, folder, ports.get(NAMES[0]!)!);
    // The probe for the port was logged too: a line without a request and without captures.
    while (messages.length < 1) await once(socket, "message");
    probe = messages.splice(0);
    for (const path of ['/a"b?x=1|2', "/refused", "/deny"]) await ask(path);
    await backend.fail("close");
    await ask("/gone");
  }, 60_000);

  afterAll(async () => {
    await child?.stop();
    await backend?.stop();
    socket?.close();
    removeFolder(folder);
  });

  const ask = async (path: string): Promise<void> => {
    for (const port of ports.values()) {
      await new Promise<void>((resolve) => {
        const headers = { "user-agent": AGENT, host: "shop.example" };
        const sent = get({ port, path, headers, agent: false, host: "127.0.0.1" }, (answer) => {
          answer.resume().on("close", resolve);
        });
        sent.on("error", () => resolve());
      });
    }
  };

  test("a connection without a request", { timeout: 60_000 }, async () => {
    const [told] = await explain(FORMATS[NAMES[0]!]!.line, probe);
    expect(told?.record).toMatchObject({
      status: 400,
      code: "CR--",
      client: "127.0.0.1",
      peer: null,
    });
  });

  test.each(NAMES)("%s", { timeout: 60_000 }, async (name) => {
    const ours = (): string[] => messages.filter((line) => line.includes(name));
    while (ours().length < 4) await once(socket!, "message");
    const { line, tells } = FORMATS[name]!;
    const told = await explain(line, ours());
    const gist = told.map(({ record, failure }) => [
      record?.["status"],
      record?.["peer"],
      record?.["code"],
      failure?.["reason"],
      record?.["tries"],
    ]);
    expect(gist).toEqual([
      [200, "be_app/app1", null, undefined, 1],
      [503, "be_refused/gone1", "SC--", "connect-failed", 2],
      [503, null, "PR--", "proxy-policy", 1],
      [502, "be_app/app1", "SH--", "disconnect", 1],
    ]);
    for (const { record } of told) {
      const time = Date.parse(String(record?.["time"]));
      expect(Math.abs(Date.now() - time)).toBeLessThan(60_000);
      if (tells.includes("client")) expect(record?.["client"]).toBe("127.0.0.1");
      if (tells.includes("frontend")) expect(record?.["frontend"]).toBe(name);
    }
    if (tells.includes("path"))
      expect(told.map(({ record }) => record?.["path"])).toEqual([
        "/a#22b?x=1|2",
        "/refused",
        "/deny",
        "/gone",
      ]);
  });
});

interface Explained {
  readonly record: Readonly<Record<string, unknown>> | null;
  readonly failure: Readonly<Record<string, unknown>> | null;
}

async function explain(format: string, lines: readonly string[]): Promise<Explained[]> {
  const args = [PROGRAM, "explain", "-o", "json", "--tz", ZONE.offset, "--log-format", format];
  const child = spawn(process.execPath, args, { env: { ...process.env, TZ: "UTC" } });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stdin.end(Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1"));
  await once(child, "close");
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Explained);
}

function configuration(
  ports: ReadonlyMap<string, number>,
  app: number,
  closed: number,
  log: number,
): string {
  const frontends = [...ports].map(
    ([name, port]) => `
frontend ${name}
  bind 127.0.0.1:${port}
  capture request header Host len 40
  capture request header User-Agent len 60
  capture response header Server len 20
  http-request deny deny_status 503 if { path /deny }
  use_backend be_refused if { path /refused }
  default_backend be_app
  ${FORMATS[name]!.line}`,
  );
  return `
defaults
  mode http
  log 127.0.0.1:${log} len 4096 format raw local0
  timeout connect 300ms
  timeout client 5s
  timeout server 5s
  retries 1
backend be_app
  retries 0
  server app1 127.0.0.1:${app}
backend be_refused
  server gone1 127.0.0.1:${closed}
${frontends.join("\n")}
`;
}
