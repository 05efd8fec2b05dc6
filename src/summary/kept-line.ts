// A line kept as an example: its bytes, a character each, and where in them the request stands. Reading them as text waits
// until somebody asks.
import { decodeText, splitRequest, type Rec, type Reread } from "../record/index.ts";

/** A line's bytes and places in them: start and end of client, method, path, request and host, -1 where there is none. */
export interface KeptLine {
  readonly raw: string;
  /** What lies behind are fields that stand beyond the text's limit. */
  readonly textEnd: number;
  /** The places; null for a line that was only counted and is read once somebody asks. */
  readonly at: readonly number[] | null;
}

/** What a kept line says. */
export interface LineWords {
  readonly client: string | null;
  readonly method: string | null;
  /** Without its query. */
  readonly path: string | null;
  readonly host: string | null;
}

/** How much of a line is kept. */
export const TEXT_LIMIT = 4096;
const ASCII = /^[\0-\x7f]*$/;

/** Keeps the line `bytes[start, end)` that a record was read from. */
export function keepLine(bytes: Uint8Array, start: number, end: number, rec: Rec): KeptLine {
  const stop = Math.min(end, start + TEXT_LIMIT);
  let raw = latin1(bytes, start, stop);
  const at = spansOf(rec);
  for (let k = 0; k < at.length; k += 2) {
    const [from, to] = [at[k]!, at[k + 1]!];
    if (from < 0) continue;
    let shift = -start;
    if (from < start || to > stop) {
      shift = raw.length - from;
      raw += latin1(bytes, from, to);
    }
    at[k] = from + shift;
    at[k + 1] = to + shift;
  }
  return { raw, textEnd: stop - start, at };
}

/** Where these stand in a record's bytes, in the order of {@link KeptLine.at}. */
function spansOf(rec: Rec): number[] {
  const at = [
    rec.clientStart,
    rec.clientEnd,
    rec.methodStart,
    rec.methodEnd,
    rec.pathStart,
    rec.pathEnd,
    rec.requestStart,
    rec.requestEnd,
    rec.hostStart,
    rec.hostEnd,
  ];
  for (let k = 0; k < at.length; k += 2) if (at[k + 1]! <= at[k]!) at[k] = at[k + 1] = -1;
  return at;
}

/** Keeps a line of at most {@link TEXT_LIMIT} bytes that was only counted. */
export function keepUnread(bytes: Uint8Array, start: number, end: number): KeptLine {
  return { raw: latin1(bytes, start, end), textEnd: end - start, at: null };
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  const buffer =
    bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("latin1", start, end);
}

/** The line as text, as much of it as is kept. */
export function textOf({ raw, textEnd }: KeptLine): string {
  return decoded(raw.slice(0, textEnd));
}

/** What a kept line says. @param reread of the format that the line has if it was only counted. */
export function wordsOf({ raw, at: places }: KeptLine, reread: () => Reread): LineWords {
  const at = places ?? spansOf(reread().placesIn(Buffer.from(raw, "latin1")));
  const field = (index: number): string | null =>
    at[2 * index]! < 0 ? null : decoded(raw.slice(at[2 * index]!, at[2 * index + 1]!));
  let method = field(1);
  let path = field(2);
  const request = field(3);
  if (request !== null && path === null) [method, path] = splitRequest(request);
  const query = path?.indexOf("?") ?? -1;
  return {
    client: field(0),
    method,
    path: path !== null && query >= 0 ? path.slice(0, query) : path,
    host: field(4),
  };
}

/** Text of bytes that are a character each. */
function decoded(bytes: string): string {
  return ASCII.test(bytes) ? bytes : decodeText(Buffer.from(bytes, "latin1"));
}
