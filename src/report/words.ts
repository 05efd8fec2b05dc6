// The words for what an analysis holds: where it fails, how sure a cause is, what an event concerns.
import type { Incident, Scope, UpstreamShare } from "../incident/index.ts";
import type { Reason } from "../record/index.ts";
import { count, percent, plural } from "./numbers.ts";

/** A reason in plain words; the sentences live in `grammars/reasons.json`. */
export interface ReasonWords {
  /** A noun: `connection refused`. */
  readonly title: string;
  /** What the upstream did, to be read after its name: `refused connections`. */
  readonly phrase: string;
  /** What it means: `nothing listens on that address`. */
  readonly meaning: string;
  /** As `phrase`, while it lasts: `refusing connections`. */
  readonly ongoing?: string;
}

/** Finds the words of a reason. */
export type Words = (reason: Reason) => ReasonWords;

/** How sure a cause is, as a word to stand beside its number. */
export function certainty(probability: number): "certain" | "likely" | "possible" | "unclear" {
  if (probability >= 0.95) return "certain";
  if (probability >= 0.65) return "likely";
  return probability >= 0.3 ? "possible" : "unclear";
}

/** A pool and a peer as one name: `app → 127.0.0.1:9102`; null where the log names neither. */
export function upstreamName(pool: string | null, peer: string | null): string | null {
  if (pool === null || peer === null) return pool ?? peer;
  return peer.startsWith(`${pool}/`) ? peer : `${pool} → ${peer}`;
}

/** Upstreams that failed, the most affected first, as seen by the proxy whose log names them best. */
export function failingUpstreams(incident: Incident): readonly UpstreamShare[] {
  const failing = incident.upstreams.filter((upstream) => upstream.failures > 0);
  const proxies = [...new Set(failing.map((upstream) => upstream.proxy))];
  const score = (proxy: string): number => {
    let named = 0;
    let failures = 0;
    for (const upstream of failing) {
      if (upstream.proxy !== proxy) continue;
      failures += upstream.failures;
      named +=
        upstream.failures * (Number(upstream.pool !== null) + Number(upstream.peer !== null));
    }
    return named / failures;
  };
  const best = proxies.sort((a, b) => score(b) - score(a))[0];
  return failing
    .filter((upstream) => upstream.proxy === best)
    .sort((a, b) => b.failures - a.failures);
}

/** Where an incident is, in a few words: `app → 127.0.0.1:9102`, `app, 3 of 4 peers`, `app, auth and 2 more pools`. */
export function placeOf(incident: Incident): string {
  const upstreams = failingUpstreams(incident);
  const { kind, values } = incident.scope;
  const pools = distinct(upstreams.map((upstream) => upstream.pool));
  const peers = distinct(upstreams.map((upstream) => upstream.peer));
  const first = upstreams[0];
  if (kind === "client" && values.length > 0) return `client ${listed(values)}`;
  if (kind === "route" && values.length > 0) {
    return pools.length === 1 ? `${pools[0]} at ${listed(values)}` : listed(values);
  }
  if (kind === "node" && values.length > 0) return `proxy node ${listed(values)}`;
  if (first === undefined) return "an upstream the log does not name";
  if (kind === "peer" || (peers.length === 1 && pools.length <= 1)) {
    return upstreamName(first.pool, first.peer) ?? "an upstream the log does not name";
  }
  if (pools.length === 0) {
    return peers.length === 0 ? "an upstream the log does not name" : listed(peers);
  }
  if (pools.length > 1) return listed(pools);
  if (peers.length === 0) return pools[0]!;
  const all = peersBeside(incident, first);
  const failing = kind === "peers" ? values.length : peers.length;
  if (failing >= all && all > 1) {
    return `${pools[0]}, ${all === 2 ? "both" : `all ${count(all)}`} peers`;
  }
  return `${pools[0]}, ${count(failing)} of ${count(Math.max(all, failing))} peers`;
}

/** How many peers the log knows of the pool that `upstream` belongs to, healthy ones included. */
function peersBeside(incident: Incident, upstream: UpstreamShare): number {
  const same = incident.upstreams.filter(
    (other) => other.proxy === upstream.proxy && other.pool === upstream.pool,
  );
  return distinct(same.map((other) => other.peer)).length;
}

/** How far it reaches, as the second half of a sentence; empty where nothing can be said. */
export function reachOf(incident: Incident): string {
  const { scope } = incident;
  const where = reachedPlace(incident, scope);
  if (where === "") return "";
  const failed = incident.failures > 0 ? incident.failures : incident.masked;
  const held = Math.round(scope.explained * failed);
  if (held <= 0) return "";
  const share = held >= failed ? "all" : `${count(held)}`;
  const rest =
    scope.rateWithout > 0 ? `${percent(scope.rateWithout, 1)} elsewhere` : "none elsewhere";
  return `${share} of them ${where}; ${rest}`;
}

function reachedPlace(incident: Incident, scope: Scope): string {
  const first = failingUpstreams(incident)[0];
  const all = first === undefined ? 0 : peersBeside(incident, first);
  const one = scope.values.length === 1;
  switch (scope.kind) {
    case "peer":
      return all > 1 ? `on this one of ${count(all)} peers` : "on this peer";
    case "peers":
      return `on these ${count(scope.values.length)} peers`;
    case "pool":
      return one ? "in this pool" : `in these ${count(scope.values.length)} pools`;
    case "node":
      return `on ${one ? "this node" : "these nodes"}`;
    case "route":
      return `on ${one ? "this path" : "these paths"}`;
    case "client":
      return `from ${one ? "this client" : "these clients"}`;
    case "everything":
    case "none":
      return "";
  }
}

/** What happened where no request failed in its client's eyes; null where one did, or nothing happened. */
export function hiddenDamage({ failures, masked, reasons }: Incident): string | null {
  if (failures > 0 || masked === 0) return null;
  const broken = reasons.find(({ reason }) => reason === "truncated-response")?.count ?? 0;
  const tried = masked - broken;
  const said: string[] = [];
  if (tried > 0) said.push(`${plural(tried, "attempt")} did, behind retries or fallbacks`);
  if (broken > 0) said.push(`${plural(broken, "answer")} broke off behind a good status`);
  return `no request failed; ${said.join(", and ")}`;
}

/** Less than this on top of one attempt a request is not worth a word. */
const LEAST_MORE = 0.05;

/** How many attempts a request cost, where retries added to what the upstream had to do; null where they did not. */
export function retriesOf({ retries }: Incident): string | null {
  if (retries === null) return null;
  const { perRequest, before } = retries;
  if (perRequest - Math.max(1, before ?? 1) < LEAST_MORE) return null;
  const then = before === null ? "" : `, ${before.toFixed(2)} before`;
  return `${perRequest.toFixed(2)} attempts per request${then}`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], most = 2): string {
  if (names.length <= 1) return names[0] ?? "";
  if (names.length > most) {
    return `${names.slice(0, most).join(", ")} and ${count(names.length - most)} more`;
  }
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Counts by name, the largest first, equal ones by name. */
export function largestFirst(
  counts: Readonly<Record<string, number>>,
): readonly (readonly [string, number])[] {
  return Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : a > b ? 1 : 0));
}

function distinct(names: readonly (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))];
}
