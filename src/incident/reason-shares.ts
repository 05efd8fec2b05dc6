// The reasons of an incident, the one it began with first: what only follows ("no peer left") is counted under its root.
import type { Reason } from "../record/index.ts";
import { CONFIG } from "./config.ts";
import type { ReasonShare } from "./incident.ts";
import type { Matter } from "./matter.ts";
import { sizeOf } from "./rows.ts";
import { relationOf } from "./services.ts";
import { groupBy } from "../summary/index.ts";

type Cell = Matter["cells"][number];

/**
 * Reasons by their counts. A reason that follows from another is counted with it, and said beside, where the same proxy
 * logged the other first: once each peer has timed out, "no peer left" is how the timeouts go on.
 */
export function reasonShares(matter: Matter): ReasonShare[] {
  const byReason = groupBy(matter.cells, ({ reason }) => reason);
  const groups = new Map<Reason, { own: Cell[]; followers: Cell[] }>();
  for (const [reason, own] of byReason)
    if (matter.roots.has(reason)) groups.set(reason, { own, followers: [] });
  const origins = originsOf(matter);
  for (const [reason, cells] of byReason) {
    if (matter.roots.has(reason)) continue;
    const near = new Map<number, readonly Origins[]>();
    for (const cell of cells) {
      const known = near.get(cell.upstream) ?? nearOf(matter, cell, origins);
      near.set(cell.upstream, known);
      const root = rootOf(cell, known);
      const group = groups.get(root ?? reason) ?? { own: [], followers: [] };
      groups.set(root ?? reason, group);
      if (root === null) group.own.push(cell);
      else group.followers.push(cell);
    }
  }
  const shares = [...groups].map(([reason, { own, followers }]) => {
    const cells = [...own, ...followers];
    const count = total(cells);
    const codes = new Map<string, number>();
    for (const cell of cells) codes.set(cell.code, (codes.get(cell.code) ?? 0) + sizeOf(cell));
    const following = [...groupBy(followers, (cell) => cell.reason)]
      .map(([name, group]) => [name, total(group)] as const)
      .sort(byCount);
    return {
      reason,
      count,
      share: count / matter.all,
      codes: Object.fromEntries([...codes].sort(byCount)),
      following: Object.fromEntries(following),
    };
  });
  return shares.sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

/** When an upstream first failed for a root reason, and how often it did. */
interface Origin {
  readonly upstream: number;
  first: number;
  count: number;
}

/** The root reasons by upstream: what others may follow from. */
function originsOf({ roots, cells }: Matter): ReadonlyMap<Reason, readonly Origin[]> {
  const origins = new Map<Reason, Map<number, Origin>>();
  for (const cell of cells) {
    if (!roots.has(cell.reason)) continue;
    const rows = origins.get(cell.reason) ?? new Map<number, Origin>();
    origins.set(cell.reason, rows);
    const origin = rows.get(cell.upstream);
    if (origin === undefined)
      rows.set(cell.upstream, {
        upstream: cell.upstream,
        first: cell.firstMs,
        count: sizeOf(cell),
      });
    else {
      origin.first = Math.min(origin.first, cell.firstMs);
      origin.count += sizeOf(cell);
    }
  }
  return new Map([...origins].map(([reason, rows]) => [reason, [...rows.values()]]));
}

/** Where one of the reasons that another follows from was logged. */
interface Origins {
  readonly reason: Reason;
  readonly origins: readonly Origin[];
}

/** What a failure can follow from: reasons that its proxy logged at what may be the same service. */
function nearOf(
  { knowledge, index, services }: Matter,
  { reason: follower, upstream }: Cell,
  origins: ReadonlyMap<Reason, readonly Origin[]>,
): readonly Origins[] {
  const { proxy } = index.rows[upstream]!.upstream;
  const place = new Set([services.of[upstream]!]);
  return knowledge.reasons[follower].follows.map((reason) => ({
    reason,
    origins: (origins.get(reason) ?? []).filter((origin) => {
      if (index.rows[origin.upstream]!.upstream.proxy !== proxy) return false;
      const other = new Set([services.of[origin.upstream]!]);
      return relationOf(services, place, other) !== "other";
    }),
  }));
}

/** The most frequent of them that was logged before this failure. */
function rootOf({ firstMs }: Cell, near: readonly Origins[]): Reason | null {
  let best: Reason | null = null;
  let most = 0;
  for (const { reason, origins } of near) {
    let count = 0;
    for (const origin of origins) {
      if (origin.first <= firstMs + CONFIG.link.skewMs) count += origin.count;
    }
    if (count > most || (count === most && count > 0 && reason < best!))
      [best, most] = [reason, count];
  }
  return best;
}

function total(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + sizeOf(cell), 0);
}

function byCount([a, n]: readonly [string, number], [b, m]: readonly [string, number]): number {
  return m - n || (a < b ? -1 : 1);
}
