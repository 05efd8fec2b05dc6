// Runs the detector over all keys and makes episodes: a key's bursts with the failure cells they claim.
import { onThreshold } from "./chart.ts";
import { CONFIG } from "./config.ts";
import { detect, type Burst } from "./detector.ts";
import type { Series } from "./bins.ts";
import { sizeOf, type Indexed } from "./rows.ts";
import { keysOf, SeriesMaker, type Key } from "./series.ts";
import { scanScore } from "./scan-statistic.ts";
import { sessions } from "./sessions.ts";

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
      bursts = bursts.filter((burst) => shareOwned(index, key, burst, owned) < CONFIG.coverage);
      if (bursts.length > 0) {
        seen = series.of(key, owned);
        bursts = detect(seen, { hOn, dataStart });
      }
    }
    for (const group of sessions(bursts)) {
      if (isBackground(group, seen)) continue;
      const episode = episodeOf(index, key, group, owned);
      if (episode === null) continue;
      for (const cell of episode.cells) owned[cell] = 1;
      episodes.push(episode);
    }
  }
  return episodes.sort((a, b) => a.start - b.start || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/**
 * With too little data to know what is usual, thin failures are measured against the rest of their own log: they make an
 * episode only if they stand out in time (the scan statistic of the episode against all of the series).
 */
function isBackground(bursts: readonly Burst[], { time, d, r, virtual, stepMs }: Series): boolean {
  const first = virtual?.from ?? time[0]!;
  const last = virtual?.to ?? time[time.length - 1]! + stepMs;
  if (last - first >= CONFIG.blocksLeast * CONFIG.blockMs) return false;
  const from = bursts[0]!.first;
  const to = bursts[bursts.length - 1]!.last;
  let all = 0;
  let total = 0;
  let failures = 0;
  let requests = 0;
  for (let at = 0; at < time.length; at++) {
    all += r[at]!;
    total += d[at]!;
    if (at < from || at > to) continue;
    failures += r[at]!;
    requests += d[at]!;
  }
  if (virtual !== null) {
    // Seconds without a failure are successes too; those with one are counted in d.
    const seconds = (time[to]! - time[from]! + stepMs) / 1000;
    requests = failures + seconds;
    total = all + (last - first) / 1000;
  }
  const isWhole = bursts[0]!.leftCensored && bursts[bursts.length - 1]!.ongoing;
  if (isWhole) return failures / requests < CONFIG.chronicRate;
  if (failures / requests >= CONFIG.thinRate) return false;
  return scanScore(failures, requests, all, total) < CONFIG.standsOut;
}

function shareOwned(index: Indexed, key: Key, burst: Burst, owned: Uint8Array): number {
  let all = 0;
  let taken = 0;
  for (const cell of cellsBetween(index, key, burst.start, burst.end)) {
    const size = sizeOf(index.summary.failures[cell]!);
    all += size;
    if (owned[cell] === 1) taken += size;
  }
  return all === 0 ? 1 : taken / all;
}

function episodeOf(
  index: Indexed,
  key: Key,
  bursts: readonly Burst[],
  owned: Uint8Array,
): Episode | null {
  const start = bursts[0]!.start;
  const end = bursts.reduce((last, burst) => Math.max(last, burst.end), start);
  const cells = cellsBetween(index, key, start, end).filter((cell) => owned[cell] === 0);
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

/** The key's failure cells that begin between two moments. */
function cellsBetween(
  index: Indexed,
  key: Pick<Key, "rows" | "reason">,
  from: number,
  to: number,
): number[] {
  const { failures } = index.summary;
  const cells: number[] = [];
  for (const row of key.rows) {
    for (
      let f = firstCell(index, row.failuresFrom, row.failuresTo, from);
      f < row.failuresTo;
      f++
    ) {
      const cell = failures[f]!;
      if (cell.time > to) break;
      if (index.counts[f] === 0 || cell.lastMs < from || cell.firstMs > to) continue;
      if (key.reason === null || cell.reason === key.reason) cells.push(f);
    }
  }
  return cells;
}

/** Cells are ordered by time; one that began this long before may still reach into the span. */
const WIDEST_CELL_MS = 3_600_000;

function firstCell(index: Indexed, from: number, to: number, time: number): number {
  const { failures } = index.summary;
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (failures[middle]!.time < time - WIDEST_CELL_MS) low = middle + 1;
    else high = middle;
  }
  return low;
}
