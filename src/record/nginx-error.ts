// nginx error lines become records: failures of attempts, events of the process, and notes.
import type { Field } from "../grammar/index.ts";
import { parseUint } from "./bytes.ts";
import {
  MessageTable,
  messageRules,
  PROCESS_SCOPE,
  REQUEST_SCOPE,
  UPSTREAM_SCOPE,
} from "./message-table.ts";
import { decodeText, type Names } from "./names.ts";
import { UpstreamUrl } from "./nginx-upstream-url.ts";
import { makerNumber, reasonNumber } from "./reasons.ts";
import { ERROR, EVENT, LOCAL, NOTE, type Read } from "./record.ts";
import { isoTime, nginxErrorTime } from "./times.ts";

/** nginx's log levels, gravest first: their place is their number. */
export const NGINX_LEVELS = [
  "emerg",
  "alert",
  "crit",
  "error",
  "warn",
  "notice",
  "info",
  "debug",
] as const;
const LEVEL_BYTES = NGINX_LEVELS.map((level) => new TextEncoder().encode(level));
const ENCODER = new TextEncoder();
const UPSTREAM = ENCODER.encode("upstream");
const WHILE = " while ";

/**
 * The reader of nginx error lines.
 * @param fields those of the scanner (src/grammar/nginx-error.ts).
 * @param knowledge the parsed `grammars/nginx/failures.json`.
 * @throws Error when the knowledge is not well-formed.
 */
export function nginxErrorReader(fields: readonly Field[], names: Names, knowledge: unknown): Read {
  const rules = messageRules(knowledge);
  const table = new MessageTable(rules, names, NGINX_LEVELS);
  const kinds = rules.map((rule) =>
    rule.reason !== undefined ? ERROR : rule.event !== undefined ? EVENT : NOTE,
  );
  const reasons = rules.map((rule) => reasonNumber[rule.reason ?? "none"]);
  const makers = rules.map((rule) => makerNumber[rule.by ?? "unknown"]);
  const events = rules.map((rule) => (rule.event === undefined ? 0 : names.internText(rule.event)));
  const statuses = rules.map((rule) => rule.status ?? 0);
  const slot = (name: string): number => 2 * fields.findIndex((field) => field.name === name);
  const time = slot("time");
  const level = slot("level");
  const cid = slot("cid");
  const message = slot("message");
  const errno = slot("errno");
  // Only Angie's JSON has it.
  const errorText = slot("error_text");
  const isJson = errorText >= 0;
  const action = slot("action");
  const client = slot("client");
  const request = slot("request");
  const subrequest = slot("subrequest");
  const upstream = slot("upstream");
  const host = slot("host");
  const requestId = slot("request_id");
  const url = new UpstreamUrl(names);
  const truncated = reasonNumber["truncated-response"];
  // The access log has each of these as a 499 of its own.
  const clientAbort = reasonNumber["client-abort"];

  return (bytes, spans, rec) => {
    // A line that lost its time has that of its envelope, which was read already.
    if (spans[time]! >= 0) {
      const ms = isJson
        ? isoTime(bytes, spans[time]!, spans[time + 1]!)
        : nginxErrorTime(bytes, spans[time]!, spans[time + 1]!);
      if (Number.isNaN(ms)) return time / 2;
      rec.timeMs = ms;
      if (!isJson) rec.clock = LOCAL;
    }
    rec.escape = isJson ? 2 : 0;
    if (spans[cid]! >= 0) rec.connection = parseUint(bytes, spans[cid]!, spans[cid + 1]!);
    rec.clientStart = spans[client]!;
    rec.clientEnd = spans[client + 1]!;
    rec.requestStart = spans[request]!;
    rec.requestEnd = spans[request + 1]!;
    rec.hostStart = spans[host]!;
    rec.hostEnd = spans[host + 1]!;
    rec.requestIdStart = spans[requestId]!;
    rec.requestIdEnd = spans[requestId + 1]!;
    const actionStart = spans[action]!;
    const actionEnd = spans[action + 1]!;
    const upstreamStart = spans[upstream]!;
    let scope = PROCESS_SCOPE;
    // A line may be cut before its context: a connection that talks to an upstream is a request's all the same.
    const isRequest = spans[client]! >= 0;
    if (isRequest) scope = REQUEST_SCOPE;
    if (upstreamStart >= 0) scope = UPSTREAM_SCOPE;
    else if (
      (isRequest || spans[cid]! >= 0) &&
      actionStart >= 0 &&
      isToUpstream(bytes, actionStart, actionEnd)
    ) {
      scope = UPSTREAM_SCOPE;
    }
    const number = spans[errno]! < 0 ? -1 : parseUint(bytes, spans[errno]!, spans[errno + 1]!);
    const levelAt = levelNumber(bytes, spans[level]!, spans[level + 1]!);
    let found: number;
    if (isJson) {
      const { text, length, whole } = plainMessage(bytes, spans, message, errno, errorText, action);
      const actionAt = whole > length ? length + WHILE.length : -1;
      found = table.find(text, 0, length, number, levelAt, scope, actionAt, whole);
    } else {
      const [from, to] = [spans[message]!, spans[message + 1]!];
      found = table.find(bytes, from, to, number, levelAt, scope, actionStart, actionEnd);
    }
    rec.kind = found < 0 ? NOTE : kinds[found]!;
    rec.code = found < 0 ? 0 : table.code;
    if (upstreamStart >= 0) {
      url.read(bytes, upstreamStart, spans[upstream + 1]!, spans[request]!, spans[request + 1]!);
      rec.peer = url.peer;
      rec.pool = url.pool;
    }
    if (found < 0 || rec.kind === NOTE) return -1;
    rec.reason = reasons[found]!;
    rec.by = makers[found]!;
    rec.event = Math.max(0, events[found]!);
    if (rec.kind === EVENT) {
      // Members of a JSON object are told by the code.
      rec.saysStart = isJson ? -1 : spans[message]!;
      rec.saysEnd = actionStart >= 0 ? actionEnd : spans[message + 1]!;
      return -1;
    }
    rec.attempts = 1;
    rec.attemptPeer[0] = rec.peer;
    rec.attemptReason[0] = rec.reason;
    // The status was sent before the body broke.
    rec.masked = rec.reason === truncated;
    // What befell a subrequest ends its request with 500, if it ends it at all.
    rec.impliedStatus = spans[subrequest]! >= 0 ? 500 : statuses[found]!;
    rec.joinable = rec.reason !== clientAbort && spans[client]! >= 0 && spans[request]! >= 0;
    return -1;
  };
}

/** Angie's members as the line they would have been: `connect() failed (111: Connection refused) while ACTION`. */
function plainMessage(
  bytes: Uint8Array,
  spans: Int32Array,
  message: number,
  errno: number,
  errorText: number,
  action: number,
): { readonly text: Uint8Array; readonly length: number; readonly whole: number } {
  const member = (at: number): string => {
    const raw = decodeText(bytes.subarray(Math.max(0, spans[at]!), Math.max(0, spans[at + 1]!)));
    return raw.replace(/\\(.)/g, "$1");
  };
  const error = spans[errno]! < 0 ? "" : ` (${member(errno)}: ${member(errorText)})`;
  const head = ENCODER.encode(member(message) + error);
  if (spans[action]! < 0) return { text: head, length: head.length, whole: head.length };
  const text = ENCODER.encode(`${member(message)}${error} while ${member(action)}`);
  return { text, length: head.length, whole: text.length };
}

/** True for actions such as `connecting to upstream`. */
function isToUpstream(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at + UPSTREAM.length <= end; at++) {
    let i = 0;
    while (i < UPSTREAM.length && bytes[at + i] === UPSTREAM[i]) i++;
    if (i === UPSTREAM.length) return true;
  }
  return false;
}

function levelNumber(bytes: Uint8Array, start: number, end: number): number {
  for (let level = 0; level < LEVEL_BYTES.length; level++) {
    const name = LEVEL_BYTES[level]!;
    if (name.length !== end - start) continue;
    let i = 0;
    while (i < name.length && bytes[start + i] === name[i]) i++;
    if (i === name.length) return level;
  }
  return -1;
}
