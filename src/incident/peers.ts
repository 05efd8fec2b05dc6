// How each peer fared during an incident: how much failed, in which outages, and what the others did meanwhile.
import { groupBy, type FailureCell } from "../summary/index.ts";
import { CONFIG } from "./config.ts";
import type { Matter } from "./matter.ts";
import { firstAt, requestsBetween, sizeOf, type Row } from "./rows.ts";
import { isAddress } from "./services.ts";

/** A stretch in which a peer failed, with hardly a success inside. */
export interface Outage {
  readonly start: number;
  readonly end: number;
  readonly failures: number;
  /** Attempts at the peer meanwhile (an estimate in outages shorter than two seconds); failures where nobody counted. */
  readonly requests: number;
}

/** One peer of the proxy that names peers best. */
export interface PeerView {
  readonly pool: string | null;
  readonly peer: string;
  readonly failures: number;
  readonly requests: number;
  readonly outages: readonly Outage[];
}

/** The peers of an incident as one proxy sees them. */
export interface PeersView {
  readonly proxy: string;
  readonly failing: readonly PeerView[];
  readonly healthy: readonly PeerView[];
  /** Failures that name no peer ("no peer left"). */
  readonly unnamed: number;
  /** False where requests are not known per peer, so that nobody can say that others were well. */
  readonly isCounted: boolean;
}

/** Evidence that an outage is over: so many nats of successes at the peer's own rate. */
const OVER = 6;
/** Part of the successes in an outage's first and last second that counts as within it; a little less than half. */
const EDGE = 0.4;

/** Looks at the peers through the proxy that tells most; null where no proxy names a peer. */
export function peersOf(matter: Matter): PeersView | null {
  const proxies = [...new Set(matter.concerned.map((row) => row.upstream.proxy))];
  let best: PeersView | null = null;
  let most = 0;
  for (const proxy of proxies) {
    const view = viewOf(matter, proxy);
    if (view === null) continue;
    const named = view.failing.reduce((sum, { failures }) => sum + failures, 0);
    // Failures at named peers, above all; then addresses rather than names, and peers known to be well.
    const clear = view.failing.some(({ peer }) => isAddress(peer)) ? 1.2 : 1;
    const score = named * clear * (view.isCounted ? 1.5 : 1) * (view.healthy.length > 0 ? 1.1 : 1);
    if (score > most) {
      best = view;
      most = score;
    }
  }
  return best;
}

function viewOf(matter: Matter, proxy: string): PeersView | null {
  const here = matter.concerned.filter((row) => row.upstream.proxy === proxy);
  // Where only some nodes of a proxy fail, what the others get from the same peers says nothing about these.
  const nodes = new Set(
    here.filter((row) => matter.failing.has(row.index)).map((row) => row.upstream.node),
  );
  const rows = here.filter((row) => nodes.size === 0 || nodes.has(row.upstream.node));
  const groups = groupBy(
    rows.filter((row) => row.upstream.peer !== null),
    ({ upstream }) => JSON.stringify([upstream.pool, upstream.peer]),
  );
  // The same peer may stand under a pool and bare; it is one.
  const merged = new Map<string, Row[]>();
  for (const group of groups.values()) {
    const { peer, pool } = group[0]!.upstream;
    const name = isAddress(peer!) ? peer! : JSON.stringify([pool, peer]);
    merged.set(name, [...(merged.get(name) ?? []), ...group]);
  }
  const cellsOf = groupBy(matter.cells, (cell) => cell.upstream);
  const peers = [...merged.values()].map((group) =>
    peerOf(
      matter,
      group,
      group.flatMap((row) => cellsOf.get(row.index) ?? []),
    ),
  );
  const isCounted = rows.some((row) => row.upstream.peer !== null && row.requests > 0);
  const worst = Math.max(0, ...peers.map(rateOf));
  const near = peers.filter((peer) => rateOf(peer) >= CONFIG.scope.partOfWorst * worst);
  const usual =
    near.reduce((sum, { failures }) => sum + failures, 0) /
    Math.max(
      1,
      near.reduce((sum, { requests }) => sum + requests, 0),
    );
  const isFailing = (peer: PeerView): boolean =>
    peer.failures > 0 && (!isCounted || near.includes(peer) || isLikely(peer, usual));
  const failing = peers
    .filter(isFailing)
    .sort((a, b) => b.failures - a.failures || (a.peer < b.peer ? -1 : 1));
  if (failing.length === 0) return null;
  const healthy = peers.filter(
    (peer) => !isFailing(peer) && peer.requests >= CONFIG.scope.leastRequests,
  );
  const unnamed = matter.groups.reduce((sum, group) => {
    const { upstream } = matter.index.rows[group.upstream]!;
    return sum + (upstream.proxy === proxy && upstream.peer === null ? sizeOf(group) : 0);
  }, 0);
  return { proxy, failing, healthy, unnamed, isCounted };
}

function rateOf({ failures, requests }: PeerView): number {
  return requests === 0 ? 0 : failures / requests;
}

/** Whether so few failures come about by chance one time in twenty, if the peer failed as the failing ones do (Poisson). */
function isLikely({ failures, requests }: PeerView, rate: number): boolean {
  const expected = rate * requests;
  let term = Math.exp(-expected);
  let chance = term;
  for (let n = 1; n <= failures; n++) chance += term *= expected / n;
  return chance >= 0.05;
}

/** One peer by its rows and the failures there. */
function peerOf(matter: Matter, rows: readonly Row[], cells: FailureCell[]): PeerView {
  const { index, start, end } = matter;
  const { stepMs } = index.summary.traffic;
  const failures = cells.reduce((sum, cell) => sum + sizeOf(cell), 0);
  const counted = rows.reduce((sum, row) => sum + requestsBetween(index, row, start, end, true), 0);
  const hasTraffic = rows.some((row) => row.requests > 0);
  const requests = hasTraffic ? Math.max(counted, failures) : failures;
  // A request that failed at several peers is told of the last one; being tried and left tells enough of the others.
  const left = rows.reduce(
    (sum, row) =>
      sum + requestsBetween(index, row, start, end, true) - requestsBetween(index, row, start, end),
    0,
  );
  // The rate while it fails: over the bins that hold failures.
  const bins = new Set(cells.map((cell) => Math.floor(cell.firstMs / stepMs) * stepMs));
  let within = 0;
  for (const bin of bins) {
    for (const row of rows) within += requestsBetween(index, row, bin, bin, true);
  }
  const rate =
    failures === 0 ? 0 : Math.min(CONFIG.rateMost, failures / Math.max(failures, within));
  const enough = Math.max(3, OVER / -Math.log(1 - rate || Number.MIN_VALUE));
  const outages: { start: number; end: number; failures: number; requests: number }[] = [];
  for (const cell of cells.sort((a, b) => a.firstMs - b.firstMs || a.lastMs - b.lastMs)) {
    const last = outages[outages.length - 1];
    const between =
      last === undefined
        ? 0
        : successesBetween(matter, rows, hasTraffic, last.end + stepMs, cell.firstMs - stepMs);
    if (last === undefined || between >= enough) {
      outages.push({ start: cell.firstMs, end: cell.lastMs, failures: sizeOf(cell), requests: 0 });
    } else {
      last.end = Math.max(last.end, cell.lastMs);
      last.failures += sizeOf(cell);
    }
  }
  const failuresBetween = countBetween(cells);
  for (const outage of outages) {
    const first = Math.floor(outage.start / stepMs) * stepMs;
    const last = Math.floor(outage.end / stepMs) * stepMs;
    // The seconds at both ends are cut in the middle: whole ones inside tell how total the outage was.
    const isShort = last - first < 2 * stepMs;
    const [from, to] = isShort ? [first, last] : [first + stepMs, last - stepMs];
    const asked = rows.reduce((sum, row) => sum + requestsBetween(index, row, from, to, true), 0);
    const failed = failuresBetween(from, to + stepMs);
    const fine = hasTraffic ? Math.max(0, asked - failed) : 0;
    // Without any, about half of what went well in the cut seconds came before or after it.
    outage.requests = outage.failures + Math.round(isShort ? EDGE * fine : fine);
  }
  const { pool, peer } = rows[0]!.upstream;
  return { pool, peer: peer!, failures: Math.max(failures, left), requests, outages };
}

/** Counts the failures of cells whose bins begin in a span, `to` excluded. */
function countBetween(cells: readonly FailureCell[]): (from: number, to: number) => number {
  const sorted = [...cells].sort((a, b) => a.time - b.time);
  const times = sorted.map(({ time }) => time);
  const before = [0];
  for (const [at, cell] of sorted.entries()) before.push(before[at]! + sizeOf(cell));
  const upTo = (time: number): number => before[firstAt(times, 0, times.length, time)]!;
  return (from, to) => upTo(to) - upTo(from);
}

/** Successes of a peer in a span; one a second where nobody counted. */
function successesBetween(
  matter: Matter,
  rows: readonly Row[],
  hasTraffic: boolean,
  from: number,
  to: number,
): number {
  if (to < from) return 0;
  if (!hasTraffic) return (to - from) / 1000 + 1;
  return rows.reduce((sum, row) => sum + requestsBetween(matter.index, row, from, to, true), 0);
}
