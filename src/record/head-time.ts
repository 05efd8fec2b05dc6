// What the stamp of an envelope tells about a record's time: the time itself, or the zone of a local one.
import { BSD_TIME, ISO_LOCAL_TIME, ISO_TIME, type Head } from "../input/index.ts";
import { LOCAL, ZONED, type Rec } from "./record.ts";
import { inNearestYear, syslogTime } from "./syslog-time.ts";
import { isoTime } from "./times.ts";
import type { LocalClock } from "./zone.ts";

/** The envelope's time becomes the record's; NaN where it has none. */
export function timeFromHead(bytes: Uint8Array, head: Head, rec: Rec, nearMs: number): void {
  rec.timeMs = NaN;
  if (head.timeKind === ISO_TIME || head.timeKind === ISO_LOCAL_TIME) {
    rec.timeMs = isoTime(bytes, head.timeStart, head.timeEnd);
    rec.clock = head.timeKind === ISO_TIME ? ZONED : LOCAL;
  } else if (head.timeKind === BSD_TIME) {
    rec.timeMs = syslogTime(bytes, head.timeStart, nearMs);
    rec.clock = LOCAL;
  }
}

/** A time that its line counts from New Year is put into a year. */
export function setYear(rec: Rec, nearMs: number): void {
  rec.timeMs = inNearestYear(rec.timeMs, nearMs);
  rec.clock = LOCAL;
}

const QUARTER_MS = 900_000;
const MOST_EAST_MS = 14 * 3_600_000;

/** Local times become UTC: by the stamp of the envelope where it has a zone, else by the source's zone. */
export function toUtc(bytes: Uint8Array, head: Head, rec: Rec, clock: LocalClock): void {
  let utc = NaN;
  if (head.timeKind === ISO_TIME) {
    // The envelope was stamped as the line was written: the difference, to the quarter hour, is the zone.
    const stamp = isoTime(bytes, head.timeStart, head.timeEnd);
    const offset = Math.round((rec.timeMs - stamp) / QUARTER_MS) * QUARTER_MS;
    if (Math.abs(offset) <= MOST_EAST_MS) utc = rec.timeMs - offset;
  }
  if (Number.isNaN(utc)) utc = clock.toUtc(rec.timeMs);
  if (rec.startMs >= 0) rec.startMs += utc - rec.timeMs;
  rec.timeMs = utc;
  rec.clock = ZONED;
}
