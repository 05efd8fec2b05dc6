// The features that need code: how peers, time, load, paths and clients look in an incident.
import type { EventItem } from "../summary/index.ts";
import { sliceOf } from "./scope.ts";
import type { Slice } from "./attribution.ts";
import { CONFIG } from "./config.ts";
import type { Load } from "./load.ts";
import type { Matter } from "./matter.ts";
import type { PeerView, PeersView } from "./peers.ts";
import { sizeOf } from "./rows.ts";

/** A value between 0 and 1 with the sentences for and against. */
export interface Observed {
  readonly value: number;
  readonly says: string;
  readonly denies: string | null;
}

/** What features are computed from. */
export interface Sight {
  readonly matter: Matter;
  readonly peers: PeersView | null;
  readonly slices: readonly Slice[];
  readonly load: Load | null;
  readonly events: readonly EventItem[];
}

/** All that these logs can tell, by name. */
export function computedFeatures(sight: Sight): ReadonlyMap<string, Observed> {
  const found = new Map<string, Observed>();
  for (const [name, compute] of Object.entries(COMPUTED)) {
    const observed = compute(sight);
    if (observed !== null) found.set(name, observed);
  }
  return found;
}

const COMPUTED: Readonly<Record<string, (sight: Sight) => Observed | null>> = {
  somePeers,
  allPeers,
  totality,
  fast,
  slow,
  slowConnect,
  suddenStart,
  rolling,
  repeats,
  upDown,
  moreLoad,
  slowerAnswers,
  moreRetries,
  onePath,
  oneClient,
  nonIdempotent,
  severalServices,
  hidden,
};

const LEAST_STEADY_SECONDS = 4;
/** Outages of peers whose requests nobody counted need more failures to be told from chance. */
const LEAST_UNCOUNTED_OUTAGE = 4;

function of(n: number, all: number): string {
  return `${n} of ${all}`;
}

function sum(peers: readonly PeerView[], count: (peer: PeerView) => number): number {
  return peers.reduce((total, peer) => total + count(peer), 0);
}

/** Some of several peers hold the failures and the others are well. */
function somePeers({ peers }: Sight): Observed | null {
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
    says: `all on ${names} (${of(held, total)}); ${rest}`,
    denies: `failures on ${names} and elsewhere; ${rest}`,
  };
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
function allPeers({ peers, matter }: Sight): Observed | null {
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
        ? `all ${failing.length} peers seen failed`
        : `${names[0]} is the only peer seen`,
    denies: null,
  };
}

/** While a peer failed, all of its requests failed. */
function totality({ peers, matter }: Sight): Observed | null {
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

/** How long failures took, from the cells whose start is known: the longest of each cell. */
function waits(matter: Matter): {
  readonly known: number;
  readonly fast: number;
  readonly slow: number;
  readonly longest: number;
  readonly usual: number;
} {
  let known = 0;
  let fast = 0;
  let slow = 0;
  let longest = 0;
  const counts = new Map<number, number>();
  for (const cell of matter.cells) {
    // Error lines and some formats carry no start; it then equals the end.
    if (cell.uncounted || cell.firstStartMs > cell.firstMs) continue;
    const waited = cell.firstMs - cell.firstStartMs;
    known += sizeOf(cell);
    if (waited < CONFIG.causes.fastMs) fast += sizeOf(cell);
    if (waited >= CONFIG.causes.slowMs) slow += sizeOf(cell);
    longest = Math.max(longest, waited);
    const rounded = Math.round(waited / 100) * 100;
    counts.set(rounded, (counts.get(rounded) ?? 0) + sizeOf(cell));
  }
  let usual = 0;
  for (const [wait, count] of counts) if (count > (counts.get(usual) ?? 0)) usual = wait;
  return { known, fast, slow, longest, usual };
}

function hasDurations({ index }: Matter): boolean {
  return index.summary.latency.upstream.length > 0;
}

function fast({ matter }: Sight): Observed | null {
  const { known, fast: quick, longest } = waits(matter);
  if (known === 0 || !hasDurations(matter)) return null;
  return {
    value: quick / known,
    says: `${of(quick, known)} failures came within ${CONFIG.causes.fastMs} ms: nothing waited for an answer`,
    denies: `failures took up to ${longest} ms`,
  };
}

function slow({ matter }: Sight): Observed | null {
  const { known, slow: late, usual } = waits(matter);
  if (known === 0 || !hasDurations(matter)) return null;
  return {
    value: late / known,
    says: `${of(late, known)} failures came only after waiting, most after ${(usual / 1000).toFixed(1)} s`,
    denies: `${of(known - late, known)} failures came at once`,
  };
}

/** Connections that failed for no reason told, but only after waiting: nobody refused them. Retries wait as well. */
function slowConnect({ matter }: Sight): Observed | null {
  let all = 0;
  let late = 0;
  for (const cell of matter.cells) {
    if (cell.reason !== "connect-failed" || /\d/.test(cell.code)) continue;
    all += sizeOf(cell);
    if (cell.firstMs - cell.firstStartMs >= CONFIG.causes.slowMs) late += sizeOf(cell);
  }
  if (all === 0 || !hasDurations(matter)) return null;
  return {
    value: late / all,
    says: `${of(late, all)} connections failed only after waiting: nobody refused them`,
    denies: `${of(all - late, all)} connections failed at once`,
  };
}

/** From nothing to full in two seconds: half of the usual rate of failures is reached at once. */
function suddenStart({ matter }: Sight): Observed | null {
  const { cells, all, primary } = matter;
  const first = primary.episode.start;
  const seconds = Math.max(1, Math.ceil((matter.end - first) / 1000));
  if (seconds < 3)
    return { value: 1, says: `all ${all} failures within ${seconds} s`, denies: null };
  let early = 0;
  for (const cell of cells) if (cell.firstMs < first + 2000) early += sizeOf(cell);
  const expected = (2 * all) / seconds;
  return {
    value: Math.min(1, early / expected),
    says: `it began at once: ${of(early, all)} failures in the first 2 s of ${seconds}`,
    denies: `it built up: ${of(early, all)} failures in the first 2 s of ${seconds}`,
  };
}

/** Peers fail one after another, each once and wholly. */
function rolling({ peers }: Sight): Observed | null {
  if (peers === null) return null;
  const total = peers.failing.length + peers.healthy.length;
  const restarts = peers.failing.flatMap(({ peer, outages }) => {
    const [outage] = outages;
    const isClean =
      outages.length === 1 &&
      outage !== undefined &&
      outage.failures >= 2 &&
      outage.failures >= 0.7 * outage.requests;
    return isClean ? [{ peer, ...outage }] : [];
  });
  if (restarts.length < 2) {
    return { value: 0, says: "", denies: "peers did not fail one after another" };
  }
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
    value: (restarts.length / Math.max(2, total)) * apart,
    says: `${restarts.length} of ${total} peers failed one after another: ${restarts
      .map(({ peer }) => peer)
      .slice(0, 4)
      .join(", ")}`,
    denies: `${restarts.length} of ${total} peers failed at the same time`,
  };
}

/** One peer goes down again and again. */
function repeats({ peers }: Sight): Observed | null {
  if (peers === null) return null;
  let most = 0;
  let name = "";
  for (const { peer, outages } of peers.failing) {
    const least = peers.isCounted ? 2 : LEAST_UNCOUNTED_OUTAGE;
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
function upDown({ matter, events }: Sight): Observed | null {
  if (matter.index.summary.events.length === 0) return null;
  const turns = new Map<string, number>();
  const last = new Map<string, string>();
  for (const { kind, pool, peer } of events) {
    if (kind !== "server-down" && kind !== "server-up" && kind !== "ejection") continue;
    const name = peer ?? pool ?? "";
    if (last.get(name) !== kind || kind === "ejection") turns.set(name, (turns.get(name) ?? 0) + 1);
    last.set(name, kind);
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

function moreLoad({ load }: Sight): Observed | null {
  if (load === null) return null;
  const { rate, usualRate } = load;
  const ratio = usualRate === 0 ? 1 : rate / usualRate;
  const rates = `${rate.toFixed(1)} requests/s against ${usualRate.toFixed(1)} usually`;
  return {
    value: Math.min(1, Math.max(0, (ratio - 1.2) / 0.5)),
    says: `traffic had risen: ${rates}`,
    denies: `traffic was as usual: ${rates}`,
  };
}

function slowerAnswers({ load }: Sight): Observed | null {
  if (load === null || load.latencyMs === null || load.usualLatencyMs === null) return null;
  const { latencyMs, usualLatencyMs } = load;
  const times = `nine of ten within ${latencyMs} ms against ${usualLatencyMs} ms usually`;
  return {
    value: Math.min(1, Math.max(0, (latencyMs / Math.max(1, usualLatencyMs) - 1.5) / 1.5)),
    says: `answers that came were slower: ${times}`,
    denies: `answers that came were as fast as usual: ${times}`,
  };
}

function moreRetries({ load }: Sight): Observed | null {
  if (load === null) return null;
  const { retried, usualRetried } = load;
  return {
    value: Math.min(1, Math.max(0, (retried - usualRetried - 0.1) / 0.2)),
    says: `${Math.round(retried * 100)} % of the attempts were retries, against ${Math.round(usualRetried * 100)} % usually`,
    denies: `${Math.round(retried * 100)} % of the attempts were retries`,
  };
}

function onePath({ matter, slices }: Sight): Observed | null {
  const { examples, controls } = matter;
  if (examples.length < 3 || controls.length < 3) return null;
  const slice = sliceOf(slices, "route");
  const paths = new Set(examples.map(({ path }) => path));
  if (slice === undefined) {
    return { value: 0, says: "", denies: `failures on ${paths.size} paths: no single one` };
  }
  const { coverage, share, where } = slice;
  const inside = Math.round(coverage * examples.length);
  const others = Math.round(share * controls.length);
  return {
    value: coverage * (1 - share),
    says: `${of(inside, examples.length)} failing lines kept are for ${where["path"]}, against ${of(others, controls.length)} others`,
    denies: null,
  };
}

function oneClient({ matter, slices }: Sight): Observed | null {
  if (matter.examples.length < 3 || matter.controls.length < 3) return null;
  const slice = sliceOf(slices, "client");
  const clients = new Set(matter.examples.map(({ client }) => client)).size;
  if (slice === undefined) {
    return {
      value: 0,
      says: "",
      denies: `${clients} clients among ${matter.examples.length} failing lines kept`,
    };
  }
  const inside = Math.round(slice.coverage * matter.examples.length);
  return {
    value: slice.coverage * (1 - slice.share),
    says: `${of(inside, matter.examples.length)} failing lines kept come from ${slice.where["client"]}`,
    denies: null,
  };
}

const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);

/** Mostly requests that proxies do not retry by themselves. */
function nonIdempotent({ matter }: Sight): Observed | null {
  const count = (lines: readonly { readonly method: string | null }[]): [number, number] => {
    const known = lines.filter(({ method }) => method !== null);
    return [known.filter(({ method }) => !IDEMPOTENT.has(method!)).length, known.length];
  };
  const [failing, all] = count(matter.examples);
  const [usual, controls] = count(matter.controls);
  if (all < 3 || controls < 3) return null;
  const share = (failing + 1) / (all + 2);
  const usually = (usual + 1) / (controls + 2);
  const text = `${of(failing, all)} failing lines kept are POST or PATCH, against ${of(usual, controls)} others`;
  return { value: Math.min(1, Math.max(0, (share - usually) / 0.3)), says: text, denies: text };
}

function severalServices({ matter }: Sight): Observed | null {
  const services = new Set(
    [...matter.failing].map((row) => matter.services.of[row]!).filter((one) => one >= 0),
  );
  const named = [...services].filter((service) => matter.services.all[service]!.hasPool);
  return {
    value: named.length > 1 ? 1 : 0,
    says: `${named.length} services failed together`,
    denies: "only one service failed",
  };
}

function hidden({ matter }: Sight): Observed | null {
  const { masked, all } = matter;
  return {
    value: masked / all,
    says: `${of(masked, all)} failures were hidden from clients by a retry or came after a good status`,
    denies: null,
  };
}
