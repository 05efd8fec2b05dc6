// What the join found is written back into the failure cells: exact reasons and peers in place of unspecific ones.
import { reasonNumber } from "../record/index.ts";
import type { Cells } from "./cells.ts";
import { FailureTable, type FailureRow } from "./failure-table.ts";
import { joinEntries } from "./join.ts";
import { shiftOf } from "./join-shift.ts";
import type { JoinEntry, JoinWords } from "./join-entry.ts";
import type { JoinTally } from "./summary.ts";
import type { Upstreams } from "./upstreams.ts";

/** The failure cells after the join, and how the join went. */
export interface Joined {
  readonly failures: FailureTable;
  readonly tally: JoinTally;
}

interface Target {
  readonly upstream: number;
  readonly reason: number;
  readonly code: number;
}

/** So many requests of a cell go to another one. */
interface Move {
  n: number;
  readonly masked: boolean;
  readonly to: Target;
}

/** What becomes of the lines of an error cell: explained (counted with their requests), or seen by a client after all. */
interface Fate {
  explained: number;
  /** Status → requests that failed in the client's eyes though the access line alone did not tell. */
  readonly seen: Map<number, number>;
}

const NONE = reasonNumber.none;
const UNKNOWN = reasonNumber["unknown-failure"];
const CLIENT_ABORT = reasonNumber["client-abort"];

/**
 * Applies the join where nginx access lines were read at all; otherwise errors stay as they are, uncounted.
 * Every joined request moves from its own reason and peer to its error line's. Error cells give way to the requests they
 * explain; what is left of them was hidden from clients (a retry succeeded, or the answer broke after its 200).
 */
export function applyJoin(cells: Cells, hasAccessLog: boolean): Joined {
  const { failures, join, upstreams } = cells;
  if (!hasAccessLog || failures.size === 0) {
    return { failures, tally: { joined: 0, ambiguous: 0, orphanErrors: 0, orphanRequests: 0 } };
  }
  const hasErrors = join.errors.length > 0;
  const result = hasErrors ? joinEntries(join, wordsOf(cells)) : null;
  const shiftMs = result === null ? null : shiftOf(join, result.pairs.length);
  const weight = 2 ** join.level;
  const moves = new Map<string, Move[]>();
  const fates = new Map<string, Fate>();
  const fateOf = (error: JoinEntry): Fate => {
    const key = cellKey(failures, error, 0);
    const known = fates.get(key);
    if (known !== undefined) return known;
    const fate = { explained: 0, seen: new Map<number, number>() };
    fates.set(key, fate);
    return fate;
  };
  for (const { request, error, earlier } of result?.pairs ?? []) {
    const fate = fateOf(error);
    fate.explained += weight;
    for (const line of earlier) fateOf(line).explained += weight;
    if (request.reason === NONE) {
      fate.seen.set(request.status, (fate.seen.get(request.status) ?? 0) + weight);
      continue;
    }
    addMove(moves, cellKey(failures, request, request.status), {
      n: weight,
      masked: request.masked,
      to: targetOf(request, error, upstreams),
    });
  }
  return {
    failures: rewrite(failures, moves, result === null ? null : fates),
    tally: {
      joined: (result?.joined ?? 0) * weight,
      ambiguous: (result?.ambiguous ?? 0) * weight,
      orphanErrors: (result?.orphanErrors ?? 0) * weight,
      orphanRequests: (result?.orphanRequests ?? 0) * weight,
      ...(shiftMs === null ? {} : { shiftMs }),
    },
  };
}

/** Texts instead of numbers, which depend on the order of reading. */
function wordsOf({ upstreams, names }: Cells): JoinWords {
  const targets = new Map<string, string>();
  return {
    node: ({ upstream }) => upstreams.name(upstream).node,
    target: ({ upstream, code }) => {
      const key = `${upstream} ${code}`;
      const known = targets.get(key);
      if (known !== undefined) return known;
      const { node, pool, peer } = upstreams.name(upstream);
      const target = JSON.stringify([node, pool, peer, names.text(code)]);
      targets.set(key, target);
      return target;
    },
  };
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
  const isTelling = error.reason !== UNKNOWN;
  return {
    upstream,
    reason: isTelling ? error.reason : request.reason,
    code: isTelling ? error.code : request.code,
  };
}

function addMove(moves: Map<string, Move[]>, key: string, move: Move): void {
  const list = moves.get(key);
  if (list === undefined) {
    moves.set(key, [move]);
    return;
  }
  const { to, masked } = move;
  const known = list.find(
    (other) =>
      other.masked === masked &&
      other.to.upstream === to.upstream &&
      other.to.reason === to.reason &&
      other.to.code === to.code,
  );
  if (known === undefined) list.push(move);
  else known.n += move.n;
}

function cellKey(failures: FailureTable, entry: JoinEntry, status: number): string {
  return `${entry.upstream} ${Math.floor(entry.timeMs / 1000) >>> failures.shift} ${entry.reason} ${entry.code} ${status}`;
}

function rewrite(
  failures: FailureTable,
  moves: ReadonlyMap<string, readonly Move[]>,
  fates: ReadonlyMap<string, Fate> | null,
): FailureTable {
  if (fates === null && !failures.hasUncounted) return failures;
  const out = new FailureTable();
  out.coarsen(failures.shift);
  for (const row of failures.rows()) {
    const key = `${row.upstream} ${row.bin} ${row.reason} ${row.code} ${row.status}`;
    const isHeld = row.uncounted === 1 && fates === null;
    const put = (to: Target, status: number, visible: number, masked: number): void => {
      if (visible + masked <= 0) return;
      out.add(
        to.upstream,
        row.bin * 2 ** failures.shift,
        to.reason,
        to.code,
        status,
        isHeld ? 1 : 0,
        visible,
        masked,
        row.firstMs,
        row.lastMs,
        row.firstStartMs,
      );
    };
    if (row.uncounted === 1 && row.reason === CLIENT_ABORT) continue; // the access log has its 499
    if (isHeld) put(row, row.status, row.visible, row.masked);
    else if (row.uncounted === 1) putErrors(row, fates?.get(key), put);
    else putRequests(row, moves.get(key) ?? [], put);
  }
  return out;
}

type Put = (to: Target, status: number, visible: number, masked: number) => void;

function putErrors(row: FailureRow, fate: Fate | undefined, put: Put): void {
  const hidden = row.visible + row.masked - (fate?.explained ?? 0);
  put(row, row.status, 0, Math.max(0, hidden));
  for (const [status, n] of fate?.seen ?? []) put(row, status, n, 0);
}

function putRequests(row: FailureRow, moves: readonly Move[], put: Put): void {
  let { visible, masked } = row;
  for (const { n, masked: isMasked, to } of moves) {
    const moved = Math.min(n, isMasked ? masked : visible);
    put(to, row.status, isMasked ? 0 : moved, isMasked ? moved : 0);
    if (isMasked) masked -= moved;
    else visible -= moved;
  }
  put(row, row.status, visible, masked);
}
