// Snapshots made by hand for the explorer's tests: the numbers follow logs/incidents/crash_one in kind.
import type { Analysis, Incident } from "../../src/incident/index.ts";
import { REASONS, type Reason } from "../../src/record/index.ts";
import type { FailureCell, SourceTally, Summary, Upstream } from "../../src/summary/index.ts";
import type { ReasonWords } from "../../src/report/index.ts";
import type { Progress, Snapshot } from "../../src/tui/feed.ts";
import { initialModel, NOTHING, type Model, type Size } from "../../src/tui/model.ts";
import { update } from "../../src/tui/update.ts";

/** 2026-11-23 18:13:07 UTC. */
export const START = Date.UTC(2026, 10, 23, 18, 13, 7);

const KNOWN: Partial<Record<Reason, ReasonWords>> = {
  "connect-refused": {
    title: "connection refused",
    phrase: "refused connections",
    meaning: "nothing listens on that address",
  },
  "response-timeout": {
    title: "response timeout",
    phrase: "did not answer in time",
    meaning: "the request was sent and no header came back before the proxy gave up",
  },
};

/** Words for a reason, made up where the tests do not care. */
export function wordsFor(reason: Reason): ReasonWords {
  const title = reason.replaceAll("-", " ");
  return KNOWN[reason] ?? { title, phrase: `failed with ${title}`, meaning: `it was: ${title}` };
}

/** The words of every reason. */
export const WORDS = Object.fromEntries(REASONS.map((each) => [each, wordsFor(each)])) as Record<
  Reason,
  ReasonWords
>;

/** What the tests' feed says about a line. */
export function explainLine(line: string): readonly string[] {
  return [
    `${line.includes(" 502 ") ? "502 made by nginx" : "a line"}: uht="-" says that no header ever came from the upstream`,
    'uct="-" and 0.000 s: the connection was not made and failed at once → refused',
  ];
}

const PEERS = ["127.0.0.1:9101", "127.0.0.1:9102", "127.0.0.1:9103", "127.0.0.1:9104"];
const SECONDS = 45;
const FAILING_FROM = 18;
const FAILURES = [2, 5, 6, 5, 4, 5, 5, 5, 5, 3];
const REQUESTS_A_SECOND = 16;

const UPSTREAMS: readonly Upstream[] = PEERS.map((peer) => ({
  proxy: "nginx",
  node: null,
  pool: "app",
  peer,
}));

/** A refused peer for ten seconds, over. */
export const CRASH: Incident = {
  id: "c0ffee0001",
  start: START + 18_300,
  end: START + 28_200,
  firstFailure: START + 18_300,
  peak: { time: START + 20_000, requests: 16, failures: 6 },
  ongoing: false,
  leftCensored: false,
  requests: 160,
  failures: 45,
  masked: 0,
  retries: { attempts: 160, perRequest: 1, before: 1 },
  rate: 0.28125,
  baselineRate: 0,
  statuses: { "502": 45 },
  proxies: ["nginx"],
  nodes: [],
  upstreams: PEERS.map((peer, i) => ({
    proxy: "nginx",
    pool: "app",
    peer,
    requests: i === 1 ? 45 : 38,
    failures: i === 1 ? 45 : 0,
    masked: 0,
    strip: Array.from({ length: 30 }, (_, at) =>
      i !== 1 ? 0 : at === 10 ? 0.5 : at > 10 && at < 20 ? 1 : at === 25 ? null : 0,
    ),
  })),
  reasons: [
    {
      reason: "connect-refused",
      count: 45,
      share: 1,
      codes: { "(111: Connection refused)": 45 },
      following: {},
    },
  ],
  scope: { kind: "peer", values: ["127.0.0.1:9102"], explained: 1, rateWithout: 0 },
  attribution: [
    {
      where: { path: "/app/orders" },
      failures: 31,
      requests: 110,
      coverage: 0.69,
      purity: 0.28,
      riskRatio: 1.01,
    },
  ],
  causes: [
    {
      cause: "backend-down",
      probability: 0.91,
      for: [
        {
          text: "every failure came within 1 ms: a refusal, not a timeout (45 of 45)",
          weight: 2.1,
        },
        { text: "the other three peers answered all the while (0 of 115 failed)", weight: 1.7 },
        { text: "it began and ended at once: one burst", weight: 0.4 },
      ],
      against: [{ text: "no DOWN or UP event confirms it: no HAProxy log given", weight: -0.2 }],
      check: ["is the process up, is port 9102 listening? ss -ltn 'sport = :9102'"],
      fix: ["start it again"],
      prevent: ["proxy_next_upstream error timeout; max_fails, fail_timeout; a graceful restart"],
      visitor: "Wait a minute and try again: the fault is on our side.",
    },
    {
      cause: "crash-loop",
      probability: 0.06,
      for: [],
      against: [{ text: "it happened once", weight: -1 }],
      check: [],
      fix: [],
      prevent: [],
      visitor: "",
    },
    {
      cause: "unknown",
      probability: 0.03,
      for: [],
      against: [],
      check: [],
      fix: [],
      prevent: [],
      visitor: "",
    },
  ],
  timeline: {
    stepMs: 1000,
    start: START + 8000,
    requests: new Array<number>(30).fill(REQUESTS_A_SECOND),
    failures: Array.from({ length: 30 }, (_, i) => FAILURES[i - 10] ?? 0),
  },
  bursts: [
    { key: "app → 127.0.0.1:9102", start: START + 18_300, end: START + 28_200, failures: 45 },
  ],
  parent: null,
  symptoms: [],
  examples: [
    {
      source: "access.log",
      line: 2914,
      offset: 655_360,
      text: '127.20.0.24 - - [23/Nov/2026:18:13:25 +0000] "POST /app/orders/17 HTTP/1.1" 502 157 "-" "curl/8.5.0" rt=0.000 ua="127.0.0.1:9102" us="502" uct="-" uht="-" urt="0.000"',
    },
    {
      source: "access.log",
      line: 2921,
      offset: 656_900,
      text: '127.20.0.31 - - [23/Nov/2026:18:13:26 +0000] "GET /app/items HTTP/1.1" 502 157 "-" "curl/8.5.0" rt=0.000 ua="127.0.0.1:9102" us="502" uct="-" uht="-" urt="0.000"',
    },
    {
      source: "error.log",
      line: null,
      offset: 4096,
      text: "2026/11/23 18:13:26 [error] 77#77: *512 connect() failed (111: Connection refused) while connecting to upstream, client: 127.20.0.31, evil: \x1b[2J\u202e",
    },
  ],
  next: ["on 127.0.0.1: is the process up, is port 9102 listening?   ss -ltn 'sport = :9102'"],
};

/** A second incident: a slow pool, still failing when the log ends, with two reasons. */
export const SLOW: Incident = {
  ...CRASH,
  id: "510e0002ab",
  start: START + 30_000,
  end: START + 44_900,
  ongoing: true,
  requests: 210,
  failures: 12,
  masked: 3,
  retries: { attempts: 273, perRequest: 1.3, before: null },
  rate: 12 / 210,
  baselineRate: 0.004,
  statuses: { "504": 10, "502": 2 },
  upstreams: CRASH.upstreams.map((each, i) => ({
    ...each,
    pool: "reports",
    peer: `10.0.0.${i + 1}:8080`,
    failures: 3,
    masked: i === 0 ? 3 : 0,
    requests: 52,
    strip: each.strip.map((_, at) => (at > 20 ? 0.2 : 0)),
  })),
  reasons: [
    {
      reason: "response-timeout",
      count: 10,
      share: 10 / 12,
      codes: { "upstream timed out": 10 },
      following: {},
    },
    { reason: "disconnect-reset", count: 2, share: 2 / 12, codes: { "(104)": 2 }, following: {} },
  ],
  scope: { kind: "pool", values: ["reports"], explained: 1, rateWithout: 0.001 },
  attribution: [],
  causes: [],
  timeline: {
    ...CRASH.timeline,
    failures: CRASH.timeline.failures.map((_, i) => (i > 20 ? 1 : 0)),
  },
  bursts: [{ key: "reports", start: START + 30_000, end: START + 44_900, failures: 12 }],
  examples: [],
  next: [],
};

/** The n-th of many small incidents, each at its own peer. */
export function smallIncident(n: number): Incident {
  return {
    ...CRASH,
    id: `beef${String(n).padStart(6, "0")}`,
    start: START + n * 500,
    end: START + n * 500 + 4000,
    ongoing: n % 3 === 0,
    failures: 5 + ((n * 7) % 40),
    upstreams: CRASH.upstreams.map((each, i) => ({
      ...each,
      peer: i === 1 ? `10.1.0.${n}:80` : each.peer,
    })),
    scope: { ...CRASH.scope, values: [`10.1.0.${n}:80`] },
  };
}

const SOURCE: SourceTally = {
  name: "/var/log/nginx/access.log",
  format: "nginx: combined with upstream times",
  proxy: "nginx",
  node: null,
  bytes: 1_203_884,
  lines: 5247,
  records: 5247,
  misses: 0,
  skipped: 0,
  firstTime: START,
  lastTime: START + 44_000,
  firstMiss: null,
  notes: [],
  assumptions: [],
};

/** A summary of 45 seconds with the crash in it. */
export function summaryOf(change: Partial<Summary> = {}): Summary {
  const cells = PEERS.length * SECONDS;
  const failures: FailureCell[] = FAILURES.map((visible, i) => ({
    upstream: 1,
    time: START + (FAILING_FROM + i) * 1000,
    reason: "connect-refused",
    code: "(111: Connection refused)",
    status: 502,
    visible,
    masked: 0,
    firstMs: START + (FAILING_FROM + i) * 1000 + 300,
    lastMs: START + (FAILING_FROM + i) * 1000 + 900,
    firstStartMs: START + (FAILING_FROM + i) * 1000 + 300,
    uncounted: false,
  }));
  return {
    sources: [SOURCE, { ...SOURCE, name: "/var/log/nginx/error.log", format: "nginx error log" }],
    upstreams: UPSTREAMS,
    traffic: {
      stepMs: 1000,
      upstream: Uint32Array.from({ length: cells }, (_, i) => Math.floor(i / SECONDS)),
      time: Float64Array.from({ length: cells }, (_, i) => START + (i % SECONDS) * 1000),
      requests: Uint32Array.from({ length: cells }, (_, i) => 28 + ((i * 7) % 5)),
      retried: new Uint32Array(cells),
      unlisted: new Uint32Array(cells),
    },
    failures,
    latency: {
      stepMs: 1000,
      upstream: new Uint32Array(0),
      time: new Float64Array(0),
      counts: new Uint32Array(0),
    },
    exemplars: [],
    events: [
      {
        time: START + 8000,
        proxy: "nginx",
        kind: "reload",
        pool: null,
        peer: null,
        text: "signal 1 (SIGHUP) received, reconfiguring",
        says: "signal 1 (SIGHUP) received, reconfiguring",
        count: 1,
        isTimeInferred: false,
      },
      {
        time: START + 29_000,
        proxy: "haproxy",
        kind: "server-up",
        pool: "app",
        peer: "s2",
        text: "Server app/s2 is UP",
        says: "",
        count: 2,
        isTimeInferred: false,
      },
    ],
    siblings: [],
    join: { joined: 45, ambiguous: 0, orphanErrors: 0, orphanRequests: 0 },
    totals: {
      requests: 5247,
      failures: 45,
      masked: 0,
      byStatus: { "200": 5202, "502": 45 },
      byReason: { "connect-refused": 45 },
      byProxy: { nginx: 5247 },
    },
    ...change,
  };
}

/** An analysis of these incidents. */
export function analysisOf(incidents: readonly Incident[], failures = 0): Analysis {
  return { incidents, background: { failures, byReason: {} }, gaps: [] };
}

/** All read. */
export const DONE: Progress = {
  bytes: 1_203_884,
  totalBytes: 1_203_884,
  lines: 5247,
  done: true,
  live: false,
};

/** A snapshot with these incidents, by default of a file that has been read. */
export function snapshotOf(
  incidents: readonly Incident[],
  change: Partial<Snapshot> = {},
): Snapshot {
  return {
    summary: summaryOf(),
    analysis: analysisOf(incidents),
    progress: DONE,
    names: ["/var/log/nginx/access.log", "/var/log/nginx/error.log"],
    ...change,
  };
}

/** The model that shows a snapshot. */
export function startWith(snapshot: Snapshot, size: Size, zone = "UTC"): Model {
  const model = initialModel(size, WORDS, zone);
  return snapshot === NOTHING ? model : update(model, { kind: "snapshot", snapshot }).model;
}
