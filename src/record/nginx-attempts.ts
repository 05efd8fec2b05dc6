// One line's upstream lists, zipped: who was tried, what became of each try, and what that says about the reason.
// Longer than most files: the rules look at all lists of a line side by side.
//
// The rules are those of nginx.md §0, §3 and §6: a header time proves that the upstream itself answered; without one
// nginx made the status; a connect time proves a connection. What a format does not log stays undecided.
import { isBareIpv4, isBrokenAddress } from "./address-shape.ts";
import { isAbsent, parseDecimalMs, parseUint } from "./bytes.ts";
import type { Names } from "./names.ts";
import { makerNumber, reasonNumber } from "./reasons.ts";
import { MAX_ATTEMPTS } from "./record.ts";

const R = reasonNumber;
const BY = makerNumber;

/** What an item of `$upstream_addr` names. */
const NOBODY = 0;
export const PEER = 1;
/** A group's name: no peer of it was left to try. */
export const GROUP = 2;
/** Nothing that nginx could have written. */
const DAMAGED = 3;

/** A number that a format does not log, and one that it logs as missing. */
const NOT_LOGGED = -2;
const MISSING = -1;

/** The columns, by their place in the arrays of {@link Attempts}. */
export const COLUMNS = [
  "upstream_addr",
  "upstream_status",
  "upstream_connect_time",
  "upstream_header_time",
  "upstream_response_length",
  "upstream_bytes_received",
  "upstream_bytes_sent",
  "upstream_response_time",
] as const;
/** What of each column decides: only whether a time is one, and whether bytes came at all. */
export const COLUMN_KEYS = {
  upstream_addr: "bytes",
  upstream_status: "bytes",
  upstream_connect_time: "seconds",
  upstream_header_time: "seconds",
  upstream_response_length: "sign",
  upstream_bytes_received: "sign",
  upstream_bytes_sent: "sign",
  upstream_response_time: "seconds",
} as const satisfies Record<(typeof COLUMNS)[number], string>;
const ADDR = 0;
const STATUS = 1;
const CONNECT = 2;
const HEADER = 3;
const LENGTH = 4;
const RECEIVED = 5;
const SENT = 6;
const RESPONSE = 7;

/** The attempts of one line. One instance is reused for all lines of a format. */
export class Attempts {
  count = 0;
  readonly kind = new Uint8Array(MAX_ATTEMPTS);
  /** Number of the peer's or the group's name. */
  readonly name = new Int32Array(MAX_ATTEMPTS);
  readonly reason = new Uint8Array(MAX_ATTEMPTS);
  /** The status logged for it; -1 for none. */
  readonly status = new Int16Array(MAX_ATTEMPTS);
  /** Counts the internal redirects (` : `) before it. */
  readonly group = new Uint8Array(MAX_ATTEMPTS);
  /** The field whose value is impossible, or -1. */
  badField = -1;
  readonly #names: Names;
  readonly #fields: readonly number[];
  readonly #isStream: boolean;
  readonly #starts: readonly Int32Array[];
  readonly #ends: readonly Int32Array[];
  readonly #counts = new Int32Array(COLUMNS.length);
  readonly #breaks = new Uint8Array(MAX_ATTEMPTS);
  #bytes: Uint8Array = new Uint8Array(0);
  #kinds = new Uint8Array(1024).fill(255);

  /** @param fields the field index of each of {@link COLUMNS}, -1 where the format has none. */
  constructor(names: Names, fields: readonly number[], isStream: boolean) {
    this.#names = names;
    this.#fields = fields;
    this.#isStream = isStream;
    this.#starts = COLUMNS.map(() => new Int32Array(MAX_ATTEMPTS));
    this.#ends = COLUMNS.map(() => new Int32Array(MAX_ATTEMPTS));
  }

  /** What a name stands for: a peer has a port or is a socket. Cached by number. */
  kindOf(id: number, bytes: Uint8Array, start: number, end: number): number {
    if (id < 0) return kindOfAddress(bytes, start, end);
    if (id >= this.#kinds.length) {
      const grown = new Uint8Array(Math.max(id + 1, this.#kinds.length * 2)).fill(255);
      grown.set(this.#kinds);
      this.#kinds = grown;
    }
    const known = this.#kinds[id]!;
    if (known !== 255) return known;
    return (this.#kinds[id] = kindOfAddress(bytes, start, end));
  }

  /** Reads all columns of a line and gives each attempt its reason. `finalStatus` is the line's own. */
  read(bytes: Uint8Array, spans: Int32Array, finalStatus: number): void {
    this.#bytes = bytes;
    this.badField = -1;
    for (let column = 0; column < COLUMNS.length; column++) {
      const field = this.#fields[column]!;
      const start = field < 0 ? -1 : spans[2 * field]!;
      this.#counts[column] = start < 0 ? 0 : this.#split(column, start, spans[2 * field + 1]!);
    }
    const addresses = this.#counts[ADDR]!;
    this.count = Math.max(addresses, this.#counts[STATUS]!);
    if (this.count === 0) this.count = this.#countByTimes();
    let group = 0;
    for (let k = 0; k < this.count; k++) {
      this.group[k] = group;
      if (this.#breaks[k] === 1) group++;
      if (k >= addresses) {
        this.kind[k] = NOBODY;
        this.name[k] = 0;
        continue;
      }
      const start = this.#starts[ADDR]![k]!;
      const end = this.#ends[ADDR]![k]!;
      const absent = isAbsent(bytes, start, end);
      const id = absent ? 0 : this.#names.intern(bytes, start, end);
      this.name[k] = Math.max(0, id);
      this.kind[k] = absent ? NOBODY : this.kindOf(id, bytes, start, end);
      if (this.kind[k] === DAMAGED) this.badField = this.#fields[ADDR]!;
    }
    for (let k = 0; k < this.count; k++) this.reason[k] = this.#reasonOf(k, finalStatus);
  }

  /** Who made the answer that attempt `k` failed with: an upstream that sent a header, else nginx. */
  makerOf(k: number, finalStatus: number): number {
    switch (this.reason[k]) {
      case R["upstream-status"]:
        return BY.upstream;
      case R["client-abort"]:
        return BY.client;
      case R["invalid-response"]:
        // 009: nginx passed on what came.
        return finalStatus === 9 ? BY.upstream : BY.proxy;
      case R["unknown-failure"]:
        return this.#answered(k, this.#whole(STATUS, k) === MISSING) === 0 ? BY.proxy : BY.unknown;
      default:
        return BY.proxy;
    }
  }

  /** The attempts of a format that logs neither addresses nor statuses: their times tell, unless all are missing. */
  #countByTimes(): number {
    let count = 0;
    for (let column = CONNECT; column < COLUMNS.length; column++) {
      const items = this.#counts[column]!;
      let isTold = false;
      for (let k = 0; k < items && !isTold; k++)
        isTold = !isAbsent(this.#bytes, this.#starts[column]![k]!, this.#ends[column]![k]!);
      if (isTold) count = Math.max(count, items);
    }
    return count;
  }

  #reasonOf(k: number, finalStatus: number): number {
    this.#time(RESPONSE, k);
    const isLast = k === this.count - 1;
    const goesOn = !isLast && this.group[k] === this.group[k + 1];
    const logged = this.#whole(STATUS, k);
    this.status[k] = Math.max(-1, logged);
    const hasAddresses = this.#counts[ADDR]! > 0;
    if (this.kind[k] === GROUP) {
      if (logged === 502 || (logged < 0 && isLast && finalStatus === 502)) return R["no-upstream"];
      // nginx names a group only when it had nobody left: this name without a port is somebody's own notation.
      this.kind[k] = PEER;
    }
    if (this.kind[k] === NOBODY && hasAddresses) return 0;
    let status = logged;
    if (logged < 0) {
      if (isLast && finalStatus === 499) return R["client-abort"];
      // nginx goes on to the next peer only after a failure; the last one's status is the line's.
      if (goesOn) status = 502;
      else if (isLast) status = finalStatus;
      else return 0;
      if (logged === MISSING && status === 500) return R["unknown-failure"];
      if (goesOn) return this.#connected(k) === 0 ? R["connect-failed"] : R["unknown-failure"];
    }
    if (isLast && finalStatus === 9) return R["invalid-response"];
    if (status === 503) return R["upstream-status"];
    if (status !== 502 && status !== 504) return 0;
    const answered = this.#answered(k, logged === MISSING);
    if (answered === 1) return R["upstream-status"];
    if (answered < 0) return R["unknown-failure"];
    const connected = this.#connected(k);
    if (connected < 0)
      return R[this.#isStream && status === 502 ? "connect-failed" : "unknown-failure"];
    if (status === 504) return R[connected === 0 ? "connect-timeout" : "response-timeout"];
    if (connected === 0) return R["connect-failed"];
    const received = this.#whole(RECEIVED, k);
    if (received < 0) return R["unknown-failure"];
    return R[received > 0 ? "invalid-response" : "disconnect"];
  }

  /** 1: the upstream sent the status itself; 0: nginx made it; -1: the line does not say. */
  #answered(k: number, isUnfinished: boolean): number {
    if (isUnfinished || this.#isStream) return 0;
    const header = this.#time(HEADER, k);
    if (header !== NOT_LOGGED) return header >= 0 ? 1 : 0;
    if (this.#whole(LENGTH, k) > 0) return 1;
    if (this.#connected(k) === 0 || this.#whole(RECEIVED, k) === 0) return 0;
    return -1;
  }

  /** 1: a connection was made (TLS included); 0: none; -1: the line does not say. */
  #connected(k: number): number {
    const connect = this.#time(CONNECT, k);
    if (connect !== NOT_LOGGED) return connect >= 0 ? 1 : 0;
    const sent = this.#whole(SENT, k);
    if (sent >= 0) return sent > 0 ? 1 : 0;
    return this.#whole(RECEIVED, k) > 0 ? 1 : -1;
  }

  /** An item's whole number, MISSING or NOT_LOGGED. */
  #whole(column: number, k: number): number {
    if (k >= this.#counts[column]!) return NOT_LOGGED;
    const start = this.#starts[column]![k]!;
    const end = this.#ends[column]![k]!;
    if (isAbsent(this.#bytes, start, end)) return MISSING;
    const value = parseUint(this.#bytes, start, end);
    if (value < 0 || (column === STATUS && value > 999)) this.badField = this.#fields[column]!;
    return value;
  }

  #time(column: number, k: number): number {
    if (k >= this.#counts[column]!) return NOT_LOGGED;
    const value = parseDecimalMs(this.#bytes, this.#starts[column]![k]!, this.#ends[column]![k]!);
    if (!Number.isNaN(value)) return value;
    this.badField = this.#fields[column]!;
    return MISSING;
  }

  /** Cuts `item((, | : )item)*`; of more than MAX_ATTEMPTS items the last one takes the last place. */
  #split(column: number, start: number, end: number): number {
    const bytes = this.#bytes;
    const starts = this.#starts[column]!;
    const ends = this.#ends[column]!;
    let count = 0;
    let from = start;
    for (let at = start; ; at++) {
      const comma = at + 1 < end && bytes[at] === 44 && bytes[at + 1] === 32;
      // A trailing ` : ` may have lost its last blank to the line's end.
      const colon =
        at + 1 < end &&
        bytes[at] === 32 &&
        bytes[at + 1] === 58 &&
        (at + 2 === end || bytes[at + 2] === 32);
      if (!comma && !colon && at < end) continue;
      const place = Math.min(count, MAX_ATTEMPTS - 1);
      starts[place] = from;
      ends[place] = Math.min(at, end);
      if (column <= STATUS) this.#breaks[place] = colon ? 1 : 0;
      count = place + 1;
      if (!comma && !colon) return count;
      at += comma ? 1 : 2;
      from = Math.min(at + 1, end);
    }
  }
}

function kindOfAddress(bytes: Uint8Array, start: number, end: number): number {
  if (isBrokenAddress(bytes, start, end)) return DAMAGED;
  for (let i = start; i < end; i++) if (bytes[i] === 58) return PEER;
  return isBareIpv4(bytes, start, end) ? PEER : GROUP;
}

/** Whether the client was spared the failure: a good status, or one that a later attempt answered with. */
export function isHidden(status: number, lastReason: number, lastStatus: number): boolean {
  if (status >= 100 && status < 400) return true;
  return lastReason === 0 && lastStatus > 0 && lastStatus === status && status < 500;
}
