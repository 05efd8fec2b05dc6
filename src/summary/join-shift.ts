// Two logs of one nginx whose clocks are in different zones: nothing joins, but all would at a shift of quarter hours.
import type { JoinEntry } from "./join-entry.ts";
import type { JoinTable } from "./join-table.ts";

/** Zones differ by quarters of an hour, and by at most 26 hours. */
const QUARTER_MS = 15 * 60_000;
const MOST_QUARTERS = 26 * 4;
/** Clocks within one machine differ by less than this, and unknown durations are taken for at most that (ms). */
const SLACK_MS = 1_000;
const UNKNOWN_DURATION_MS = 61_000;
/** A shift is believed where so many of so few errors fit a request by it, and no other shift fits half as many. */
const LEAST_ERRORS = 5;
const LEAST_SHARE = 0.8;
const MOST_OTHERS = 0.5;
/** More requests of one client and path say nothing: they fit any shift. */
const MOST_ALIKE = 256;

/**
 * By how many ms the error lines' times are ahead of their requests' (negative: behind), where hardly any fits a request as it
 * stands and nearly all would otherwise; null where nothing of the kind shows.
 * @param joined how many of the kept errors found a request.
 */
export function shiftOf(table: JoinTable, joined: number): number | null {
  const errors = table.errors.entries.filter(({ timeMs }) => Number.isFinite(timeMs));
  if (errors.length < LEAST_ERRORS || joined > errors.length * (1 - LEAST_SHARE)) return null;
  const requests = new Map<number, JoinEntry[]>();
  for (const request of table.requests.entries) {
    const known = requests.get(request.hash);
    if (known === undefined) requests.set(request.hash, [request]);
    else if (known.length < MOST_ALIKE) known.push(request);
  }
  const votes = new Map<number, number>();
  for (const error of errors) {
    const alike = requests.get(error.hash) ?? requests.get(error.bareHash) ?? [];
    for (const quarters of fitting(error, alike))
      votes.set(quarters, (votes.get(quarters) ?? 0) + 1);
  }
  const [best, next] = [...votes].sort(([a, n], [b, m]) => m - n || a - b);
  if (best === undefined || best[0] === 0) return null;
  // A sample keeps an error and its request by their minutes, which the shift has torn apart.
  const expected = errors.length / 2 ** table.level;
  const isClear = next === undefined || next[1] < best[1] * MOST_OTHERS;
  const isMost = best[1] >= Math.max(LEAST_ERRORS, expected * LEAST_SHARE);
  return isClear && isMost ? best[0] * QUARTER_MS : null;
}

/** The shifts by which an error would lie within one of the requests. */
function fitting(error: JoinEntry, requests: readonly JoinEntry[]): Set<number> {
  const found = new Set<number>();
  for (const { timeMs, durationMs } of requests) {
    const after = error.timeMs - timeMs;
    const quarters = Math.round(after / QUARTER_MS);
    const rest = after - quarters * QUARTER_MS;
    const longest = (durationMs < 0 ? UNKNOWN_DURATION_MS : durationMs) + SLACK_MS;
    if (rest <= SLACK_MS && rest >= -longest && Math.abs(quarters) <= MOST_QUARTERS)
      found.add(quarters);
  }
  return found;
}
