// One incident, as the report prints it: counts, places, causes and advice of its matter.
import { groupBy, type FailureCell } from "../summary/index.ts";
import { blanksOf, nextOf, stepsFor } from "./advice.ts";
import { slicesOf, toldSlices } from "./attribution.ts";
import { rankCauses } from "./causes.ts";
import { CONFIG } from "./config.ts";
import { featuresOf } from "./features.ts";
import type { Cause, Incident, UpstreamShare } from "./incident.ts";
import { loadOf } from "./load.ts";
import { renamed, type Matter } from "./matter.ts";
import { peersOf } from "./peers.ts";
import { reasonShares } from "./reason-shares.ts";
import { retriesOf } from "./retries.ts";
import { requestsBetween } from "./rows.ts";
import { scopeOf } from "./scope.ts";
import { stepsAround, stripOf, timelineOf, type Steps } from "./timeline.ts";

/** Most rows of peers told of one incident. */
const MOST_UPSTREAMS = 200;

/** An incident without its place among others. `baselineRate` is the failing rate of its upstreams outside incidents. */
export function describe(matter: Matter, baselineRate: number): Incident {
  const { index, members, primary, start, end, failures, masked } = matter;
  const peers = peersOf(matter);
  const slices = slicesOf(matter);
  const features = featuresOf(matter, matter.knowledge, peers, slices, loadOf(matter));
  const proxies = namesOf(matter, "proxy");
  const blanks = blanksOf(matter, slices);
  const steps = stepsAround(index, start, end);
  const around = cellsWithin(matter, steps);
  const requests = matter.requests;
  const causes = rankCauses(features, matter.knowledge).slice(0, CONFIG.causes.most);
  return {
    id: idOf(primary.episode.key, start),
    start,
    end,
    firstFailure: matter.firstFailure,
    peak: peakOf(matter),
    ongoing: members.some(({ episode }) => episode.ongoing) && !hasRecovered(matter),
    leftCensored: members.some(({ episode }) => episode.leftCensored),
    requests,
    failures,
    masked,
    retries: retriesOf(matter),
    rate: requests === 0 ? 0 : failures / requests,
    baselineRate,
    statuses: statusesOf(matter),
    proxies,
    nodes: namesOf(matter, "node"),
    upstreams: upstreamsOf(matter, steps, around),
    reasons: reasonShares(matter),
    scope: scopeOf(matter, peers, slices),
    attribution: toldSlices(slices).map(
      ({ where, failures: r, requests: d, coverage, purity, riskRatio }) => ({
        where,
        failures: r,
        requests: d,
        coverage,
        purity,
        riskRatio,
      }),
    ),
    causes: causes.map(({ known, probability, for: pro, against }): Cause => ({
      cause: known.cause,
      probability,
      for: pro,
      against,
      check: stepsFor(known.check, proxies, blanks),
      fix: stepsFor(known.fix, proxies, blanks),
      prevent: stepsFor(known.prevent, proxies, blanks),
      visitor: known.visitor,
    })),
    timeline: {
      stepMs: steps.stepMs,
      start: steps.start,
      ...timelineOf(index, matter.concerned, around, steps),
    },
    bursts: members
      .flatMap(({ episode }) =>
        episode.bursts.map((burst) => ({
          key: episode.key,
          start: burst.start,
          end: burst.end,
          failures: burst.failures,
        })),
      )
      .sort((a, b) => a.start - b.start || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
    parent: null,
    symptoms: [],
    examples: examplesOf(matter),
    next: nextOf(matter, proxies, blanks),
  };
}

/** Whether the upstreams concerned answered long enough after the last failure to call it over. */
function hasRecovered({ index, concerned, failing, start, end, all }: Matter): boolean {
  const { traffic } = index.summary;
  let inside = 0;
  let after = 0;
  for (const row of concerned) {
    inside += requestsBetween(index, row, start, end, true);
    after += requestsBetween(index, row, end + traffic.stepMs, Infinity, true);
  }
  if (inside === 0) {
    // Nobody counted: one virtual success a second, as in detection.
    const until = [...failing].map(
      (row) => index.spans.get(index.rows[row]!.upstream.proxy)?.to ?? end,
    );
    inside = all + (end - start) / 1000;
    after = Math.max(0, Math.min(...until) - end) / 1000;
  }
  const rate = Math.min(CONFIG.rateMost, all / Math.max(all, inside));
  return after * -Math.log(1 - rate) >= CONFIG.hOff;
}

function cellsWithin(
  { index, concerned, silent }: Matter,
  { start, stepMs, count }: Steps,
): FailureCell[] {
  const until = start + stepMs * count;
  const cells: FailureCell[] = [];
  for (const row of concerned) {
    for (let f = row.failuresFrom; f < row.failuresTo; f++) {
      const cell = index.summary.failures[f]!;
      if (index.counts[f] === 1 && cell.firstMs >= start && cell.firstMs < until)
        cells.push(renamed(cell, silent));
    }
  }
  return cells;
}

function peakOf(matter: Matter): Incident["peak"] {
  const { index, cells, concerned, failures } = matter;
  const { stepMs } = index.summary.traffic;
  const counts = new Map<number, number>();
  for (const cell of cells) {
    const time = Math.floor(cell.firstMs / stepMs) * stepMs;
    counts.set(time, (counts.get(time) ?? 0) + (failures > 0 ? cell.visible : cell.masked));
  }
  let time = matter.start;
  let most = -1;
  for (const [bin, count] of counts)
    if (count > most || (count === most && bin < time)) [time, most] = [bin, count];
  const requests = concerned.reduce((sum, row) => sum + requestsBetween(index, row, time, time), 0);
  return { time, requests: Math.max(requests, most), failures: most };
}

function statusesOf({ groups }: Matter): Record<string, number> {
  const counts = new Map<number, number>();
  for (const { status, visible } of groups)
    if (visible > 0) counts.set(status, (counts.get(status) ?? 0) + visible);
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || a - b);
  return Object.fromEntries(
    sorted.map(([status, count]) => [status === 9 ? "009" : String(status), count]),
  );
}

function namesOf({ index, failing }: Matter, what: "proxy" | "node"): string[] {
  const names = [...failing]
    .map((row) => index.rows[row]!.upstream[what])
    .filter((name) => name !== null);
  return [...new Set<string>(names)].sort();
}

function upstreamsOf(
  matter: Matter,
  steps: Steps,
  around: readonly FailureCell[],
): UpstreamShare[] {
  const { index, concerned, start, end } = matter;
  const groups = groupBy(concerned, ({ upstream }) =>
    JSON.stringify([upstream.proxy, upstream.pool, upstream.peer]),
  );
  const byRow = groupBy(matter.groups, ({ upstream }) => upstream);
  const byRowAround = groupBy(around, ({ upstream }) => upstream);
  const shares = [...groups.values()].map((rows): UpstreamShare => {
    const own = rows.flatMap((row) => byRow.get(row.index) ?? []);
    const masked = own.reduce((sum, each) => sum + each.masked, 0);
    const failed = matter.failures > 0 ? own.reduce((sum, each) => sum + each.visible, 0) : masked;
    const requests = rows.reduce((sum, row) => sum + requestsBetween(index, row, start, end), 0);
    const strip = stripOf(
      index,
      rows,
      rows.flatMap((row) => byRowAround.get(row.index) ?? []),
      steps,
    );
    const { proxy, pool, peer } = rows[0]!.upstream;
    return {
      proxy,
      pool,
      peer,
      requests: Math.max(requests, failed),
      failures: failed,
      masked: matter.failures > 0 ? masked : 0,
      strip,
    };
  });
  return shares
    .filter(({ requests }) => requests > 0)
    .sort(
      (a, b) =>
        b.failures - a.failures || b.requests - a.requests || (nameOf(a) < nameOf(b) ? -1 : 1),
    )
    .slice(0, MOST_UPSTREAMS);
}

function nameOf({ proxy, pool, peer }: UpstreamShare): string {
  return JSON.stringify([proxy, pool, peer]);
}

/** A few failing lines, of each reason in turn, in the order in which they were kept. */
function examplesOf({ examples, reasons }: Matter): Incident["examples"][number][] {
  const groups = groupBy(examples, ({ reason }) => reason);
  const order = [...groups].sort(
    ([a], [b]) => (reasons.get(b) ?? 0) - (reasons.get(a) ?? 0) || (a < b ? -1 : 1),
  );
  const told: Incident["examples"][number][] = [];
  for (let turn = 0; told.length < CONFIG.examples; turn++) {
    const round = order.flatMap(([, lines]) => (turn < lines.length ? [lines[turn]!] : []));
    if (round.length === 0) break;
    for (const { source, line, offset, text } of round) told.push({ source, line, offset, text });
  }
  return told.slice(0, CONFIG.examples);
}

/** First ten hex digits of a hash of the root key and the start. */
function idOf(key: string, start: number): string {
  const text = `${key} ${start}`;
  let low = 0x811c9dc5;
  let high = 0x9e3779b1;
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(i), 0x85ebca6b) + i;
  }
  low ^= low >>> 15;
  high ^= high >>> 13;
  return (
    (high >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0")
  ).slice(0, 10);
}
