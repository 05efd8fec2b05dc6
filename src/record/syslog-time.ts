// The time in an RFC 3164 head or on HAProxy's stderr: no year, no zone. The year is the one that brings it nearest to a known moment.

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const HALF_YEAR_MS = 183 * 86_400_000;

/**
 * Local ms of `Nov 22 13:49:32` at `start`, in the year that puts it within half a year of `nearMs`; NaN when impossible.
 */
export function syslogTime(bytes: Uint8Array, start: number, nearMs: number): number {
  const month = monthAt(bytes, start);
  const day = twoDigits(bytes, start + 4);
  const hour = twoDigits(bytes, start + 7);
  const minute = twoDigits(bytes, start + 10);
  const second = twoDigits(bytes, start + 13);
  if (month < 0 || !(day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60))
    return NaN;
  const year = new Date(nearMs).getUTCFullYear();
  let best = NaN;
  for (const candidate of [year - 1, year, year + 1]) {
    const ms = Date.UTC(candidate, month, day, hour, minute, second);
    if (new Date(ms).getUTCDate() !== day && second < 60) continue;
    if (Math.abs(ms - nearMs) <= HALF_YEAR_MS || Number.isNaN(best)) best = ms;
  }
  return best;
}

/** Local ms of a moment so many ms after New Year, in the year that puts it within half a year of `nearMs`. */
export function inNearestYear(sinceNewYearMs: number, nearMs: number): number {
  const year = new Date(nearMs).getUTCFullYear();
  const times = [year - 1, year, year + 1].map((each) => Date.UTC(each, 0, 1) + sinceNewYearMs);
  return times.find((ms) => Math.abs(ms - nearMs) <= HALF_YEAR_MS) ?? NaN;
}

function monthAt(bytes: Uint8Array, start: number): number {
  for (let month = 0; month < 12; month++) {
    if (
      bytes[start] === MONTHS.charCodeAt(3 * month) &&
      bytes[start + 1] === MONTHS.charCodeAt(3 * month + 1) &&
      bytes[start + 2] === MONTHS.charCodeAt(3 * month + 2)
    ) {
      return month;
    }
  }
  return -1;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] === 32 ? 0 : bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : NaN;
}
