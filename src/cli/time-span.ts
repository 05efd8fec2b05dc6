// Relative times in the syntax of systemd.time(7): `-1h`, `+5min`, `1h30min ago`, `2 hours ago`.
import { TZDate } from "@date-fns/tz/date";
import { addMonths } from "date-fns/addMonths";

const MS: Readonly<Record<string, number>> = {
  ms: 1,
  msec: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
};
const MONTHS: Readonly<Record<string, number>> = { M: 1, month: 1, y: 12, year: 12 };
const SPAN = /^\s*([+-])?\s*((?:\d+(?:\.\d+)?\s*[A-Za-z]+[\s,]*)+?)(?:\s*\b(ago))?\s*$/;
const PART = /(\d+(?:\.\d+)?)\s*([A-Za-z]+)/g;

/**
 * The distance from `now` in ms, negative for the past; null when `text` is no relative time. Days and weeks have fixed lengths,
 * as in systemd.time(7); months and years follow the calendar of `zone`.
 */
export function parseSpan(text: string, now: number, zone: string): number | null {
  const match = SPAN.exec(text);
  if (match === null) return null;
  const [, sign, parts, ago] = match;
  // A span without a direction is no time, and neither is one with two.
  if ((sign === undefined) === (ago === undefined)) return null;
  const direction = sign === "-" || ago !== undefined ? -1 : 1;
  let ms = 0;
  let months = 0;
  for (const [, digits, unit] of parts!.matchAll(PART)) {
    const fixed = MS[unit!] ?? MS[singular(unit!)];
    const calendar = MONTHS[unit!] ?? MONTHS[singular(unit!)];
    if (fixed !== undefined) ms += Number(digits) * fixed;
    else if (calendar !== undefined && Number.isInteger(Number(digits))) {
      months += Number(digits) * calendar;
    } else return null;
  }
  const shifted =
    months === 0 ? 0 : addMonths(new TZDate(now, zone), direction * months).getTime() - now;
  const total = shifted + direction * Math.round(ms);
  return Number.isFinite(total) ? total : null;
}

function singular(unit: string): string {
  const lower = unit.length > 1 ? unit.toLowerCase() : unit;
  return lower.length > 2 && lower.endsWith("s") && lower !== "ms" ? lower.slice(0, -1) : lower;
}
