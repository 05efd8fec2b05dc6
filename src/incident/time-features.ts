// Features of time: how long failures took, how they began, and how load and latency were.
import { CONFIG } from "./config.ts";
import type { Matter } from "./matter.ts";
import { of, type Observed, type Sight, type Waits } from "./observed.ts";
import { sizeOf } from "./rows.ts";

/** How long failures took, from the cells whose start is known: the longest of each cell. */
export function waitsOf(matter: Matter): Waits {
  let known = 0;
  let fast = 0;
  let slow = 0;
  let longest = 0;
  const counts = new Map<number, number>();
  for (const cell of matter.cells) {
    // Error lines and some formats carry no start; it then equals the end.
    if (cell.uncounted || cell.firstStartMs > cell.firstMs) continue;
    const waited = cell.firstMs - cell.firstStartMs;
    known += sizeOf(cell);
    if (waited < CONFIG.causes.fastMs) fast += sizeOf(cell);
    if (waited >= CONFIG.causes.slowMs) slow += sizeOf(cell);
    longest = Math.max(longest, waited);
    const rounded = Math.round(waited / 100) * 100;
    counts.set(rounded, (counts.get(rounded) ?? 0) + sizeOf(cell));
  }
  let usual = 0;
  for (const [wait, count] of counts) if (count > (counts.get(usual) ?? 0)) usual = wait;
  return { known, fast, slow, longest, usual };
}

function hasDurations({ index }: Matter): boolean {
  return index.summary.latency.upstream.length > 0;
}

/** Failures that came at once. */
export function fast({ matter, waits }: Sight): Observed | null {
  const { known, fast: quick, longest } = waits;
  if (known === 0 || !hasDurations(matter)) return null;
  return {
    value: quick / known,
    says: `${of(quick, known)} failures came within ${CONFIG.causes.fastMs} ms: nothing waited for an answer`,
    denies: `failures took up to ${longest} ms`,
  };
}

/** Failures that came only after waiting. */
export function slow({ matter, waits }: Sight): Observed | null {
  const { known, slow: late, usual } = waits;
  if (known === 0 || !hasDurations(matter)) return null;
  return {
    value: late / known,
    says: `${of(late, known)} failures came only after waiting, most after ${(usual / 1000).toFixed(1)} s`,
    denies: `${of(known - late, known)} failures came at once`,
  };
}

/** Connections that failed for no reason told, but only after waiting: nobody refused them. Retries wait as well. */
export function slowConnect({ matter }: Sight): Observed | null {
  let all = 0;
  let late = 0;
  let longest = 0;
  for (const cell of matter.cells) {
    if (cell.reason !== "connect-failed" || /\d/.test(cell.code)) continue;
    const waited = cell.firstMs - cell.firstStartMs;
    all += sizeOf(cell);
    longest = Math.max(longest, waited);
    if (waited >= CONFIG.causes.fastMs) late += sizeOf(cell);
  }
  // Requests that join a connection being made fail with it: they wait for what is left of its timeout.
  if (longest < CONFIG.causes.slowMs) late = 0;
  if (all === 0 || !hasDurations(matter)) return null;
  return {
    value: late / all,
    says: `${of(late, all)} connections failed only after waiting: nobody refused them`,
    denies: `${of(all - late, all)} connections failed at once`,
  };
}

/** From nothing to full in two seconds: half of the usual rate of failures is reached at once. */
export function suddenStart({ matter }: Sight): Observed | null {
  const { cells, all, primary } = matter;
  // How it began, no line tells.
  if (primary.episode.leftCensored) return null;
  const first = primary.episode.start;
  const seconds = Math.max(1, Math.ceil((matter.end - first) / 1000));
  if (seconds < 3)
    return { value: 1, says: `all ${all} failures within ${seconds} s`, denies: null };
  let early = 0;
  for (const cell of cells) if (cell.firstMs < first + 2000) early += sizeOf(cell);
  const expected = (2 * all) / seconds;
  return {
    value: Math.min(1, early / expected),
    says: `it began at once: ${of(early, all)} failures in the first 2 s of ${seconds}`,
    denies: `it built up: ${of(early, all)} failures in the first 2 s of ${seconds}`,
  };
}

/** Too few failures to tell causes apart: from ten on they tell. */
export function fewFailures({ matter }: Sight): Observed | null {
  return {
    value: Math.min(1, Math.max(0, (10 - matter.all) / 7)),
    says: `only ${matter.all} failures: too few to be sure of any cause`,
    denies: null,
  };
}

/** More requests than usual. */
export function moreLoad({ load }: Sight): Observed | null {
  if (load === null) return null;
  const { rate, usualRate } = load;
  const ratio = usualRate === 0 ? 1 : rate / usualRate;
  const rates = `${rate.toFixed(1)} requests/s against ${usualRate.toFixed(1)} usually`;
  return {
    value: Math.min(1, Math.max(0, (ratio - 1.2) / 0.5)),
    says: `traffic had risen: ${rates}`,
    denies: `traffic was as usual: ${rates}`,
  };
}

/** Slower answers than usual, failures aside. */
export function slowerAnswers({ load }: Sight): Observed | null {
  if (load === null || load.latencyMs === null || load.usualLatencyMs === null) return null;
  const { latencyMs, usualLatencyMs } = load;
  const times = `nine of ten within ${latencyMs} ms against ${usualLatencyMs} ms usually`;
  return {
    value: Math.min(1, Math.max(0, (latencyMs / Math.max(1, usualLatencyMs) - 1.5) / 1.5)),
    says: `answers that came were slower: ${times}`,
    denies: `answers that came were as fast as usual: ${times}`,
  };
}

/** More retries than usual. */
export function moreRetries({ load }: Sight): Observed | null {
  if (load === null) return null;
  const { retried, usualRetried } = load;
  return {
    value: Math.min(1, Math.max(0, (retried - usualRetried - 0.1) / 0.2)),
    says: `${Math.round(retried * 100)} % of the attempts were retries, against ${Math.round(usualRetried * 100)} % usually`,
    denies: `${Math.round(retried * 100)} % of the attempts were retries`,
  };
}
