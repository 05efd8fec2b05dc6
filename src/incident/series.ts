// Which keys are watched for bursts, and their requests and failures over time (reference/algorithms.md §2.5).
import type { Series } from "./bins.ts";
import { firstAt, type Indexed, type Row, type Span } from "./rows.ts";
import { groupBy } from "../summary/index.ts";

/** Something that can burst: a pool, a bare peer, a proxy's unnamed rest, a whole proxy node, or one reason of a pool. */
export interface Key {
  readonly name: string;
  /** Fine keys are judged first; coarse ones see what is left. */
  readonly kind: "upstream" | "reason" | "node";
  readonly rows: readonly Row[];
  readonly reason: string | null;
  /** Its failure cells that can make an incident, by row, then time. */
  readonly cells: readonly number[];
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
    const cells = rows.flatMap((row) => countedCells(index, row));
    (kind === "node" ? nodes : upstreams).push({ name, kind, rows, reason: null, cells });
    if (kind === "node") continue;
    const byReason = groupBy(cells, (cell) => index.summary.failures[cell]!.reason);
    if (byReason.size < 2) continue;
    for (const [reason, own] of byReason) {
      const count = own.reduce((sum, cell) => sum + index.sizes[cell]!, 0);
      if (count >= least)
        reasons.push({ name: `${name} ${reason}`, kind: "reason", rows, reason, cells: own });
    }
  }
  const byName = (a: Key, b: Key): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  return [upstreams, reasons, nodes].flatMap((keys) => keys.sort(byName));
}

function countedCells({ counts }: Indexed, { failuresFrom, failuresTo }: Row): number[] {
  const cells: number[] = [];
  for (let f = failuresFrom; f < failuresTo; f++) if (counts[f] === 1) cells.push(f);
  return cells;
}

/** Requests of some rows per bin of time. */
interface Asked {
  readonly time: Float64Array;
  readonly d: Float64Array;
}

/** Makes the series of keys; what several keys share, the requests of their rows, is added up once. */
export class SeriesMaker {
  readonly #index: Indexed;
  /** The bins of all traffic, and the place of each traffic cell's among them. */
  readonly #bins: Float64Array;
  readonly #binOf: Uint32Array;
  /** Requests per bin while rows are added up; all zero in between. */
  readonly #sums: Float64Array;
  readonly #asked = new Map<string, Asked>();

  constructor(index: Indexed) {
    const { traffic } = index.summary;
    this.#index = index;
    this.#bins = distinct(traffic.time.slice().sort());
    this.#binOf = placesAmong(this.#bins, traffic.time);
    this.#sums = new Float64Array(this.#bins.length);
  }

  /**
   * The series of a key; cells that are marked as taken are left out. Failures whose requests nobody counted at their
   * upstream are held against the unnamed requests of their proxy, or, where there are none, against one virtual success
   * a second over the proxy's logs.
   */
  of(key: Key, taken: Uint8Array | null): Series {
    const { summary, sizes, firstMs, lastMs } = this.#index;
    const { stepMs } = summary.traffic;
    const cells = taken === null ? key.cells : key.cells.filter((cell) => taken[cell] === 0);
    const sources = this.#sourcesOf(key, cells);
    const bins = new Float64Array(cells.length);
    for (let k = 0; k < cells.length; k++)
      bins[k] = Math.floor(firstMs[cells[k]!]! / stepMs) * stepMs;
    const { time, d } = withBins(this.#askedOf(sources), bins);
    const series = {
      stepMs,
      time,
      d,
      r: new Float64Array(time.length),
      minErr: new Float64Array(time.length).fill(Infinity),
      maxErr: new Float64Array(time.length).fill(-Infinity),
      virtual: sources.length > 0 ? null : spanOf(this.#index, key),
    };
    const { r, minErr, maxErr } = series;
    const places = placesAmong(time, bins);
    for (let k = 0; k < cells.length; k++) {
      const cell = cells[k]!;
      const at = places[k]!;
      r[at]! += sizes[cell]!;
      minErr[at] = Math.min(minErr[at]!, firstMs[cell]!);
      maxErr[at] = Math.max(maxErr[at]!, lastMs[cell]!);
    }
    for (const at of places)
      d[at] = series.virtual === null ? Math.max(d[at]!, r[at]!) : r[at]! + stepMs / 1000;
    return series;
  }

  /** The rows whose requests these failures are held against; none where nobody counted any. */
  #sourcesOf(key: Key, cells: readonly number[]): readonly Row[] {
    const { summary, rows } = this.#index;
    const counted = new Set<number>();
    for (const cell of cells) {
      const { uncounted, upstream } = summary.failures[cell]!;
      if (!uncounted) counted.add(upstream);
    }
    const asked = key.rows.filter((row) => row.requests > 0);
    const isCounted = asked.some((row) => row.failures === 0 || counted.has(row.index));
    return isCounted ? asked : unnamedTraffic(rows, key.rows);
  }

  #askedOf(rows: readonly Row[]): Asked {
    const name = rows.map(({ index }) => index).join(" ");
    let asked = this.#asked.get(name);
    if (asked === undefined) this.#asked.set(name, (asked = this.#addUp(rows)));
    return asked;
  }

  #addUp(rows: readonly Row[]): Asked {
    const { requests, retried } = this.#index.summary.traffic;
    const binOf = this.#binOf;
    const sums = this.#sums;
    const cells = rows.reduce((sum, row) => sum + row.trafficTo - row.trafficFrom, 0);
    const met = new Uint32Array(cells);
    let size = 0;
    for (const row of rows) {
      for (let t = row.trafficFrom; t < row.trafficTo; t++) {
        const bin = binOf[t]!;
        if (sums[bin] === 0) met[size++] = bin;
        sums[bin]! += requests[t]! + retried[t]!;
      }
    }
    const places = met.subarray(0, size).sort();
    const time = new Float64Array(size);
    const d = new Float64Array(size);
    for (let at = 0; at < size; at++) {
      const bin = places[at]!;
      time[at] = this.#bins[bin]!;
      d[at] = sums[bin]!;
      sums[bin] = 0;
    }
    return { time, d };
  }
}

/** A copy that has these bins too, without requests where there were none. */
function withBins({ time, d }: Asked, bins: Float64Array): Asked {
  const isThere = placesAmong(time, bins).every((place, at) => time[place] === bins[at]);
  if (isThere) return { time, d: d.slice() };
  const all = new Float64Array(time.length + bins.length);
  all.set(time);
  all.set(bins, time.length);
  const union = distinct(all.sort());
  const requests = new Float64Array(union.length);
  for (const [at, place] of placesAmong(union, time).entries()) requests[place] = d[at]!;
  return { time: union, d: requests };
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

/** Where each time stands among ascending ones; those that come in order, as most do, are found at once. */
function placesAmong(sorted: Float64Array, times: Float64Array): Uint32Array {
  const places = new Uint32Array(times.length);
  let place = 0;
  for (let at = 0; at < times.length; at++) {
    const time = times[at]!;
    if (sorted[place] !== time) {
      place++;
      if (sorted[place] !== time) place = firstAt(sorted, 0, sorted.length, time);
    }
    places[at] = place;
  }
  return places;
}
