// A line kept as an example: its bytes, a character each, and where in them the request stands. Reading them as text waits
// until it is known which lines stay.
import { decodeText, splitRequest, type Rec } from "../record/index.ts";

/** A line's bytes and places in them: start and end of client, method, path, request and host, -1 where there is none. */
export interface KeptLine {
  readonly raw: string;
  /** What lies behind are fields that stand beyond the text's limit. */
  readonly textEnd: number;
  readonly at: readonly number[];
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

const TEXT_LIMIT = 4096;
const ASCII = /^[\0-\x7f]*$/;

/** Keeps the line `bytes[start, end)` that a record was read from. */
export function keepLine(bytes: Uint8Array, start: number, end: number, rec: Rec): KeptLine {
  const buffer =
    bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stop = Math.min(end, start + TEXT_LIMIT);
  let raw = buffer.toString("latin1", start, stop);
  const at: number[] = [];
  const add = (from: number, to: number): void => {
    if (from < 0 || to <= from) at.push(-1, -1);
    else if (from >= start && to <= stop) at.push(from - start, to - start);
    else {
      at.push(raw.length, raw.length + to - from);
      raw += buffer.toString("latin1", from, to);
    }
  };
  add(rec.clientStart, rec.clientEnd);
  add(rec.methodStart, rec.methodEnd);
  add(rec.pathStart, rec.pathEnd);
  add(rec.requestStart, rec.requestEnd);
  add(rec.hostStart, rec.hostEnd);
  return { raw, textEnd: stop - start, at };
}

/** Reads a kept line as text. */
export function textsOf({ raw, textEnd, at }: KeptLine): LineTexts {
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
