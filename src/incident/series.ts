// Which keys are watched for bursts, and their requests and failures over time (reference/algorithms.md §2.5).
import type { Series } from "./bins.ts";
import { firstAt, sizeOf, type Indexed, type Row, type Span } from "./rows.ts";

/** Something that can burst: a pool, a bare peer, a proxy's unnamed rest, a whole proxy node, or one reason of a pool. */
export interface Key {
  readonly name: string;
  /** Fine keys are judged first; coarse ones see what is left. */
  readonly kind: "upstream" | "reason" | "node";
  readonly rows: readonly Row[];
  readonly reason: string | null;
}

/** All keys with enough failures to burst, fine ones first, in canonical order. */
export function keysOf(index: Indexed, least: number): Key[] {
  const groups = new Map<string, { kind: "upstream" | "node"; rows: Row[] }>();
  const put = (name: string, kind: "upstream" | "node", row: Row): void => {
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { kind, rows: [row] });
    else group.rows.push(row);
  };
  for (const row of index.rows) {
    const { proxy, node, pool, peer } = row.upstream;
    if (pool !== null) put(`${proxy} pool ${pool}`, "upstream", row);
    else if (peer !== null) put(`${proxy} peer ${peer}`, "upstream", row);
    else put(`${proxy} rest ${node ?? ""}`, "upstream", row);
    put(`${proxy} node ${node ?? ""}`, "node", row);
  }
  const upstreams: Key[] = [];
  const reasons: Key[] = [];
  const nodes: Key[] = [];
  for (const [name, { kind, rows }] of groups) {
    if (rows.reduce((sum, row) => sum + row.failures, 0) < least) continue;
    (kind === "node" ? nodes : upstreams).push({ name, kind, rows, reason: null });
    if (kind === "node") continue;
    const byReason = new Map<string, number>();
    for (const row of rows) {
      for (let f = row.failuresFrom; f < row.failuresTo; f++) {
        const cell = index.summary.failures[f]!;
        if (index.counts[f] === 1)
          byReason.set(cell.reason, (byReason.get(cell.reason) ?? 0) + sizeOf(cell));
      }
    }
    if (byReason.size < 2) continue;
    for (const [reason, count] of byReason) {
      if (count >= least) reasons.push({ name: `${name} ${reason}`, kind: "reason", rows, reason });
    }
  }
  const byName = (a: Key, b: Key): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  return [upstreams, reasons, nodes].flatMap((keys) => keys.sort(byName));
}

/**
 * The series of a key; cells of which `isTaken` says so are left out. Failures whose requests nobody counted at their
 * upstream are held against the unnamed requests of their proxy, or, where there are none, against one virtual success a
 * second over the proxy's logs.
 */
export function seriesOf(index: Indexed, key: Key, isTaken: (cell: number) => boolean): Series {
  const { summary, counts, rows } = index;
  const { traffic, failures } = summary;
  const { stepMs } = traffic;
  const bin = (time: number): number => Math.floor(time / stepMs) * stepMs;
  const times: number[] = [];
  const cells: number[] = [];
  let isUncounted = true;
  for (const row of key.rows) {
    let any = false;
    for (let f = row.failuresFrom; f < row.failuresTo; f++) {
      if (
        counts[f] === 0 ||
        (key.reason !== null && failures[f]!.reason !== key.reason) ||
        isTaken(f)
      )
        continue;
      cells.push(f);
      times.push(bin(failures[f]!.firstMs));
      if (!failures[f]!.uncounted) any = true;
    }
    if (row.requests > 0 && (any || row.failures === 0)) isUncounted = false;
  }
  const counted = key.rows.filter((row) => row.requests > 0);
  const sources = isUncounted ? unnamedTraffic(rows, key.rows) : counted;
  const hasTraffic = sources.some((row) => row.requests > 0);
  for (const row of sources) {
    for (let t = row.trafficFrom; t < row.trafficTo; t++) times.push(traffic.time[t]!);
  }
  const time = distinct(Float64Array.from(times).sort());
  const series = {
    stepMs,
    time,
    d: new Float64Array(time.length),
    r: new Float64Array(time.length),
    minErr: new Float64Array(time.length).fill(Infinity),
    maxErr: new Float64Array(time.length).fill(-Infinity),
    virtual: hasTraffic ? null : spanOf(index, key),
  };
  for (const row of sources) {
    for (let t = row.trafficFrom; t < row.trafficTo; t++) {
      series.d[firstAt(time, 0, time.length, traffic.time[t]!)]! +=
        traffic.requests[t]! + traffic.retried[t]!;
    }
  }
  for (const f of cells) {
    const cell = failures[f]!;
    const at = firstAt(time, 0, time.length, bin(cell.firstMs));
    series.r[at]! += sizeOf(cell);
    series.minErr[at] = Math.min(series.minErr[at]!, cell.firstMs);
    series.maxErr[at] = Math.max(series.maxErr[at]!, cell.lastMs);
  }
  const perBin = hasTraffic ? 0 : stepMs / 1000;
  for (let at = 0; at < time.length; at++) {
    series.d[at] = perBin > 0 ? series.r[at]! + perBin : Math.max(series.d[at]!, series.r[at]!);
  }
  return series;
}

/** The unnamed requests of the nodes that these rows belong to: all there is in a format without upstream fields. */
function unnamedTraffic(all: readonly Row[], rows: readonly Row[]): Row[] {
  const wanted = new Set(rows.map(({ upstream }) => `${upstream.proxy} ${upstream.node ?? ""}`));
  return all.filter(
    ({ upstream: { proxy, node, pool, peer }, requests }) =>
      requests > 0 && pool === null && peer === null && wanted.has(`${proxy} ${node ?? ""}`),
  );
}

function spanOf(index: Indexed, key: Key): Span {
  return index.spans.get(key.rows[0]!.upstream.proxy) ?? index.span;
}

function distinct(sorted: Float64Array): Float64Array {
  let count = 0;
  for (let at = 0; at < sorted.length; at++) {
    if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[count++] = sorted[at]!;
  }
  return sorted.slice(0, count);
}
