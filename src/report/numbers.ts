// Numbers and durations as a person reads them.
import { once } from "../input/index.ts";

const grouped = once(() => new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }));
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 5,247 */
export function count(value: number): string {
  return grouped().format(value);
}

/** "1 request", "5,247 requests". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A share in per cent; says 0 and 100 only when it is exactly that. A non-breaking space stands before the sign. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return "?\u00a0%";
  return `${percentDigits((part / whole) * 100)}\u00a0%`;
}

function percentDigits(value: number): string {
  if (value === 0 || value === 100) return String(value);
  if (value < 0.01) return "<0.01";
  if (value < 0.095) return value.toFixed(2);
  if (value < 9.95) return value.toFixed(1);
  if (value > 99.94 && value < 100) return ">99.9";
  if (value > 99) return value.toFixed(1);
  return value.toFixed(0);
}

/** "45 of 160 (28 %)" */
export function ofTotal(part: number, whole: number): string {
  return `${count(part)} of ${count(whole)} (${percent(part, whole)})`;
}

/** "45 of 160 requests failed (28 %)" */
export function shareOf(part: number, whole: number, what: string): string {
  return `${count(part)} of ${count(whole)} ${what} (${percent(part, whole)})`;
}

/** A duration given in ms in its one or two largest units: "<1 s", "3.4 s", "10 s", "2 min 5 s", "1 h 12 min", "3 d 4 h". */
export function duration(ms: number): string {
  if (ms < SECOND) return "<1\u00a0s";
  if (ms < 9.95 * SECOND && ms % SECOND !== 0) return `${(ms / SECOND).toFixed(1)}\u00a0s`;
  const seconds = Math.round(ms / SECOND) * SECOND;
  if (seconds < MINUTE) return `${seconds / SECOND}\u00a0s`;
  if (seconds < HOUR) return two(seconds, MINUTE, "min", SECOND, "s");
  const minutes = Math.round(ms / MINUTE) * MINUTE;
  if (minutes < DAY) return two(minutes, HOUR, "h", MINUTE, "min");
  return two(Math.round(ms / HOUR) * HOUR, DAY, "d", HOUR, "h");
}

function two(ms: number, large: number, largeName: string, small: number, smallName: string) {
  const rest = Math.floor((ms % large) / small);
  const head = `${Math.floor(ms / large)}\u00a0${largeName}`;
  return rest === 0 ? head : `${head}\u00a0${rest}\u00a0${smallName}`;
}
