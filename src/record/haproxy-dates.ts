// Dates that a log-format writes by strftime: `%[date,ltime(%Y-%m-%d %H:%M:%S)]`, `%[accept_date(ms),ms_utime("%FT%T.%3NZ")]`.
import type { Field } from "../grammar/index.ts";
import { timePattern, type TimePattern } from "./time-pattern.ts";

const FETCH =
  /^(date|accept_date|request_date)(?:\([^)]*\))?,(?:[mu]s_)?([lu])time\("?(.*?)"?(?:,-?\d+)?\)$/;
const ZONE = /^(?:date|accept_date|request_date)(?:\([^)]*\))?,(?:[mu]s_)?ltime\("?%z"?\)$/;

/** What a date is the date of; `date` is the moment of logging, and so the end. */
export type DateOf = "date" | "accept_date" | "request_date";

/** The date of a format that has one written by strftime. */
export class HaproxyDates {
  /** Index of the field, -1 without one. */
  readonly at: number = -1;
  readonly of: DateOf = "date";
  /** True where the value is absolute, whatever the machine's zone. */
  readonly isZoned: boolean = false;
  readonly #pattern: TimePattern | null = null;
  /** A field that holds nothing but the zone of the other. */
  readonly #zone: number;
  /** The field with which the date ends: each blank of its pattern begins another one. */
  readonly #last: number = -1;

  constructor(fields: readonly Field[]) {
    this.#zone = fields.findIndex(({ name }) => ZONE.test(name));
    for (const [at, { name }] of fields.entries()) {
      const [, of, clock, format] = FETCH.exec(name) ?? [];
      // HAProxy's %N are nanoseconds; fractions go by another letter here.
      const pattern = timePattern(format?.replace(/%(\d?)N/g, "%$1f") ?? "");
      if (pattern === null) continue;
      this.at = at;
      this.#last = fields.findLastIndex((field) => field.name.split("#")[0] === name);
      this.of = of as DateOf;
      this.#pattern = pattern;
      this.isZoned = pattern.hasZone || clock === "u" || this.#zone >= 0;
      return;
    }
  }

  /** The date in ms; NaN where the line's bytes are not of the pattern. */
  read(bytes: Uint8Array, spans: Int32Array): number {
    const at = this.at;
    const ms = this.#pattern!.read(bytes, spans[2 * at]!, spans[2 * this.#last + 1]!);
    const zone = this.#zone;
    return zone < 0 || spans[2 * zone]! < 0
      ? ms
      : ms - zoneMs(bytes, spans[2 * zone]!, spans[2 * zone + 1]!);
  }
}

/** `+0530` in ms; NaN for anything else. */
function zoneMs(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start] === 45 ? -1 : bytes[start] === 43 ? 1 : NaN;
  if (end - start !== 5) return NaN;
  const digit = (at: number): number => bytes[start + at]! - 48;
  return sign * ((digit(1) * 10 + digit(2)) * 60 + digit(3) * 10 + digit(4)) * 60_000;
}
