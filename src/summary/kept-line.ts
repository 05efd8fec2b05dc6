// A line kept as an example: its bytes, a character each, and where in them the request stands. Reading them as text waits
// until it is known which lines stay.
import { decodeText, splitRequest, type Rec, type Reread } from "../record/index.ts";

/** A line's bytes and places in them: start and end of client, method, path, request and host, -1 where there is none. */
export interface KeptLine {
  readonly raw: string;
  /** What lies behind are fields that stand beyond the text's limit. */
  readonly textEnd: number;
  /** The places, or who finds them once the line is to stay. */
  at: readonly number[] | Reread;
}

/** What a kept line says. */
export interface LineTexts {
  readonly text: string;
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
  const at: number[] = [];
  const add = (from: number, to: number): void => {
    if (from < 0 || to <= from) at.push(-1, -1);
    else if (from >= start && to <= stop) at.push(from - start, to - start);
    else {
      at.push(raw.length, raw.length + to - from);
      raw += latin1(bytes, from, to);
    }
  };
  add(rec.clientStart, rec.clientEnd);
  add(rec.methodStart, rec.methodEnd);
  add(rec.pathStart, rec.pathEnd);
  add(rec.requestStart, rec.requestEnd);
  add(rec.hostStart, rec.hostEnd);
  return { raw, textEnd: stop - start, at };
}

/** Keeps a line of at most {@link TEXT_LIMIT} bytes that was only counted. */
export function keepUnread(
  bytes: Uint8Array,
  start: number,
  end: number,
  reread: Reread,
): KeptLine {
  return { raw: latin1(bytes, start, end), textEnd: end - start, at: reread };
}

/** Finds the places in a line that stays. */
export function settle(line: KeptLine): void {
  if (!("read" in line.at)) return;
  const bytes = Buffer.from(line.raw, "latin1");
  line.at = keepLine(bytes, 0, bytes.length, line.at.read(bytes)).at;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  const buffer =
    bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("latin1", start, end);
}

/** Reads a kept line as text. */
export function textsOf(line: KeptLine): LineTexts {
  settle(line);
  const { raw, textEnd } = line;
  const at = line.at as readonly number[];
  const isPlain = ASCII.test(raw);
  const text = (from: number, to: number): string => {
    const bytes = raw.slice(from, to);
    return isPlain ? bytes : decodeText(Buffer.from(bytes, "latin1"));
  };
  const field = (index: number): string | null =>
    at[2 * index]! < 0 ? null : text(at[2 * index]!, at[2 * index + 1]!);
  let method = field(1);
  let path = field(2);
  const request = field(3);
  if (request !== null && path === null) [method, path] = splitRequest(request);
  const query = path?.indexOf("?") ?? -1;
  return {
    text: text(0, textEnd),
    client: field(0),
    method,
    path: path !== null && query >= 0 ? path.slice(0, query) : path,
    host: field(4),
  };
}
