// When a HAProxy request began and ended, from whichever dates and timers its format logs.
import type { Field } from "../grammar/index.ts";
import { isAbsent, parseUint } from "./bytes.ts";
import { HaproxyDates } from "./haproxy-dates.ts";
import { firstLogged } from "./field-choice.ts";
import { haproxyField, NOT_LOGGED, numberAt } from "./haproxy-fields.ts";
import { LOCAL, ZONED, type Rec } from "./record.ts";
import { clfTime, haproxyTime, isoHasZone, isoTime } from "./times.ts";

/**
 * Reads the times of a line. The line is written at the end: a request date (`%tr`) plus the active time (`%Ta`), an
 * accept date (`%t`) plus the total time (`%Tt`). A format without any date leaves `rec.timeMs` to the envelope.
 */
export class HaproxyTimes {
  readonly #request: readonly number[];
  readonly #accept: readonly number[];
  readonly #milliseconds: readonly number[];
  readonly #active: readonly number[];
  readonly #total: readonly number[];
  readonly #handshake: readonly number[];
  readonly #idle: readonly number[];

  /** `%{+X}Ts`, `%{+X}ms`: the fields that are hexadecimal. */
  readonly #dates: HaproxyDates;
  readonly #hexDate: number;
  readonly #hexMilliseconds: number;

  constructor(fields: readonly Field[]) {
    this.#dates = new HaproxyDates(fields);
    this.#hexDate = fields.findIndex(({ name }) => name === "Ts,hex");
    this.#hexMilliseconds = fields.findIndex(({ name }) => name === "ms,hex");
    this.#request = haproxyField(fields, "requestDate");
    this.#accept = haproxyField(fields, "acceptDate");
    this.#milliseconds = haproxyField(fields, "milliseconds");
    this.#active = haproxyField(fields, "active");
    this.#total = haproxyField(fields, "total");
    this.#handshake = haproxyField(fields, "handshake");
    this.#idle = haproxyField(fields, "idle");
  }

  /** Fills start, end, duration and clock; answers the field whose value is impossible, or -1. */
  read(bytes: Uint8Array, spans: Int32Array, rec: Rec): number {
    const active = numberAt(bytes, spans, this.#active);
    if (Number.isNaN(active)) return firstLogged(spans, this.#active);
    const total = numberAt(bytes, spans, this.#total);
    if (Number.isNaN(total)) return firstLogged(spans, this.#total);
    rec.durationMs = active >= 0 ? active : total >= 0 ? total : -1;
    const request = firstLogged(spans, this.#request);
    const date = request >= 0 ? request : firstLogged(spans, this.#accept);
    if (date < 0) {
      const at = this.#dates.at;
      if (at >= 0 && spans[2 * at]! >= 0) return this.#written(bytes, spans, rec, active, total);
      // Nobody has told the time: a record must not begin in 1970.
      if (rec.timeMs === 0) rec.timeMs = NaN;
      return -1;
    }
    const start = this.#start(bytes, spans, date, rec);
    if (Number.isNaN(start)) return date;
    rec.startMs = start;
    const lasted =
      request >= 0
        ? this.#fromRequest(bytes, spans, active, total)
        : this.#fromAccept(bytes, spans, active, total);
    rec.timeMs = start + Math.max(0, lasted);
    return -1;
  }

  /** A date by strftime, the only one of the format. */
  #written(bytes: Uint8Array, spans: Int32Array, rec: Rec, active: number, total: number): number {
    const dates = this.#dates;
    const date = dates.read(bytes, spans);
    if (Number.isNaN(date)) return dates.at;
    rec.clock = dates.isZoned ? ZONED : LOCAL;
    if (dates.of === "date") {
      rec.timeMs = date;
      rec.startMs = date - Math.max(0, active >= 0 ? active : total);
      return -1;
    }
    const lasted =
      dates.of === "request_date"
        ? this.#fromRequest(bytes, spans, active, total)
        : this.#fromAccept(bytes, spans, active, total);
    rec.startMs = date;
    rec.timeMs = date + Math.max(0, lasted);
    return -1;
  }

  #fromRequest(bytes: Uint8Array, spans: Int32Array, active: number, total: number): number {
    return active >= 0 || total < 0 ? active : total - this.#before(bytes, spans);
  }

  #fromAccept(bytes: Uint8Array, spans: Int32Array, active: number, total: number): number {
    return total >= 0 || active < 0 ? total : active + this.#before(bytes, spans);
  }

  /** Handshake and idle time: what lies between the accept date and the request date. */
  #before(bytes: Uint8Array, spans: Int32Array): number {
    const handshake = numberAt(bytes, spans, this.#handshake);
    const idle = numberAt(bytes, spans, this.#idle);
    return (handshake > 0 ? handshake : 0) + (idle > 0 ? idle : 0);
  }

  #start(bytes: Uint8Array, spans: Int32Array, date: number, rec: Rec): number {
    let start = spans[2 * date]!;
    let end = spans[2 * date + 1]!;
    // JSON by hand often keeps httplog's brackets.
    if (bytes[start] === 91 && bytes[end - 1] === 93) {
      start++;
      end--;
    }
    if (isAbsent(bytes, start, end)) return NaN;
    if (bytes[start + 2] === 47) {
      if (end - start < 26 || bytes[start + 20] === 46) {
        rec.clock = LOCAL;
        return haproxyTime(bytes, start, end);
      }
      rec.clock = ZONED;
      return clfTime(bytes, start, end) + this.#fraction(bytes, spans);
    }
    if (bytes[start + 4] === 45) {
      rec.clock = isoHasZone(bytes, start, end) ? ZONED : LOCAL;
      return isoTime(bytes, start, end);
    }
    rec.clock = ZONED;
    if (date === this.#hexDate)
      return hexNumber(bytes, start, end) * 1000 + this.#fraction(bytes, spans);
    return this.#epoch(bytes, spans, start, end);
  }

  /** Seconds, ms or µs since the epoch, told apart by their size. */
  #epoch(bytes: Uint8Array, spans: Int32Array, start: number, end: number): number {
    let dot = start;
    while (dot < end && bytes[dot] !== 46) dot++;
    const whole = parseUint(bytes, start, dot);
    if (whole < 0) return NaN;
    if (whole > 1e14) return Math.floor(whole / 1000);
    if (whole > 1e11) return whole;
    if (dot === end) return whole * 1000 + this.#fraction(bytes, spans);
    const fraction = parseUint(bytes, dot + 1, end);
    return fraction < 0
      ? NaN
      : whole * 1000 + Math.floor((fraction * 1000) / 10 ** (end - dot - 1));
  }

  /** `%ms`, which stands apart from dates that have only seconds. */
  #fraction(bytes: Uint8Array, spans: Int32Array): number {
    const at = firstLogged(spans, this.#milliseconds);
    const ms =
      at >= 0 && at === this.#hexMilliseconds
        ? hexNumber(bytes, spans[2 * at]!, spans[2 * at + 1]!)
        : numberAt(bytes, spans, this.#milliseconds);
    return ms === NOT_LOGGED || !(ms >= 0 && ms < 1000) ? 0 : ms;
  }
}

/** A number of hexadecimal digits only; NaN for anything else. */
function hexNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = start < end ? 0 : NaN;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    const digit = c <= 57 ? c - 48 : (c | 32) - 87;
    if (digit < 0 || digit > 15 || (c > 57 && digit < 10)) return NaN;
    value = value * 16 + digit;
  }
  return value;
}
