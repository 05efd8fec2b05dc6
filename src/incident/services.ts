// Which upstreams are one service, however each proxy names it: pools of one name, peers of one address, siblings of retries.
import type { Indexed, Row } from "./rows.ts";

/** What is known about one service. */
export interface Service {
  readonly rows: readonly number[];
  readonly hasPool: boolean;
  readonly hasAddress: boolean;
}

/** The services of a summary. */
export interface Services {
  /** Service number per upstream; -1 for an upstream that names neither pool nor peer. */
  readonly of: Int32Array;
  readonly all: readonly Service[];
}

/** How two sets of services stand to each other. */
export type Relation = "same" | "other" | "unknown";

/** Words in pool names that only say "this is a pool". */
const FILLER = new Set(
  "be bk backend backends upstream upstreams cluster clusters pool pools svc service servers outbound inbound default local".split(
    " ",
  ),
);

/** The words of a pool's name that tell it from others, in order: `be_app`, `app-backend` and `app` are one. */
export function stemOf(pool: string): string {
  const words = pool
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const telling = words.filter((word) => !FILLER.has(word));
  return (telling.length > 0 ? telling : words).join(" ");
}

/** `127.0.0.1:9102`, `[::1]:80`, `unix:/run/app.sock`: names that mean the same to every proxy. */
export function isAddress(peer: string): boolean {
  return (
    /^(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\]|[a-z0-9.-]+):\d+$/i.test(peer) ||
    peer.startsWith("unix:")
  );
}

/** Finds the services. */
export function servicesOf({ rows, summary }: Indexed): Services {
  const parent = rows.map((_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = index; parent[at] !== root;) {
      const next = parent[at]!;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  const join = (a: number, b: number): void => {
    const [x, y] = [find(a), find(b)];
    parent[Math.max(x, y)] = Math.min(x, y);
  };
  const named = new Map<string, number>();
  const joinNamed = (name: string, index: number): void => {
    const known = named.get(name);
    if (known === undefined) named.set(name, index);
    else join(known, index);
  };
  for (const { index, upstream } of rows) {
    if (upstream.pool !== null) joinNamed(`pool ${stemOf(upstream.pool)}`, index);
    if (upstream.peer !== null && isAddress(upstream.peer))
      joinNamed(`peer ${upstream.peer}`, index);
    else if (upstream.peer !== null)
      joinNamed(`peer ${upstream.proxy} ${upstream.pool} ${upstream.peer}`, index);
  }
  for (const [a, b] of summary.siblings) if (isNamed(rows[a]) && isNamed(rows[b])) join(a, b);
  const of = new Int32Array(rows.length).fill(-1);
  const all: { rows: number[]; hasPool: boolean; hasAddress: boolean }[] = [];
  for (const row of rows) {
    if (!isNamed(row)) continue;
    const root = find(row.index);
    if (of[root] === -1) of[root] = all.push({ rows: [], hasPool: false, hasAddress: false }) - 1;
    const service = all[of[root]!]!;
    of[row.index] = of[root]!;
    service.rows.push(row.index);
    service.hasPool ||= row.upstream.pool !== null;
    service.hasAddress ||= row.upstream.peer !== null && isAddress(row.upstream.peer);
  }
  return { of, all };
}

function isNamed(row: Row | undefined): boolean {
  return row !== undefined && (row.upstream.pool !== null || row.upstream.peer !== null);
}

/**
 * Whether two sets of services (-1: an upstream without a name) are the same, others, or cannot be compared: a pool without
 * addresses and an address without a pool may be one, and so may two addresses without a pool.
 */
export function relationOf(
  services: Services,
  a: ReadonlySet<number>,
  b: ReadonlySet<number>,
): Relation {
  let isComparable = a.size > 0 && b.size > 0;
  for (const x of a) {
    for (const y of b) {
      if (x === y && x >= 0) return "same";
      const one = services.all[x];
      const other = services.all[y];
      if (one === undefined || other === undefined) isComparable = false;
      else if (one.hasPool && other.hasPool) continue;
      else if ((one.hasPool || other.hasPool) && one.hasAddress && other.hasAddress) continue;
      else isComparable = false;
    }
  }
  return isComparable ? "other" : "unknown";
}
