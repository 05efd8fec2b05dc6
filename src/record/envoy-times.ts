// When an Envoy request began and ended: START_TIME and EMIT_TIME in any pattern, and the duration.
import type { Field } from "../grammar/index.ts";
import { isAbsent } from "./bytes.ts";
import type { EnvoyFields } from "./envoy-fields.ts";
import { firstLogged } from "./field-choice.ts";
import { LOCAL, ZONED, type Rec } from "./record.ts";
import { timePattern, type TimePattern } from "./time-pattern.ts";
import { clfTime, epochTime, haproxyTime, isoHasZone, isoTime } from "./times.ts";

const DASH = 45;
const SLASH = 47;
/** A time whose pattern holds blanks is scanned in pieces: the later ones go by this name. */
const PIECE = "TIME_PIECE";

/** Reads the times of lines. */
export class EnvoyTimes {
  readonly #at: EnvoyFields;
  /** By field: its pattern; null where the value's own shape must tell. */
  readonly #patterns: readonly (TimePattern | null)[];
  /** By field: the field that holds the end of its value. */
  readonly #lasts: readonly number[];

  constructor(fields: readonly Field[], at: EnvoyFields) {
    this.#at = at;
    this.#patterns = fields.map(({ name }) => {
      const pattern = /^(?:START|EMIT)_TIME(?:_LOCAL)?\(([^]*)\)$/.exec(name)?.[1];
      return pattern === undefined ? null : timePattern(pattern);
    });
    this.#lasts = fields.map((_, index) => {
      let last = index;
      while (fields[last + 1]?.name === PIECE) last++;
      return last;
    });
  }

  /** Fills `timeMs`, `startMs` and `clock`; `rec.durationMs` is read. @returns the field whose value is impossible, or -1. */
  read(bytes: Uint8Array, spans: Int32Array, rec: Rec): number {
    const emit = this.#timeOf(bytes, spans, this.#at.emit, rec);
    const start = this.#timeOf(bytes, spans, this.#at.start, rec);
    if (Number.isNaN(start) && Number.isNaN(emit)) {
      const first = firstLogged(spans, this.#at.start);
      if (first >= 0) return first;
      // Nobody has told the time: a record must not begin in 1970.
      if (rec.timeMs === 0) rec.timeMs = NaN;
      return -1;
    }
    if (!Number.isNaN(start)) rec.startMs = start;
    rec.timeMs = Number.isNaN(emit) ? start + Math.max(0, rec.durationMs) : emit;
    return -1;
  }

  /** The first of the fields that holds a time, in ms; NaN where none does. */
  #timeOf(bytes: Uint8Array, spans: Int32Array, indexes: readonly number[], rec: Rec): number {
    for (let k = 0; k < indexes.length; k++) {
      const index = indexes[k]!;
      const start = spans[2 * index]!;
      const end = spans[2 * this.#lasts[index]! + 1]!;
      if (isAbsent(bytes, start, end)) continue;
      const pattern = this.#patterns[index]!;
      const ms = pattern === null ? shapedTime(bytes, start, end) : pattern.read(bytes, start, end);
      if (Number.isNaN(ms)) continue;
      const hasZone = pattern === null ? namesZone(bytes, start, end) : pattern.hasZone;
      // Whatever is not called local is UTC, also where a format of its own leaves the zone out.
      rec.clock = this.#at.local.has(index) && !hasZone ? LOCAL : ZONED;
      return ms;
    }
    return NaN;
  }
}

function shapedTime(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start + 4] === DASH) return isoTime(bytes, start, end);
  if (bytes[start + 2] === SLASH) {
    return end - start === 26 ? clfTime(bytes, start, end) : haproxyTime(bytes, start, end);
  }
  return epochTime(bytes, start, end);
}

function namesZone(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start + 4] === DASH) return isoHasZone(bytes, start, end);
  return bytes[start + 2] !== SLASH || end - start === 26;
}
