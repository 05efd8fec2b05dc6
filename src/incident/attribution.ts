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

/** A segment of a path that is a number, a hash, a uuid or endless. */
const BLANK = /(?<=^|\/)(?:\d+|[0-9a-f]{8,}|[0-9a-f-]{32,}|[^/\n\r\u2028\u2029]{41,})(?=\/|$)/gi;

/** `/orders/17` and `/orders/23` are one path: numbers, hashes and uuids are blanks. */
function templateOf(path: string): string {
  return path.replace(BLANK, "{}");
}

/** Failures, and all requests, of one slice. */
interface Tally {
  r: number;
  d: number;
}

/** The slices of one dimension by its value, or of two by their values joined by {@link AND}. */
interface Tallies {
  readonly names: readonly string[];
  readonly byValue: Map<string, Tally>;
}

const AND = "\n";

function talliesOf(...names: readonly string[]): Tallies {
  return { names, byValue: new Map() };
}

function put({ byValue }: Tallies, value: string, r: number, d: number): void {
  const tally = byValue.get(value);
  if (tally === undefined) byValue.set(value, { r, d });
  else {
    tally.r += r;
    tally.d += d;
  }
}

function placeSlices(matter: Matter): Slice[] {
  const { index, start, end } = matter;
  const places = PLACES.map((name) => ({ name, tallies: talliesOf(name) }));
  let all = 0;
  let requests = 0;
  const failed = new Map<number, number>();
  for (const group of matter.groups)
    failed.set(group.upstream, (failed.get(group.upstream) ?? 0) + sizeOf(group));
  for (const row of index.rows) {
    const r = failed.get(row.index) ?? 0;
    const d = Math.max(r, requestsBetween(index, row, start, end, true));
    if (d === 0) continue;
    all += r;
    requests += d;
    for (const { name, tallies } of places) {
      const value = row.upstream[name];
      if (value !== null) put(tallies, value, r, d);
    }
  }
  const tallies = places.map((place) => place.tallies);
  return judged(tallies, all, requests, null);
}

function lineSlices(matter: Matter): Slice[] {
  const { telling: examples, controls } = matter;
  if (examples.length < leastFailures || controls.length === 0) return [];
  const hosts = talliesOf("host");
  const paths = talliesOf("path");
  const methods = talliesOf("method");
  const clients = talliesOf("client");
  const requests = talliesOf("path", "method");
  const tallies = [hosts, paths, methods, clients, requests];
  const count = (line: Exemplar, r: number, into: ReadonlySet<Tallies>): void => {
    const { host, path, method, client } = line;
    if (host !== null && into.has(hosts)) put(hosts, host, r, 1);
    if (method !== null && into.has(methods)) put(methods, method, r, 1);
    if (client !== null && into.has(clients)) put(clients, client, r, 1);
    if (path === null || !into.has(paths)) return;
    const template = templateOf(path);
    put(paths, template, r, 1);
    if (method !== null && into.has(requests)) put(requests, template + AND + method, r, 1);
  };
  const all = examples.length;
  const every = new Set(tallies);
  for (const line of examples) count(line, 1, every);
  // Where no value holds enough of the failures, the others need not be compared.
  const open = new Set(tallies.filter(({ byValue }) => holdsEnough(byValue.values(), all)));
  for (const line of controls) count(line, 0, open);
  return judged(tallies, all, all + controls.length, matter);
}

function holdsEnough(tallies: Iterable<Tally>, all: number): boolean {
  for (const { r } of tallies) if (r >= leastOf(all)) return true;
  return false;
}

/** Failures that a slice must hold, of all. */
function leastOf(all: number): number {
  return Math.max(leastFailures, support * all);
}

/** Scores the tallies. With a matter they are samples: its counts are divided by their shares. */
function judged(
  tallies: readonly Tallies[],
  all: number,
  total: number,
  matter: Matter | null,
): Slice[] {
  const singles = tallies.filter(({ names }) => names.length === 1);
  const cards = new Map(singles.map(({ names: [name], byValue }) => [name, byValue.size]));
  const dimensions = singles.length;
  const slices: Slice[] = [];
  for (const { names, byValue } of tallies) {
    const cost =
      names.reduce((sum, name) => sum + Math.log(Math.max(1, cards.get(name)!)), 0) +
      Math.log(names.length === 1 ? dimensions : (dimensions * (dimensions - 1)) / 2);
    for (const [value, { r, d }] of byValue) {
      if (r < leastOf(all) || d === total) continue;
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
      const values = names.length === 1 ? [value] : value.split(AND);
      slices.push({
        where: Object.fromEntries(names.map((name, at) => [name, values[at]!])),
        failures,
        requests,
        coverage,
        purity: requests === 0 ? 0 : failures / requests,
        riskRatio:
          (failures + 0.5) / (requests + 1) / ((failuresAll - failures + 0.5) / (rest + 1)),
        share,
        rateWithout: rest <= 0 ? 0 : (failuresAll - failures) / rest,
        score,
      });
    }
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
