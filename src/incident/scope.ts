// How far an incident reaches: one peer, some, a pool, a node, a path, a client, or everything.
import type { Slice } from "./attribution.ts";
import { CONFIG } from "./config.ts";
import type { Scope } from "./incident.ts";
import type { Matter } from "./matter.ts";
import type { PeersView } from "./peers.ts";
import { isCounted, requestsBetween, sizeOf, type Row } from "./rows.ts";

const { explains, leastRequests } = CONFIG.scope;

/** The smallest place that holds the failures, and how the rest of the traffic fares meanwhile. */
export function scopeOf(matter: Matter, peers: PeersView | null, slices: readonly Slice[]): Scope {
  const { kind, values, inside } = placeOf(matter, peers, slices);
  const held = matter.groups.reduce(
    (sum, group) => sum + (inside(matter.index.rows[group.upstream]!) ? sizeOf(group) : 0),
    0,
  );
  const slice = kind === "route" || kind === "client" ? sliceOf(slices, kind) : undefined;
  const explained = slice !== undefined ? slice.coverage : matter.all === 0 ? 0 : held / matter.all;
  return {
    kind,
    values,
    explained,
    rateWithout: slice?.rateWithout ?? rateOutside(matter, inside),
  };
}

interface Place {
  readonly kind: Scope["kind"];
  readonly values: readonly string[];
  readonly inside: (row: Row) => boolean;
}

function placeOf(matter: Matter, peers: PeersView | null, slices: readonly Slice[]): Place {
  const everywhere = (): boolean => true;
  const node = oneNode(matter);
  if (node !== null) {
    return { kind: "node", values: [node], inside: (row) => row.upstream.node === node };
  }
  const client = sliceOf(slices, "client");
  if (client !== undefined)
    return { kind: "client", values: [client.where["client"]!], inside: everywhere };
  const some = peers === null ? null : somePeers(matter, peers);
  if (some !== null) return some;
  const route = sliceOf(slices, "route");
  if (route !== undefined)
    return { kind: "route", values: [route.where["path"]!], inside: everywhere };
  const pools = failingPools(matter);
  const services = new Set(
    [...matter.failing].map((row) => matter.services.of[row]!).filter((service) => service >= 0),
  );
  const inService = (row: Row): boolean => services.has(matter.services.of[row.index]!);
  if (services.size > 1 && isEverything(matter, services))
    return { kind: "everything", values: [], inside: everywhere };
  if (pools.length > 0) return { kind: "pool", values: pools, inside: inService };
  if (peers !== null) {
    const values = peers.failing.map(({ peer }) => peer);
    const kind = values.length === 1 ? "peer" : "peers";
    return { kind, values, inside: inService };
  }
  return { kind: "none", values: [], inside: everywhere };
}

/** Some peers hold the failures while others of them are known to be well. */
function somePeers(matter: Matter, peers: PeersView): Place | null {
  if (peers.healthy.length === 0) return null;
  const held = peers.failing.reduce((sum, { failures }) => sum + failures, 0);
  const others = peers.healthy.reduce((sum, { failures }) => sum + failures, 0);
  if (held < explains * (held + others + peers.unnamed)) return null;
  const names = new Set(peers.failing.map(({ peer }) => peer));
  return {
    kind: names.size === 1 ? "peer" : "peers",
    values: [...names],
    // Another proxy calls the same peers by other names: there all that failed is inside.
    inside: (row) =>
      row.upstream.proxy === peers.proxy
        ? names.has(row.upstream.peer ?? "")
        : matter.failing.has(row.index),
  };
}

/** The only one of several nodes of a proxy that fails. */
function oneNode({ index, concerned, groups, start, end }: Matter): string | null {
  const failures = new Map<string, number>();
  let all = 0;
  for (const group of groups) {
    const { proxy, node } = index.rows[group.upstream]!.upstream;
    const name = `${proxy} ${node ?? ""}`;
    failures.set(name, (failures.get(name) ?? 0) + sizeOf(group));
    all += sizeOf(group);
  }
  const requests = new Map<string, number>();
  for (const row of concerned) {
    const name = `${row.upstream.proxy} ${row.upstream.node ?? ""}`;
    requests.set(name, (requests.get(name) ?? 0) + requestsBetween(index, row, start, end, true));
  }
  for (const [name, count] of failures) {
    const [proxy, node] = [name.slice(0, name.indexOf(" ")), name.slice(name.indexOf(" ") + 1)];
    if (node === "" || count < explains * all) continue;
    const others = [...requests].filter(
      ([other]) => other !== name && other.startsWith(`${proxy} `),
    );
    const seen = others.reduce((sum, [, n]) => sum + n, 0);
    // Enough requests elsewhere that failing alike there would have shown.
    if (seen >= leastRequests && seen * (count / Math.max(count, requests.get(name) ?? 0)) >= 3)
      return node;
  }
  return null;
}

/** The slice of requests, by path or by client, that holds the failures and little else. */
export function sliceOf(slices: readonly Slice[], kind: "route" | "client"): Slice | undefined {
  const dimension = kind === "route" ? "path" : "client";
  return slices.find(
    ({ where, coverage, share }) =>
      Object.keys(where).length === 1 &&
      dimension in where &&
      coverage >= explains &&
      share <= CONFIG.scope.mostShare,
  );
}

function failingPools({ index, failing, services }: Matter): string[] {
  const byService = new Map<string, string>();
  for (const row of failing) {
    const service = services.of[row]!;
    const known =
      service < 0
        ? [index.rows[row]!]
        : services.all[service]!.rows.map((mate) => index.rows[mate]!);
    for (const { upstream } of known) {
      if (upstream.pool === null) continue;
      const name = byService.get(String(service));
      // The shortest of a service's names is the plainest.
      if (name === undefined || upstream.pool.length < name.length)
        byService.set(String(service), upstream.pool);
    }
  }
  return [...byService.values()].sort();
}

/** Several services fail, and every one with traffic is among them. */
function isEverything(matter: Matter, failing: ReadonlySet<number>): boolean {
  const { index, services, start, end } = matter;
  // An error log alone only names what fails.
  if (matter.concerned.every((row) => row.requests === 0)) return false;
  return services.all.every((service, number) => {
    if (failing.has(number)) return true;
    const requests = service.rows.reduce(
      (sum, row) => sum + requestsBetween(index, index.rows[row]!, start, end),
      0,
    );
    return requests < leastRequests;
  });
}

function rateOutside(matter: Matter, inside: (row: Row) => boolean): number {
  const { index, start, end } = matter;
  let requests = 0;
  let failures = 0;
  // What a pool's lines do not name is counted at the peer that it must have been at.
  const unnamed = new Set(matter.silent.map(({ pool }) => pool));
  for (const row of index.rows) {
    if (inside(row) || unnamed.has(row.index)) continue;
    requests += requestsBetween(index, row, start, end, true);
    for (let f = row.failuresFrom; f < row.failuresTo; f++) {
      const cell = index.summary.failures[f]!;
      if (cell.firstMs >= start && cell.firstMs <= end && isCounted(cell)) failures += sizeOf(cell);
    }
  }
  return requests === 0 ? 0 : Math.min(1, failures / requests);
}
