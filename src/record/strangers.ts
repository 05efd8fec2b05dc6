// JSON lines that hold a status and a time and are still no proxy's we read: told by keys that only their writers use.
import { STRANGER, type Field, type Stranger, type Texts } from "../grammar/index.ts";
import { CBOR_MISS, isCborLine } from "./haproxy-cbor.ts";
import { decodeText } from "./names.ts";
import type { FormatReader } from "./reading.ts";
import type { Read } from "./record.ts";

/** A line that holds one of these is a proxy's, whatever else stands in it. */
const TELLING = new Set([
  ...["upstream_addr", "upstream_status", "upstream_response_time"],
  "tsc",
  ...["RESPONSE_FLAGS", "RESPONSE_CODE_DETAILS"],
]);

/** The reader, refusing lines of strangers at the first of their keys. */
export function refusingStrangers(
  fields: readonly Field[],
  strangers: readonly Stranger[],
  read: Read,
): Read {
  const at = (key: string): number => fields.findIndex(({ name }) => name === STRANGER + key);
  const marks = strangers
    .map(({ keys }) =>
      Object.entries(keys).map(([key, value]) => ({ at: at(key), value: Buffer.from(value) })),
    )
    .filter((keys) => keys.every((key) => key.at >= 0));
  if (marks.length === 0) return read;
  const telling = fields.flatMap(({ name }, index) => (TELLING.has(name) ? [index] : []));
  const refusing: Read = (bytes, spans, rec) => {
    for (let k = 0; k < marks.length; k++) {
      const keys = marks[k]!;
      let n = 0;
      while (n < keys.length && hasMark(bytes, spans, keys[n]!)) n++;
      if (n === keys.length && !telling.some((index) => spans[2 * index]! >= 0)) return keys[0]!.at;
    }
    return read(bytes, spans, rec);
  };
  const { quick, place } = read;
  if (quick === undefined) return refusing;
  const without = [...quick.without, ...marks.map(([first]) => first!.at)];
  return Object.assign(refusing, { quick: { ...quick, without }, place });
}

/** Whose line it is by the spans of a scan, for telling people; null where no stranger's marks are all there. */
export function strangerOf(
  fields: readonly Field[],
  strangers: readonly Stranger[],
  bytes: Uint8Array,
  spans: Int32Array,
): string | null {
  const found = strangers.find(({ keys }) =>
    Object.entries(keys).every(([key, value]) => {
      const at = fields.findIndex(({ name }) => name === STRANGER + key);
      return at >= 0 && hasMark(bytes, spans, { at, value: Buffer.from(value) });
    }),
  );
  return found?.name ?? null;
}

/** What is said of a line that looks like nobody's. */
export const NO_FORMAT = "no known format fits this line";

/** A program whose lines no JSON keys tell, but their beginning. */
export interface StrangerLine {
  readonly name: string;
  readonly pattern: RegExp;
}

/** Those of `grammars/stranger-lines.json`. */
export function strangerLines(texts: Texts): StrangerLine[] {
  const all = JSON.parse(texts["stranger-lines.json"] ?? "[]") as { name: string; line: string }[];
  return all.map(({ name, line }) => ({ name, pattern: new RegExp(line) }));
}

const LONGEST_BEGINNING = 400;
const OURS = /nginx|haproxy|envoy|istio|ingress|openresty|kong|angie|tengine|apisix|hapr|lb|proxy/i;

/** Whose line it is by what it begins with, or by the program that its syslog head names; null where neither tells. */
export function strangerLine(
  lines: readonly StrangerLine[],
  bytes: Uint8Array,
  from: number,
  end: number,
  program: string,
): string | null {
  const text = decodeText(bytes.subarray(from, Math.min(end, from + LONGEST_BEGINNING)));
  const found = lines.find(({ pattern }) => pattern.test(text));
  if (found !== undefined) return `this looks like ${found.name}, which is not read`;
  if (!/^[A-Za-z][\w./@-]*$/.test(program) || OURS.test(program)) return null;
  return `a line of ${program}, another program`;
}

/** What is said of a line that is one number. */
export const NUMBER_MISS =
  "a number and nothing else, as in the .bytes logs of Hestia and Vesta, says nothing about failures: leave this file out";

/** Why a line that none of these formats fits is nobody's to read, but known; null where it is not. */
export function whyForeign(
  readers: readonly FormatReader[],
  bytes: Uint8Array,
  start: number,
  end: number,
): string | null {
  if (isCborLine(bytes, start, end)) return CBOR_MISS;
  if (readers.length > 0 && isNumber(bytes, start, end)) return NUMBER_MISS;
  for (const { scanner, spans, whoseLine } of readers) {
    if (whoseLine === undefined) continue;
    scanner.scan(bytes, start, end, spans);
    const stranger = whoseLine(bytes, spans);
    if (stranger !== null) return strangeness(stranger);
  }
  return null;
}

/** What to say of a stranger's line. */
export function strangeness(stranger: string): string {
  return `this looks like ${stranger}, which is not read unless --field says what its keys mean`;
}

function hasMark(
  bytes: Uint8Array,
  spans: Int32Array,
  { at, value }: { at: number; value: Uint8Array },
): boolean {
  const start = spans[2 * at]!;
  if (start < 0) return false;
  for (let k = 0; k < value.length; k++) if (bytes[start + k] !== value[k]) return false;
  return true;
}

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let stop = end;
  while (stop > start && bytes[stop - 1]! <= 32) stop--;
  for (let i = start; i < stop; i++) if (bytes[i]! < 48 || bytes[i]! > 57) return false;
  return stop > start;
}
