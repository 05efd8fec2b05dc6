// The one record every proxy's lines become: plain numbers, reused line after line on the hot path.
import type { QuickFields } from "../grammar/index.ts";

/** What a line turned out to be. `NOTE` is a line that was understood and says nothing about failures. */
export const REQUEST = 0;
export const ERROR = 1;
export const EVENT = 2;
export const NOTE = 3;

/** How far a line's own time can be trusted: absolute, local time without a zone, or local and counted from New Year. */
export const ZONED = 0;
export const LOCAL = 1;
export const YEARLESS = 2;

/** The most attempts of one request that are kept; ingress-nginx has been seen to log more than 80. */
export const MAX_ATTEMPTS = 128;

/** The proxies we know. */
export type Proxy = "nginx" | "haproxy" | "envoy";

/**
 * One line, understood. One instance is reused for all lines of a thread, so nobody may keep it.
 * Times are ms since the epoch (for `LOCAL` lines: of the local wall clock read as if it were UTC); -1 means absent.
 * Names (`pool`, `peer`, `code` …) are numbers from {@link Names}; 0 means absent.
 * Spans are byte offsets into the line's buffer; start -1 means absent. Vendor quoting is not undone in a span.
 */
export class Rec {
  kind = REQUEST;
  clock = ZONED;
  /** When the request ended, or when the error or event was written. */
  timeMs = 0;
  startMs = -1;
  durationMs = -1;
  /** The status logged, 9 for nginx's 009, 0 for none, -1 where the line has none. */
  status = -1;
  pool = 0;
  /** The peer the failure is blamed on, else the last one tried. */
  peer = 0;
  /** Who answered in the end, where the failure is not that peer's; 0 where it is the peer above. */
  answerer = 0;
  /** Number of the reason (reasons.ts), 0 when the request did not fail. */
  reason = 0;
  /** Number of who made the failing answer (reasons.ts); 0 when the line cannot tell. */
  by = 0;
  /** The vendor's code or message in its own words: `SH--`, `UF,URX`, `(111: Connection refused)`. */
  code = 0;
  /** True when the client saw no error status: a retry or a stale answer hid the failure, or the body broke after a 200. */
  masked = false;
  /** How many attempts were logged one by one (nginx lists); 0 when the line only names the last peer. */
  attempts = 0;
  readonly attemptPeer = new Int32Array(MAX_ATTEMPTS);
  readonly attemptReason = new Uint8Array(MAX_ATTEMPTS);
  /** Attempts made in all, where the line counts them without listing (HAProxy retries + 1, Envoy's attempt count). */
  tries = 1;
  /** For error lines: the status the client gets where nothing is tried after this; 0 unknown. */
  impliedStatus = 0;
  /** nginx connection number (`*CID`, `$connection`), for the join; -1 where not logged. */
  connection = -1;
  /** True for a failing nginx line whose error-log partner may know more: it goes to the join. */
  joinable = false;
  clientStart = -1;
  clientEnd = -1;
  /** The request line as logged ("GET /x HTTP/1.1"), or -1 when method and path were separate fields. */
  requestStart = -1;
  requestEnd = -1;
  methodStart = -1;
  methodEnd = -1;
  /** The path with its query. */
  pathStart = -1;
  pathEnd = -1;
  hostStart = -1;
  hostEnd = -1;
  requestIdStart = -1;
  requestIdEnd = -1;
  /** For events: its kind (a name), and whom it concerns (pool and peer above). */
  event = 0;
  /** For events: what the message tells, without heads and context; -1 where the code says as much. */
  saysStart = -1;
  saysEnd = -1;
  /** For events without a time of their own: true where theirs is that of a line before. */
  isTimeInferred = false;
  /** How request text is escaped in this line: 0 none, 1 `\xHH`, 2 JSON, 3 HAProxy `#HH`. */
  escape = 0;

  /** Back to "nothing known", for the next line. */
  reset(): void {
    this.kind = REQUEST;
    this.clock = ZONED;
    this.timeMs = 0;
    this.startMs = -1;
    this.durationMs = -1;
    this.status = -1;
    this.pool = 0;
    this.peer = 0;
    this.answerer = 0;
    this.reason = 0;
    this.by = 0;
    this.code = 0;
    this.masked = false;
    this.attempts = 0;
    this.tries = 1;
    this.impliedStatus = 0;
    this.connection = -1;
    this.joinable = false;
    this.clientStart = -1;
    this.requestStart = -1;
    this.methodStart = -1;
    this.pathStart = -1;
    this.hostStart = -1;
    this.requestIdStart = -1;
    this.event = 0;
    this.saysStart = -1;
    this.isTimeInferred = false;
    this.escape = 0;
  }

  /** An event that says no time happened about when the line before it was written, if there is one. */
  inferTime(lastMs: number): void {
    if (this.kind !== EVENT || !Number.isNaN(this.timeMs) || !Number.isFinite(lastMs)) return;
    this.timeMs = lastMs;
    this.isTimeInferred = true;
  }
}

/**
 * Turns a scanned line into a record. Made once per format, called once per line.
 * @returns -1 when `rec` is filled, else the index of the field whose value is impossible.
 */
export interface Read {
  (bytes: Uint8Array, spans: Int32Array, rec: Rec): number;
  /** What two lines must agree in to be the same to this reader; absent where nothing is promised. */
  readonly quick?: QuickFields | undefined;
  /** Where the client and the request stand, and nothing else, of a line that is known to be right. */
  readonly place?: ((bytes: Uint8Array, spans: Int32Array, rec: Rec) => void) | undefined;
}
