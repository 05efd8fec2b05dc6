// Features of an incident's peers: which failed, how wholly, in which order, and how often.
import type { Matter } from "./matter.ts";
import { of, type Observed, type Sight } from "./observed.ts";
import type { PeerView, PeersView } from "./peers.ts";

const LEAST_STEADY_SECONDS = 4;
/** Outages of peers whose requests nobody counted need more failures to be told from chance. */
const LEAST_UNCOUNTED_OUTAGE = 4;
const LEAST_UNCOUNTED_RESTART = 3;
/** A peer is left out for some seconds: nginx's fail_timeout, Envoy's base_ejection_time (10 and 30 s by default). */
const EJECTED_MS = 5_000;

function sum(peers: readonly PeerView[], count: (peer: PeerView) => number): number {
  return peers.reduce((total, peer) => total + count(peer), 0);
}

/** Some of several peers hold the failures and the others are well. */
export function somePeers({ peers, matter }: Sight): Observed | null {
  if (peers === null || !peers.isCounted) return loneAddress(peers);
  const { failing, healthy, unnamed } = peers;
  const names = failing.length === 1 ? failing[0]!.peer : `${failing.length} peers`;
  const held = sum(failing, ({ failures }) => failures);
  const others = sum(healthy, ({ failures }) => failures);
  const seen = sum(healthy, ({ requests }) => requests);
  const rest = `the other ${healthy.length === 1 ? "peer" : `${healthy.length} peers`}: ${of(others, seen)} failed`;
  if (healthy.length === 0) {
    const value = failing.length === 1 && unnamed === 0 ? 0.5 : 0;
    return {
      value,
      says: `every failure was on ${names}, the only peer seen`,
      denies: `every peer seen failed (${failing.length})`,
    };
  }
  const total = held + others + unnamed;
  // Others that were asked little prove little: 12 requests without a failure are enough at any rate worth the name.
  const proof = Math.min(1, seen / 12);
  return {
    value: total === 0 ? 0 : Math.max(0, (held / total - 0.6) / 0.4) * (0.5 + 0.5 * proof),
    says: `all on ${names} (${of(held, total)})${inferred(matter)}; ${rest}`,
    denies: `failures on ${names} and elsewhere; ${rest}`,
  };
}

/** How a peer is known that the lines do not name. */
function inferred({ silent }: Matter): string {
  const [first] = silent;
  if (first === undefined) return "";
  return `: the lines do not name it, but it alone answered ${of(first.answered, first.expected)} requests that were its share`;
}

/** An error log alone names the peers that failed and no others: one address is a hint. */
function loneAddress(peers: PeersView | null): Observed | null {
  if (peers === null) return null;
  const names = new Set(peers.failing.map(({ peer }) => peer));
  const held = sum(peers.failing, ({ failures }) => failures);
  const [first] = names;
  return {
    value: names.size === 1 && peers.unnamed === 0 ? 0.75 : 0,
    says: `all ${of(held, held)} failures that name a peer name ${first}`,
    denies: `${names.size} peers failed; requests that went well are not counted per peer`,
  };
}

/** Every peer of the service fails alike, or none was left to ask. */
export function allPeers({ peers, matter }: Sight): Observed | null {
  const none = matter.reasons.get("no-upstream") ?? 0;
  if (peers === null) {
    if (none === 0) return null;
    return {
      value: none / matter.all,
      says: `no peer was left to ask in ${of(none, matter.all)} failures`,
      denies: null,
    };
  }
  const { failing, healthy, unnamed, isCounted } = peers;
  if (healthy.length > 0) {
    const well = `${healthy.length} of ${healthy.length + failing.length} peers were well`;
    return { value: 0, says: well, denies: well };
  }
  const names = failing.map(({ peer }) => peer);
  const value = failing.length > 1 ? (isCounted ? 1 : 0.8) : unnamed > 0 || none > 0 ? 0.8 : 0.5;
  return {
    value,
    says:
      failing.length > 1
        ? `${failing.length === 2 ? "both" : `all ${failing.length}`} peers seen failed`
        : `${names[0]} is the only peer seen`,
    denies: null,
  };
}

/** While a peer failed, all of its requests failed. */
export function totality({ peers, matter }: Sight): Observed | null {
  if (peers === null) return null;
  if (!peers.isCounted) return steadiness(matter, peers);
  const outages = peers.failing.flatMap((peer) => peer.outages);
  const failures = outages.reduce((total, outage) => total + outage.failures, 0);
  const requests = outages.reduce((total, outage) => total + outage.requests, 0);
  if (requests === 0) return null;
  return {
    value: failures / requests,
    says: `the failing ${peers.failing.length === 1 ? "peer" : "peers"} failed ${of(failures, requests)} requests meanwhile`,
    denies: `the failing ${peers.failing.length === 1 ? "peer" : "peers"} answered ${of(requests - failures, requests)} requests meanwhile`,
  };
}

/** Where nobody counted per peer: a peer that fails wholly fails in each second, one that fails now and then does not. */
function steadiness({ index, cells }: Matter, { failing, proxy }: PeersView): Observed | null {
  const names = new Set(failing.map(({ peer }) => peer));
  const seconds = new Map<string, Set<number>>();
  for (const cell of cells) {
    const { peer, proxy: by } = index.rows[cell.upstream]!.upstream;
    if (peer === null || by !== proxy || !names.has(peer)) continue;
    const seen = seconds.get(peer) ?? new Set<number>();
    seconds.set(peer, seen.add(Math.floor(cell.firstMs / 1000)));
  }
  let failed = 0;
  let all = 0;
  for (const seen of seconds.values()) {
    const length = Math.max(...seen) - Math.min(...seen) + 1;
    if (length < LEAST_STEADY_SECONDS) continue;
    failed += seen.size;
    all += length;
  }
  if (all === 0) return null;
  const text = `failures in ${of(failed, all)} seconds between a peer's first and last`;
  return { value: failed / all, says: text, denies: text };
}

/** Peers fail one after another, each once and wholly. */
export function rolling({ peers, matter }: Sight): Observed | null {
  if (peers === null) return null;
  const total = peers.failing.length + peers.healthy.length;
  const least = peers.isCounted ? 2 : LEAST_UNCOUNTED_RESTART;
  const restarts = peers.failing.flatMap(({ peer, outages }) => {
    const [outage] = outages;
    const isClean =
      outages.length === 1 &&
      outage !== undefined &&
      outage.failures >= least &&
      outage.failures >= 0.7 * outage.requests;
    return isClean ? [{ peer, ...outage }] : [];
  });
  if (restarts.length < 2) {
    return { value: 0, says: "", denies: "peers did not fail one after another" };
  }
  // Where nobody is left to ask, the earlier peers have not come back.
  const none = matter.reasons.get("no-upstream") ?? 0;
  restarts.sort((a, b) => a.start - b.start);
  let sumMs = 0;
  let union = 0;
  let until = -Infinity;
  for (const { start, end } of restarts) {
    const length = end - start + 500;
    sumMs += length;
    union += Math.max(0, start + length - Math.max(until, start));
    until = Math.max(until, start + length);
  }
  const apart = Math.max(0, (union / sumMs - 0.6) / 0.4);
  return {
    value: (restarts.length / Math.max(2, total)) * apart * (1 - none / matter.all),
    says: `${restarts.length} of ${total} peers failed one after another: ${restarts
      .map(({ peer }) => peer)
      .slice(0, 4)
      .join(", ")}`,
    denies: `${restarts.length} of ${total} peers failed at the same time`,
  };
}

/** So many failures in a row that a peer failing evenly would hardly show them once (one time in twenty). */
function leastRun(failures: number, requests: number): number {
  const rate = Math.min(0.3, failures / Math.max(1, requests));
  let run = 2;
  while (run < failures && requests * rate ** run > 0.05) run++;
  return run;
}

/** One peer goes down again and again. */
export function repeats({ peers }: Sight): Observed | null {
  if (peers === null) return null;
  let most = 0;
  let name = "";
  for (const { peer, outages, failures: all, requests: asked } of peers.failing) {
    const least = peers.isCounted ? leastRun(all, asked) : LEAST_UNCOUNTED_OUTAGE;
    const total = outages.filter(
      ({ failures, requests }) => failures >= least && failures >= 0.7 * requests,
    ).length;
    if (total > most) [most, name] = [total, peer];
  }
  return {
    value: Math.min(1, Math.max(0, (most - 1) / 2)),
    says: `${name} went down ${most} times`,
    denies: most <= 1 ? "no peer went down twice" : null,
  };
}

/** Health checks took a server out and put it back, more than once. */
export function upDown({ matter, events }: Sight): Observed | null {
  if (matter.index.summary.events.length === 0) return null;
  const turns = new Map<string, number>();
  const last = new Map<string, { kind: string; time: number }>();
  for (const { kind, pool, peer, time } of events) {
    if (kind !== "server-down" && kind !== "server-up" && kind !== "ejection") continue;
    const name = peer ?? pool ?? "";
    const before = last.get(name);
    // Each worker says of its own that it leaves a peer out: at one time that is one turn, and it has returned between two.
    const isTurn =
      before?.kind !== kind || (kind === "ejection" && time - before.time >= EJECTED_MS);
    if (!isTurn) continue;
    turns.set(name, (turns.get(name) ?? 0) + 1);
    last.set(name, { kind, time });
  }
  let most = 0;
  let name = "";
  for (const [server, count] of turns) if (count > most) [most, name] = [count, server];
  return {
    value: Math.min(1, Math.max(0, (most - 2) / 2)),
    says: `health checks turned ${name} ${most} times between DOWN and UP`,
    denies: "health checks did not alternate",
  };
}
