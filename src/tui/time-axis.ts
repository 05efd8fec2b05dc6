// The time axis under a curve: its ends in full, round moments between them.
import { tzOffset } from "@date-fns/tz";
import { formatClock, formatDayClock, isSameDay } from "./format.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [1, 2, 5, 10, 15, 30]
  .map((n) => n * SECOND)
  .concat([1, 2, 5, 10, 15, 30].map((n) => n * MINUTE))
  .concat([1, 2, 3, 6, 12].map((n) => n * HOUR))
  .concat([1, 2, 7, 14, 28, 91, 364].map((n) => n * DAY));

/** Labels for the time from `from` to `to` (ms) over `columns` columns; never longer than that. */
export function timeAxis(from: number, to: number, columns: number, zone: string): string {
  if (columns < 8 || to <= from) return "";
  const full = isSameDay(from, to, zone) ? formatClock : formatDayClock;
  const cells = new Array<string>(columns).fill(" ");
  const head = full(from, zone);
  const tail = full(to, zone);
  write(cells, 0, head);
  if (columns >= head.length + tail.length + 2) write(cells, columns - tail.length, tail);

  const step = STEPS.find((each) => ((to - from) / each) * 9 <= columns) ?? STEPS.at(-1)!;
  const offset = (tzOffset(zone, new Date(from)) || 0) * MINUTE;
  for (let at = (Math.floor((from + offset) / step) + 1) * step - offset; at < to; at += step) {
    const column = Math.floor(((at - from) / (to - from)) * columns);
    const label = shortLabel(at, step, zone);
    if (isFree(cells, column - 1, column + label.length + 1)) write(cells, column, label);
  }
  return cells.join("").trimEnd();
}

// Under a minute only the seconds change: `:20`. From a minute on the minute, from a day on the day.
function shortLabel(at: number, step: number, zone: string): string {
  if (step < MINUTE) {
    const clock = formatClock(at, zone);
    return clock.endsWith(":00") ? clock.slice(0, 5) : clock.slice(5);
  }
  const dayClock = formatDayClock(at, zone);
  return step < DAY && !dayClock.endsWith(" 00:00") ? dayClock.slice(6) : dayClock.slice(0, 5);
}

function isFree(cells: readonly string[], from: number, to: number): boolean {
  if (from < 0 || to > cells.length) return false;
  for (let i = from; i < to; i++) if (cells[i] !== " ") return false;
  return true;
}

function write(cells: string[], column: number, text: string): void {
  for (let i = 0; i < text.length && column + i < cells.length; i++) cells[column + i] = text[i]!;
}
