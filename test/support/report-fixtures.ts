// Hand-made summaries and analyses in the image of shared/logs/incidents/crash_one, for tests of the report and its users.
import type { Analysis, Incident } from "../../src/incident/index.ts";
import type { Reason } from "../../src/record/index.ts";
import type { ReasonWords } from "../../src/report/index.ts";
import type { SourceTally, Summary } from "../../src/summary/index.ts";

/** 2026-11-22 18:13:07 UTC, when the log of these fixtures begins. */
export const BEGIN = Date.UTC(2026, 10, 22, 18, 13, 7);

/** Milliseconds since the epoch, `seconds` after the log's begin. */
export function after(seconds: number): number {
  return BEGIN + seconds * 1000;
}

const KNOWN: Partial<Record<Reason, ReasonWords>> = {
  "connect-refused": {
    title: "connection refused",
    phrase: "refused connections",
    meaning: "nothing listens on that address",
    ongoing: "refusing connections",
  },
  "response-timeout": {
    title: "response timeout",
    phrase: "did not answer in time",
    meaning: "the request was sent and no header came back before the proxy gave up",
  },
};

/** Words for tests: a few real ones, the reason's own name for the rest. */
export function words(reason: Reason): ReasonWords {
  return (
    KNOWN[reason] ?? { title: reason, phrase: `failed (${reason})`, meaning: `it is ${reason}` }
  );
}

/** A source; every number can be replaced. */
export function source(over: Partial<SourceTally> = {}): SourceTally {
  return {
    name: "access.log",
    format: "nginx-upstream",
    proxy: "nginx",
    node: null,
    bytes: 1_204_331,
    lines: 5247,
    records: 5247,
    misses: 0,
    skipped: 0,
    firstTime: BEGIN,
    lastTime: after(42),
    firstMiss: null,
    notes: [],
    assumptions: [],
    ...over,
  };
}

/** A summary in which nothing failed. */
export function quietSummary(over: Partial<Summary> = {}): Summary {
  return {
    sources: [source()],
    upstreams: [],
    traffic: {
      stepMs: 1000,
      upstream: new Uint32Array(),
      time: new Float64Array(),
      requests: new Uint32Array(),
      retried: new Uint32Array(),
      unlisted: new Uint32Array(),
    },
    failures: [],
    latency: {
      stepMs: 1000,
      upstream: new Uint32Array(),
      time: new Float64Array(),
      counts: new Uint32Array(),
    },
    exemplars: [],
    events: [],
    siblings: [],
    join: { joined: 0, ambiguous: 0, orphanErrors: 0, orphanRequests: 0 },
    totals: {
      requests: 5247,
      failures: 0,
      masked: 0,
      byStatus: { "200": 5247 },
      byReason: {},
      byProxy: { nginx: 5247 },
    },
    ...over,
  };
}

/** The summary behind {@link crashOne}: an access and an error log of nginx, and HAProxy's server events. */
export function crashSummary(over: Partial<Summary> = {}): Summary {
  return quietSummary({
    sources: [
      source(),
      source({ name: "error.log", format: "nginx-error", lines: 45, records: 45, bytes: 14_210 }),
      source({
        name: "haproxy.log",
        format: "haproxy-events",
        proxy: "haproxy",
        lines: 2,
        records: 2,
        bytes: 311,
      }),
    ],
    events: [
      {
        time: after(20.1),
        proxy: "haproxy",
        kind: "server-down",
        pool: "app",
        peer: "app/app2",
        text: 'Server app/app2 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms.',
        says: 'Layer4 connection problem, info: "Connection refused"',
        count: 2,
        isTimeInferred: false,
      },
    ],
    join: { joined: 43, ambiguous: 1, orphanErrors: 1, orphanRequests: 0 },
    totals: {
      requests: 5247,
      failures: 52,
      masked: 12,
      byStatus: { "200": 5195, "499": 7, "502": 45 },
      byReason: { "client-abort": 7, "connect-refused": 45 },
      byProxy: { nginx: 5247 },
    },
    ...over,
  });
}

const FAILURES = [
  ...Array<number>(18).fill(0),
  3,
  5,
  4,
  5,
  6,
  5,
  5,
  4,
  5,
  3,
  ...Array<number>(14).fill(0),
];

/** One peer of four refuses connections for ten seconds. */
export function crashOne(over: Partial<Incident> = {}): Incident {
  const healthy = FAILURES.map(() => 0);
  const peer = (port: number, failures: number) => ({
    proxy: "nginx",
    pool: "app",
    peer: `127.0.0.1:${port}`,
    requests: failures > 0 ? 45 : 38,
    failures,
    masked: failures > 0 ? 12 : 0,
    strip: failures > 0 ? FAILURES.map((n) => (n > 0 ? 1 : 0)) : healthy,
  });
  return {
    id: "3f2a9c01de",
    start: after(18.312),
    end: after(28.201),
    firstFailure: over.firstFailure ?? over.start ?? after(18.312),
    peak: { time: after(22), requests: 17, failures: 6 },
    ongoing: false,
    leftCensored: false,
    requests: 160,
    failures: 45,
    masked: 12,
    retries: { attempts: 172, perRequest: 1.075, before: 1 },
    rate: 0.28125,
    baselineRate: 0,
    statuses: { "502": 45 },
    proxies: ["nginx"],
    nodes: [],
    upstreams: [peer(9102, 45), peer(9101, 0), peer(9103, 0), peer(9104, 0)],
    reasons: [
      {
        reason: "connect-refused",
        count: 45,
        share: 1,
        codes: { "(111: Connection refused)": 44, "-": 1 },
        following: {},
      },
    ],
    scope: { kind: "peer", values: ["127.0.0.1:9102"], explained: 1, rateWithout: 0 },
    attribution: [
      {
        where: { peer: "127.0.0.1:9102" },
        failures: 45,
        requests: 45,
        coverage: 1,
        purity: 1,
        riskRatio: Infinity,
      },
    ],
    causes: [
      {
        cause: "backend-down",
        probability: 0.9123456789,
        for: [
          {
            text: "every failure came within 1 ms: a refusal, not a timeout (45 of 45)",
            weight: 2.1,
          },
          { text: "the other three peers answered all the while (0 of 115 failed)", weight: 1.4 },
          { text: "it began and ended at once (one burst)", weight: 0.9 },
        ],
        against: [{ text: "no DOWN event of nginx to confirm it", weight: -0.2 }],
        check: ["on 127.0.0.1: ss -ltn 'sport = :9102'"],
        fix: ["start the process again"],
        prevent: [
          "health checks, graceful restart, and retry on connect errors: proxy_next_upstream error timeout;",
        ],
        visitor: "Part of the service was down for ten seconds; try again.",
      },
      {
        cause: "crash-loop",
        probability: 0.06,
        for: [],
        against: [],
        check: [],
        fix: [],
        prevent: [],
        visitor: "",
      },
    ],
    timeline: { stepMs: 1000, start: BEGIN, requests: FAILURES.map(() => 17), failures: FAILURES },
    bursts: [
      {
        key: "nginx app 127.0.0.1:9102 connect-refused",
        start: after(18.312),
        end: after(28.201),
        failures: 45,
      },
    ],
    parent: null,
    symptoms: [],
    examples: [
      {
        source: "access.log",
        line: 2214,
        offset: 500_112,
        text: '127.20.0.24 - - [22/Nov/2026:18:13:25 +0000] "POST /app/orders/17 HTTP/1.1" 502 157 "-" "curl/8" rt=0.000 ua="127.0.0.1:9102" us="502" uct="-" uht="-" urt="0.000"',
      },
    ],
    next: ["on 127.0.0.1: is the process up, is port 9102 listening?"],
    ...over,
  };
}

/** An analysis of these incidents. */
export function analysisOf(incidents: readonly Incident[], over: Partial<Analysis> = {}): Analysis {
  return {
    incidents,
    background: { failures: 7, byReason: { "client-abort": 7 } },
    gaps: [],
    ...over,
  };
}
