// What the join found is written back into the failure cells: exact reasons and peers in place of unspecific ones.
import { REASONS } from "../record/index.ts";
import { FailureTable } from "./failure-table.ts";
import { joinEntries, type Match } from "./join.ts";
import type { JoinEntry, JoinTable } from "./join-table.ts";
import type { JoinTally } from "./summary.ts";
import type { Upstreams } from "./upstreams.ts";

/** The failure cells after the join, and how the join went. */
export interface Joined {
  readonly failures: FailureTable;
  readonly tally: JoinTally;
}

/**
 * Applies the join where nginx access lines were read at all; otherwise errors stay as they are, uncounted.
 * Every joined request moves from its own reason and peer to its error line's. Error cells give way to the requests they
 * explain; what is left of them was hidden from clients (a retry succeeded, or the answer broke after its 200).
 */
export function applyJoin(
  failures: FailureTable,
  join: JoinTable,
  hasAccessLog: boolean,
  upstreams: Upstreams,
): Joined {
  if (!hasAccessLog || join.errors.entries.length === 0) {
    return { failures, tally: { joined: 0, ambiguous: 0, orphanErrors: 0, orphanRequests: 0 } };
  }
  const result = joinEntries(join);
  const weight = 2 ** join.level;
  const moved = new Map<string, { n: number; entry: JoinEntry; to: Target }>();
  const claimed = new Map<string, number>();
  for (const { request, error } of result.matches) {
    if (request === null || error === null) continue;
    const to = targetOf(request, error, upstreams);
    const key = `${cellKey(failures, request)} ${to.upstream} ${to.reason} ${to.code}`;
    const known = moved.get(key);
    if (known) known.n += weight;
    else moved.set(key, { n: weight, entry: request, to });
    const errorKey = cellKey(failures, error);
    claimed.set(errorKey, (claimed.get(errorKey) ?? 0) + weight);
  }
  const hiddenAttempts = attemptsOfFailedRequests(result.matches, failures, weight);
  return {
    failures: rewrite(failures, moved, claimed, hiddenAttempts),
    tally: {
      joined: result.joined * weight,
      ambiguous: result.ambiguous * weight,
      orphanErrors: result.orphanErrors * weight,
      orphanRequests: result.orphanRequests * weight,
    },
  };
}

interface Target {
  readonly upstream: number;
  readonly reason: number;
  readonly code: number;
}

/** The error line knows the reason; the peer too where the access line does not. */
function targetOf(request: JoinEntry, error: JoinEntry, upstreams: Upstreams): Target {
  const seen = upstreams.name(request.upstream);
  const told = upstreams.name(error.upstream);
  const upstream =
    seen.peer === null && told.peer !== null
      ? upstreams.indexOf({ ...told, node: seen.node, pool: seen.pool ?? told.pool })
      : seen.pool === null && seen.peer === null && told.pool !== null
        ? upstreams.indexOf({ ...told, node: seen.node })
        : request.upstream;
  const isTelling = REASONS[error.reason] !== "unknown-failure";
  return {
    upstream,
    reason: isTelling ? error.reason : request.reason,
    code: isTelling ? error.code : request.code,
  };
}

/** Error lines of earlier attempts at requests that failed anyway: not hidden from anybody, and not another failure. */
function attemptsOfFailedRequests(
  matches: readonly Match[],
  failures: FailureTable,
  weight: number,
): Map<string, number> {
  const failedBy = new Map<number, JoinEntry[]>();
  for (const { request, error } of matches) {
    if (request === null || error === null || request.masked) continue;
    const group = failedBy.get(request.hash);
    if (group) group.push(request);
    else failedBy.set(request.hash, [request]);
  }
  const counts = new Map<string, number>();
  for (const { request, error } of matches) {
    if (request !== null || error === null) continue;
    const isPart = failedBy
      .get(error.hash)
      ?.some(
        (failed) =>
          (failed.connection < 0 || failed.connection === error.connection) &&
          error.timeMs <= failed.timeMs + 1000 &&
          error.timeMs >= failed.timeMs - Math.max(failed.durationMs, 0) - 2000,
      );
    if (!isPart) continue;
    const key = cellKey(failures, error);
    counts.set(key, (counts.get(key) ?? 0) + weight);
  }
  return counts;
}

function cellKey(failures: FailureTable, entry: JoinEntry): string {
  return `${entry.upstream} ${Math.floor(entry.timeMs / 1000) >>> failures.shift} ${entry.reason} ${entry.code} ${entry.status}`;
}

function rewrite(
  failures: FailureTable,
  moved: ReadonlyMap<string, { n: number; entry: JoinEntry; to: Target }>,
  claimed: ReadonlyMap<string, number>,
  earlier: ReadonlyMap<string, number>,
): FailureTable {
  const movesOf = new Map<string, { n: number; to: Target }[]>();
  for (const move of moved.values()) {
    const key = cellKey(failures, move.entry);
    const list = movesOf.get(key);
    if (list) list.push(move);
    else movesOf.set(key, [move]);
  }
  const out = new FailureTable();
  out.coarsen(failures.shift);
  for (const row of failures.rows()) {
    const key = `${row.upstream} ${row.bin} ${row.reason} ${row.code} ${row.status}`;
    const put = (
      upstream: number,
      reason: number,
      code: number,
      visible: number,
      masked: number,
    ): void => {
      if (visible + masked <= 0) return;
      out.add(
        upstream,
        row.bin * 2 ** failures.shift,
        reason,
        code,
        row.status,
        0,
        visible,
        masked,
        row.firstMs,
        row.lastMs,
        row.firstStartMs,
      );
    };
    if (row.uncounted === 1) {
      const hidden = row.visible + row.masked - (claimed.get(key) ?? 0) - (earlier.get(key) ?? 0);
      put(row.upstream, row.reason, row.code, 0, Math.max(0, hidden));
      continue;
    }
    let visible = row.visible;
    let masked = row.masked;
    for (const { n, to } of movesOf.get(key) ?? []) {
      const fromVisible = Math.min(n, visible);
      const fromMasked = Math.min(n - fromVisible, masked);
      put(to.upstream, to.reason, to.code, fromVisible, fromMasked);
      visible -= fromVisible;
      masked -= fromMasked;
    }
    put(row.upstream, row.reason, row.code, visible, masked);
  }
  return out;
}
