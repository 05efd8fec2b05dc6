// Local wall-clock times become UTC, for logs that name no zone.
import { tzOffset } from "@date-fns/tz/tzOffset";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * Local ms (the wall clock read as UTC) to UTC ms in a zone (`Europe/Berlin`, `+02:00`). Offsets are remembered per
 * quarter hour of local time. In the hour that autumn repeats, the earlier reading is taken.
 */
export class LocalClock {
  readonly zone: string;
  readonly #fixedMs: number | null;
  #quarter = -1;
  #offsetMs = 0;

  constructor(zone: string) {
    this.zone = zone;
    this.#fixedMs = fixedOffset(zone);
  }

  /** UTC ms of a local time. */
  toUtc(localMs: number): number {
    if (this.#fixedMs !== null) return localMs - this.#fixedMs;
    const quarter = Math.floor(localMs / (HOUR_MS / 4));
    if (quarter !== this.#quarter) {
      this.#quarter = quarter;
      const start = quarter * (HOUR_MS / 4);
      // Offsets before and after a possible change; the larger one is the earlier reading of a repeated hour.
      const before = this.#offsetAt(start - 24 * HOUR_MS);
      const after = this.#offsetAt(start + 24 * HOUR_MS);
      const fits = (offset: number): boolean => this.#offsetAt(start - offset) === offset;
      const larger = Math.max(before, after);
      this.#offsetMs = fits(larger) ? larger : Math.min(before, after);
    }
    return localMs - this.#offsetMs;
  }

  #offsetAt(utcMs: number): number {
    return tzOffset(this.zone, new Date(utcMs)) * MINUTE_MS;
  }
}

/** The offset of `Z`, `UTC`, `+02:00`, `+0200` in ms; null for a named zone. */
function fixedOffset(zone: string): number | null {
  if (zone === "Z" || zone === "UTC") return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -minutes : minutes) * MINUTE_MS;
}
