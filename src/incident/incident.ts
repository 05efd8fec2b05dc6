// An incident, as the report prints it (DESIGN.md §7, schema why502.report/1). Times here are ms; the report writes ISO.
import type { Reason } from "../record/index.ts";

/** Failures of one reason, with the vendor codes behind it. */
export interface ReasonShare {
  readonly reason: Reason;
  readonly count: number;
  readonly share: number;
  readonly codes: Readonly<Record<string, number>>;
  /** Of the count: failures that only followed from this reason, by their own ("no peer left" after each one refused). */
  readonly following: Readonly<Record<string, number>>;
}

/** One upstream inside an incident. */
export interface UpstreamShare {
  readonly proxy: string;
  readonly pool: string | null;
  readonly peer: string | null;
  readonly requests: number;
  readonly failures: number;
  /** Failed attempts here, or broken answers, behind a good status: beside the failures that clients saw. */
  readonly masked: number;
  /** Failing share of each timeline step, null where it had no traffic: the peers strip of the explorer. */
  readonly strip: readonly (number | null)[];
}

/** A cause with the evidence for and against it. */
export interface Cause {
  readonly cause: string;
  readonly probability: number;
  readonly for: readonly Evidence[];
  readonly against: readonly Evidence[];
  readonly check: readonly string[];
  readonly fix: readonly string[];
  readonly prevent: readonly string[];
  /** What a visitor of the site may be told. */
  readonly visitor: string;
}

/** One observation, in words and with its counts, and how much it weighs (nats). */
export interface Evidence {
  readonly text: string;
  readonly weight: number;
}

/** How far the failures reach. */
export interface Scope {
  readonly kind: "peer" | "peers" | "pool" | "node" | "route" | "client" | "everything" | "none";
  readonly values: readonly string[];
  /** Share of the failures inside. */
  readonly explained: number;
  /** Failing rate of the traffic outside. */
  readonly rateWithout: number;
}

/** What retries cost the upstreams of an incident. */
export interface Retries {
  /** Attempts in all between start and end, the first ones of each request included. */
  readonly attempts: number;
  /** Attempts for each request: 1 where no retry was logged. */
  readonly perRequest: number;
  /** The same in the hour before; null where too few requests were seen. */
  readonly before: number | null;
}

/** Bursts that belong together, with one story. */
export interface Incident {
  /** First ten hex digits of a hash of the root key and the start. */
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** When the first failure was logged; the start is earlier where requests had to wait, or answers grew slow, before. */
  readonly firstFailure: number;
  readonly peak: { readonly time: number; readonly requests: number; readonly failures: number };
  /** Still failing when the log ended. */
  readonly ongoing: boolean;
  /** Already failing when the log began: the start is the log's, not the fault's. */
  readonly leftCensored: boolean;
  /** Requests to the upstreams concerned between start and end; equals failures where only an error log was given. */
  readonly requests: number;
  readonly failures: number;
  readonly masked: number;
  /** Null where no line counts the requests of its upstreams. */
  readonly retries: Retries | null;
  readonly rate: number;
  readonly baselineRate: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly proxies: readonly string[];
  readonly nodes: readonly string[];
  readonly upstreams: readonly UpstreamShare[];
  readonly reasons: readonly ReasonShare[];
  readonly scope: Scope;
  readonly attribution: readonly {
    readonly where: Readonly<Record<string, string>>;
    readonly failures: number;
    readonly requests: number;
    readonly coverage: number;
    readonly purity: number;
    readonly riskRatio: number;
  }[];
  readonly causes: readonly Cause[];
  readonly timeline: {
    readonly stepMs: number;
    readonly start: number;
    readonly requests: readonly number[];
    readonly failures: readonly number[];
  };
  readonly bursts: readonly {
    readonly key: string;
    readonly start: number;
    readonly end: number;
    readonly failures: number;
  }[];
  readonly parent: string | null;
  readonly symptoms: readonly string[];
  readonly examples: readonly {
    readonly source: string;
    readonly line: number | null;
    readonly offset: number;
    readonly text: string;
  }[];
  /** What to look at first, per proxy and reason: one command or question each. */
  readonly next: readonly string[];
}

/** What the log cannot tell, and the line to add so that the next one does. */
export interface Gap {
  readonly missing: string;
  readonly why: string;
  readonly add: string;
}

/** The whole analysis: incidents in order of weight, and what is left over. */
export interface Analysis {
  readonly incidents: readonly Incident[];
  readonly background: {
    readonly failures: number;
    readonly byReason: Readonly<Record<string, number>>;
  };
  readonly gaps: readonly Gap[];
}
