// HAProxy traffic lines of any log-format become records.
import type { Field } from "../grammar/index.ts";
import { isAbsent } from "./bytes.ts";
import { firstLogged } from "./field-choice.ts";
import { HaproxyEvidence, isRedispatched } from "./haproxy-evidence.ts";
import {
  haproxyField,
  haproxyQuick,
  NOT_LOGGED,
  numberAt,
  type HaproxyField,
} from "./haproxy-fields.ts";
import { HaproxyServers } from "./haproxy-servers.ts";
import { haproxyKnowledge, isCookieState, isState } from "./haproxy-knowledge.ts";
import { HaproxyShapes } from "./haproxy-shapes.ts";
import { haproxyStates, packState } from "./haproxy-states.ts";
import { HaproxyTimes } from "./haproxy-times.ts";
import type { Names } from "./names.ts";
import { makerNumber, reasonNumber, stageOf, REASONS } from "./reasons.ts";
import { NOTE, REQUEST, type Rec, type Read } from "./record.ts";

const R = reasonNumber;
const BY = makerNumber;
const DASH = 45;
/** rec.escape for `#HH`. */
const HAPROXY_ESCAPE = 3;
const HIGHEST_RETRIES = 64;

/** Reasons that leave the status as it is because headers had gone out before. */
const IN_BODY = new Set([R["truncated-response"], R["admin-kill"]]);

/**
 * The reader of a compiled HAProxy format, text or JSON. Fields it does not know are left alone, any it knows may be
 * missing; a format with neither status, state nor server (connection errors, `Connect from`) gives notes.
 *
 * A request that ended well after retries is masked: its first tries failed, and default HAProxy only retries what failed
 * to connect, so the reason is `connect-failed` and the code `---- rc=1`. The named server is blamed unless a `+` says
 * that another one had been tried before it.
 * @param knowledge the parsed `grammars/haproxy/failures.json`.
 * @param isJson an object without a date is only believed to be HAProxy's where it has a termination state.
 */
export function haproxyReader(
  fields: readonly Field[],
  names: Names,
  knowledge: unknown,
  isJson = false,
): Read {
  const known = haproxyKnowledge(knowledge);
  const states = haproxyStates(known);
  const retriedReason = R[known.retried.reason];
  const retriedBy = BY[known.retried.by];
  const evidence = new HaproxyEvidence(fields, known.errors, names);
  const servers = new HaproxyServers(fields, names, isJson);
  const times = new HaproxyTimes(fields);
  const shapes = new HaproxyShapes(fields);
  const at = (what: HaproxyField): readonly number[] => haproxyField(fields, what);
  const statusAt = at("status");
  const stateAt = at("state");
  const retriesAt = at("retries");
  const redispatchedAt = at("redispatched");
  const clientAt = at("client");
  const requestAt = at("request");
  const methodAt = at("method");
  const uriAt = at("uri");
  const hostAt = at("host");
  const requestIdAt = at("requestId");
  const serverAt = [...at("server"), ...at("both")];
  const isNote = [statusAt, stateAt, serverAt].every(({ length }) => length === 0);
  const retriedCodes = new Map<number, number>();

  /** `---- rc=+1`: the state alone would say that all went well. */
  const retriedCode = (
    bytes: Uint8Array,
    start: number,
    end: number,
    retries: number,
    isOther: boolean,
  ): number => {
    const key =
      Math.min(retries, HIGHEST_RETRIES) * 4 + (isOther ? 2 : 0) + (end - start === 4 ? 1 : 0);
    const made = retriedCodes.get(key);
    if (made !== undefined) return made;
    const state =
      String.fromCharCode(...bytes.subarray(start, start + 2)) + (end - start === 4 ? "--" : "");
    const code = Math.max(0, names.internText(`${state} rc=${isOther ? "+" : ""}${retries}`));
    retriedCodes.set(key, code);
    return code;
  };

  const judge = (bytes: Uint8Array, spans: Int32Array, rec: Rec, stateStart: number): void => {
    evidence.read(bytes, spans);
    const hasState = stateStart >= 0;
    if (hasState) {
      const rule = states.find(packState(bytes[stateStart]!, bytes[stateStart + 1]!), evidence);
      rec.reason = rule?.reason ?? 0;
      rec.by = rule?.by ?? 0;
    } else judgeWithoutState(rec, evidence);
    const status = rec.status;
    if (rec.reason === R["proxy-policy"] && status >= 100 && status < 400) rec.reason = 0;
    rec.tries = triesOf(evidence);
    if (rec.reason === 0) {
      rec.by = 0;
      return;
    }
    rec.masked = IN_BODY.has(rec.reason) && status >= 100 && status < 500;
    const stage = stageOf(REASONS[rec.reason]!);
    // The letter is that of the first failure, the server the last one tried: with a `+` they need not match.
    if (evidence.isRedispatched && stage !== "answered" && stage !== "body") rec.peer = 0;
    const codeAt = firstLogged(spans, hasState ? stateAt : statusAt);
    rec.code = Math.max(0, names.intern(bytes, spans[2 * codeAt]!, spans[2 * codeAt + 1]!));
  };

  const place = (bytes: Uint8Array, spans: Int32Array, rec: Rec): void => {
    const client = firstLogged(spans, clientAt);
    if (client >= 0 && !isAbsent(bytes, spans[2 * client]!, spans[2 * client + 1]!)) {
      rec.clientStart = spans[2 * client]!;
      rec.clientEnd = spans[2 * client + 1]!;
    }
    const request = firstLogged(spans, requestAt);
    if (request >= 0) {
      rec.requestStart = spans[2 * request]!;
      rec.requestEnd = spans[2 * request + 1]!;
    }
    const method = firstLogged(spans, methodAt);
    if (method >= 0) {
      rec.methodStart = spans[2 * method]!;
      rec.methodEnd = spans[2 * method + 1]!;
    }
    const uri = request >= 0 ? -1 : firstLogged(spans, uriAt);
    if (uri >= 0) {
      rec.pathStart = spans[2 * uri]!;
      rec.pathEnd = spans[2 * uri + 1]!;
    }
    const host = firstLogged(spans, hostAt);
    if (host >= 0 && !isAbsent(bytes, spans[2 * host]!, spans[2 * host + 1]!)) {
      rec.hostStart = spans[2 * host]!;
      rec.hostEnd = spans[2 * host + 1]!;
    }
    const requestId = firstLogged(spans, requestIdAt);
    if (requestId >= 0 && !isAbsent(bytes, spans[2 * requestId]!, spans[2 * requestId + 1]!)) {
      rec.requestIdStart = spans[2 * requestId]!;
      rec.requestIdEnd = spans[2 * requestId + 1]!;
    }
  };

  const read = (bytes: Uint8Array, spans: Int32Array, rec: Rec): number => {
    const bad = times.read(bytes, spans, rec);
    if (bad >= 0) return bad;
    const odd = shapes.oddField(bytes, spans);
    if (odd >= 0) return odd;
    place(bytes, spans, rec);
    if (isNote) {
      rec.kind = NOTE;
      return -1;
    }
    rec.kind = REQUEST;
    rec.escape = HAPROXY_ESCAPE;
    const state = firstLogged(spans, stateAt);
    let status = numberAt(bytes, spans, statusAt);
    if (Number.isNaN(status) || status > 999) return firstLogged(spans, statusAt);
    // An object that holds none of what makes a traffic line is somebody else's.
    if (status === NOT_LOGGED && state < 0 && firstLogged(spans, serverAt) < 0) return 0;
    // -1 is "nothing was sent" where a status is logged at all.
    if (status === NOT_LOGGED) status = -1;
    else if (status < 0) status = 0;
    rec.status = status;
    const noName = servers.read(bytes, spans, rec);
    if (noName >= 0) return noName;
    let stateStart = -1;
    if (state >= 0) {
      stateStart = spans[2 * state]!;
      const length = spans[2 * state + 1]! - stateStart;
      // A lone dash, or nothing where that can be, stands for a state that is not known.
      if (length === 0 && fields[state]!.kind === "word") return state;
      if (length === 0 || (length === 1 && bytes[stateStart] === DASH)) stateStart = -1;
      else if (length !== 2 && length !== 4) return state;
      else if (length !== 4 && fields[state]!.kind === "word" && fields[state]!.name === "tsc")
        return state;
      else if (!isState(bytes[stateStart]!, bytes[stateStart + 1]!)) return state;
      else if (length === 4 && !isCookieState(bytes[stateStart + 2]!, bytes[stateStart + 3]!))
        return state;
    }
    if (isJson && stateStart < 0 && Number.isNaN(rec.timeMs)) return 0;
    const isNormal =
      stateStart >= 0 && bytes[stateStart] === DASH && bytes[stateStart + 1] === DASH;
    const retries = numberAt(bytes, spans, retriesAt);
    if (Number.isNaN(retries)) return firstLogged(spans, retriesAt);
    if (isNormal && (status < 502 || status > 504)) {
      // A request that HAProxy answered itself was never tried anywhere, whatever its counter says.
      const isUntried = rec.peer === 0 && firstLogged(spans, serverAt) >= 0;
      if (!(retries > 0) || isUntried) return -1;
      const isOther = isRedispatched(bytes, spans, retriesAt, redispatchedAt);
      rec.tries = retries + 1;
      rec.reason = retriedReason;
      rec.by = retriedBy;
      rec.masked = true;
      rec.code = retriedCode(bytes, stateStart, spans[2 * state + 1]!, retries, isOther);
      if (isOther) {
        rec.answerer = rec.peer;
        rec.peer = 0;
      }
      return -1;
    }
    if (stateStart >= 0 || (status >= 502 && status <= 504)) judge(bytes, spans, rec, stateStart);
    return -1;
  };
  return Object.assign(read, isNote ? {} : { quick: haproxyQuick(fields), place });
}

/** Up to 2.3 the number of retries is that of the configuration where no server was chosen at all (commit 1d26f22e0). */
function triesOf(evidence: HaproxyEvidence): number {
  const isUntried =
    evidence.server === "applet" || (evidence.server === "none" && evidence.queueMs < 0);
  return isUntried ? 1 : Math.max(1, evidence.retries + 1);
}

/** A gateway status in a format without the termination state: the server's own word tells, or the timers. */
function judgeWithoutState(rec: Rec, evidence: HaproxyEvidence): void {
  const { server, serverStatus, connectMs, responseMs } = evidence;
  if (server === "applet") {
    rec.reason = R["proxy-policy"];
    rec.by = BY.policy;
  } else if (serverStatus === rec.status) {
    rec.reason = R["upstream-status"];
    rec.by = BY.upstream;
  } else if (rec.status === 504 && connectMs >= 0 && responseMs === -1) {
    // Connected, no headers: HAProxy only says 504 then.
    rec.reason = R["response-timeout"];
    rec.by = BY.proxy;
  } else rec.reason = R["unknown-failure"];
}
