// The report that machines read: schema why502.report/1 of DESIGN.md §7, made from a summary and its analysis.
// Longer than most files: the schema's types and what fills them are read side by side.
import type { Analysis, Cause, Gap, Incident, Retries, Scope } from "../incident/index.ts";
import type { JoinTally, SourceTally, Summary } from "../summary/index.ts";
import { largestFirst } from "./words.ts";

/** What the run knows beyond the logs. */
export interface Meta {
  /** Version of why502. */
  readonly version: string;
  /** False when the input was not read to its end. */
  readonly complete: boolean;
  /** True when a signal ended the run. */
  readonly interrupted: boolean;
}

/** ISO 8601 in UTC with milliseconds. */
export type IsoTime = string;

type Counts = Readonly<Record<string, number>>;

/** One source and what became of its lines: `lines = records + misses + skipped`. */
export type ReportSource = Omit<SourceTally, "firstTime" | "lastTime"> & {
  readonly firstTime: IsoTime | null;
  readonly lastTime: IsoTime | null;
};

/** An incident; durations in ms, rates as fractions. */
export type ReportIncident = Omit<
  Incident,
  "start" | "end" | "firstFailure" | "peak" | "upstreams" | "timeline" | "bursts"
> & {
  readonly start: IsoTime;
  readonly end: IsoTime;
  readonly firstFailure: IsoTime;
  readonly peak: { readonly time: IsoTime; readonly requests: number; readonly failures: number };
  readonly upstreams: readonly {
    readonly pool: string | null;
    readonly peer: string | null;
    readonly requests: number;
    /** Requests that failed here; where no request of the incident failed, the hidden failures instead. */
    readonly failures: number;
    readonly proxy: string;
    /** Failed attempts, or broken answers, behind a good status that are not among `failures`. */
    readonly masked: number;
  }[];
  readonly timeline: {
    readonly stepMs: number;
    readonly start: IsoTime;
    readonly requests: readonly number[];
    readonly failures: readonly number[];
  };
  readonly bursts: readonly {
    readonly key: string;
    readonly start: IsoTime;
    readonly end: IsoTime;
    readonly failures: number;
  }[];
};

/** The whole report. Fields are only ever added within a version of the schema. */
export interface Report {
  readonly schema: "why502.report/1";
  readonly version: string;
  readonly complete: boolean;
  readonly interrupted: boolean;
  readonly input: {
    readonly sources: readonly ReportSource[];
    readonly lines: number;
    readonly records: number;
    readonly misses: number;
    readonly skipped: number;
    readonly bytes: number;
  };
  readonly totals: Summary["totals"];
  readonly incidents: readonly ReportIncident[];
  readonly background: { readonly failures: number; readonly byReason: Counts };
  readonly join: JoinTally;
  readonly events: readonly {
    readonly time: IsoTime;
    readonly kind: string;
    readonly proxy: string;
    /** The pool and peer concerned, as `pool/peer`, null where it concerns the proxy itself. */
    readonly what: string | null;
    readonly text: string;
    readonly count: number;
    /** True where the line has no time: it is that of the line before. */
    readonly timeInferred: boolean;
    /** What the message tells beyond its kind, without heads and context. */
    readonly says: string;
  }[];
  readonly gaps: readonly Gap[];
}

/** Puts a summary and its analysis into the report's shape. Pure: equal input gives an equal report, key order included. */
export function makeReport(summary: Summary, analysis: Analysis, meta: Meta): Report {
  const { totals, join } = summary;
  return {
    schema: "why502.report/1",
    version: meta.version,
    complete: meta.complete,
    interrupted: meta.interrupted,
    input: inputOf(summary.sources),
    totals: {
      requests: totals.requests,
      failures: totals.failures,
      masked: totals.masked,
      byStatus: ordered(totals.byStatus),
      byReason: ordered(totals.byReason),
      byProxy: ordered(totals.byProxy),
    },
    incidents: analysis.incidents.map(reportIncident),
    background: {
      failures: analysis.background.failures,
      byReason: ordered(analysis.background.byReason),
    },
    join: {
      joined: join.joined,
      ambiguous: join.ambiguous,
      orphanErrors: join.orphanErrors,
      orphanRequests: join.orphanRequests,
    },
    events: summary.events.map((event) => ({
      time: iso(event.time),
      kind: event.kind,
      proxy: event.proxy,
      what: concerned(event.pool, event.peer),
      text: event.text,
      count: event.count,
      timeInferred: event.isTimeInferred,
      says: event.says,
    })),
    gaps: analysis.gaps.map(({ missing, why, add }) => ({ missing, why, add })),
  };
}

function inputOf(sources: readonly SourceTally[]): Report["input"] {
  const sum = (of: (source: SourceTally) => number): number =>
    sources.reduce((total, source) => total + of(source), 0);
  return {
    sources: sources.map((source) => ({
      name: source.name,
      format: source.format,
      proxy: source.proxy,
      node: source.node,
      bytes: source.bytes,
      lines: source.lines,
      records: source.records,
      misses: source.misses,
      skipped: source.skipped,
      firstTime: source.firstTime === null ? null : iso(source.firstTime),
      lastTime: source.lastTime === null ? null : iso(source.lastTime),
      firstMiss: source.firstMiss && {
        line: source.firstMiss.line,
        offset: source.firstMiss.offset,
        why: source.firstMiss.why,
        text: source.firstMiss.text,
      },
      notes: [...source.notes],
      assumptions: [...source.assumptions],
    })),
    lines: sum((source) => source.lines),
    records: sum((source) => source.records),
    misses: sum((source) => source.misses),
    skipped: sum((source) => source.skipped),
    bytes: sum((source) => source.bytes),
  };
}

function reportIncident(incident: Incident): ReportIncident {
  const { peak, scope, timeline } = incident;
  return {
    id: incident.id,
    start: iso(incident.start),
    end: iso(incident.end),
    peak: { time: iso(peak.time), requests: peak.requests, failures: peak.failures },
    ongoing: incident.ongoing,
    leftCensored: incident.leftCensored,
    requests: incident.requests,
    failures: incident.failures,
    masked: incident.masked,
    rate: rounded(incident.rate),
    baselineRate: rounded(incident.baselineRate),
    statuses: ordered(incident.statuses),
    proxies: [...incident.proxies],
    nodes: [...incident.nodes],
    upstreams: incident.upstreams.map(({ pool, peer, requests, failures, proxy, masked }) => ({
      pool,
      peer,
      requests,
      failures,
      proxy,
      masked,
    })),
    reasons: incident.reasons.map(({ reason, count, share, codes, following }) => ({
      reason,
      count,
      share: rounded(share),
      codes: ordered(codes),
      following: ordered(following),
    })),
    scope: reportScope(scope),
    attribution: incident.attribution.map((found) => ({
      where: { ...found.where },
      failures: found.failures,
      requests: found.requests,
      coverage: rounded(found.coverage),
      purity: rounded(found.purity),
      riskRatio: rounded(found.riskRatio),
    })),
    causes: incident.causes.map(reportCause),
    timeline: {
      stepMs: timeline.stepMs,
      start: iso(timeline.start),
      requests: [...timeline.requests],
      failures: [...timeline.failures],
    },
    bursts: incident.bursts.map(({ key, start, end, failures }) => ({
      key,
      start: iso(start),
      end: iso(end),
      failures,
    })),
    parent: incident.parent,
    symptoms: [...incident.symptoms],
    examples: incident.examples.map(({ source, line, offset, text }) => ({
      source,
      line,
      offset,
      text,
    })),
    next: [...incident.next],
    firstFailure: iso(incident.firstFailure),
    retries: reportRetries(incident.retries),
  };
}

function reportRetries(retries: Retries | null): Retries | null {
  if (retries === null) return null;
  const { attempts, perRequest, before } = retries;
  return {
    attempts,
    perRequest: rounded(perRequest),
    before: before === null ? null : rounded(before),
  };
}

function reportScope({ kind, values, explained, rateWithout }: Scope): Scope {
  return {
    kind,
    values: [...values],
    explained: rounded(explained),
    rateWithout: rounded(rateWithout),
  };
}

function reportCause(cause: Cause): Cause {
  const evidence = (list: Cause["for"]) =>
    list.map(({ text, weight }) => ({ text, weight: rounded(weight) }));
  return {
    cause: cause.cause,
    probability: rounded(cause.probability),
    for: evidence(cause.for),
    against: evidence(cause.against),
    check: [...cause.check],
    fix: [...cause.fix],
    prevent: [...cause.prevent],
    visitor: cause.visitor,
  };
}

function concerned(pool: string | null, peer: string | null): string | null {
  if (pool === null || peer === null) return pool ?? peer;
  return peer.startsWith(`${pool}/`) ? peer : `${pool}/${peer}`;
}

function ordered(counts: Counts): Counts {
  return Object.fromEntries(largestFirst(counts));
}

/** Six decimals. JSON knows no infinity (a risk ratio where nothing else failed): it becomes 1e9. */
function rounded(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.round(Math.min(1e9, Math.max(-1e9, value)) * 1e6) / 1e6 + 0;
}

const LAST_INSTANT = 8.64e15;

function iso(ms: number): IsoTime {
  const held = Math.min(LAST_INSTANT, Math.max(-LAST_INSTANT, Number.isNaN(ms) ? 0 : ms));
  return new Date(held).toISOString();
}
