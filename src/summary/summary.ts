// The merged, frozen view of everything that was read: what incidents are a pure function of.
import type { Proxy, Reason } from "../record/index.ts";

/** A pool, and where the log names it one of its peers, as one proxy sees it. */
export interface Upstream {
  readonly proxy: Proxy;
  /** The host or process that wrote the line, from the envelope; null where nothing tells. */
  readonly node: string | null;
  readonly pool: string | null;
  readonly peer: string | null;
}

/** Requests seen per upstream and time bin; columns of equal length, ordered by upstream, then time. */
export interface Traffic {
  /** Width of a bin in ms: 1000, or coarser (a power of two more) where a very long log would not fit. */
  readonly stepMs: number;
  /** Index into {@link Summary.upstreams}. */
  readonly upstream: Uint32Array;
  /** Start of the bin, ms since the epoch, a multiple of `stepMs`. */
  readonly time: Float64Array;
  /** Requests that ended in the bin and whose last (or only) peer was this one. */
  readonly requests: Uint32Array;
  /** Earlier attempts at this peer by requests that went on to another one. Attempts = requests + retried. */
  readonly retried: Uint32Array;
  /** Earlier tries of these requests where the line only counts them (HAProxy, Envoy): which peers they met, nobody knows. */
  readonly unlisted: Uint32Array;
}

/** Failures of one upstream in one second, of one reason and vendor code. */
export interface FailureCell {
  readonly upstream: number;
  /** Start of the second, ms since the epoch. */
  readonly time: number;
  readonly reason: Reason;
  readonly code: string;
  /** The status logged; 0 for none. */
  readonly status: number;
  /** Requests that failed in the client's eyes. */
  readonly visible: number;
  /** Failed attempts, or broken answers, behind a good status. */
  readonly masked: number;
  /** First and last moment a failure was logged, and the earliest start of a failed request (ms). */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly firstStartMs: number;
  /** True when these come from an error log whose requests no access log counted. */
  readonly uncounted: boolean;
}

/** Number of response-time buckets: bucket i holds durations in [2^(i/2), 2^((i+1)/2)) ms, the first also 0. */
export const LATENCY_BUCKETS = 48;

/** Request durations per pool (peer null) and bin, as counts per bucket; ordered by upstream, then time. */
export interface Latency {
  readonly stepMs: number;
  readonly upstream: Uint32Array;
  readonly time: Float64Array;
  /** `LATENCY_BUCKETS` counts for each cell. */
  readonly counts: Uint32Array;
}

/** A line kept as an example, chosen by a hash of its content, so the same bytes choose the same lines. */
export interface Exemplar {
  readonly upstream: number;
  readonly reason: Reason;
  /** `failure`: a failing line. `control`: one of the others, for comparison. */
  readonly role: "failure" | "control";
  readonly time: number;
  readonly source: string;
  /** 1-based line number; null where the source was read from its middle. */
  readonly line: number | null;
  readonly offset: number;
  readonly text: string;
  readonly client: string | null;
  readonly method: string | null;
  /** Path without its query. */
  readonly path: string | null;
  readonly host: string | null;
  readonly status: number;
}

/** Something that happened to the proxy or its servers. */
export interface EventItem {
  readonly time: number;
  readonly proxy: Proxy;
  /** `server-down`, `server-up`, `no-server`, `maintenance`, `drain`, `reload`, `worker-death`, `limit`, `address-change`, `ejection`, `start`, `stop` … */
  readonly kind: string;
  readonly pool: string | null;
  readonly peer: string | null;
  readonly text: string;
  /** What it tells beyond its kind, in the log's own words, without heads; "" where it tells no more. */
  readonly says: string;
  /** True where the event's line has no time: it is that of the line before. */
  readonly isTimeInferred: boolean;
  /** How often the same event was logged (stderr and syslog both, local0 and local1 both). */
  readonly count: number;
}

/** What became of one source. `lines = records + misses + skipped`, always. */
export interface SourceTally {
  readonly name: string;
  readonly format: string;
  readonly proxy: Proxy | null;
  readonly node: string | null;
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly misses: number;
  readonly skipped: number;
  readonly firstTime: number | null;
  readonly lastTime: number | null;
  readonly firstMiss: {
    readonly line: number | null;
    readonly offset: number;
    readonly why: string;
    readonly text: string;
  } | null;
  /** Sentences about what went wrong while reading it (a cut gzip …). */
  readonly notes: readonly string[];
  /** Sentences about what had to be assumed to read it (the zone of its times …). */
  readonly assumptions: readonly string[];
}

/** How nginx error lines found their requests. */
export interface JoinTally {
  readonly joined: number;
  readonly ambiguous: number;
  readonly orphanErrors: number;
  readonly orphanRequests: number;
  /** By how many ms error lines seem to be ahead of their requests, where none fits as it stands and nearly all would then. */
  readonly shiftMs?: number;
}

/** Everything that was read, in canonical order: equal bytes give an equal summary, however they were cut or merged. */
export interface Summary {
  readonly sources: readonly SourceTally[];
  /** Ordered by proxy, node, pool, peer (code points; null first). */
  readonly upstreams: readonly Upstream[];
  readonly traffic: Traffic;
  /** Ordered by upstream, time, reason, code, status. Holds every failure, quiet ones (client aborts, policy) included. */
  readonly failures: readonly FailureCell[];
  readonly latency: Latency;
  readonly exemplars: readonly Exemplar[];
  readonly events: readonly EventItem[];
  /** Pairs of upstreams that were attempts of one request: they belong to one pool even where no pool is logged. */
  readonly siblings: readonly (readonly [number, number])[];
  readonly join: JoinTally;
  readonly totals: {
    readonly requests: number;
    readonly failures: number;
    readonly masked: number;
    /** Answers by status, of all requests. */
    readonly byStatus: Readonly<Record<string, number>>;
    readonly byReason: Readonly<Record<string, number>>;
    readonly byProxy: Readonly<Record<string, number>>;
  };
}
