// A real rsyslogd that writes what it receives in the layouts its own templates have: traditional, ISO 8601 and RFC 5424.
import { writeFileSync } from "node:fs";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { startChild, type Child } from "./child.ts";
import { LogFile } from "./log-file.ts";

/** The layouts, and rsyslog's names for them. */
export const LAYOUTS = {
  traditional: "RSYSLOG_TraditionalFileFormat",
  "ISO 8601": "RSYSLOG_FileFormat",
  "RFC 5424": "RSYSLOG_SyslogProtocol23Format",
} as const;

/** One of {@link LAYOUTS}. */
export type Layout = keyof typeof LAYOUTS;

/** A daemon at work. */
export interface Rsyslog {
  /** It listens there for syslog over UDP. */
  readonly port: number;
  /** What a program sent, in a layout. */
  readonly file: (program: string, layout: Layout) => string;
  readonly child: Child;
}

/** Starts it for some programs, each of which gets files of its own; resolves once it has written what was sent to it. */
export async function startRsyslog(
  rsyslogd: string,
  folder: string,
  programs: readonly string[],
): Promise<Rsyslog> {
  const port = await freeUdpPort();
  const file = (program: string, layout: Layout): string =>
    join(folder, `${program}-${layout.replaceAll(" ", "-")}.log`);
  const layouts = Object.keys(LAYOUTS) as Layout[];
  const actions = (program: string): string =>
    layouts
      .map(
        (layout) =>
          `action(type="omfile" file="${file(program, layout)}" template="${LAYOUTS[layout]}")`,
      )
      .join("\n  ");
  const rules = [...programs, PROBE].map(
    (program) => `if $programname == "${program}" then {\n  ${actions(program)}\n}`,
  );
  const configuration = join(folder, "rsyslog.conf");
  writeFileSync(
    configuration,
    `global(workDirectory="${folder}")
module(load="imudp")
input(type="imudp" address="127.0.0.1" port="${port}")
${rules.join("\n")}
`,
  );
  const child = startChild(rsyslogd, ["-n", "-i", "NONE", "-f", configuration], folder);
  await untilReceives(port, file(PROBE, "traditional"));
  return { port, file, child };
}

const PROBE = "probe";
const RETRY_MS = 50;

/** Nobody hears of an open UDP port: it is spoken to until what was said stands in the file. */
async function untilReceives(port: number, path: string): Promise<void> {
  const log = new LogFile(path);
  const socket = createSocket("udp4");
  const say = (): void =>
    socket.send(`<134>Nov 22 13:49:32 ${PROBE}: /app/item`, port, "127.0.0.1");
  const again = setInterval(say, RETRY_MS);
  say();
  try {
    await log.untilRequests(1);
  } finally {
    clearInterval(again);
    socket.close();
    log.close();
  }
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address() as AddressInfo;
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
