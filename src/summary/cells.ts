// Everything one thread counts: one call a record, nothing but integers in.
// Longer than most files: the one place where a record, a repeated line and an error line meet the same tables.
import { TallyMemory, type Tally } from "../grammar/index.ts";
import { EVENT, NOTE, reasonNumber, REQUEST, type Names, type Rec } from "../record/index.ts";
import { clientLength, isControl } from "./controls.ts";
import { Counted } from "./counted.ts";
import { eventRow, EventTable } from "./event-table.ts";
import { FailureTable } from "./failure-table.ts";
import { offerJoin, offerRepeated } from "./join-offers.ts";
import { JoinTable } from "./join-table.ts";
import { LatencyTable } from "./latency-table.ts";
import { SampleTable, type Place } from "./samples.ts";
import { TrafficTable } from "./traffic-table.ts";
import { Upstreams } from "./upstreams.ts";

const NGINX = 0;
/** Lines kept per minute, pool and reason: failing ones, and others. */
const FAILURES_KEPT = 32;
const CONTROLS_KEPT = 48;
const SIBLING_LIMIT = 4096;
const NO_UPSTREAM = reasonNumber["no-upstream"];

/** The mutable cells of a thread, or of the whole run after merging. */
export class Cells {
  readonly names: Names;
  readonly upstreams: Upstreams;
  readonly traffic: TrafficTable;
  readonly failures = new FailureTable();
  readonly latency: LatencyTable;
  readonly failing = new SampleTable(FAILURES_KEPT, 1024);
  readonly controls: SampleTable;
  readonly events = new EventTable();
  readonly join = new JoinTable();
  /** Answers by status 0–999, requests by proxy number. */
  readonly statuses: Uint32Array;
  readonly requests: Uint32Array;
  readonly siblings = new Set<number>();
  readonly #counted = new Counted();
  #siblingsOverflow = false;

  constructor(names: Names, tallies = new TallyMemory()) {
    this.names = names;
    this.upstreams = new Upstreams(names);
    this.traffic = new TrafficTable(tallies.traffic);
    this.latency = new LatencyTable(tallies.latency);
    this.controls = new SampleTable(CONTROLS_KEPT, 256, tallies.gates);
    this.statuses = tallies.statuses;
    this.requests = tallies.requests;
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
    else if (rec.kind === EVENT)
      this.events.add(eventRow(rec, proxy, this.names, bytes, start, end));
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
    const counted = this.#counted;
    this.#fill(counted, rec, proxy, node);
    const { upstream, pool } = counted;
    this.#count(counted, second, rec.durationMs);
    if (rec.attempts > 1) this.#retries(rec, proxy, node, counted.last, second);
    if (rec.reason !== 0) {
      this.#countFailure(counted, rec.timeMs, second, rec.startMs);
      this.failing.offer(pool, second, rec, rec.peer, bytes, start, end, place);
      if (counted.joins) offerJoin(this.join, "requests", rec, upstream, bytes);
      if (rec.masked && rec.attempts > 1) this.#rescued(counted, rec, node, second, bytes);
    } else if (counted.joins) offerJoin(this.join, "requests", rec, upstream, bytes);
    else if (
      isControl(rec.timeMs, rec.durationMs, clientLength(proxy, rec.clientStart, rec.clientEnd))
    )
      this.controls.offer(pool, second, rec, rec.peer, bytes, start, end, place);
  }

  /** What a request came to that was just added, to be counted again for others like it; null for one that is not alone. */
  recall(rec: Rec, proxy: number, node: number): Counted | null {
    if (rec.kind !== REQUEST || rec.attempts > 1) return null;
    const counted = new Counted();
    this.#fill(counted, rec, proxy, node);
    return counted;
  }

  /**
   * Counts a request like one that was added, unless the join needs more of it than its row tells or it is too long to be
   * kept unread: then nothing is counted, and false returned for the request to be added in full.
   */
  repeat(
    counted: Counted,
    timeMs: number,
    durationMs: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    clientStart: number,
    clientEnd: number,
    requestStart: number,
    requestEnd: number,
    place: () => Place,
  ): boolean {
    if (counted.joins && (requestStart < 0 || counted.hasConnection)) return false;
    const second = Math.floor(timeMs / 1000);
    if (counted.reason !== 0) {
      if (!this.failing.offerUnread(counted, timeMs, second, hash, bytes, start, end, place))
        return false;
      const startMs = durationMs >= 0 ? timeMs - durationMs : timeMs;
      this.#countFailure(counted, timeMs, second, startMs);
    } else if (
      !counted.joins &&
      isControl(timeMs, durationMs, clientLength(counted.proxy, clientStart, clientEnd)) &&
      !this.controls.offerUnread(counted, timeMs, second, hash, bytes, start, end, place)
    )
      return false;
    this.#count(counted, second, durationMs);
    if (counted.joins)
      offerRepeated(
        this.join,
        counted,
        timeMs,
        durationMs,
        bytes,
        clientStart,
        clientEnd,
        requestStart,
        requestEnd,
      );
    return true;
  }

  /**
   * What requests like one that was added are counted as in a {@link TallyMemory} by themselves, those apart that may be kept
   * as controls; null where there is more to do.
   */
  tally({ last, pool, status, proxy, reason, unlisted, joins }: Counted): Tally | null {
    if (reason !== 0 || unlisted !== 0 || joins) return null;
    return { last, pool, status, proxy, hasClient: clientLength(proxy, 0, 1) > 0 };
  }

  #fill(counted: Counted, rec: Rec, proxy: number, node: number): void {
    const upstream = this.upstreams.index(proxy, node, rec.pool, rec.peer);
    counted.proxy = proxy;
    counted.upstream = upstream;
    counted.pool = this.upstreams.parent(upstream);
    // The peer that is blamed need not be the one that answered in the end.
    counted.last =
      rec.attempts > 0
        ? this.upstreams.index(proxy, node, rec.pool, rec.attemptPeer[rec.attempts - 1]!)
        : rec.answerer > 0
          ? this.upstreams.index(proxy, node, rec.pool, rec.answerer)
          : upstream;
    counted.peer = rec.peer;
    counted.status = rec.status;
    counted.reason = rec.reason;
    counted.code = Math.max(0, rec.code);
    counted.masked = rec.masked;
    counted.unlisted = rec.attempts > 0 ? 0 : rec.tries - 1;
    counted.joins = rec.joinable && proxy === NGINX;
    counted.hasConnection = rec.connection >= 0;
    counted.escape = rec.escape;
  }

  #count(counted: Counted, second: number, durationMs: number): void {
    this.requests[counted.proxy]!++;
    this.traffic.add(counted.last, second, counted.unlisted);
    const status = counted.status;
    if (status >= 0 && status < 1000) this.statuses[status]!++;
    if (durationMs >= 0) this.latency.add(counted.pool, second, Math.floor(durationMs));
  }

  #countFailure(counted: Counted, timeMs: number, second: number, startMs: number): void {
    this.failures.add(
      counted.upstream,
      second,
      counted.reason,
      counted.code,
      counted.status < 0 ? 0 : counted.status,
      0,
      counted.masked ? 0 : 1,
      counted.masked ? 1 : 0,
      timeMs,
      timeMs,
      startMs >= 0 ? startMs : timeMs,
    );
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
    this.failures.add(
      upstream,
      second,
      rec.reason,
      Math.max(0, rec.code),
      Math.max(0, rec.status),
      1,
      rec.masked ? 0 : 1,
      rec.masked ? 1 : 0,
      rec.timeMs,
      rec.timeMs,
      rec.startMs >= 0 ? rec.startMs : rec.timeMs,
    );
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
    if (rec.joinable) offerJoin(this.join, "errors", rec, upstream, bytes);
  }

  /** Earlier attempts at other peers: they count as attempts there, and tell which peers share a pool. */
  #retries(rec: Rec, proxy: number, node: number, upstream: number, second: number): void {
    for (let k = 0; k < rec.attempts - 1; k++) {
      const other = this.upstreams.index(proxy, node, rec.pool, rec.attemptPeer[k]!);
      this.traffic.put(other, second, 0, 1, 0);
      if (other !== upstream) this.sibling(other, upstream);
    }
  }

  /** The other failed attempts of a request that got its answer: each is a masked failure of its own peer. */
  #rescued(counted: Counted, rec: Rec, node: number, second: number, bytes: Uint8Array): void {
    const isBlamed = (k: number): boolean =>
      rec.attemptReason[k] === rec.reason && rec.attemptPeer[k] === rec.peer;
    let blamed = rec.attempts - 1;
    while (blamed > 0 && !isBlamed(blamed)) blamed--;
    for (let k = 0; k < rec.attempts; k++) {
      const reason = rec.attemptReason[k]!;
      // "No peer left" only follows from the others.
      if (k === blamed || reason === 0 || reason === NO_UPSTREAM) continue;
      const peer = rec.attemptPeer[k]!;
      const upstream = this.upstreams.index(counted.proxy, node, rec.pool, peer);
      const own = { ...counted, upstream, reason };
      this.#countFailure(own, rec.timeMs, second, rec.startMs);
      if (counted.joins) offerJoin(this.join, "requests", rec, upstream, bytes, reason, peer);
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
}
