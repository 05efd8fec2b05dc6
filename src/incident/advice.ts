// What to do next: the steps of reasons and causes with the names of this incident filled in.
import { CONFIG } from "./config.ts";
import type { Slice } from "./attribution.ts";
import { fill } from "./features.ts";
import type { Step } from "./knowledge.ts";
import type { Matter } from "./matter.ts";
import { sizeOf } from "./rows.ts";
import { isAddress } from "./services.ts";

/** The names to fill into steps; a blank without a value makes its step fall away. */
export type Blanks = Readonly<Record<string, string>>;

/** The names of an incident: its worst peer (`peer`, `host`, `port`), `server` as HAProxy says, `pool`, `path`, `client`. */
export function blanksOf(matter: Matter, slices: readonly Slice[]): Blanks {
  const blanks: Record<string, string> = {};
  const byPeer = new Map<string, number>();
  const byPool = new Map<string, number>();
  for (const group of matter.groups) {
    const { pool, peer } = matter.index.rows[group.upstream]!.upstream;
    if (peer !== null) byPeer.set(peer, (byPeer.get(peer) ?? 0) + sizeOf(group));
    if (pool !== null) byPool.set(pool, (byPool.get(pool) ?? 0) + sizeOf(group));
  }
  const addresses = [...byPeer].filter(([peer]) => isAddress(peer) && !peer.startsWith("unix:"));
  const address = worst(addresses);
  if (address !== null) {
    const colon = address.lastIndexOf(":");
    blanks["peer"] = address;
    blanks["host"] = address.slice(0, colon);
    blanks["port"] = address.slice(colon + 1);
  }
  const socket = worst([...byPeer].filter(([peer]) => peer.startsWith("unix:")));
  if (socket !== null) blanks["socket"] = socket.slice("unix:".length).replace(/:$/, "");
  const server = worst([...byPeer].filter(([peer]) => !isAddress(peer)));
  const pool = worst([...byPool]);
  if (pool !== null) blanks["pool"] = pool;
  if (server !== null)
    blanks["server"] = pool === null || server.includes("/") ? server : `${pool}/${server}`;
  const path =
    slices.find(({ where }) => "path" in where)?.where["path"] ??
    matter.telling.find((line) => line.path)?.path;
  if (path != null) blanks["path"] = path;
  const client = slices.find(({ where }) => "client" in where)?.where["client"];
  if (client !== undefined) blanks["client"] = client;
  const node = matter.groups
    .map(({ upstream }) => matter.index.rows[upstream]!.upstream.node)
    .find((name) => name !== null);
  if (node != null) blanks["node"] = node;
  return blanks;
}

/** Steps for the proxies concerned, filled in; those with an open blank fall away, and so do repeated ones. */
export function stepsFor(
  steps: readonly Step[],
  proxies: readonly string[],
  blanks: Blanks,
): string[] {
  const told = steps
    .filter(
      (step) => step.proxies === undefined || step.proxies.some((proxy) => proxies.includes(proxy)),
    )
    .map(({ text }) => fill(text, blanks))
    .filter((text) => !/\{(?:peer|host|port|server|pool|path|client|node|socket)\}/.test(text));
  return [...new Set(told)];
}

/** What to look at first: the steps of the leading root reason, then of the others. */
export function nextOf(matter: Matter, proxies: readonly string[], blanks: Blanks): string[] {
  const roots = [...matter.roots].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const steps = roots.flatMap(([reason]) =>
    stepsFor(matter.knowledge.reasons[reason].next, proxies, blanks),
  );
  return [...new Set(steps)].slice(0, CONFIG.nextSteps);
}

function worst(counts: readonly (readonly [string, number])[]): string | null {
  let best: string | null = null;
  let most = 0;
  for (const [name, count] of counts) {
    if (count > most || (count === most && name < best!)) [best, most] = [name, count];
  }
  return best;
}
