// Times by way of the envelope: for lines that have none, and for local ones, whose zone its stamp may tell.
import { BSD_TIME, ISO_TIME, type Head } from "../input/index.ts";
import { LOCAL, YEARLESS, ZONED, type Rec } from "./record.ts";
import { syslogTime } from "./syslog-time.ts";
import { isoTime } from "./times.ts";
import type { LocalClock } from "./zone.ts";

/** The envelope's time for a line that carries none; `nearMs` gives the year where it has none either. */
export function timeFromHead(bytes: Uint8Array, head: Head, rec: Rec, nearMs: number): void {
  rec.timeMs = NaN;
  if (head.timeKind === ISO_TIME) rec.timeMs = isoTime(bytes, head.timeStart, head.timeEnd);
  else if (head.timeKind === BSD_TIME) {
    rec.timeMs = syslogTime(bytes, head.timeStart, nearMs);
    rec.clock = LOCAL;
  }
}

/** Local times become UTC: by the stamp of the envelope where it has a zone, else by the source's zone. */
export function toUtc(bytes: Uint8Array, head: Head, rec: Rec, clock: LocalClock): void {
  let utc = NaN;
  if (head.timeKind === ISO_TIME && rec.clock !== YEARLESS) {
    // The envelope was stamped as the line was written: the difference, to the quarter hour, is the zone.
    const stamp = isoTime(bytes, head.timeStart, head.timeEnd);
    const offset = Math.round((rec.timeMs - stamp) / 900_000) * 900_000;
    if (Math.abs(offset) <= 14 * 3_600_000) utc = rec.timeMs - offset;
  }
  if (Number.isNaN(utc)) utc = clock.toUtc(rec.timeMs);
  if (rec.startMs >= 0) rec.startMs += utc - rec.timeMs;
  rec.timeMs = utc;
  rec.clock = ZONED;
}
