// The command line that prints what the screen shows, ready to paste into a shell.
import type { Incident } from "../incident/index.ts";
import { failingUpstreams } from "./wording.ts";

/** `why502 FILES --since … --until … --where '…'` for one incident. */
export function incidentCommand(incident: Incident, names: readonly string[]): string {
  const files = names.length === 0 ? ["-"] : names.map(quoteForShell);
  const since = new Date(Math.floor(incident.start / 1000) * 1000).toISOString();
  const until = new Date(Math.ceil((incident.end + 1) / 1000) * 1000).toISOString();
  const where = whereFilter(incident);
  const filter = where === "" ? "" : ` --where ${quoteForShell(where)}`;
  return `why502 ${files.join(" ")} --since ${whole(since)} --until ${whole(until)}${filter} -o text`;
}

function whole(iso: string): string {
  return iso.replace(".000Z", "Z");
}

/** The filter that leaves the failing upstream, where it is one pool or one peer. */
function whereFilter(incident: Incident): string {
  const failing = failingUpstreams(incident);
  const peers = new Set(failing.map((each) => each.peer));
  const pools = new Set(failing.map((each) => each.pool));
  const [peer] = peers;
  const [pool] = pools;
  if (peers.size === 1 && peer != null) return `peer = ${JSON.stringify(peer)}`;
  if (pools.size === 1 && pool != null) return `pool = ${JSON.stringify(pool)}`;
  return "";
}

/** A word for a POSIX shell: as it is where that is safe, else in single quotes. */
function quoteForShell(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
