// Local wall-clock times become UTC, for logs that name no zone.
import { tzOffset } from "@date-fns/tz/tzOffset";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Lines stand in the order in which they were written, give or take this much. */
const DISORDER_MS = 5 * MINUTE_MS;

/**
 * Local ms (the wall clock read as UTC) to UTC ms in a zone (`Europe/Berlin`, `+02:00`), line by line in the log's order.
 * Offsets are remembered per quarter hour of local time. In the hour that autumn repeats, the earlier reading is taken
 * until the clock is seen to jump back: so its lines must come from one clock, in their order.
 */
export class LocalClock {
  readonly zone: string;
  readonly #fixedMs: number | null;
  #quarter = -1;
  #offsetMs = 0;
  /** The offset of the later reading in a repeated hour. */
  #laterMs = 0;
  #isRepeated = false;
  #isSecond = false;
  #last = -Infinity;
  #wasRepeated = false;

  constructor(zone: string) {
    this.zone = zone;
    this.#fixedMs = fixedOffset(zone);
  }

  /** UTC ms of a local time. */
  toUtc(localMs: number): number {
    if (this.#fixedMs !== null) return localMs - this.#fixedMs;
    const quarter = Math.floor(localMs / (HOUR_MS / 4));
    if (quarter !== this.#quarter) this.#look(quarter);
    if (!this.#isRepeated) this.#isSecond = false;
    else if (!this.#isSecond) {
      const back = this.#last - localMs;
      // From within the hour a jump; from behind it the disorder of lines written together.
      this.#isSecond = this.#wasRepeated ? back > DISORDER_MS : back > 0 && back < DISORDER_MS;
    }
    this.#last = localMs;
    this.#wasRepeated = this.#isRepeated;
    return localMs - (this.#isSecond ? this.#laterMs : this.#offsetMs);
  }

  #look(quarter: number): void {
    this.#quarter = quarter;
    const start = quarter * (HOUR_MS / 4);
    // Offsets before and after a possible change; the larger one is the earlier reading of a repeated hour.
    const before = offsetAt(this.zone, start - 24 * HOUR_MS);
    const after = offsetAt(this.zone, start + 24 * HOUR_MS);
    const fits = (offset: number): boolean => offsetAt(this.zone, start - offset) === offset;
    const larger = Math.max(before, after);
    this.#laterMs = Math.min(before, after);
    this.#offsetMs = fits(larger) ? larger : this.#laterMs;
    this.#isRepeated = before > after && fits(larger) && fits(this.#laterMs);
  }
}

/** The offset of a zone at a moment, in ms east of UTC. */
export function offsetAt(zone: string, utcMs: number): number {
  return fixedOffset(zone) ?? tzOffset(zone, new Date(utcMs)) * MINUTE_MS;
}

/** Whether a zone's clock is set back between two moments: then the order of local times in between must be kept. */
export function repeatsAnHour(zone: string, fromMs: number, toMs: number): boolean {
  if (fixedOffset(zone) !== null) return false;
  const first = Math.max(fromMs, toMs - 400 * DAY_MS) - DAY_MS;
  let before = offsetAt(zone, first);
  for (let at = first; at <= toMs + DAY_MS; at += DAY_MS) {
    const offset = offsetAt(zone, at);
    if (offset < before) return true;
    before = offset;
  }
  return false;
}

/** The offset of `Z`, `UTC`, `+02:00`, `+0200` in ms; null for a named zone. */
function fixedOffset(zone: string): number | null {
  if (zone === "Z" || zone === "UTC") return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -minutes : minutes) * MINUTE_MS;
}
