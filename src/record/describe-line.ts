// Turns one raw line into the whole record of DESIGN.md §7, by the very reading that counts it in a report.
import type { Catalogue, Recipe } from "../grammar/index.ts";
import { Head, peel } from "../input/index.ts";
import { chooseFormats, type Choice } from "./choose-formats.ts";
import { describeMiss, timelessFormat } from "./describe-miss.ts";
import type {
  Described,
  DescribedAttempt,
  DescribedFailure,
  DescribedRecord,
} from "./described.ts";
import { LineFields } from "./line-fields.ts";
import { LineReader, type FormatReader } from "./line-reader.ts";
import type { Names } from "./names.ts";
import { MAKERS, REASONS, stageOf } from "./reasons.ts";
import { ERROR, EVENT, Rec, REQUEST } from "./record.ts";
import type { ReaderShelf } from "./reader-shelf.ts";
import { ATTEMPT_LISTS } from "./vendor-fields.ts";
import { LocalClock } from "./zone.ts";

/** What describing needs, made once for many lines. */
export interface Describer {
  readonly catalogue: Catalogue;
  readonly shelf: ReaderShelf;
  readonly names: Names;
  /** The user's own formats; none to find it out. */
  readonly given: readonly Recipe[];
  /** Zone of times that name none and stand beside none; what the line itself tells is not overruled. */
  readonly zone: string;
  /** For heads without a year: ms near which the line was written. */
  readonly nearMs: number;
}

/** What the line reader handed on, kept. */
interface Caught {
  readonly rec: Rec;
  readonly node: number;
}

/** Describes one raw line, envelope included. A blank line is a miss. */
export function describeLine(line: string, with_: Describer): Described {
  const bytes = Buffer.from(braced(line));
  const { catalogue, shelf, names } = with_;
  const choice = chooseFormats(bytes, catalogue, shelf.reader, with_.given);
  const formats = choice.formats.map(({ recipe }) => shelf.reader(recipe));
  const caught: Caught[] = [];
  const reader = new LineReader(
    {
      formats,
      others: () => shelf.all(catalogue),
      memory: null,
      hasEnvelope: choice.hasEnvelope,
      clock: new LocalClock(choice.zone ?? with_.zone),
      nearMs: choice.firstTime ?? with_.nearMs,
      node: 0,
    },
    names,
    {
      // The reader's record is used up here: one line, one record.
      accept: (rec, _proxy, node) => caught.push({ rec, node }) > 0,
    },
  );
  reader.read(bytes, 0, bytes.length, 0);
  reader.finish();
  const [format] = reader.byFormat.keys();
  const read = [...formats, ...shelf.all(catalogue)].find(({ recipe }) => recipe.name === format);
  // What is told about alone need not say when it was: it has no part in a count.
  const found = read ?? timelessFormat(bytes, with_);
  if (found === null) {
    return {
      format: null,
      proxy: null,
      kind: null,
      record: null,
      failure: null,
      miss: describeMiss(bytes, with_),
    };
  }
  const { rec, node } = caught[0] ?? { rec: readAgain(found, bytes, choice), node: 0 };
  const fields = new LineFields(found, bytes, rec.escape === 2);
  return {
    format: found.recipe.name,
    proxy: found.recipe.proxy,
    kind: kindOf(rec, found.recipe),
    record: recordOf(rec, node, fields, names),
    failure: failureOf(rec, fields, names),
    miss: null,
  };
}

/** A line without a time is not handed on: its fields are read once more. */
function readAgain(format: FormatReader, bytes: Uint8Array, choice: Choice): Rec {
  const rec = new Rec();
  const head = new Head();
  const isPeeled = choice.hasEnvelope && peel(bytes, 0, bytes.length, head);
  if (format.scanner.scan(bytes, isPeeled ? head.message : 0, bytes.length, format.spans) < 0) {
    format.read(bytes, format.spans, rec);
  }
  rec.timeMs = NaN;
  return rec;
}

/** Lines that say nothing about failures are of the kind of the lines they stand among. */
function kindOf(rec: Rec, recipe: Recipe): Described["kind"] {
  if (rec.kind === REQUEST) return "request";
  if (rec.kind === ERROR) return "error";
  if (rec.kind === EVENT) return "event";
  if (recipe.how.kind === "own") return recipe.proxy === "nginx" ? "error" : "event";
  return recipe.proxy === "envoy" ? "request" : "event";
}

function recordOf(rec: Rec, node: number, fields: LineFields, names: Names): DescribedRecord {
  const request = requestOf(rec, fields);
  const frontend = fields.told("frontend");
  return {
    proxy: fields.proxy,
    node: nameOf(node, names),
    time: isoOf(rec.timeMs),
    start: isoOf(rec.startMs),
    durationMs: rec.durationMs < 0 ? null : rec.durationMs,
    client: fields.span(rec.clientStart, rec.clientEnd),
    method: fields.span(rec.methodStart, rec.methodEnd) ?? request.method,
    path: fields.span(rec.pathStart, rec.pathEnd) ?? request.path,
    host: fields.span(rec.hostStart, rec.hostEnd),
    protocol: fields.told("protocol") ?? request.protocol,
    status: rec.status < 0 ? null : rec.status,
    bytesOut: fields.toldNumber("bytesOut"),
    requestId: fields.span(rec.requestIdStart, rec.requestIdEnd),
    pool: nameOf(rec.pool, names),
    peer: nameOf(rec.peer, names),
    attempts: rec.kind === REQUEST ? attemptsOf(fields) : [],
    tries: rec.tries,
    // HAProxy marks TLS with a tilde behind the name.
    frontend: frontend?.replace(/~$/, "") ?? null,
    route: fields.told("route"),
    code: nameOf(rec.code, names),
    userAgent: fields.told("userAgent"),
    referer: fields.told("referer"),
    event: nameOf(rec.event, names),
    level: fields.told("level"),
    message: fields.told("message"),
  };
}

function failureOf(rec: Rec, fields: LineFields, names: Names): DescribedFailure | null {
  const reason = REASONS[rec.reason];
  if (reason === undefined || reason === "none") return null;
  return {
    reason,
    stage: stageOf(reason),
    by: MAKERS[rec.by]!,
    detail: fields.told("detail"),
    code: nameOf(rec.code, names),
    masked: rec.masked,
  };
}

/** Members of a JSON object that were pasted without their braces, within braces. */
function braced(line: string): string {
  if (!/^\s*"[^"]+"\s*:/.test(line)) return line;
  try {
    return typeof JSON.parse(`{${line}}`) === "object" ? `{${line}}` : line;
  } catch {
    return line;
  }
}

const METHOD = /^[A-Za-z][\w!#$%&'*+.^`|~-]*$/;

/** `GET /x HTTP/1.1` in its parts; a request line cut short has no protocol, and garbage has no part at all. */
function requestOf(
  rec: Rec,
  fields: LineFields,
): Record<"method" | "path" | "protocol", string | null> {
  const text = fields.span(rec.requestStart, rec.requestEnd) ?? "";
  const first = text.indexOf(" ");
  const method = first < 0 ? "" : text.slice(0, first);
  if (!METHOD.test(method)) return { method: null, path: null, protocol: null };
  const last = text.lastIndexOf(" ");
  const isProtocol = last > first && /^HTTP/i.test(text.slice(last + 1));
  return {
    method,
    path: isProtocol ? text.slice(first + 1, last) : text.slice(first + 1),
    protocol: isProtocol ? text.slice(last + 1) : null,
  };
}

function attemptsOf(fields: LineFields): DescribedAttempt[] {
  const list = (what: keyof typeof ATTEMPT_LISTS): readonly string[] =>
    fields.list(ATTEMPT_LISTS[what]);
  const [peers, statuses] = [list("peer"), list("status")];
  const [connects, headers, responses] = [list("connectMs"), list("headerMs"), list("responseMs")];
  const bytes = list("bytes");
  const count = Math.max(peers.length, statuses.length);
  if (count === 1 && isNothing(peers[0]) && isNothing(statuses[0])) return [];
  return Array.from({ length: count }, (_, k) => ({
    peer: isNothing(peers[k]) ? null : peers[k]!,
    status: numberOf(statuses[k], 1),
    connectMs: numberOf(connects[k], 1000),
    headerMs: numberOf(headers[k], 1000),
    responseMs: numberOf(responses[k], 1000),
    bytes: numberOf(bytes[k], 1),
  }));
}

function isNothing(text: string | undefined): boolean {
  return text === undefined || text === "" || text === "-";
}

function numberOf(text: string | undefined, factor: number): number | null {
  const value = isNothing(text) ? NaN : Math.round(Number(text) * factor);
  return Number.isNaN(value) ? null : value;
}

function nameOf(id: number, names: Names): string | null {
  return id > 0 ? names.text(id) : null;
}

function isoOf(ms: number): string | null {
  return ms >= 0 && ms < 2 ** 32 * 1000 ? new Date(ms).toISOString() : null;
}
