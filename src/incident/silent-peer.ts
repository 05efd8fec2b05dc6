// Failures whose lines name only the pool (HAProxy names the server tried last, Envoy the host that answered): of the peers, the
// one that answered nothing meanwhile, while it had had its share before, is the one that failed.
import type { FailureGroup } from "./failure-groups.ts";
import { requestsBetween, sizeOf, type Indexed, type Row } from "./rows.ts";

/** A pool's failures that are one peer's. */
export interface SilentPeer {
  /** The rows of the pool and of the peer. */
  readonly pool: number;
  readonly peer: number;
  /** Requests it answered meanwhile, and how many would have been its share. */
  readonly answered: number;
  readonly expected: number;
}

/** How long before the first failure a peer's share is taken from. */
const BEFORE_MS = 600_000;
const LEAST_BEFORE = 30;
/** By chance, so few of so many come one time in a hundred. */
const LEAST_EXPECTED = 6;
const MOST_ANSWERED = 0.15;
/** Failures must be about as many as the peer's requests would have been. */
const LEAST_FAILED = 0.5;

/** The pools whose unnamed failures are one peer's, with that peer. */
export function silentPeers(
  index: Indexed,
  concerned: readonly Row[],
  groups: readonly FailureGroup[],
  start: number,
  end: number,
): readonly SilentPeer[] {
  const failed = new Map<number, number>();
  for (const group of groups)
    failed.set(group.upstream, (failed.get(group.upstream) ?? 0) + sizeOf(group));
  return concerned.flatMap((row) => {
    const { proxy, node, pool, peer } = row.upstream;
    const count = failed.get(row.index) ?? 0;
    if (pool === null || peer !== null || count < LEAST_EXPECTED) return [];
    const peers = concerned.filter(
      ({ upstream }) =>
        upstream.peer !== null &&
        upstream.proxy === proxy &&
        upstream.node === node &&
        upstream.pool === pool,
    );
    const found = silentAmong(index, peers, start, end);
    if (found === null || count < found.expected * LEAST_FAILED) return [];
    return [{ pool: row.index, ...found }];
  });
}

/** The only one that fell silent; null where none or several did. */
function silentAmong(
  index: Indexed,
  peers: readonly Row[],
  start: number,
  end: number,
): Omit<SilentPeer, "pool"> | null {
  const { stepMs } = index.summary.traffic;
  const count = (row: Row, from: number, to: number): number =>
    from > to ? 0 : requestsBetween(index, row, from, to, true);
  const before = peers.map((row) => count(row, start - BEFORE_MS, start - stepMs));
  // Its last answers, and its first ones after, fall into the seconds at the edges.
  const during = peers.map((row) => count(row, start + stepMs, end - stepMs));
  const usual = sum(before);
  if (usual < LEAST_BEFORE) return null;
  // All requests were answered in the end: they would have been shared as before.
  const answers = sum(during);
  const silent = peers.flatMap((row, at) => {
    const expected = (answers * before[at]!) / usual;
    const answered = during[at]!;
    const isSilent = expected >= LEAST_EXPECTED && answered <= expected * MOST_ANSWERED;
    return isSilent ? [{ peer: row.index, answered, expected: Math.round(expected) }] : [];
  });
  return silent.length === 1 && peers.length > 1 ? silent[0]! : null;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
