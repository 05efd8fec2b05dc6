// Runs the detector over all keys and makes episodes: a key's bursts with the failure cells they claim.
import { onThreshold } from "./chart.ts";
import { CONFIG } from "./config.ts";
import { detect, type Burst } from "./detector.ts";
import type { Series } from "./bins.ts";
import { firstAt, type Indexed } from "./rows.ts";
import { keysOf, SeriesMaker, type Key } from "./series.ts";
import { scanScore } from "./scan-statistic.ts";
import { sessions, type Stretch } from "./sessions.ts";

/** Bursts of one key, close together. */
export interface Episode {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly bursts: readonly Burst[];
  /** The failure cells it claims; each cell belongs to one episode at most. */
  readonly cells: readonly number[];
  readonly failures: number;
  readonly masked: number;
  readonly leftCensored: boolean;
  readonly ongoing: boolean;
}

/** Everything that burst, in order of start, then key. */
export function episodesOf(index: Indexed): Episode[] {
  const { failures } = index.summary;
  const keys = keysOf(index, CONFIG.minErrors);
  const watched = keys.filter(({ kind }) => kind === "upstream").length;
  const hOn = onThreshold(watched);
  const owned = new Uint8Array(failures.length);
  const series = new SeriesMaker(index);
  const episodes: Episode[] = [];
  for (const key of keys) {
    const dataStart = index.spans.get(key.rows[0]!.upstream.proxy)?.from ?? index.span.from;
    let seen = series.of(key, null);
    let bursts = detect(seen, { hOn, dataStart });
    if (key.kind !== "upstream" && bursts.length > 0) {
      // A coarser key only tells what finer ones have not told already.
      const claims = cellsWithin(index, key, bursts);
      bursts = bursts.filter((_, at) => shareOwned(index, claims[at]!, owned) < CONFIG.coverage);
      if (bursts.length > 0) {
        seen = series.of(key, owned);
        bursts = detect(seen, { hOn, dataStart });
      }
    }
    if (bursts.length === 0) continue;
    const whole = totalsBetween(seen, 0, seen.time.length - 1);
    const groups = sessions(bursts).filter((group) => !isBackground(group, seen, whole));
    const stretches = groups.map(stretchOf);
    for (const [at, claimed] of cellsWithin(index, key, stretches).entries()) {
      const cells = claimed.filter((cell) => owned[cell] === 0);
      const episode = episodeOf(index, key, groups[at]!, stretches[at]!, cells);
      if (episode === null) continue;
      for (const cell of cells) owned[cell] = 1;
      episodes.push(episode);
    }
  }
  return episodes.sort((a, b) => a.start - b.start || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/**
 * With too little data to know what is usual, thin failures are measured against the rest of their own log: they make an
 * episode only if they stand out in time (the scan statistic of the episode against all of the series).
 */
function isBackground(
  bursts: readonly Burst[],
  series: Series,
  whole: { readonly d: number; readonly r: number },
): boolean {
  const { time, virtual, stepMs } = series;
  const first = virtual?.from ?? time[0]!;
  const last = virtual?.to ?? time[time.length - 1]! + stepMs;
  if (last - first >= CONFIG.blocksLeast * CONFIG.blockMs) return false;
  const from = bursts[0]!.first;
  const to = bursts[bursts.length - 1]!.last;
  const { d, r: failures } = totalsBetween(series, from, to);
  let requests = d;
  let total = whole.d;
  if (virtual !== null) {
    // Seconds without a failure are successes too; those with one are counted in d.
    const seconds = (time[to]! - time[from]! + stepMs) / 1000;
    requests = failures + seconds;
    total = whole.r + (last - first) / 1000;
  }
  const isWhole = bursts[0]!.leftCensored && bursts[bursts.length - 1]!.ongoing;
  if (isWhole) return failures / requests < CONFIG.chronicRate;
  if (failures / requests >= CONFIG.thinRate) return false;
  return scanScore(failures, requests, whole.r, total) < CONFIG.standsOut;
}

/** Requests and failures of these bins, both ends included. */
function totalsBetween(
  { d, r }: Series,
  first: number,
  last: number,
): { readonly d: number; readonly r: number } {
  let requests = 0;
  let failures = 0;
  for (let at = first; at <= last; at++) {
    requests += d[at]!;
    failures += r[at]!;
  }
  return { d: requests, r: failures };
}

function shareOwned(index: Indexed, cells: readonly number[], owned: Uint8Array): number {
  let all = 0;
  let taken = 0;
  for (const cell of cells) {
    const size = index.sizes[cell]!;
    all += size;
    if (owned[cell] === 1) taken += size;
  }
  return all === 0 ? 1 : taken / all;
}

function stretchOf(bursts: readonly Burst[]): Stretch {
  const { start } = bursts[0]!;
  return { start, end: bursts.reduce((last, burst) => Math.max(last, burst.end), start) };
}

function episodeOf(
  index: Indexed,
  key: Key,
  bursts: readonly Burst[],
  { start, end }: Stretch,
  cells: readonly number[],
): Episode | null {
  let failures = 0;
  let masked = 0;
  for (const cell of cells) {
    failures += index.summary.failures[cell]!.visible;
    masked += index.summary.failures[cell]!.masked;
  }
  const least = failures > 0 ? CONFIG.minErrors : CONFIG.minMasked;
  if (failures + masked < least) return null;
  return {
    key: key.name,
    start,
    end,
    bursts,
    cells,
    failures,
    masked,
    leftCensored: bursts[0]!.leftCensored,
    ongoing: bursts.some(({ ongoing }) => ongoing),
  };
}

/** The key's failure cells that reach into each of these stretches, which are in order of their starts. */
function cellsWithin(
  { firstMs, lastMs }: Indexed,
  key: Key,
  stretches: readonly Stretch[],
): number[][] {
  const within: number[][] = stretches.map(() => []);
  if (stretches.length === 0) return within;
  const starts = stretches.map(({ start }) => start);
  // The latest end up to each of them: before it nothing more reaches as far.
  const ends = stretches.map(({ end }) => end);
  for (let at = 1; at < ends.length; at++) ends[at] = Math.max(ends[at - 1]!, ends[at]!);
  for (const cell of key.cells) {
    const first = firstMs[cell]!;
    const last = lastMs[cell]!;
    let at = firstAt(starts, 0, starts.length, last + 1);
    while (--at >= 0 && ends[at]! >= first) {
      const { start, end } = stretches[at]!;
      if (start <= last && end >= first) within[at]!.push(cell);
    }
  }
  return within;
}
