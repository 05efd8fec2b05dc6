// The merged cells become the frozen, canonically ordered Summary.
import { REASONS } from "../record/index.ts";
import { applyJoin } from "./apply-join.ts";
import type { Cells } from "./cells.ts";
import type { FailureTable } from "./failure-table.ts";
import { LATENCY_STEP } from "./latency-table.ts";
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

/** A part of a source: its name and how many lines stand before it (null where nobody counted). */
export interface PartPlace {
  readonly source: string;
  readonly linesBefore: number | null;
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
  const columns = cells.traffic.columns();
  const count = columns.upstream.length;
  const at = Uint32Array.from({ length: count }, (_, index) => index);
  at.sort(
    (a, b) =>
      rank[columns.upstream[a]!]! - rank[columns.upstream[b]!]! ||
      columns.bin[a]! - columns.bin[b]!,
  );
  const stepMs = 1000 * 2 ** columns.shift;
  return {
    stepMs,
    upstream: at.map((cell) => rank[columns.upstream[cell]!]!),
    time: Float64Array.from(at, (cell) => columns.bin[cell]! * stepMs),
    requests: at.map((cell) => columns.requests[cell]!),
    retried: at.map((cell) => columns.retried[cell]!),
    unlisted: at.map((cell) => columns.unlisted[cell]!),
  };
}

function frozenFailures(cells: Cells, table: FailureTable, rank: Int32Array): FailureCell[] {
  const stepMs = 1000 * 2 ** table.shift;
  const out = table.rows().map((row) => ({
    upstream: rank[row.upstream]!,
    time: row.bin * stepMs,
    reason: REASONS[row.reason]!,
    code: cells.names.text(row.code),
    status: row.status,
    visible: row.visible,
    masked: row.masked,
    firstMs: row.firstMs,
    lastMs: row.lastMs,
    firstStartMs: row.firstStartMs,
    uncounted: row.uncounted === 1,
  }));
  return out.sort(
    (a, b) =>
      a.upstream - b.upstream ||
      a.time - b.time ||
      byText(a.reason, b.reason) ||
      byText(a.code, b.code) ||
      a.status - b.status ||
      Number(a.uncounted) - Number(b.uncounted),
  );
}

function frozenLatency(cells: Cells, rank: Int32Array): Latency {
  const rows = cells.latency.rows();
  rows.sort((a, b) => rank[a.upstream]! - rank[b.upstream]! || a.bin - b.bin);
  const stepMs = 1000 * LATENCY_STEP * 2 ** cells.latency.shift;
  const counts = new Uint32Array(rows.length * LATENCY_BUCKETS);
  for (const [at, row] of rows.entries()) counts.set(row.counts, at * LATENCY_BUCKETS);
  return {
    stepMs,
    upstream: Uint32Array.from(rows, (row) => rank[row.upstream]!),
    time: Float64Array.from(rows, (row) => row.bin * stepMs),
    counts,
  };
}

function frozenSamples(
  cells: Cells,
  table: SampleTable,
  role: "failure" | "control",
  rank: Int32Array,
  parts: readonly PartPlace[],
): Exemplar[] {
  const out: (Exemplar & { hash: number })[] = [];
  for (const row of table.rows()) {
    const { proxy, node, pool } = cells.upstreams.name(row.upstream);
    for (const sample of row.kept) {
      const peer = sample.peer > 0 ? cells.names.text(sample.peer) : null;
      const place = parts[sample.part]!;
      out.push({
        hash: sample.hash,
        upstream: rank[cells.upstreams.indexOf({ proxy, node, pool, peer })] ?? rank[row.upstream]!,
        reason: REASONS[row.reason]!,
        role,
        time: sample.timeMs,
        source: place.source,
        line: place.linesBefore === null ? null : place.linesBefore + sample.line + 1,
        offset: sample.offset,
        text: sample.text,
        client: sample.client,
        method: sample.method,
        path: sample.path,
        host: sample.host,
        status: sample.status,
      });
    }
  }
  out.sort(
    (a, b) =>
      a.upstream - b.upstream ||
      a.time - b.time ||
      byText(a.reason, b.reason) ||
      a.hash - b.hash ||
      byText(a.source, b.source) ||
      a.offset - b.offset,
  );
  return out.map(({ hash: _, ...exemplar }) => exemplar);
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
