// Envoy's application log: the lines that tell of starts, drains, configuration and trouble, told apart by events.json.
import type { Field, Scanner } from "../grammar/index.ts";
import { MessageTable, messageRules, type MessageRule } from "./message-table.ts";
import type { Names } from "./names.ts";
import { EVENT, LOCAL, NOTE, ZONED, type Read } from "./record.ts";
import { isoHasZone, isoTime } from "./times.ts";

const FIELDS = [
  { name: "time", kind: "iso-time" },
  { name: "level", kind: "word" },
  { name: "logger", kind: "word" },
  { name: "message", kind: "rest" },
] as const satisfies readonly Field[];

const TIME = 0;
const LEVEL = 2;
const LOGGER = 4;
const MESSAGE = 6;
const TAB = 9;
const DASH = 45;
const DOT = 46;
const T = 84;
const Z = 90;
const PAREN = 40;
const SPACE = 32;
const QUOTE = 39;
const COMMA = 44;
const OPEN = 91;
const CLOSE = 93;
const LEVELS = new Set(["trace", "debug", "info", "warning", "warn", "error", "critical", "off"]);

/** A message, and where in it the cluster stands that it is about. */
interface LogRule extends MessageRule {
  readonly names?: "pool";
  readonly after?: string;
}

/**
 * A scanner for Envoy's own form, `[2026-11-22 13:43:48.963][285][warning][config] [source/x.cc:92] …`, Istio's, which has
 * tabs, and the headers that debug lines drag behind them (`':status', '503'`).
 */
export function envoyLogScanner(): Scanner {
  return { fields: FIELDS, scan };
}

/** The reader for {@link envoyLogScanner}. @param knowledge the parsed `grammars/envoy/events.json`. */
export function envoyLogReader(_fields: readonly Field[], names: Names, knowledge: unknown): Read {
  const rules = messageRules(knowledge) as readonly LogRule[];
  const table = new MessageTable(rules, names);
  const events = rules.map((rule) => (rule.event === undefined ? 0 : names.internText(rule.event)));
  const afters = rules.map(({ after }) => Buffer.byteLength(after ?? ""));
  return (bytes, spans, rec) => {
    rec.kind = NOTE;
    rec.timeMs = NaN;
    if (spans[TIME]! >= 0) {
      rec.timeMs = isoTime(bytes, spans[TIME]!, spans[TIME + 1]!);
      if (Number.isNaN(rec.timeMs)) return TIME / 2;
      rec.clock = isoHasZone(bytes, spans[TIME]!, spans[TIME + 1]!) ? ZONED : LOCAL;
    }
    const start = spans[MESSAGE]!;
    const found = table.find(bytes, start, spans[MESSAGE + 1]!);
    if (found < 0) return -1;
    rec.code = Math.max(0, table.code);
    if (events[found]! > 0) {
      rec.kind = EVENT;
      rec.event = events[found]!;
      rec.saysStart = start;
      rec.saysEnd = spans[MESSAGE + 1]!;
    }
    if (rules[found]!.names === "pool") {
      const from = start + afters[found]!;
      let end = from;
      while (end < spans[MESSAGE + 1]! && bytes[end]! > SPACE) end++;
      rec.pool = Math.max(0, names.intern(bytes, from, end));
    }
    return -1;
  };
}

function scan(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  spans.fill(-1, 0, 2 * FIELDS.length);
  let at = -1;
  if (bytes[start] === OPEN) at = ownHead(bytes, start, end, spans);
  else if (bytes[start] === QUOTE) at = isHeader(bytes, start, end) ? start : -1;
  else if (bytes[start + 4] === DASH && bytes[start + 10] === T)
    at = istioHead(bytes, start, end, spans) ?? consulHead(bytes, start, end, spans);
  if (at < 0) {
    spans[2 * FIELDS.length] = start;
    return 0;
  }
  spans[MESSAGE] = at;
  spans[MESSAGE + 1] = end;
  return -1;
}

/** `[time][thread][level][logger] [file:line] [C1][S2] `; answers where the message begins, -1 where this is no such head. */
function ownHead(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  if (bytes[start + 5] !== 45 || bytes[start + 11] !== SPACE || bytes[start + 14] !== 58) return -1;
  let at = part(bytes, start, end, spans, TIME);
  at = part(bytes, at, end, spans, -1);
  at = part(bytes, at, end, spans, LEVEL);
  at = part(bytes, at, end, spans, LOGGER);
  if (at < 0 || bytes[at] !== SPACE || !LEVELS.has(text(bytes, spans, LEVEL))) return -1;
  return behindTags(bytes, at + 1, end);
}

/** Reads `[…]`, keeping what is in it; -1 where there is none. */
function part(
  bytes: Uint8Array,
  start: number,
  end: number,
  spans: Int32Array,
  field: number,
): number {
  if (start < 0 || bytes[start] !== OPEN) return -1;
  const close = bytes.indexOf(CLOSE, start);
  if (close < 0 || close >= end) return -1;
  if (field >= 0) {
    spans[field] = start + 1;
    spans[field + 1] = close;
  }
  return close + 1;
}

/** `2026-11-22T13:43:48.963123Z⇥warning⇥envoy config source/x.cc:92⇥…⇥thread=15`, without the file and thread up to 1.15. */
function istioHead(
  bytes: Uint8Array,
  start: number,
  end: number,
  spans: Int32Array,
): number | null {
  const tabs = [start - 1];
  for (let at = start; at < end && tabs.length < 4; at++) if (bytes[at] === TAB) tabs.push(at);
  if (tabs.length < 4) return null;
  for (const [k, field] of [TIME, LEVEL, LOGGER].entries()) {
    spans[field] = tabs[k]! + 1;
    spans[field + 1] = tabs[k + 1]!;
  }
  if (!LEVELS.has(text(bytes, spans, LEVEL))) return -1;
  const logger = text(bytes, spans, LOGGER);
  if (!logger.startsWith("envoy ")) return -1;
  spans[LOGGER] = spans[LOGGER]! + 6;
  const blank = logger.indexOf(" ", 6);
  if (blank > 0) spans[LOGGER + 1] = tabs[2]! + 1 + blank;
  return behindTags(bytes, tabs[3]! + 1, end);
}

/** `2026-11-22T13:43:48.963Z+00:00 [warning] envoy.config(15) …` of consul-dataplane, whose `Z` is part of the pattern. */
function consulHead(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  const blank = bytes.indexOf(SPACE, start);
  const level = blank < 0 || blank >= end ? -1 : part(bytes, blank + 1, end, spans, LEVEL);
  if (level < 0 || !LEVELS.has(text(bytes, spans, LEVEL)) || bytes[level] !== SPACE) return -1;
  spans[TIME] = start;
  const zone = bytes.indexOf(Z, start);
  spans[TIME + 1] = zone > start && zone < blank ? zone + 1 : blank;
  const dot = level + 1 + "envoy".length;
  const open = bytes.indexOf(PAREN, dot);
  const close = open < 0 ? -1 : bytes.indexOf(SPACE, open);
  if (bytes[dot] !== DOT || close < 0 || close >= end) return -1;
  spans[LOGGER] = dot + 1;
  spans[LOGGER + 1] = open;
  let at = close;
  while (at < end && bytes[at] === SPACE) at++;
  return at;
}

/** Skips `[source/x.cc:92] `, `[C1][S2] ` and `[Tags: "ConnectionId":"1"] `. */
function behindTags(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === OPEN) {
    const close = bytes.indexOf(CLOSE, at);
    if (close < 0 || close >= end) return at;
    at = close + 1;
    while (at < end && bytes[at] === SPACE) at++;
  }
  return at;
}

/** A header of a dump: `':status', '503'`. */
function isHeader(bytes: Uint8Array, start: number, end: number): boolean {
  const close = bytes.indexOf(QUOTE, start + 1);
  return (
    close > 0 &&
    close + 3 < end &&
    bytes[close + 1] === COMMA &&
    bytes[close + 2] === SPACE &&
    bytes[close + 3] === QUOTE &&
    bytes[end - 1] === QUOTE
  );
}

function text(bytes: Uint8Array, spans: Int32Array, field: number): string {
  return String.fromCharCode(...bytes.subarray(spans[field]!, spans[field + 1]!));
}
