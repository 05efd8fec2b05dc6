// Turns one raw line into the whole record of DESIGN.md §7, by the very reading that counts it in a report.
import type { Recipe } from "../grammar/index.ts";
import { describeMiss } from "./describe-miss.ts";
import type {
  Certainty,
  Described,
  DescribedAttempt,
  DescribedFailure,
  DescribedRecord,
} from "./described.ts";
import { isGuessed } from "./guessed.ts";
import type { LineFields } from "./line-fields.ts";
import type { Names } from "./names.ts";
import { MAKERS, REASONS, stageOf } from "./reasons.ts";
import { ERROR, EVENT, REQUEST, type Rec } from "./record.ts";
import { bytesOf, understand, type Describer, type Understood } from "./understand.ts";
import { ATTEMPT_LISTS } from "./vendor-fields.ts";

/** Describes one raw line, envelope included. A blank line is a miss. */
export function describeLine(line: string | Uint8Array, with_: Describer): Described {
  const understood = understand(line, with_);
  return understood === null
    ? described(describeMiss(bytesOf(line), with_))
    : describe(understood, with_);
}

/** A line that nobody understood. */
function described(miss: Described["miss"]): Described {
  return {
    ...{ format: null, certainty: null, proxy: null, kind: null },
    ...{ record: null, failure: null, miss },
  };
}

/** The description of an understood line. */
export function describe(
  { format, rec, node, fields }: Understood,
  { names }: Describer,
): Described {
  const { recipe } = format;
  return {
    format: recipe.name,
    certainty: certaintyOf(recipe),
    proxy: recipe.proxy,
    kind: kindOf(rec, recipe),
    record: recordOf(rec, node, fields, names),
    failure: failureOf(rec, fields, names),
    miss: null,
  };
}

function certaintyOf({ name, proxy }: Recipe): Certainty {
  if (!isGuessed(name)) return "certain";
  return proxy === "nginx" ? "unclear" : "likely";
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
    // Of a list (X-Forwarded-For) the first has asked, the others have passed it on.
    client: fields.span(rec.clientStart, rec.clientEnd)?.split(",")[0] ?? null,
    method: fields.span(rec.methodStart, rec.methodEnd) ?? request.method,
    path: fields.span(rec.pathStart, rec.pathEnd) ?? request.path,
    host: fields.span(rec.hostStart, rec.hostEnd),
    protocol: protocolOf(fields.told("protocol")) ?? request.protocol,
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
  const isProtocol = last > first && /^(?:HTTP|[A-Z]+\/\d)/i.test(text.slice(last + 1));
  return {
    method,
    path: isProtocol ? text.slice(first + 1, last) : text.slice(first + 1),
    protocol: isProtocol ? protocolOf(text.slice(last + 1)) : null,
  };
}

/** A name with a version; what is none tells nothing. */
function protocolOf(text: string | null): string | null {
  return text !== null && /^[A-Z]+(?:\/\d+(?:\.\d+)?)?$/i.test(text) ? text : null;
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
