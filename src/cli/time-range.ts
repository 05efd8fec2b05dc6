// Times as people type them after --since and --until: journalctl's syntax, RFC 3339, times pasted from logs, and `end-15m`.
import { tzOffset } from "@date-fns/tz/tzOffset";
import { addDays } from "date-fns/addDays";
import { isValid } from "date-fns/isValid";
import { parse } from "date-fns/parse";
import { parseISO } from "date-fns/parseISO";
import { parseSpan } from "./time-span.ts";
import { UsageError } from "./usage-error.ts";
import { parseZone } from "./zone.ts";

/** One end of a time range: an instant, or a distance (ms, never positive) from the log's last record. */
export type TimeBound =
  { readonly kind: "at"; readonly ms: number } | { readonly kind: "from-end"; readonly ms: number };

/** What a time is read against. */
export interface TimeContext {
  /** ms since the epoch. */
  readonly now: number;
  /** The zone of times without one; an IANA name or offset known to be valid. */
  readonly zone: string;
  /** Which flag it belongs to: of a wall-clock time that a clock change repeats, `since` takes the first, `until` the second. */
  readonly which: "since" | "until";
}

const HINT =
  "times are 2026-11-22 18:13:25, 2026-11-22, 18:13, yesterday, today, now, -1h, '2 hours ago', @1795355028, RFC 3339 or end-15m";
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?\s?([Zz]|[+-]\d\d(:?\d\d)?)$/;
const WALL = /^(\d{4}-\d\d-\d\d)(?:[Tt ]+(\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?))?(?:\s+(\S+))?$/;
const DAY_WORD = /^(yesterday|today|tomorrow)(?:\s+(\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?))?$/i;
const TIME = /^\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?$/;
/** `[22/Nov/2026:18:13:25 +0000]` of nginx, `22/Nov/2026:18:13:25.200` of HAProxy. */
const LOGGED =
  /^\[?(\d\d\/[A-Z][a-z]{2}\/\d{4}):(\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?: ([+-]\d{4}))?\]?$/;
const DAY_MS = 86_400_000;

/**
 * Reads one end of a range.
 * @throws {UsageError} for a text that is no time, or a date that does not exist.
 */
export function parseTimeBound(text: string, context: TimeContext): TimeBound {
  const typed = text.trim();
  if (/^end(?![a-z])/i.test(typed)) return fromEnd(text, typed.slice(3).trim(), context);
  const ms = instant(typed, text, context);
  if (ms === null) {
    const hint = /^\d{9,13}$/.test(typed) ? `for seconds since 1970: @${typed}` : HINT;
    throw wrong(`"${text}" is no time`, text, context, hint);
  }
  return { kind: "at", ms };
}

/**
 * Holds that a range is not empty, where both ends are of one kind.
 * @throws {UsageError} when `until` comes before `since`.
 */
export function checkRange(since: TimeBound | null, until: TimeBound | null): void {
  if (since === null || until === null || since.kind !== until.kind) return;
  if (since.ms > until.ms) {
    throw new UsageError("--until is before --since", "", -1, "exchange the two times");
  }
}

function fromEnd(text: string, rest: string, context: TimeContext): TimeBound {
  if (rest === "") return { kind: "from-end", ms: 0 };
  const span = parseSpan(rest, context.now, context.zone);
  if (span === null || !rest.startsWith("-")) {
    throw wrong(
      `"${text}" is no time`,
      text,
      context,
      "end-15m is a quarter of an hour before the last line",
    );
  }
  return { kind: "from-end", ms: span };
}

function instant(typed: string, text: string, context: TimeContext): number | null {
  if (typed === "") return null;
  if (/^now$/i.test(typed)) return context.now;
  const epoch = /^@(-?\d{1,11}(?:\.\d{1,9})?)$/.exec(typed);
  if (epoch !== null) return Math.round(Number(epoch[1]) * 1000);
  const span = parseSpan(typed, context.now, context.zone);
  if (span !== null) return context.now + span;
  if (RFC3339.test(typed)) {
    const exact = typed
      .toUpperCase()
      .replace(/([\d]) ?([Z+-]\S*)$/, "$1$2")
      .replace(" ", "T");
    return existing(parseISO(exact.replace(",", ".")), text, context);
  }
  const logged = LOGGED.exec(typed);
  if (logged !== null) {
    const zone = logged[3] === undefined ? context.zone : parseZone(logged[3]);
    return onWall(parse(logged[1]!, "dd/MMM/yyyy", 0), logged[2]!, zone, text, context);
  }
  const wall = WALL.exec(typed);
  if (wall !== null) {
    const zone = wall[3] === undefined ? context.zone : zoneAfter(wall[3], text, context);
    return onWall(parse(wall[1]!, "yyyy-MM-dd", 0), wall[2] ?? "00:00", zone, text, context);
  }
  const word = DAY_WORD.exec(typed);
  if (word !== null) {
    const days = { yesterday: -1, today: 0, tomorrow: 1 }[word[1]!.toLowerCase()] ?? 0;
    return onWall(addDays(today(context), days), word[2] ?? "00:00", context.zone, text, context);
  }
  if (TIME.test(typed)) return onWall(today(context), typed, context.zone, text, context);
  return null;
}

/** Today's date in the context's zone, as a date of the machine's own calendar: only its year, month and day are read. */
function today({ now, zone }: TimeContext): Date {
  const wall = new Date(now + tzOffset(zone, new Date(now)) * 60_000);
  return new Date(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate());
}

function zoneAfter(typed: string, text: string, context: TimeContext): string {
  try {
    return parseZone(typed);
  } catch {
    throw wrong(`"${text}" does not end in a time zone`, text, context, HINT, text.indexOf(typed));
  }
}

/** The instant of a wall-clock time on a day in a zone. */
function onWall(day: Date, time: string, zone: string, text: string, context: TimeContext): number {
  existing(day, text, context);
  const [hours = 0, minutes = 0, seconds = 0] = time.replace(",", ".").split(":").map(Number);
  if (hours > 23 || minutes > 59 || seconds >= 60) {
    throw wrong(
      `there is no such time of day: ${time}`,
      text,
      context,
      "hours go to 23, minutes and seconds to 59",
      text.indexOf(time),
    );
  }
  const midnight = Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  const wallMs = midnight + Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
  return resolve(wallMs, zone, context.which);
}

/**
 * The instant at which the clocks of `zone` show `wallMs` (ms, read as if UTC). A time that a clock change skips or repeats is
 * taken so that the range becomes the wider one.
 */
function resolve(wallMs: number, zone: string, which: TimeContext["which"]): number {
  const offsets = [wallMs - DAY_MS, wallMs + DAY_MS].map((ms) => tzOffset(zone, new Date(ms)));
  const candidates = offsets.map((minutes) => wallMs - minutes * 60_000);
  const shown = candidates.filter((ms, i) => tzOffset(zone, new Date(ms)) === offsets[i]);
  const choice = shown.length > 0 ? shown : candidates;
  return which === "since" ? Math.min(...choice) : Math.max(...choice);
}

function existing(date: Date, text: string, context: TimeContext): number {
  if (isValid(date)) return date.getTime();
  throw wrong(`"${text}" is a date that does not exist`, text, context, HINT);
}

function wrong(
  message: string,
  text: string,
  { which }: TimeContext,
  hint: string,
  at = 0,
): UsageError {
  const flag = `--${which} `;
  return new UsageError(message, `${flag}${text}`, flag.length + Math.max(0, at), hint);
}
