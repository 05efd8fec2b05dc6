// Gathers what one incident is made of: its failure cells, the upstreams concerned, their requests, and what stands beside.
import type { Reason } from "../record/index.ts";
import type { Exemplar, FailureCell } from "../summary/index.ts";
import { firstSegment } from "./asked-paths.ts";
import { groupsOf, kindsOf, type FailureGroup, type FailureKind } from "./failure-groups.ts";
import { CONFIG } from "./config.ts";
import type { Knowledge } from "./knowledge.ts";
import { leadOf, primaryOf, type Linkable } from "./link.ts";
import { linesOf } from "./matter-lines.ts";
import { requestsBetween, sizeOf, type Indexed, type Row } from "./rows.ts";
import { silentPeers, type SilentPeer } from "./silent-peer.ts";
import { slowSince } from "./slow-since.ts";
import type { Services } from "./services.ts";

/** One incident's material. Counts of failures include hidden ones where not said otherwise. */
export interface Matter {
  readonly index: Indexed;
  readonly knowledge: Knowledge;
  readonly services: Services;
  readonly members: readonly Linkable[];
  readonly primary: Linkable;
  readonly start: number;
  readonly end: number;
  /** When the first failure was logged: not before the start. */
  readonly firstFailure: number;
  /** Its failures; what a pool's lines do not name is its silent peer's. */
  readonly cells: readonly FailureCell[];
  /** The same without their times, by upstream and by proxy: most questions are answered by these. */
  readonly groups: readonly FailureGroup[];
  readonly kinds: readonly FailureKind[];
  readonly silent: readonly SilentPeer[];
  /** Failed requests that clients saw; failures that were hidden from them; both. */
  readonly failures: number;
  readonly masked: number;
  readonly all: number;
  readonly reasons: ReadonlyMap<Reason, number>;
  /** The same without reasons that only follow from others here ("no peer left" after each one refused). */
  readonly roots: ReadonlyMap<Reason, number>;
  /** Rows that failed, and rows of the same services or, without pool names, of the same paths. */
  readonly failing: ReadonlySet<number>;
  readonly concerned: readonly Row[];
  /** Requests to the rows concerned between start and end; never less than the failures. */
  readonly requests: number;
  /** Failing and other lines kept as examples that concern it. */
  readonly examples: readonly Exemplar[];
  /** Those of them that failed for a root reason, where enough are kept: what only follows hits every path alike. */
  readonly telling: readonly Exemplar[];
  readonly controls: readonly Exemplar[];
}

/** Reasons that are noticed only after waiting: trouble began when the first of those requests did. */
const WAITED: ReadonlySet<Reason> = new Set([
  "response-timeout",
  "connect-timeout",
  "queue-timeout",
]);

/** Puts a group of episodes and the failures around them together. `strays` are unclaimed cells that belong to it. */
export function matterOf(
  index: Indexed,
  services: Services,
  knowledge: Knowledge,
  members: readonly Linkable[],
  strays: readonly number[],
): Matter {
  const primary = primaryOf(members);
  const numbers = [...members.flatMap(({ episode }) => episode.cells), ...strays].sort(
    (a, b) => a - b,
  );
  const cells = numbers.map((cell) => index.summary.failures[cell]!);
  const reasons = new Map<Reason, number>();
  const failing = new Set<number>();
  let failures = 0;
  let masked = 0;
  const groups = groupsOf(cells);
  for (const group of groups) {
    failures += group.visible;
    masked += group.masked;
    failing.add(group.upstream);
    reasons.set(group.reason, (reasons.get(group.reason) ?? 0) + sizeOf(group));
  }
  const roots = rootsOf(reasons, knowledge);
  const lead = leadOf(roots)!;
  const stray = strays.map((cell) => index.summary.failures[cell]!);
  const firstLogged = Math.min(
    ...members.map(({ episode }) => episode.start),
    ...stray.filter(({ reason }) => roots.has(reason)).map(({ firstMs }) => firstMs),
  );
  const end = Math.max(...members.map(({ episode }) => episode.end));
  const concerned = concernedRows(index, services, failing);
  const start = WAITED.has(lead)
    ? slowSince(index, concerned, firstWaiting(cells, firstLogged), end)
    : firstLogged;
  const { examples, controls } = linesOf(index, failing, start, end);
  const telling = examples.filter(({ reason }) => roots.has(reason));
  const silent = silentPeers(index, concerned, groups, firstLogged, end);
  const named = silent.length === 0 ? cells : cells.map((cell) => renamed(cell, silent));
  const groupsNow = silent.length === 0 ? groups : groupsOf(named);
  const failingNow = new Set(groupsNow.map(({ upstream }) => upstream));
  const asked = requestsOf(index, groupsNow, concerned, failingNow, start, end);
  return {
    index,
    knowledge,
    services,
    members,
    primary,
    start,
    end,
    firstFailure: firstLogged,
    cells: named,
    groups: groupsNow,
    kinds: kindsOf(index, groupsNow),
    silent,
    failures,
    masked,
    all: failures + masked,
    reasons,
    roots,
    failing: failingNow,
    concerned,
    requests: Math.max(failures, asked),
    examples,
    telling: telling.length >= CONFIG.attribution.leastFailures ? telling : examples,
    controls,
  };
}

/** When the first request that failed by waiting began: it was logged only after its timeout. */
function firstWaiting(cells: readonly FailureCell[], firstLogged: number): number {
  let first = firstLogged;
  for (const cell of cells) {
    const waited = cell.firstMs - cell.firstStartMs;
    if (WAITED.has(cell.reason) && waited > 0 && waited < CONFIG.link.nearMs) {
      first = Math.min(first, cell.firstStartMs);
    }
  }
  return first;
}

/** A failure at the peer that it must have been at. */
export function renamed(cell: FailureCell, silent: readonly SilentPeer[]): FailureCell {
  const found = silent.find(({ pool }) => pool === cell.upstream);
  return found === undefined ? cell : { ...cell, upstream: found.peer };
}

function rootsOf(reasons: ReadonlyMap<Reason, number>, knowledge: Knowledge): Map<Reason, number> {
  const roots = new Map(
    [...reasons].filter(
      ([reason]) => !knowledge.reasons[reason].follows.some((first) => reasons.has(first)),
    ),
  );
  return roots.size > 0 ? roots : new Map(reasons);
}

function requestsOf(
  index: Indexed,
  groups: readonly FailureGroup[],
  concerned: readonly Row[],
  failing: ReadonlySet<number>,
  start: number,
  end: number,
): number {
  let sum = 0;
  const unnamed = new Set<string>();
  for (const row of concerned) {
    sum += requestsBetween(index, row, start, end);
    const { proxy, node } = row.upstream;
    if (failing.has(row.index) && row.requests === 0) unnamed.add(`${proxy} ${node ?? ""}`);
  }
  // Without upstream fields only the proxy's requests as a whole are known.
  for (const row of index.rows) {
    const { proxy, node, pool, peer } = row.upstream;
    if (pool !== null || peer !== null || concerned.includes(row)) continue;
    if (unnamed.has(`${proxy} ${node ?? ""}`)) sum += requestsBetween(index, row, start, end);
  }
  for (const { uncounted } of groups) sum += uncounted;
  return sum;
}

function concernedRows(index: Indexed, services: Services, failing: ReadonlySet<number>): Row[] {
  const wanted = new Set<number>(failing);
  for (const row of failing) {
    const service = services.of[row]!;
    if (service >= 0) for (const mate of services.all[service]!.rows) wanted.add(mate);
  }
  for (const mate of pathMates(index, services, failing)) wanted.add(mate);
  return [...wanted]
    .sort((a, b) => a - b)
    .map((row) => index.rows[row]!)
    .filter((row) => row.requests > 0 || row.failures > 0);
}

/** Bare peers that answer the same paths as failing bare peers: most likely the rest of their pool. */
function pathMates(index: Indexed, services: Services, failing: ReadonlySet<number>): number[] {
  const isBare = (row: number): boolean => {
    const { pool, peer } = index.rows[row]!.upstream;
    return pool === null && peer !== null && !services.all[services.of[row]!]!.hasPool;
  };
  // A group's name alone ("no live upstreams") stands for peers that are logged without it.
  const isGroup = (row: number): boolean => {
    const { pool, peer } = index.rows[row]!.upstream;
    return pool !== null && peer === null && !services.all[services.of[row]!]!.hasAddress;
  };
  const bare = new Set([...failing].filter((row) => isBare(row) || isGroup(row)));
  const isCandidate = (row: Row): boolean => !failing.has(row.index) && isBare(row.index);
  if (bare.size === 0 || !index.rows.some(isCandidate)) return [];
  const proxies = new Set([...bare].map((row) => index.rows[row]!.upstream.proxy));
  const counts = new Map<number, Map<string, number>>();
  for (const exemplar of index.summary.exemplars) {
    const { upstream, role } = exemplar;
    if (role !== "control" || !proxies.has(index.rows[upstream]!.upstream.proxy)) continue;
    const { path } = exemplar;
    if (path === null) continue;
    const seen = counts.get(upstream) ?? new Map<string, number>();
    counts.set(upstream, seen);
    const segment = firstSegment(path);
    seen.set(segment, (seen.get(segment) ?? 0) + 1);
  }
  const own = new Set<string>();
  for (const row of bare) for (const segment of counts.get(row)?.keys() ?? []) own.add(segment);
  for (const exemplar of index.summary.exemplars) {
    if (exemplar.role !== "failure" || !bare.has(exemplar.upstream)) continue;
    if (exemplar.path !== null) own.add(firstSegment(exemplar.path));
  }
  const mates: number[] = [];
  for (const [row, seen] of counts) {
    if (!isCandidate(index.rows[row]!)) continue;
    let shared = 0;
    let all = 0;
    for (const [segment, n] of seen) {
      all += n;
      if (own.has(segment)) shared += n;
    }
    if (shared * 2 > all) mates.push(row);
  }
  return mates;
}
