// The merged cells become the frozen, canonically ordered Summary.
import { REASONS, type Reread } from "../record/index.ts";
import { applyJoin } from "./apply-join.ts";
import type { Cells } from "./cells.ts";
import type { FailureTable } from "./failure-table.ts";
import { orderBy } from "./order.ts";
import { KeptExemplar } from "./kept-exemplar.ts";
import type { SampleTable } from "./samples.ts";
import { DOUBLED, doubledSources } from "./doubled-lines.ts";
import { mergeEvents } from "./merge-events.ts";
import { workerChanges } from "./worker-changes.ts";
import {
  LATENCY_BUCKETS,
  type EventItem,
  type Exemplar,
  type FailureCell,
  type Latency,
  type SourceTally,
  type Summary,
  type Traffic,
  type Upstream,
} from "./summary.ts";

const PROXIES = ["nginx", "haproxy", "envoy"] as const;
/** The place of each reason by its name. */
const REASON_RANK = ranksOf(REASONS);

/** A part of a source: its name and how many lines stand before it (null where nobody counted). */
export interface PartPlace {
  readonly source: string;
  readonly linesBefore: number | null;
  /** Reads again what was only counted. */
  readonly reread: () => Reread;
}

/** Freezes cells into a Summary. `parts` says where each part number of the samples stands. */
export function freeze(
  cells: Cells,
  sources: readonly SourceTally[],
  parts: readonly PartPlace[],
): Summary {
  const hasAccessLog = cells.requests[0]! > 0;
  const joined = applyJoin(cells, hasAccessLog);
  const { order, upstreams } = canonicalUpstreams(cells);
  const rank = new Int32Array(order.length);
  for (const [at, index] of order.entries()) rank[index] = at;
  const failures = frozenFailures(cells, joined.failures, rank);
  const failing = frozenSamples(cells, cells.failing, "failure", rank, parts);
  // A port and a millisecond tell HAProxy's requests apart; nginx logs seconds.
  const doubled = doubledSources(
    failing.filter(({ upstream }) => upstreams[upstream]?.proxy === "haproxy"),
  );
  return {
    sources: sources.map((source) =>
      doubled.has(source.name) ? { ...source, notes: [...source.notes, DOUBLED] } : source,
    ),
    upstreams,
    traffic: frozenTraffic(cells, rank),
    failures,
    latency: frozenLatency(cells, rank),
    exemplars: [...failing, ...frozenSamples(cells, cells.controls, "control", rank, parts)],
    events: frozenEvents(cells),
    siblings: [...cells.siblings]
      .map((pair) => [rank[Math.floor(pair / 65536)]!, rank[pair % 65536]!])
      .map(([a, b]) => (a! < b! ? ([a!, b!] as const) : ([b!, a!] as const)))
      .sort((a, b) => a[0] - b[0] || a[1] - b[1]),
    join: joined.tally,
    totals: totals(cells, failures),
  };
}

function canonicalUpstreams(cells: Cells): { order: number[]; upstreams: Upstream[] } {
  const named = Array.from({ length: cells.upstreams.size }, (_, index) => ({
    index,
    ...cells.upstreams.name(index),
  }));
  named.sort(
    (a, b) =>
      byText(a.proxy, b.proxy) ||
      byText(a.node, b.node) ||
      byText(a.pool, b.pool) ||
      byText(a.peer, b.peer),
  );
  return {
    order: named.map(({ index }) => index),
    upstreams: named.map(({ proxy, node, pool, peer }) => ({ proxy, node, pool, peer })),
  };
}

function frozenTraffic(cells: Cells, rank: Int32Array): Traffic {
  const { shift, upstream, bin, requests, retried, unlisted } = cells.traffic.columns();
  const ranks = picked(rank, upstream);
  const order = orderBy(bin.length, ranks, bin);
  const stepMs = 1000 * 2 ** shift;
  return {
    stepMs,
    upstream: picked(ranks, order),
    time: timesOf(picked(bin, order), stepMs),
    requests: picked(requests, order),
    retried: picked(retried, order),
    unlisted: picked(unlisted, order),
  };
}

function frozenFailures(cells: Cells, table: FailureTable, rank: Int32Array): FailureCell[] {
  const { upstream, bin, reason, code, status, uncounted, ...rest } = table.columns();
  const stepMs = 1000 * 2 ** table.shift;
  const codes = Array.from({ length: cells.names.size }, (_, id) => cells.names.text(id));
  const ranks = picked(rank, upstream);
  const reasonRanks = picked(REASON_RANK, reason);
  const codeRanks = picked(ranksOf(codes), code);
  const order = orderBy(bin.length, ranks, bin, reasonRanks, codeRanks, status, uncounted);
  return Array.from(order, (cell) => ({
    upstream: ranks[cell]!,
    time: bin[cell]! * stepMs,
    reason: REASONS[reason[cell]!]!,
    code: codes[code[cell]!]!,
    status: status[cell]!,
    visible: rest.visible[cell]!,
    masked: rest.masked[cell]!,
    firstMs: rest.firstMs[cell]!,
    lastMs: rest.lastMs[cell]!,
    firstStartMs: rest.firstStartMs[cell]!,
    uncounted: uncounted[cell]! === 1,
  }));
}

function frozenLatency(cells: Cells, rank: Int32Array): Latency {
  const { shift, upstream, bin, counts } = cells.latency.columns();
  const ranks = picked(rank, upstream);
  const order = orderBy(bin.length, ranks, bin);
  const stepMs = 1000 * 2 ** shift;
  const ordered = new Uint32Array(counts.length);
  for (let at = 0; at < order.length; at++) {
    const from = order[at]! * LATENCY_BUCKETS;
    const to = at * LATENCY_BUCKETS;
    for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++)
      ordered[to + bucket] = counts[from + bucket]!;
  }
  return {
    stepMs,
    upstream: picked(ranks, order),
    time: timesOf(picked(bin, order), stepMs),
    counts: ordered,
  };
}

type Numbers = Uint32Array | Int32Array;

/** What stands at each of these places. */
function picked(column: Numbers, places: Numbers): Uint32Array {
  const out = new Uint32Array(places.length);
  for (let at = 0; at < places.length; at++) out[at] = column[places[at]!]!;
  return out;
}

function timesOf(bins: Uint32Array, stepMs: number): Float64Array {
  const times = new Float64Array(bins.length);
  for (let at = 0; at < bins.length; at++) times[at] = bins[at]! * stepMs;
  return times;
}

function frozenSamples(
  cells: Cells,
  table: SampleTable,
  role: "failure" | "control",
  rank: Int32Array,
  parts: readonly PartPlace[],
): Exemplar[] {
  const hashes: number[] = [];
  const reasons: number[] = [];
  const out: Exemplar[] = [];
  for (const row of table.rows()) {
    for (const sample of row.kept) {
      const place = parts[sample.part]!;
      const peer = cells.upstreams.peerOf(row.upstream, sample.peer);
      hashes.push(sample.hash);
      reasons.push(REASON_RANK[row.reason]!);
      out.push(
        new KeptExemplar(
          rank[peer] ?? rank[row.upstream]!,
          REASONS[row.reason]!,
          role,
          place.source,
          place.linesBefore === null ? null : place.linesBefore + sample.line + 1,
          sample,
          place.reread,
        ),
      );
    }
  }
  const sources = [...new Set(parts.map(({ source }) => source))].sort();
  const rankOfSource = new Map(sources.map((source, at) => [source, at]));
  const order = orderBy(
    out.length,
    out.map(({ upstream }) => upstream),
    // Some formats log microseconds.
    out.map(({ time }) => Math.round(time * 1000)),
    reasons,
    hashes,
    out.map(({ source }) => rankOfSource.get(source)!),
    out.map(({ offset }) => offset),
  );
  return Array.from(order, (at) => out[at]!);
}

function frozenEvents(cells: Cells): EventItem[] {
  const rows = workerChanges(cells.events.rows()).sort(
    (a, b) =>
      a.timeMs - b.timeMs ||
      a.proxy - b.proxy ||
      byText(a.kind, b.kind) ||
      byText(a.pool, b.pool) ||
      byText(a.peer, b.peer) ||
      byText(a.text, b.text),
  );
  return mergeEvents(rows).map(({ timeMs, proxy, ...row }) => ({
    time: timeMs,
    proxy: PROXIES[proxy]!,
    ...row,
  }));
}

function totals(cells: Cells, failures: readonly FailureCell[]): Summary["totals"] {
  const byReason: Record<string, number> = {};
  let visible = 0;
  let masked = 0;
  for (const cell of failures) {
    const count = cell.visible + cell.masked;
    byReason[cell.reason] = (byReason[cell.reason] ?? 0) + count;
    if (cell.reason === "client-abort" || cell.reason === "proxy-policy") continue;
    visible += cell.visible;
    masked += cell.masked;
  }
  const byStatus: Record<string, number> = {};
  for (const [status, count] of cells.statuses.entries())
    if (count > 0) byStatus[String(status).padStart(3, "0")] = count;
  const byProxy: Record<string, number> = {};
  for (const [proxy, count] of cells.requests.entries())
    if (count > 0) byProxy[PROXIES[proxy]!] = count;
  return {
    requests: cells.requests.reduce((sum, count) => sum + count, 0),
    failures: visible,
    masked,
    byStatus,
    byReason: Object.fromEntries(Object.entries(byReason).sort(([a], [b]) => byText(a, b))),
    byProxy,
  };
}

/** Code-point order, null first. */
function byText(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

/** The place of each text among them in code-point order. */
function ranksOf(texts: readonly string[]): Uint32Array {
  const sorted = texts.map((_, at) => at).sort((a, b) => byText(texts[a]!, texts[b]!));
  const ranks = new Uint32Array(texts.length);
  for (const [rank, at] of sorted.entries()) ranks[at] = rank;
  return ranks;
}
