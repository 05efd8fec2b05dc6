// Envoy access lines of any format, text or JSON, become records.
import type { Field } from "../grammar/index.ts";
import { isAbsent, parseUint, parseUnitMs } from "./bytes.ts";
import { envoyFields, envoyQuick } from "./envoy-fields.ts";
import { envoyKnowledge } from "./envoy-knowledge.ts";
import { EnvoyJudge } from "./envoy-judge.ts";
import { EnvoyUpstreams } from "./envoy-upstreams.ts";
import { firstLogged, present } from "./field-choice.ts";
import type { Names } from "./names.ts";
import { NOTE, REQUEST, type Rec, type Read } from "./record.ts";
import { EnvoyTimes } from "./envoy-times.ts";

const COMMA = 44;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
const UPPER_H = 72;
const UPPER_CASE = 0xdf;
const QUOTE = 34;

/**
 * The reader of a compiled Envoy format. Fields it does not know are left alone, any it knows may be missing, and a
 * missing value may be `-`, "" or absent. Lines of a connection's beginning or of single upstream tries
 * (`%ACCESS_LOG_TYPE%`) are notes: the line of the end counts them all.
 * @param knowledge the parsed `grammars/envoy/failures.json`.
 * @param needsPort true for formats whose upstream host always has a port.
 * @param quotedLast the field whose closing quote ends the line: without it the line was cut. -1 for none.
 */
export function envoyReader(
  fields: readonly Field[],
  names: Names,
  knowledge: unknown,
  quotedLast = -1,
  needsPort = false,
): Read {
  const at = envoyFields(fields);
  const judge = new EnvoyJudge(at, names, envoyKnowledge(knowledge));
  const upstreams = new EnvoyUpstreams(at, names, needsPort);
  const times = new EnvoyTimes(fields, at);
  const notes = new Uint8Array(4096);

  /** Whether this kind of line only accompanies the one that counts; worked out once per kind. */
  const isNote = (bytes: Uint8Array, start: number, end: number): boolean => {
    const id = names.intern(bytes, start, end);
    if (id < 0 || id >= notes.length) return false;
    if (notes[id] === 0) notes[id] = isCompanion(names.text(id)) ? 1 : 2;
    return notes[id] === 1;
  };

  const read = (bytes: Uint8Array, spans: Int32Array, rec: Rec): number => {
    rec.kind = REQUEST;
    if (quotedLast >= 0 && bytes[spans[2 * quotedLast + 1]!] !== QUOTE) return quotedLast;
    const duration = firstLogged(spans, at.duration);
    if (duration >= 0 && !isAbsent(bytes, spans[2 * duration]!, spans[2 * duration + 1]!)) {
      rec.durationMs = parseUint(bytes, spans[2 * duration]!, spans[2 * duration + 1]!);
      if (rec.durationMs < 0)
        rec.durationMs = parseUnitMs(bytes, spans[2 * duration]!, spans[2 * duration + 1]!);
      if (rec.durationMs < 0) return duration;
    }
    const bad = times.read(bytes, spans, rec);
    if (bad >= 0) return bad;
    const statusAt = firstLogged(spans, at.status);
    rec.status = -1;
    if (statusAt >= 0 && !isAbsent(bytes, spans[2 * statusAt]!, spans[2 * statusAt + 1]!)) {
      rec.status = parseUint(bytes, spans[2 * statusAt]!, spans[2 * statusAt + 1]!);
      if (rec.status < 0 || rec.status > 999) return statusAt;
    } else if (firstLogged(spans, at.flags) < 0 && firstLogged(spans, at.details) < 0) {
      // Neither status nor flags: not a line of Envoy's access log.
      if (statusAt < 0) return 0;
    }
    // Where there was none Envoy writes 0, or a dash in JSON, but never nothing.
    if (statusAt >= 0 && spans[2 * statusAt] === spans[2 * statusAt + 1]) return statusAt;
    if (statusAt >= 0 && rec.status < 0) rec.status = 0;
    const protocol = present(bytes, spans, at.protocol);
    // Mixer wrote it in small letters.
    if (protocol >= 0 && (bytes[spans[2 * protocol]!]! & UPPER_CASE) !== UPPER_H) return protocol;
    place(bytes, spans, rec);
    if (rec.methodStart >= 0) {
      if (bytes[rec.methodStart]! < 65) return present(bytes, spans, at.method);
      // A try that never came to speak HTTP: a line of the router's upstream log, beside the request's own.
      if (protocol < 0 && rec.status === 0 && firstLogged(spans, at.protocol) >= 0) rec.kind = NOTE;
    }
    const odd = upstreams.read(bytes, spans, rec);
    if (odd >= 0) return odd;
    if (rec.kind === NOTE) return -1;
    const logType = firstLogged(spans, at.logType);
    if (logType >= 0 && isNote(bytes, spans[2 * logType]!, spans[2 * logType + 1]!)) {
      rec.kind = NOTE;
      return -1;
    }
    return judge.read(bytes, spans, rec);
  };
  return Object.assign(read, { quick: envoyQuick(at, quotedLast), place });

  function place(bytes: Uint8Array, spans: Int32Array, rec: Rec): void {
    readClient(bytes, spans, rec);
    const method = present(bytes, spans, at.method);
    if (method >= 0) {
      rec.methodStart = spans[2 * method]!;
      rec.methodEnd = spans[2 * method + 1]!;
    }
    const path = present(bytes, spans, at.path);
    if (path >= 0) {
      rec.pathStart = spans[2 * path]!;
      rec.pathEnd = spans[2 * path + 1]!;
    }
    const authority = present(bytes, spans, at.authority);
    if (authority >= 0) {
      rec.hostStart = spans[2 * authority]!;
      rec.hostEnd = spans[2 * authority + 1]!;
    }
    const requestId = present(bytes, spans, at.requestId);
    if (requestId >= 0) {
      rec.requestIdStart = spans[2 * requestId]!;
      rec.requestIdEnd = spans[2 * requestId + 1]!;
    }
  }

  function readClient(bytes: Uint8Array, spans: Int32Array, rec: Rec): void {
    const client = present(bytes, spans, at.client);
    if (client < 0) return;
    const start = spans[2 * client]!;
    // `:0`: nobody's address, with a port.
    if (bytes[start] === COLON && bytes[start + 1] !== COLON) return;
    rec.clientStart = start;
    rec.clientEnd = addressEnd(bytes, start, spans[2 * client + 1]!);
    if (bytes[start] === OPEN && bytes[rec.clientEnd - 1] === CLOSE) {
      rec.clientStart++;
      rec.clientEnd--;
    }
  }
}

/** The kinds of lines that are not the end of a request or connection. */
function isCompanion(logType: string): boolean {
  if (logType.startsWith("Upstream")) return true;
  return /(?:Start|Periodic|Established|Connected|PoolReady)$/.test(logType);
}

/**
 * Where the address of a client ends: before its port, or before the comma of a list, whose first address is the
 * client's own. An IPv6 address without brackets has more than one colon and no port.
 */
function addressEnd(bytes: Uint8Array, start: number, end: number): number {
  let colon = -1;
  let at = start;
  if (bytes[at] === OPEN) {
    while (at < end && bytes[at] !== CLOSE) at++;
    return Math.min(at + 1, end);
  }
  for (; at < end && bytes[at] !== COMMA && bytes[at] !== 32; at++) {
    if (bytes[at] !== COLON) continue;
    colon = colon === -1 ? at : -2;
  }
  return colon > start ? colon : at;
}
