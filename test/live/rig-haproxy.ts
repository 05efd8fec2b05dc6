// HAProxy before some backends; what it sends to syslog is written to files, bare and with its RFC 3164 head.
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { appendFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Backend } from "./backend.ts";
import { ZONE } from "./child.ts";
import { freePort } from "./free-port.ts";
import { LogFile } from "./log-file.ts";
import {
  makeFolder,
  removeFolder,
  startProxy,
  TIMEOUT_MS,
  type Ejection,
  type Rig,
} from "./rig.ts";

/** Starts HAProxy; retries are off, so that every failure of a backend is one of a request. */
export async function startHaproxy(
  program: string,
  backends: readonly Backend[],
  ejection: Ejection,
): Promise<Rig> {
  const folder = makeFolder("haproxy");
  const port = await freePort();
  const raw = await receive(join(folder, "raw.log"));
  const syslog = await receive(join(folder, "syslog.log"));
  const ports = { listen: port, raw: raw.port, syslog: syslog.port };
  writeFileSync(join(folder, "haproxy.cfg"), configuration(ports, backends, ejection));
  const args = ["-db", "-f", join(folder, "haproxy.cfg")];
  const child = await startProxy(program, args, folder, port);
  const logs = [new LogFile(raw.file), new LogFile(syslog.file)];
  // HAProxy writes local time without its zone.
  const flags = ["--tz", ZONE.offset];
  return {
    url: `http://127.0.0.1:${port}`,
    views: {
      "bare httplog": { files: [raw.file], flags },
      "httplog behind a syslog head": { files: [syslog.file], flags },
    },
    peers: backends.map((_, at) => `be_app/app${at + 1}`),
    untilLogged: async (requests) => {
      for (const log of logs) await log.untilRequests(requests);
    },
    stop: async () => {
      await child.stop();
      for (const log of logs) log.close();
      for (const { socket } of [raw, syslog]) socket.close();
    },
    remove: () => removeFolder(folder),
  };
}

interface Receiver {
  readonly socket: Socket;
  readonly port: number;
  readonly file: string;
}

/** A syslog server that writes each datagram as a line. */
async function receive(file: string): Promise<Receiver> {
  writeFileSync(file, "");
  const socket = createSocket("udp4", (message) => {
    appendFileSync(file, `${message.toString("latin1").trimEnd()}\n`, "latin1");
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { socket, port: (socket.address() as AddressInfo).port, file };
}

function configuration(
  ports: { readonly listen: number; readonly raw: number; readonly syslog: number },
  backends: readonly Backend[],
  ejection: Ejection,
): string {
  const check = ejection === "never" ? "" : "check inter 200ms fall 2 rise 1";
  return `
global
  log 127.0.0.1:${ports.raw} format raw local0
  log 127.0.0.1:${ports.syslog} format rfc3164 local0
  maxconn 500
defaults
  mode http
  log global
  option httplog
  option dontlognull
  retries 0
  timeout connect ${TIMEOUT_MS}ms
  timeout server ${TIMEOUT_MS}ms
  timeout client 10s
  timeout http-request 5s
frontend fe_main
  bind 127.0.0.1:${ports.listen}
  default_backend be_app
backend be_app
  balance roundrobin
${backends.map(({ port }, at) => `  server app${at + 1} 127.0.0.1:${port} ${check}`).join("\n")}
`;
}
