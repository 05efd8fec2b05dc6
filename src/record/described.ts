// One line in words and numbers, as `why502 explain -o json` prints it (DESIGN.md §7).
import type { LineMiss } from "./describe-miss.ts";
import type { Maker, Reason, Stage } from "./reasons.ts";
import type { Proxy } from "./record.ts";

/** One try at one peer. Times in ms; null where not logged. */
export interface DescribedAttempt {
  /** As logged; null where no peer was chosen. */
  readonly peer: string | null;
  readonly status: number | null;
  readonly connectMs: number | null;
  readonly headerMs: number | null;
  readonly responseMs: number | null;
  readonly bytes: number | null;
}

/** A line's record: the fields of its kind, absent values null. Times ISO 8601 UTC, durations ms. */
export interface DescribedRecord {
  readonly proxy: Proxy;
  readonly node: string | null;
  readonly time: string | null;
  readonly start: string | null;
  readonly durationMs: number | null;
  readonly client: string | null;
  readonly method: string | null;
  /** As logged, with its query. */
  readonly path: string | null;
  readonly host: string | null;
  readonly protocol: string | null;
  readonly status: number | null;
  readonly bytesOut: number | null;
  readonly requestId: string | null;
  readonly pool: string | null;
  readonly peer: string | null;
  /** Those logged one by one (nginx); HAProxy and Envoy name the last peer only. */
  readonly attempts: readonly DescribedAttempt[];
  /** Attempts made in all, as far as the line tells. */
  readonly tries: number;
  readonly frontend: string | null;
  readonly route: string | null;
  /** The vendor's words for the failure or the message. */
  readonly code: string | null;
  readonly userAgent: string | null;
  readonly referer: string | null;
  /** What happened, for events: `server-down`. */
  readonly event: string | null;
  readonly level: string | null;
  readonly message: string | null;
}

/** A failure in the words of DESIGN.md §5. */
export interface DescribedFailure {
  readonly reason: Reason;
  readonly stage: Stage;
  readonly by: Maker;
  readonly detail: string | null;
  readonly code: string | null;
  readonly masked: boolean;
}

/**
 * A format that is known or was given is certain. One guessed from a line alone is likely where nobody else writes like that,
 * and otherwise no more than a guess: it is not clear which value is what.
 */
export type Certainty = "certain" | "likely" | "unclear";

/** One line, described; `record` is null exactly where `miss` is not. */
export interface Described {
  readonly format: string | null;
  /** How sure the format is; null for a line that none fits. */
  readonly certainty: Certainty | null;
  readonly proxy: Proxy | null;
  readonly kind: "request" | "error" | "event" | null;
  readonly record: DescribedRecord | null;
  readonly failure: DescribedFailure | null;
  readonly miss: LineMiss | null;
}
