// What the failing requests have in common: a penalised Bernoulli scan over places, paths, methods and clients.
//
// reference/algorithms.md §5.2. Places are counted exactly from cells; methods, paths and clients are known from kept lines
// only, so they are compared with kept lines that went well (case and control), and counts are estimates from those shares.
import type { Exemplar } from "../summary/index.ts";
import { CONFIG, quantise } from "./config.ts";
import type { Matter } from "./matter.ts";
import { requestsBetween, sizeOf } from "./rows.ts";
import { scanScore } from "./scan-statistic.ts";

/** A slice of the traffic that holds more failures than its share. */
export interface Slice {
  readonly where: Readonly<Record<string, string>>;
  readonly failures: number;
  readonly requests: number;
  /** Share of the failures inside. */
  readonly coverage: number;
  /** Failing share inside. */
  readonly purity: number;
  readonly riskRatio: number;
  /** Share of the requests that went well inside. */
  readonly share: number;
  readonly rateWithout: number;
  /** Log-likelihood ratio less the cost of naming it (nats). */
  readonly score: number;
}

const { support, leastFailures, leastScore, most, equal } = CONFIG.attribution;
const PLACES = ["node", "proxy", "pool", "peer"] as const;
const DIMENSIONS = ["host", "path", "method", "client"] as const;

/** The slices that explain an incident, the best first; fewer dimensions win ties. */
export function slicesOf(matter: Matter): Slice[] {
  const found = [...placeSlices(matter), ...lineSlices(matter)];
  found.sort(
    (a, b) =>
      b.coverage * b.score - a.coverage * a.score ||
      Object.keys(a.where).length - Object.keys(b.where).length ||
      (keyOf(a.where) < keyOf(b.where) ? -1 : 1),
  );
  return found;
}

/** The slices worth telling: different ones, and at most three. */
export function toldSlices(slices: readonly Slice[]): readonly Slice[] {
  const told: Slice[] = [];
  for (const slice of slices) {
    const isRepeated = told.some(
      (other) =>
        Math.abs(other.coverage - slice.coverage) < 1 - equal && sharesDimension(other, slice),
    );
    if (!isRepeated && told.length < most) told.push(slice);
  }
  return told;
}

/** `/orders/17` and `/orders/23` are one path: numbers, hashes and uuids are blanks. */
function templateOf(path: string): string {
  return path
    .split("/")
    .map((part) => (/^(?:\d+|[0-9a-f]{8,}|[0-9a-f-]{32,}|.{41,})$/i.test(part) ? "{}" : part))
    .join("/");
}

interface Tally {
  readonly where: Readonly<Record<string, string>>;
  r: number;
  d: number;
}

function placeSlices(matter: Matter): Slice[] {
  const { index, start, end } = matter;
  const tallies = new Map<string, Tally>();
  const cards = new Map<string, Set<string>>();
  let all = 0;
  let requests = 0;
  const failed = new Map<number, number>();
  for (const cell of matter.cells)
    failed.set(cell.upstream, (failed.get(cell.upstream) ?? 0) + sizeOf(cell));
  for (const row of index.rows) {
    const r = failed.get(row.index) ?? 0;
    const d = Math.max(r, requestsBetween(index, row, start, end, true));
    if (d === 0) continue;
    all += r;
    requests += d;
    for (const dimension of PLACES) {
      const value = row.upstream[dimension];
      if (value !== null) put(tallies, cards, { [dimension]: value }, r, d);
    }
  }
  return judged(tallies, cards, PLACES.length, all, requests, null);
}

function lineSlices(matter: Matter): Slice[] {
  const { telling: examples, controls } = matter;
  if (examples.length < leastFailures || controls.length === 0) return [];
  const tallies = new Map<string, Tally>();
  const cards = new Map<string, Set<string>>();
  const valuesOf = (line: Exemplar): readonly (readonly [string, string])[] =>
    DIMENSIONS.flatMap((dimension) => {
      const value = line[dimension];
      return value === null
        ? []
        : [[dimension, dimension === "path" ? templateOf(value) : value] as const];
    });
  for (const [lines, r] of [
    [examples, 1],
    [controls, 0],
  ] as const) {
    for (const line of lines) {
      const values = valuesOf(line);
      for (const [at, one] of values.entries()) {
        put(tallies, cards, { [one[0]]: one[1] }, r, 1);
        for (const other of values.slice(at + 1)) {
          if (one[0] === "path" && other[0] === "method") {
            put(tallies, cards, { [one[0]]: one[1], [other[0]]: other[1] }, r, 1);
          }
        }
      }
    }
  }
  const all = examples.length;
  return judged(tallies, cards, DIMENSIONS.length, all, all + controls.length, matter);
}

function put(
  tallies: Map<string, Tally>,
  cards: Map<string, Set<string>>,
  where: Readonly<Record<string, string>>,
  r: number,
  d: number,
): void {
  const key = keyOf(where);
  let tally = tallies.get(key);
  if (tally === undefined) tallies.set(key, (tally = { where, r: 0, d: 0 }));
  tally.r += r;
  tally.d += d;
  for (const [dimension, value] of Object.entries(where)) {
    const seen = cards.get(dimension) ?? new Set<string>();
    cards.set(dimension, seen.add(value));
  }
}

/** Scores the tallies. With a matter they are samples: its counts are divided by their shares. */
function judged(
  tallies: ReadonlyMap<string, Tally>,
  cards: ReadonlyMap<string, ReadonlySet<string>>,
  dimensions: number,
  all: number,
  total: number,
  matter: Matter | null,
): Slice[] {
  const slices: Slice[] = [];
  for (const { where, r, d } of tallies.values()) {
    if (r < Math.max(leastFailures, support * all) || d === total) continue;
    const names = Object.keys(where);
    const cost =
      names.reduce((sum, name) => sum + Math.log(Math.max(1, cards.get(name)!.size)), 0) +
      Math.log(names.length === 1 ? dimensions : (dimensions * (dimensions - 1)) / 2);
    const score = quantise(scanScore(r, d, all, total) - cost);
    if (score < leastScore) continue;
    const coverage = r / all;
    const share = (d - r) / Math.max(1, total - all);
    const [failuresAll, requestsAll] =
      matter === null ? [all, total] : [matter.all, Math.max(matter.all, matter.requests)];
    const failures = matter === null ? r : Math.round(coverage * failuresAll);
    const requests =
      matter === null ? d : failures + Math.round(share * (requestsAll - failuresAll));
    const rest = requestsAll - requests;
    slices.push({
      where,
      failures,
      requests,
      coverage,
      purity: requests === 0 ? 0 : failures / requests,
      riskRatio: (failures + 0.5) / (requests + 1) / ((failuresAll - failures + 0.5) / (rest + 1)),
      share,
      rateWithout: rest <= 0 ? 0 : (failuresAll - failures) / rest,
      score,
    });
  }
  return slices;
}

function sharesDimension(a: Slice, b: Slice): boolean {
  const isPlace = (slice: Slice): boolean => PLACES.some((place) => place in slice.where);
  if (isPlace(a) && isPlace(b)) return a.coverage === b.coverage && a.requests === b.requests;
  return Object.keys(a.where).some((name) => name in b.where);
}

function keyOf(where: Readonly<Record<string, string>>): string {
  return JSON.stringify(where);
}
