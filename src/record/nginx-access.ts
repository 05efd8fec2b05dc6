// nginx access lines of any log_format become records.
// Longer than most files: what a format has is looked up once, and the per-line code around it stays in one closure.
import { FieldUse, type Escape, type Field } from "../grammar/index.ts";
import { isAbsent, parseDecimalMs, parseUint } from "./bytes.ts";
import { present } from "./field-choice.ts";
import type { Names } from "./names.ts";
import { Attempts, COLUMN_KEYS, COLUMNS, GROUP, isHidden, PEER } from "./nginx-attempts.ts";
import { NginxPools } from "./nginx-pools.ts";
import {
  hasQuote,
  isFine,
  isLogged,
  isMissing,
  isSingle,
  isUpstream,
  placer,
  timeOf,
} from "./nginx-spans.ts";
import { makerNumber, reasonNumber } from "./reasons.ts";
import { REQUEST, ZONED, type Read, type Rec } from "./record.ts";

const R = reasonNumber;
const BY = makerNumber;
const LONGEST_CODE = 32;

const PATHS = ["request_uri", "gitlab_filtered_request_uri", "uri", "document_uri"];
const HOSTS = ["http_host", "host", "server_name"];

const ESCAPES: Readonly<Record<Escape, number>> = { none: 0, hex: 1, json: 2, haproxy: 3 };

/** Reasons an error-log line cannot refine: the upstream spoke for itself, or the client left. */
const TOLD = new Set([R["upstream-status"], R["client-abort"]]);

/**
 * The reader of a compiled nginx format. Fields it does not know are left alone, any it knows may be missing.
 * Per-line work on healthy lines: the times, the status, the names of the peer and the pool.
 */
export function nginxAccessReader(fields: readonly Field[], names: Names, escape: Escape): Read {
  const use = new FieldUse(fields);
  const { find, passed } = use;
  // JSON formats know every field there is, and a line has some of them: which one is there only the line tells.
  const times = passed("msec", "time_iso8601", "time_local");
  const statusAt = find("status");
  const durations = passed("request_time", "session_time");
  // Not nginx's: what a user of --field calls the milliseconds.
  const durationMsAt = passed("request_time_ms")[0] ?? -1;
  const addrAt = find("upstream_addr");
  // In JSON logs `ua` is the user agent here and the upstream's address there: its value tells.
  const eitherAt = addrAt < 0 ? -1 : find("ua");
  const upstreamStatusAt = find("upstream_status");
  const upstreamNameAt = find("proxy_upstream_name");
  const proxyHostAt = find("proxy_host");
  const connectionAt = passed("connection")[0] ?? -1;
  const cacheAt = find("upstream_cache_status");
  const requestAt = passed("request")[0] ?? -1;
  const methodAt = find("request_method");
  const paths = passed(...PATHS);
  const clients = passed(
    "remote_addr",
    "the_real_ip",
    "realip_remote_addr",
    "http_x_real_ip",
    "http_x_forwarded_for",
  );
  const hosts = passed(...HOSTS);
  // Two variables side by side are one field under both names.
  const locations = passed(...HOSTS.flatMap((host) => PATHS.map((path) => host + path)));
  const requestIds = passed("request_id", "req_id", "kong_request_id", "apisix_request_id");
  const isStream = passed("session_time").length > 0 && requestAt < 0;
  const columns = COLUMNS.map((name) => find(name, COLUMN_KEYS[name]));
  const attempts = new Attempts(names, columns, isStream);
  const pools = new NginxPools(names);
  const escapeNumber = ESCAPES[escape];

  /** The reason of a line none of whose attempts failed, by its status alone. */
  const reasonWithoutAttempt = (bytes: Uint8Array, spans: Int32Array, status: number): number => {
    if (status === 499) return R["client-abort"];
    const knowsUpstream = isLogged(spans, addrAt) || isLogged(spans, upstreamStatusAt);
    const hasNone =
      knowsUpstream && isMissing(bytes, spans, addrAt) && isMissing(bytes, spans, upstreamStatusAt);
    switch (status) {
      case 9:
        return isMissing(bytes, spans, addrAt) ? R["unknown-failure"] : R["invalid-response"];
      case 502:
      case 504:
        return R["unknown-failure"];
      case 503:
        if (!isMissing(bytes, spans, upstreamNameAt)) return R["no-upstream"];
        return hasNone ? R["proxy-policy"] : R["unknown-failure"];
      case 429:
        return hasNone ? R["proxy-policy"] : 0;
      case 500: {
        // Without an upstream the application had no part in it. A variable that is found but empty, which only this
        // escaping tells from a missing one, means that choosing a peer failed on this machine.
        if (!hasNone || addrAt < 0 || !isMissing(bytes, spans, cacheAt)) return 0;
        const isEmpty = escapeNumber === 1 && spans[2 * addrAt] === spans[2 * addrAt + 1];
        return isEmpty ? R["proxy-resource"] : R["unknown-failure"];
      }
      default:
        return 0;
    }
  };

  /** Who made the answer to such a line: nginx, where it says that no upstream was asked. */
  const makerWithoutAttempt = (bytes: Uint8Array, spans: Int32Array, reason: number): number => {
    switch (reason) {
      case R.none:
        return BY.unknown;
      case R["client-abort"]:
        return BY.client;
      case R["proxy-policy"]:
        return BY.policy;
      case R["invalid-response"]:
        return BY.upstream;
      case R["no-upstream"]:
      case R["proxy-resource"]:
        return BY.proxy;
      default: {
        const asked = !isLogged(spans, addrAt) || !isMissing(bytes, spans, addrAt);
        return asked || !isMissing(bytes, spans, cacheAt) ? BY.unknown : BY.proxy;
      }
    }
  };

  /** Fills attempts, reason and whom to blame from the lists; answers the field at fault or -1. */
  const readAttempts = (bytes: Uint8Array, spans: Int32Array, rec: Rec): number => {
    const status = rec.status;
    attempts.read(bytes, spans, status);
    if (attempts.badField >= 0) return attempts.badField;
    const count = attempts.count;
    const last = count - 1;
    let blamed = -1;
    let groupName = 0;
    let group = 0;
    rec.attempts = 0;
    for (let k = 0; k < count; k++) {
      const kind = attempts.kind[k]!;
      const reason = attempts.reason[k]!;
      if (kind === GROUP) {
        groupName = attempts.name[k]!;
        group = attempts.group[k]!;
      }
      const peer = kind === PEER ? attempts.name[k]! : 0;
      if (peer !== 0) rec.peer = peer;
      if (kind !== 0 || reason !== 0) {
        rec.attemptPeer[rec.attempts] = peer;
        rec.attemptReason[rec.attempts++] = reason;
      }
      // "No peer left" follows from the failures before it: it is blamed only where there are none.
      const follows =
        reason === R["no-upstream"] && blamed >= 0 && attempts.reason[blamed] !== reason;
      if (reason !== 0 && !follows) blamed = k;
    }
    rec.tries = Math.max(1, rec.attempts);
    if (status === 499) {
      rec.reason = R["client-abort"];
      rec.by = BY.client;
    } else if (blamed >= 0) {
      rec.reason = attempts.reason[blamed]!;
      rec.by = attempts.makerOf(blamed, status);
      rec.peer = attempts.kind[blamed] === PEER ? attempts.name[blamed]! : 0;
      rec.masked = isHidden(status, attempts.reason[last]!, attempts.status[last]!);
    } else {
      rec.reason = reasonWithoutAttempt(bytes, spans, status);
      rec.by = makerWithoutAttempt(bytes, spans, rec.reason);
    }
    // The variables that name a pool speak of the last location tried.
    const place = blamed < 0 ? last : blamed;
    if (place >= 0 && attempts.group[place] !== attempts.group[last]) rec.pool = 0;
    if (groupName !== 0 && rec.pool === 0 && attempts.group[place] === group) rec.pool = groupName;
    return -1;
  };

  /** The statuses of the attempts where they are logged, in nginx's own notation, else the line's. */
  const codeOf = (bytes: Uint8Array, spans: Int32Array, status: number): number => {
    const isOwn = status === 9 || isMissing(bytes, spans, upstreamStatusAt);
    let at = isOwn ? statusAt : upstreamStatusAt;
    if (at >= 0 && spans[2 * at + 1]! - spans[2 * at]! > LONGEST_CODE) at = statusAt;
    if (at < 0) return 0;
    let end = spans[2 * at + 1]!;
    while (end > spans[2 * at]! && (bytes[end - 1] === 32 || bytes[end - 1] === 58)) end--;
    return Math.max(0, names.intern(bytes, spans[2 * at]!, end));
  };

  const place = placer(requestAt, methodAt, { clients, paths, hosts, locations, requestIds });

  const read = (bytes: Uint8Array, spans: Int32Array, rec: Rec): number => {
    rec.kind = REQUEST;
    rec.clock = ZONED;
    rec.escape = escapeNumber;
    for (let k = 0; k < times.length; k++) {
      const at = times[k]!;
      const start = spans[2 * at]!;
      const end = spans[2 * at + 1]!;
      if (start < 0 || (isAbsent(bytes, start, end) && k + 1 < times.length)) continue;
      const ms = timeOf(bytes, start, end, rec);
      if (Number.isNaN(ms)) return at;
      rec.timeMs = ms;
      break;
    }
    // Nobody has told the time: a record must not begin in 1970.
    if (rec.timeMs === 0) rec.timeMs = NaN;
    let status = -1;
    if (statusAt >= 0) {
      const start = spans[2 * statusAt]!;
      const end = spans[2 * statusAt + 1]!;
      if (!isAbsent(bytes, start, end)) {
        status = end - start === 2 || end - start > 3 ? -1 : parseUint(bytes, start, end);
        if (status < 0) return statusAt;
      }
    }
    rec.status = status;
    const durationAt = present(bytes, spans, durations);
    if (durationAt >= 0) {
      const ms = parseDecimalMs(bytes, spans[2 * durationAt]!, spans[2 * durationAt + 1]!);
      if (Number.isNaN(ms)) return durationAt;
      rec.durationMs = ms;
      if (ms >= 0) rec.startMs = rec.timeMs - ms;
    }
    if (durationMsAt >= 0) {
      const ms = parseDecimalMs(bytes, spans[2 * durationMsAt]!, spans[2 * durationMsAt + 1]!);
      if (Number.isNaN(ms)) return durationMsAt;
      if (ms >= 0) rec.durationMs = Math.round(ms / 1000);
      if (ms >= 0) rec.startMs = rec.timeMs - rec.durationMs;
    }
    if (connectionAt >= 0) {
      rec.connection = parseUint(bytes, spans[2 * connectionAt]!, spans[2 * connectionAt + 1]!);
    }
    place(bytes, spans, rec);
    // Fields that have shifted.
    if (methodAt >= 0 && escapeNumber === 1 && hasQuote(bytes, rec.methodStart, rec.methodEnd))
      return methodAt;
    if (upstreamNameAt >= 0)
      rec.pool = pools.named(bytes, spans[2 * upstreamNameAt]!, spans[2 * upstreamNameAt + 1]!);
    if (rec.pool === 0 && proxyHostAt >= 0) {
      rec.pool = pools.host(bytes, spans[2 * proxyHostAt]!, spans[2 * proxyHostAt + 1]!);
    }

    if (
      eitherAt >= 0 &&
      spans[2 * addrAt]! < 0 &&
      isUpstream(bytes, spans[2 * eitherAt]!, spans[2 * eitherAt + 1]!)
    ) {
      spans[2 * addrAt] = spans[2 * eitherAt]!;
      spans[2 * addrAt + 1] = spans[2 * eitherAt + 1]!;
    }
    const isHealthy = status >= 100 && status < 429;
    const addrStart = addrAt < 0 ? -1 : spans[2 * addrAt]!;
    const addrEnd = addrAt < 0 ? -1 : spans[2 * addrAt + 1]!;
    if (isHealthy && isSingle(bytes, addrStart, addrEnd)) {
      const sameStatus =
        upstreamStatusAt < 0 ||
        isFine(bytes, spans[2 * upstreamStatusAt]!, spans[2 * upstreamStatusAt + 1]!);
      if (sameStatus) {
        if (isAbsent(bytes, addrStart, addrEnd)) return -1;
        const id = names.intern(bytes, addrStart, addrEnd);
        if (attempts.kindOf(id, bytes, addrStart, addrEnd) === PEER) {
          rec.peer = id > 0 ? id : 0;
          rec.attempts = 1;
          rec.attemptPeer[0] = rec.peer;
          rec.attemptReason[0] = 0;
          rec.pool = pools.withoutSockets(rec.pool, rec.peer, bytes, addrStart);
          return -1;
        }
      }
    }
    const bad = readAttempts(bytes, spans, rec);
    if (bad >= 0) return bad;
    if (addrStart >= 0) rec.pool = pools.withoutSockets(rec.pool, rec.peer, bytes, addrStart);
    if (rec.reason !== 0) {
      rec.code = codeOf(bytes, spans, status);
      rec.joinable = !TOLD.has(rec.reason);
    } else if (status === 500 && addrAt < 0 && upstreamStatusAt < 0) {
      rec.joinable = true; // the application's own, or one that only the error log tells to be nginx's
    }
    return -1;
  };
  const without = passed("request_time_ms");
  const quick = use.ofEnds(times, durations, clients, passed("request"), without);
  return Object.assign(read, times.length === 0 ? {} : { quick, place });
}
