// Log times as ms since the epoch, read from bytes; NaN for a time no calendar has.
import { fractionMs, parseDecimalMs } from "./bytes.ts";

const DAY_MS = 86_400_000;
const COLON = 58;
const SLASH = 47;
const SPACE = 32;
const DASH = 45;
const PLUS = 43;
const DOT = 46;

/** Month number by the sum its three letters hash to; all twelve differ. */
const MONTHS = new Int8Array(128).fill(-1);
const monthSlot = (a: number, b: number, c: number): number => (a + 5 * b + 3 * c) & 127;
const MONTH_NAMES = "JanFebMarAprMayJunJulAugSepOctNovDec";
for (let month = 0; month < 12; month++) {
  const at = (k: number): number => MONTH_NAMES.charCodeAt(3 * month + k);
  MONTHS[monthSlot(at(0), at(1), at(2))] = month;
}

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Days from 1970-01-01 to a date of the Gregorian calendar; month 1–12.
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097 + dayOfEra - 719_468;
}

let lastDate = -1;
let lastDateMs = NaN;

/** Midnight of a date in ms, remembered for the next line of the same day; NaN where there is no such date. */
function dateMs(year: number, month: number, day: number): number {
  const key = (year * 16 + month) * 32 + day;
  if (key === lastDate) return lastDateMs;
  const possible =
    year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= MONTH_DAYS[month - 1]!;
  if (!possible) return NaN;
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) {
    return NaN;
  }
  lastDate = key;
  lastDateMs = daysFromCivil(year, month, day) * DAY_MS;
  return lastDateMs;
}

/** Two digits; a value above 99 where they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 1e6;
}

/** `13:43:48` at `at` as ms of the day; a leap second counts as the next one. NaN where impossible. */
function clockMs(bytes: Uint8Array, at: number): number {
  if (bytes[at + 2] !== COLON || bytes[at + 5] !== COLON) return NaN;
  const hour = two(bytes, at);
  const minute = two(bytes, at + 3);
  const second = two(bytes, at + 6);
  if (hour > 23 || minute > 59 || second > 60) return NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** `+0200`, `+02:00` or `+02` as ms east of UTC; NaN for anything else. */
function offsetMs(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start] === DASH ? -1 : bytes[start] === PLUS ? 1 : NaN;
  const length = end - start;
  const minuteAt =
    length === 5 ? start + 3 : length === 6 && bytes[start + 3] === COLON ? start + 4 : -1;
  if (minuteAt < 0 && length !== 3) return NaN;
  const hours = two(bytes, start + 1);
  const minutes = minuteAt < 0 ? 0 : two(bytes, minuteAt);
  if (hours > 15 || minutes > 59) return NaN;
  return sign * (hours * 60 + minutes) * 60_000;
}

/** `22/Nov/2026:13:43:48` at `at`, the month in any case, as if it were UTC. */
function slashedMs(bytes: Uint8Array, at: number): number {
  if (bytes[at + 2] !== SLASH || bytes[at + 6] !== SLASH || bytes[at + 11] !== COLON) return NaN;
  // Some tools write months in capitals: bit 5 is all that tells them apart.
  const a = bytes[at + 3]! & ~32;
  const b = bytes[at + 4]! | 32;
  const c = bytes[at + 5]! | 32;
  const month = MONTHS[monthSlot(a, b, c)]!;
  if (month < 0 || MONTH_NAMES.charCodeAt(3 * month) !== a) return NaN;
  if (MONTH_NAMES.charCodeAt(3 * month + 1) !== b) return NaN;
  if (MONTH_NAMES.charCodeAt(3 * month + 2) !== c) return NaN;
  const year = two(bytes, at + 7) * 100 + two(bytes, at + 9);
  if (year > 9999) return NaN;
  return dateMs(year, month + 1, two(bytes, at)) + clockMs(bytes, at + 12);
}

/** `22/Nov/2026:13:43` of the line before and what it came to: nearly every line repeats it. */
const lastMinute = new Uint8Array(17);
let lastMinuteMs = NaN;

/** As {@link slashedMs}, by way of the minute of the line before. */
function nearMs(bytes: Uint8Array, at: number): number {
  let k = 0;
  while (k < 17 && bytes[at + k] === lastMinute[k]) k++;
  if (k < 17 || bytes[at + 17] !== COLON) {
    const ms = slashedMs(bytes, at);
    const seconds = two(bytes, at + 18);
    if (Number.isNaN(ms)) return NaN;
    for (k = 0; k < 17; k++) lastMinute[k] = bytes[at + k]!;
    lastMinuteMs = ms - seconds * 1000;
    return ms;
  }
  const seconds = two(bytes, at + 18);
  return seconds > 60 ? NaN : lastMinuteMs + seconds * 1000;
}

/** nginx `$time_local`, Apache and HAProxy `%t`-with-zone: `22/Nov/2026:13:43:48 +0000`. */
export function clfTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 26 || bytes[start + 20] !== SPACE) return NaN;
  return nearMs(bytes, start) - offsetMs(bytes, start + 21, end);
}

/** HAProxy `%t`, `%tr`: `22/Nov/2026:13:45:50.200`, the fraction optional; local time read as UTC. */
export function haproxyTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 20) return NaN;
  const ms = nearMs(bytes, start);
  if (end - start === 20) return ms;
  if (bytes[start + 20] !== DOT) return NaN;
  const fraction = fractionMs(bytes, start + 21, end);
  return fraction < 0 ? NaN : ms + fraction;
}

/**
 * ISO 8601: `2026-11-22T13:43:48+00:00`, fraction, `Z`, a space for the `T` and `+0000` allowed. Without a zone the local
 * time is read as UTC; {@link isoHasZone} tells.
 */
export function isoTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 19 || bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return NaN;
  const middle = bytes[start + 10];
  if (middle !== 84 && middle !== SPACE && middle !== 116) return NaN;
  const year = two(bytes, start) * 100 + two(bytes, start + 2);
  if (year > 9999) return NaN;
  const ms =
    dateMs(year, two(bytes, start + 5), two(bytes, start + 8)) + clockMs(bytes, start + 11);
  let at = start + 19;
  let fraction = 0;
  if (at < end && (bytes[at] === DOT || bytes[at] === 44)) {
    const digits = at + 1;
    at = digits;
    while (at < end && bytes[at]! >= 48 && bytes[at]! <= 57) at++;
    fraction = fractionMs(bytes, digits, at);
    if (fraction < 0) return NaN;
  }
  if (at === end || (end === at + 1 && (bytes[at] === 90 || bytes[at] === 122)))
    return ms + fraction;
  return ms + fraction - offsetMs(bytes, at, end);
}

/** Whether an ISO time names its zone: it ends with `Z` or an offset. */
export function isoHasZone(bytes: Uint8Array, start: number, end: number): boolean {
  const last = bytes[end - 1];
  if (last === 90 || last === 122) return true;
  for (let i = start + 19; i < end; i++) {
    if (bytes[i] === PLUS || bytes[i] === DASH) return true;
  }
  return false;
}

/** The head of an nginx error line: `2026/11/22 13:43:48`; local time read as UTC. */
export function nginxErrorTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 19 || bytes[start + 4] !== SLASH || bytes[start + 7] !== SLASH) return NaN;
  if (bytes[start + 10] !== SPACE) return NaN;
  const year = two(bytes, start) * 100 + two(bytes, start + 2);
  if (year > 9999) return NaN;
  return dateMs(year, two(bytes, start + 5), two(bytes, start + 8)) + clockMs(bytes, start + 11);
}

/**
 * Seconds since the epoch with an optional fraction (nginx `$msec`): `1795355028.658`; numbers that seconds reach in no
 * thousand years are ms, µs or ns.
 */
export function epochTime(bytes: Uint8Array, start: number, end: number): number {
  let ms = parseDecimalMs(bytes, start, end);
  while (ms > 1e14 && ms < 1e23) ms = Math.floor(ms / 1000);
  return ms >= 0 && ms <= 1e14 ? ms : NaN;
}
