// Times written by a strftime pattern, as `%START_TIME(…)%` takes it: compiled once, read byte by byte.
//
// Source: absl::FormatTime and Envoy's own `%s` (epoch seconds) and `%1f` … `%9f` (digits of the second's fraction).
import { daysFromCivil } from "./times.ts";

type Unit =
  | "year"
  | "year2"
  | "month"
  | "monthName"
  | "day"
  | "yearDay"
  | "hour"
  | "hour12"
  | "half"
  | "minute"
  | "second"
  | "fraction"
  | "epoch"
  | "zone"
  | "name";

type Op = { readonly text: number } | { readonly unit: Unit; readonly most: number };

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const COMPOSED: Readonly<Record<string, string>> = {
  T: "%H:%M:%S",
  F: "%Y-%m-%d",
  D: "%m/%d/%y",
  R: "%H:%M",
  r: "%I:%M:%S %p",
  c: "%a %b %e %H:%M:%S %Y",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};
const UNITS: Readonly<Record<string, readonly [Unit, number]>> = {
  Y: ["year", 4],
  y: ["year2", 2],
  m: ["month", 2],
  b: ["monthName", 3],
  h: ["monthName", 3],
  B: ["monthName", 9],
  d: ["day", 2],
  e: ["day", 2],
  j: ["yearDay", 3],
  H: ["hour", 2],
  k: ["hour", 2],
  I: ["hour12", 2],
  l: ["hour12", 2],
  p: ["half", 2],
  M: ["minute", 2],
  S: ["second", 2],
  s: ["epoch", 10],
  z: ["zone", 6],
  Z: ["name", 9],
  a: ["name", 9],
  A: ["name", 9],
  t: ["name", 0],
};
const SPACE = 32;
const DAY_MS = 86_400_000;

/** A pattern made ready. */
export interface TimePattern {
  /** ms since the epoch; of the wall clock where no zone is printed; NaN where the bytes are not of this pattern. */
  readonly read: (bytes: Uint8Array, start: number, end: number) => number;
  /** Whether the pattern prints the zone or counts from the epoch. */
  readonly hasZone: boolean;
}

/** Compiles a pattern; null where it has a directive that is not known, or prints no date. */
export function timePattern(pattern: string): TimePattern | null {
  const ops = compile(pattern);
  if (ops === null) return null;
  const has = (...units: Unit[]): boolean =>
    ops.some((op) => "unit" in op && units.includes(op.unit));
  const hasDate =
    has("year", "year2") && ((has("month", "monthName") && has("day")) || has("yearDay"));
  if (!has("epoch") && !hasDate) return null;
  return {
    hasZone: has("epoch", "zone"),
    read: (bytes, start, end) => read(ops, bytes, start, end),
  };
}

function compile(pattern: string): Op[] | null {
  const ops: Op[] = [];
  let i = 0;
  while (i < pattern.length) {
    const rest = pattern.slice(i);
    // %E3S, %E*S: seconds with a fraction; %E3f, %3f, %*f, %f: the fraction alone; %Ez: +02:00.
    const long = /^%(?:E([0-9]+|\*)([Sf])|([1-9*]?)f|E([zYyT]))/.exec(rest);
    if (long !== null) {
      const [all, , unit, short, era] = long;
      if (unit === "S") ops.push({ unit: "second", most: 2 }, { text: 46 });
      if (unit !== undefined || short !== undefined) ops.push({ unit: "fraction", most: 18 });
      else if (era === "z") ops.push({ unit: "zone", most: 6 });
      else if (era === "T") ops.push({ text: 84 });
      else ops.push({ unit: era === "y" ? "year2" : "year", most: 4 });
      i += all.length;
      continue;
    }
    if (rest.startsWith("%%")) {
      ops.push({ text: 37 });
      i += 2;
      continue;
    }
    if (rest[0] !== "%") {
      for (const byte of new TextEncoder().encode(rest[0]!)) ops.push({ text: byte });
      i++;
      continue;
    }
    const letter = rest[1] ?? "";
    const composed = COMPOSED[letter];
    const unit = UNITS[letter];
    if (composed !== undefined) ops.push(...compile(composed)!);
    else if (unit === undefined) return null;
    else ops.push({ unit: unit[0], most: unit[1] });
    i += 2;
  }
  return ops;
}

const parts = { year: 1970, month: 1, day: 1, yearDay: 0, ms: 0, epoch: NaN, zone: 0, half: -1 };
let stop = 0;

function read(ops: readonly Op[], bytes: Uint8Array, start: number, end: number): number {
  const p = parts;
  p.year = 1970;
  p.month = p.day = 1;
  p.yearDay = p.ms = p.zone = 0;
  p.epoch = NaN;
  p.half = -1;
  let i = start;
  for (let k = 0; k < ops.length; k++) {
    const op = ops[k]!;
    if ("text" in op) {
      if (i >= end || bytes[i] !== op.text) return NaN;
      i++;
      continue;
    }
    if (!take(op.unit, op.most, bytes, i, end)) return NaN;
    i = stop;
  }
  if (i !== end) return NaN;
  const fraction = p.ms % 1000;
  if (!Number.isNaN(p.epoch)) return p.epoch * 1000 + fraction;
  if (p.half >= 0) {
    const hour = Math.floor(p.ms / 3_600_000);
    if (hour > 12) return NaN;
    p.ms += ((hour % 12) + 12 * p.half - hour) * 3_600_000;
  }
  const days =
    p.yearDay > 0
      ? daysFromCivil(p.year, 1, 1) + p.yearDay - 1
      : daysFromCivil(p.year, p.month, p.day);
  return days * DAY_MS + p.ms - p.zone;
}

/** Reads one part at `i`; sets `stop` behind it. */
function take(unit: Unit, most: number, bytes: Uint8Array, i: number, end: number): boolean {
  if (unit === "zone") return takeZone(bytes, i, end);
  if (unit === "name" || unit === "monthName" || unit === "half")
    return takeName(unit, most, bytes, i, end);
  let at = i;
  // %e pads with a blank.
  while (at < end && bytes[at] === SPACE && at < i + most - 1) at++;
  const first = at;
  let value = 0;
  let scale = 100;
  for (; at < end && at < i + most; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) break;
    if (unit === "fraction") {
      value += digit * scale;
      scale = scale > 1 ? scale / 10 : 0;
    } else value = value * 10 + digit;
  }
  if (at === first) return false;
  stop = at;
  return keep(unit, value);
}

function keep(unit: Unit, value: number): boolean {
  const p = parts;
  switch (unit) {
    case "year":
      p.year = value;
      return value >= 1970;
    case "year2":
      p.year = value < 69 ? 2000 + value : 1900 + value;
      return true;
    case "month":
      p.month = value;
      return value >= 1 && value <= 12;
    case "day":
      p.day = value;
      return value >= 1 && value <= 31;
    case "yearDay":
      p.yearDay = value;
      return value >= 1 && value <= 366;
    case "hour":
    case "hour12":
      p.ms += value * 3_600_000;
      return value <= 23;
    case "minute":
      p.ms += value * 60_000;
      return value <= 59;
    case "second":
      p.ms += value * 1000;
      return value <= 60;
    case "fraction":
      p.ms += value;
      return true;
    default:
      p.epoch = value;
      return true;
  }
}

function takeZone(bytes: Uint8Array, i: number, end: number): boolean {
  if (bytes[i] === 90) {
    stop = i + 1;
    return true;
  }
  const sign = bytes[i] === 45 ? -1 : bytes[i] === 43 ? 1 : 0;
  const minutes = bytes[i + 3] === 58 ? i + 4 : i + 3;
  const two = (at: number): number => {
    const value = (bytes[at]! - 48) * 10 + (bytes[at + 1]! - 48);
    return value >= 0 && value < 60 ? value : NaN;
  };
  parts.zone = sign * (two(i + 1) * 60 + two(minutes)) * 60_000;
  stop = minutes + 2;
  return sign !== 0 && stop <= end && !Number.isNaN(parts.zone);
}

function takeName(unit: Unit, most: number, bytes: Uint8Array, i: number, end: number): boolean {
  let at = i;
  while (at < end && at < i + most && isLetter(bytes[at]!)) at++;
  stop = at;
  if (unit === "name") return true;
  const text = String.fromCharCode(...bytes.subarray(i, at)).toLowerCase();
  if (unit === "half") {
    parts.half = text === "pm" ? 1 : 0;
    return text === "am" || text === "pm";
  }
  parts.month = MONTHS.indexOf(text.slice(0, 3)) + 1;
  return parts.month > 0;
}

function isLetter(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90);
}
