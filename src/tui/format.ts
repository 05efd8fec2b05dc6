// Figures and times in the short forms that tables need; the rest is the report's.
import { makeClock } from "../report/index.ts";

/** Bytes in decimal units: `36 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`;
}

/** A duration in at most six columns: `0.4 s`, `10 s`, `3m05s`, `2h10m`, `3d4h`. */
export function formatDurationShort(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, "")} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${twoDigits(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h${twoDigits(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d${hours % 24}h`;
}

/** Time of day to the second: `18:13:25`. */
export function formatClock(ms: number, zone: string): string {
  return makeClock(zone, null, null).full(ms).slice(-8);
}

/** Time of day to the millisecond where there are any: `18:13:25.300`. */
export function formatClockFine(ms: number, zone: string): string {
  return makeClock(zone, null, null).exact(ms).split(" ").at(-1)!;
}

/** The day: `2026-11-23`. */
export function formatDay(ms: number, zone: string): string {
  return makeClock(zone, null, null).date(ms);
}

/** Month, day and minute, for logs of more than a day: `11-23 18:13`. */
export function formatDayClock(ms: number, zone: string): string {
  return makeClock(zone, null, null).full(ms).slice(-14, -3);
}

/** Whether two moments fall on one day there. */
export function isSameDay(a: number, b: number, zone: string): boolean {
  return formatDay(a, zone) === formatDay(b, zone);
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
