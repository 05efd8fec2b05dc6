// Times of a log as a person reads them: in one zone, with the date only where it is needed.
import { tzOffset } from "@date-fns/tz/tzOffset";

/** Prints times (ms since the epoch) in one zone. */
export interface Clock {
  /** `UTC`, `Europe/Berlin`, `+02:00`. */
  readonly zone: string;
  /** To the second: `18:13:25`, with the date before it where the log spans several days. */
  readonly at: (ms: number) => string;
  /** As `at`, with the milliseconds where there are any. */
  readonly exact: (ms: number) => string;
  /** `2026-11-22` */
  readonly date: (ms: number) => string;
  /** `2026-11-22 18:13:25`: what `--since` and `--until` take. */
  readonly full: (ms: number) => string;
  /** Whether `at` leaves the date out. */
  readonly oneDay: boolean;
}

/**
 * A clock for a log that spans `firstMs` to `lastMs` (null: unknown).
 * @param zone an IANA name or an offset such as `+02:00`, known to be valid.
 */
export function makeClock(zone: string, firstMs: number | null, lastMs: number | null): Clock {
  const wall = (ms: number): string => {
    const shifted = new Date(ms + tzOffset(zone, new Date(ms)) * 60_000);
    return Number.isNaN(shifted.getTime()) ? "????-??-??T??:??:??.000" : shifted.toISOString();
  };
  const date = (ms: number): string => wall(ms).slice(0, -14);
  const full = (ms: number): string => wall(ms).slice(0, -5).replace("T", " ");
  const oneDay = firstMs !== null && lastMs !== null && date(firstMs) === date(lastMs);
  const at = (ms: number): string => (oneDay ? full(ms).slice(-8) : full(ms));
  const exact = (ms: number): string => {
    const fraction = wall(ms).slice(-5, -1);
    return fraction === ".000" ? at(ms) : at(ms) + fraction;
  };
  return { zone, at, exact, date, full, oneDay };
}
