// Everything one thread counts: one call a record, nothing but integers in, and a part that merges with others in any order.
import { decodeText, EVENT, NOTE, REQUEST, type Names, type Rec } from "../record/index.ts";
import { EventTable, type EventRow } from "./event-table.ts";
import { FailureTable, type FailureRow } from "./failure-table.ts";
import { joinHash, JoinTable, type JoinEntry } from "./join-table.ts";
import { LatencyTable, type LatencyRow } from "./latency-table.ts";
import { SampleTable, type Place, type SampleRow } from "./samples.ts";
import { TrafficTable, type TrafficColumns } from "./traffic-table.ts";
import { Upstreams, type UpstreamName } from "./upstreams.ts";

const NGINX = 0;
/** Failing lines kept per minute, pool and reason; other lines kept per minute and pool. */
const FAILURES_KEPT = 8;
const CONTROLS_KEPT = 24;
const SIBLING_LIMIT = 4096;

/** What a thread counted, as plain data. */
export interface CellsPart {
  readonly upstreams: readonly UpstreamName[];
  readonly codes: readonly string[];
  readonly traffic: TrafficColumns;
  readonly failures: { readonly shift: number; readonly rows: readonly FailureRow[] };
  readonly latency: { readonly shift: number; readonly rows: readonly LatencyRow[] };
  readonly failing: { readonly shift: number; readonly rows: readonly SampleRow[] };
  readonly controls: { readonly shift: number; readonly rows: readonly SampleRow[] };
  readonly events: readonly EventRow[];
  readonly siblings: readonly (readonly [number, number])[];
  readonly join: {
    readonly level: number;
    readonly requests: readonly JoinEntry[];
    readonly errors: readonly JoinEntry[];
  };
  readonly statuses: Uint32Array;
  readonly requests: readonly number[];
}

/** The mutable cells of a thread, or of the whole run after merging. */
export class Cells {
  readonly names: Names;
  readonly upstreams: Upstreams;
  readonly traffic = new TrafficTable();
  readonly failures = new FailureTable();
  readonly latency = new LatencyTable();
  readonly failing = new SampleTable(FAILURES_KEPT, 384);
  readonly controls = new SampleTable(CONTROLS_KEPT, 128);
  readonly events = new EventTable();
  readonly join = new JoinTable();
  /** Answers by status 0–999. */
  readonly statuses = new Uint32Array(1000);
  /** Requests per proxy number. */
  readonly requests = [0, 0, 0];
  readonly siblings = new Set<number>();
  #siblingsOverflow = false;

  constructor(names: Names) {
    this.names = names;
    this.upstreams = new Upstreams(names);
  }

  /** Counts one record; `bytes[start, end)` is its whole line. */
  add(
    rec: Rec,
    proxy: number,
    node: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    place: Place,
  ): void {
    if (rec.kind === REQUEST) this.#request(rec, proxy, node, bytes, start, end, place);
    else if (rec.kind === EVENT) this.#event(rec, proxy, bytes, start, end);
    else if (rec.kind !== NOTE) this.#error(rec, proxy, node, bytes, start, end, place);
  }

  #request(
    rec: Rec,
    proxy: number,
    node: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    place: Place,
  ): void {
    const second = Math.floor(rec.timeMs / 1000);
    const upstream = this.upstreams.index(proxy, node, rec.pool, rec.peer);
    const pool = this.upstreams.parent(upstream);
    this.requests[proxy]!++;
    // The peer that is blamed need not be the one that answered in the end.
    const last =
      rec.attempts > 0
        ? this.upstreams.index(proxy, node, rec.pool, rec.attemptPeer[rec.attempts - 1]!)
        : upstream;
    this.traffic.add(last, second);
    const status = rec.status;
    if (status >= 0 && status < 1000) this.statuses[status]!++;
    if (rec.durationMs >= 0) this.latency.add(pool, second, Math.floor(rec.durationMs));
    if (rec.attempts > 1) this.#retries(rec, proxy, node, last, second);
    if (rec.reason !== 0) {
      this.#failure(rec, upstream, second, 0, rec.masked ? 0 : 1, rec.masked ? 1 : 0);
      this.failing.offer(pool, second, rec, rec.peer, bytes, start, end, place);
      if (rec.joinable && proxy === NGINX) this.#offerJoin("requests", rec, upstream, bytes);
    } else if (isControl(rec))
      this.controls.offer(pool, second, rec, rec.peer, bytes, start, end, place);
  }

  #error(
    rec: Rec,
    proxy: number,
    node: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    place: Place,
  ): void {
    if (rec.reason === 0) return;
    const second = Math.floor(rec.timeMs / 1000);
    const upstream = this.upstreams.index(proxy, node, rec.pool, rec.peer);
    this.#failure(rec, upstream, second, 1, rec.masked ? 0 : 1, rec.masked ? 1 : 0);
    this.failing.offer(
      this.upstreams.parent(upstream),
      second,
      rec,
      rec.peer,
      bytes,
      start,
      end,
      place,
    );
    if (rec.joinable) this.#offerJoin("errors", rec, upstream, bytes);
  }

  /** Earlier attempts at other peers: they count as attempts there, and tell which peers share a pool. */
  #retries(rec: Rec, proxy: number, node: number, upstream: number, second: number): void {
    for (let k = 0; k < rec.attempts - 1; k++) {
      const other = this.upstreams.index(proxy, node, rec.pool, rec.attemptPeer[k]!);
      this.traffic.put(other, second, 0, 1);
      if (other !== upstream) this.sibling(other, upstream);
    }
  }

  /** Notes that two upstreams were attempts of one request. */
  sibling(a: number, b: number): void {
    if (this.#siblingsOverflow) return;
    this.siblings.add(Math.min(a, b) * 65536 + Math.max(a, b));
    // Too many say nothing, and "none" is the only answer that does not depend on the order.
    if (this.siblings.size > SIBLING_LIMIT) {
      this.#siblingsOverflow = true;
      this.siblings.clear();
    }
  }

  #failure(
    rec: Rec,
    upstream: number,
    second: number,
    uncounted: number,
    visible: number,
    masked: number,
  ): void {
    const from = rec.startMs >= 0 ? rec.startMs : rec.timeMs;
    const status = rec.status < 0 ? 0 : rec.status;
    this.failures.add(
      upstream,
      second,
      rec.reason,
      Math.max(0, rec.code),
      status,
      uncounted,
      visible,
      masked,
      rec.timeMs,
      rec.timeMs,
      from,
    );
  }

  #offerJoin(side: "requests" | "errors", rec: Rec, upstream: number, bytes: Uint8Array): void {
    if (rec.requestStart < 0 || rec.clientStart < 0) return;
    const hash = joinHash(
      bytes,
      rec.clientStart,
      rec.clientEnd,
      rec.requestStart,
      rec.requestEnd,
      rec.escape,
    );
    this.join.offer(side, hash, () => ({
      hash,
      timeMs: rec.timeMs,
      durationMs: rec.durationMs,
      connection: rec.connection,
      upstream,
      peer: Math.max(0, rec.peer),
      reason: rec.reason,
      code: Math.max(0, rec.code),
      status: Math.max(0, rec.status),
      masked: rec.masked,
    }));
  }

  #event(rec: Rec, proxy: number, bytes: Uint8Array, start: number, end: number): void {
    const text = (id: number): string | null => (id > 0 ? this.names.text(id) : null);
    this.events.add({
      timeMs: rec.timeMs,
      proxy,
      kind: this.names.text(rec.event),
      pool: text(rec.pool),
      peer: text(rec.peer),
      text: decodeText(bytes.subarray(start, Math.min(end, start + 512))),
      count: 1,
    });
  }

  /** A copy that can leave the thread. */
  part(): CellsPart {
    const upstreams = Array.from({ length: this.upstreams.size }, (_, index) =>
      this.upstreams.name(index),
    );
    return {
      upstreams,
      codes: Array.from({ length: this.names.size }, (_, id) => this.names.text(id)),
      traffic: this.traffic.columns(),
      failures: { shift: this.failures.shift, rows: this.failures.rows() },
      latency: { shift: this.latency.shift, rows: this.latency.rows() },
      failing: { shift: this.failing.shift, rows: this.failing.rows() },
      controls: { shift: this.controls.shift, rows: this.controls.rows() },
      events: this.events.rows(),
      siblings: [...this.siblings].map((pair) => [Math.floor(pair / 65536), pair % 65536] as const),
      join: {
        level: this.join.level,
        requests: this.join.requests.entries,
        errors: this.join.errors.entries,
      },
      statuses: this.statuses,
      requests: this.requests,
    };
  }

  /** Adds what another thread counted. */
  merge(part: CellsPart): void {
    const upstreamOf = part.upstreams.map((name) => this.upstreams.indexOf(name));
    const codeOf = part.codes.map((text) => Math.max(0, this.names.internText(text)));
    const { traffic } = part;
    this.traffic.coarsen(traffic.shift);
    for (let at = 0; at < traffic.upstream.length; at++) {
      const second = traffic.bin[at]! * 2 ** traffic.shift;
      this.traffic.put(
        upstreamOf[traffic.upstream[at]!]!,
        second,
        traffic.requests[at]!,
        traffic.retried[at]!,
      );
    }
    this.failures.coarsen(part.failures.shift);
    for (const row of part.failures.rows) {
      this.failures.addRow(row, part.failures.shift, upstreamOf[row.upstream]!, codeOf[row.code]!);
    }
    for (const row of part.latency.rows)
      this.latency.addRow(row, part.latency.shift, upstreamOf[row.upstream]!);
    const peerOf = (peer: number): number => codeOf[peer]!;
    for (const row of part.failing.rows)
      this.failing.addRow(row, part.failing.shift, upstreamOf[row.upstream]!, peerOf);
    for (const row of part.controls.rows)
      this.controls.addRow(row, part.controls.shift, upstreamOf[row.upstream]!, peerOf);
    for (const row of part.events) this.events.add(row);
    for (const [a, b] of part.siblings) this.sibling(upstreamOf[a]!, upstreamOf[b]!);
    this.join.shrink(part.join.level);
    for (const side of ["requests", "errors"] as const) {
      for (const entry of part.join[side]) {
        const { upstream, peer, code } = entry;
        const mapped = {
          ...entry,
          upstream: upstreamOf[upstream]!,
          peer: codeOf[peer]!,
          code: codeOf[code]!,
        };
        this.join.offer(side, entry.hash, () => mapped);
      }
    }
    for (let status = 0; status < 1000; status++) this.statuses[status]! += part.statuses[status]!;
    for (let proxy = 0; proxy < 3; proxy++) this.requests[proxy]! += part.requests[proxy]!;
  }
}

/** One in 32 of the lines that did not fail, chosen by their numbers, so that the choice costs nothing and repeats. */
function isControl(rec: Rec): boolean {
  const time = rec.timeMs % 86_400_000;
  const mix =
    Math.imul(time, 0x9e3779b1) ^
    Math.imul(rec.clientEnd - rec.clientStart + 31 * rec.durationMs, 0x85ebca6b);
  return Math.imul(mix ^ (mix >>> 15), 0x2c1b3c6d) >>> 27 === 0;
}
