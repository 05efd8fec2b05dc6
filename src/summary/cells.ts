// Everything one thread counts: one call a record, nothing but integers in.
import { decodeText, EVENT, NOTE, REQUEST, type Names, type Rec } from "../record/index.ts";
import { EventTable } from "./event-table.ts";
import { FailureTable } from "./failure-table.ts";
import { joinHash, JoinTable } from "./join-table.ts";
import { LatencyTable } from "./latency-table.ts";
import { SampleTable, type Place } from "./samples.ts";
import { TrafficTable } from "./traffic-table.ts";
import { Upstreams } from "./upstreams.ts";

const NGINX = 0;
/** Failing lines kept per minute, pool and reason; other lines kept per minute and pool. */
const FAILURES_KEPT = 8;
const CONTROLS_KEPT = 24;
const SIBLING_LIMIT = 4096;

/** The mutable cells of a thread, or of the whole run after merging. */
export class Cells {
  readonly names: Names;
  readonly upstreams: Upstreams;
  readonly traffic = new TrafficTable();
  readonly failures = new FailureTable();
  readonly latency = new LatencyTable();
  readonly failing = new SampleTable(FAILURES_KEPT, 2048);
  readonly controls = new SampleTable(CONTROLS_KEPT, 512);
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
      this.#failure(rec, upstream, second, 0);
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
    this.#failure(rec, upstream, second, 1);
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

  #failure(rec: Rec, upstream: number, second: number, uncounted: number): void {
    const from = rec.startMs >= 0 ? rec.startMs : rec.timeMs;
    const status = rec.status < 0 ? 0 : rec.status;
    this.failures.add(
      upstream,
      second,
      rec.reason,
      Math.max(0, rec.code),
      status,
      uncounted,
      rec.masked ? 0 : 1,
      rec.masked ? 1 : 0,
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
}

/** One in 32 of the lines that did not fail, chosen by their numbers, so that the choice costs nothing and repeats. */
function isControl(rec: Rec): boolean {
  const time = rec.timeMs % 86_400_000;
  const mix =
    Math.imul(time, 0x9e3779b1) ^
    Math.imul(rec.clientEnd - rec.clientStart + 31 * rec.durationMs, 0x85ebca6b);
  return Math.imul(mix ^ (mix >>> 15), 0x2c1b3c6d) >>> 27 === 0;
}
