// Every number the analysis of incidents depends on, and where each comes from. Measured: reference/algorithms.md §2.

/** Constants of detection, grouping, attribution and causes. Times in ms unless the name says otherwise; weights in nats. */
export const CONFIG = {
  /**
   * Failing rates the three charts look for: a thin leak, a part of a pool, an outage. A chart whose rate is a factor of
   * ten off still sees a burst, only later, so three of them cover 0.1 % to 100 %.
   */
  floors: [0.005, 0.05, 0.5],
  /** Odds ratio to the baseline below which a rise is not worth waking anybody: 5 times the usual odds. */
  psi: 5,
  /** Evidence to begin (nats): exp(20) successes per false alarm on one chart (Lorden's bound). */
  hOnLeast: 20,
  /** One false alarm in so many days over all keys and charts, where that asks for more than `hOnLeast`. */
  falseAlarmDays: 90,
  /** Evidence to end (nats). With 7 a half-hour burst of 1 % fell into 18 pieces, with 12 into one. */
  hOff: 12,
  /** Beta prior of the baseline: 1 failure in 5000 requests (p = 2e-4). */
  priorFailures: 1,
  priorRequests: 5000,
  /** Fewer failures than this never make a burst: 3 x 8.5 nats is the least that reaches `hOnLeast`. */
  minErrors: 3,
  /** A burst nobody saw (a retry or a good status hid all of it) needs more. */
  minMasked: 5,
  /** Baselines are kept per ten minutes, aligned to the epoch. */
  blockMs: 600_000,
  /** A day back, an hour ahead; three hours ahead after a cold start, so that chronic failures are known as such. */
  blocksBack: 144,
  blocksAhead: 6,
  blocksColdAhead: 17,
  /** Three hours of data: with less only the prior is trusted, or an outage that fills a short log would hide itself. */
  blocksLeast: 18,
  /** The usual rate is the lower quartile: a median would hide an outage of half a day. */
  quantile: 0.25,
  /**
   * Blocks are joined until a rate can be read off them, six hours at most: with few failures the lower quartile of
   * stretches is 0 whatever the rate, and steady failures of 0.2 % at one request a second look like bursts.
   */
  superBlockRequests: 500,
  superBlockFailures: 4,
  superBlockBlocks: 36,
  /** Fixed, so that streaming and batch agree. */
  passes: 2,
  baselineMost: 0.9,
  /**
   * What a log's own past can call usual. Five times the odds of this is where one request in ten fails (the charts fire at
   * 0.102): a service that fails that often is broken however long it has been so.
   */
  usualMost: 0.045,
  rateMost: 0.95,
  /** Missing requests are no evidence; after five minutes of them a burst is closed where they stopped. */
  noDataCloseMs: 300_000,
  /** After six hours a rate below `chronicRate` is the new normal: reported once, then held as the baseline. */
  regimeMs: 21_600_000,
  /** The held baseline ends when a block falls to a fifth of it. */
  regimeRelease: 5,
  /** Judged when so many failures were expected: a fifth of them comes by chance once in 5,000 times. */
  regimeExpected: 15,
  /** Successes before a start that a fault of its rate would let through once in 20 times prove that it is the start. */
  censorEvidence: 3,
  /** Failures at less than this rate are background in a log without any baseline whose failures are spread over all of it. */
  chronicRate: 0.1,
  /** In such a log, failures at less than this rate must stand out of the rest by so many nats (1 in 3000 by chance). */
  thinRate: 0.3,
  standsOut: 8,

  /** Bursts of one key closer than this are one episode: restarts and back-offs take up to a minute. */
  mergeGapMs: 60_000,
  /** A coarser key's burst is dropped when finer ones cover this share of it. */
  coverage: 0.8,

  link: {
    /** Weight needed to some member, and to the incident's main episode (so that incidents do not grow by chaining). */
    least: 8,
    leastPrimary: 6,
    /** Only episodes that overlap or begin this close are compared. */
    nearMs: 900_000,
    /** Two proxies' clocks may differ by this much. */
    skewMs: 2_000,
    onsetMost: 8,
    overlap: 2,
    reasons: 4,
    sameService: 6,
    otherService: -2.5,
    /** Different failures at places not known to belong together: a coincidence until something says otherwise. */
    otherReason: -5,
    consequence: 5,
    samePath: 2,
    /** So many places failing alike at one instant have one story, whatever their names. */
    wide: 3,
    otherNode: -3,
    /** For each minute of quiet between two episodes. */
    perQuietMinute: -1,
    /** Reasons are akin from here on. */
    akin: 0.5,
  },

  onset: {
    /** Answers this many times slower than the median are slow. A quartile would move with a climb that fills a short log. */
    slowFactor: 6,
    /** The stretch of slow answers must stand out of what was before by so many nats, as a burst must. */
    slowEvidence: 12,
    /** And hold this share of slow answers at least: a part of the pools that one log mixes. */
    slowLeast: 0.1,
    /** Bins wider than this do not tell when. */
    coarsestMs: 2_000,
    leastRequests: 40,
  },

  /** Failures this close to an incident's start or end, at its upstreams, belong to it. */
  strayMs: 1_000,
  /** And failures this long before, which its leading reason follows from: nginx leaves a peer out for 10 s by default. */
  rootBeforeMs: 10_000,

  attribution: {
    /** A slice must hold this share of the failures, and this many. */
    support: 0.05,
    leastFailures: 3,
    /** Penalised log-likelihood (nats) below which a slice is not worth telling: odds of 150 to 1. */
    leastScore: 5,
    /** More controls than this for each example tell hardly more (Ury, Biometrics 1975), but few examples need some. */
    controlsAnExample: 4,
    leastControls: 1000,
    most: 3,
    /** Slices that cover nearly the same failures are one. */
    equal: 0.95,
    /** Successes this long before and after count as the comparison. */
    nearMs: 900_000,
  },

  scope: {
    /** A place explains an incident that holds this share of its failures. */
    explains: 0.9,
    /** A path or client that is more of the traffic than this explains nothing by holding the failures. */
    mostShare: 0.6,
    /** Peers with fewer requests say nothing about being well. */
    leastRequests: 3,
    /** A peer is failing from this part of the worst peer's rate. */
    partOfWorst: 0.3,
  },

  timeline: {
    steps: 60,
    /** Quiet shown before and after: as long as half the incident, at least this. */
    leastMarginMs: 20_000,
  },
  examples: 5,
  nextSteps: 6,

  causes: {
    /** Temperature of the softmax: hand-set weights are overconfident. */
    tau: 1.5,
    gate: -6,
    most: 4,
    /** Shares are shrunk towards a half (Beta(1,1)), so that 2 of 2 is no certainty. */
    shrink: 1,
    /** What happened to servers or the proxy this long before the start or after the end is told with it. */
    eventsBeforeMs: 10_000,
    eventsAfterMs: 15_000,
    /** A failure that comes faster than this never waited for an answer. */
    fastMs: 50,
    slowMs: 900,
    /** Normal traffic to compare load and latency with. */
    loadBeforeMs: 10_000,
  },

  /** Scores are rounded to this before they are compared, so that no last digit decides. */
  quantum: 1e-6,
} as const;

const PER_UNIT = Math.round(1 / CONFIG.quantum);

/** Rounds a score, so that comparing it gives the same order everywhere. */
export function quantise(score: number): number {
  return Math.round(score * PER_UNIT) / PER_UNIT;
}
