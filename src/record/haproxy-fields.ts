// Where a HAProxy format keeps what we want to know: aliases and the sample fetches that print the same.
import type { Field, KeyPart, QuickFields } from "../grammar/index.ts";
import { isAbsent, parseInteger } from "./bytes.ts";
import { firstLogged, indexesOf } from "./field-choice.ts";

/** Fields by what they hold. `%rc` may be the fetch `txn.conn_retries`, and so on; the first name present wins. */
const NAMES = {
  requestDate: ["tr", "trl", "trg", "request_date", "request_date(ms)", "request_date(us)"],
  acceptDate: ["t", "Tl", "T", "accept_date", "accept_date(ms)", "accept_date(us)", "Ts", "Ts,hex"],
  milliseconds: ["ms", "ms,hex"],
  handshake: ["Th", "fc.timer.handshake"],
  idle: ["Ti", "req.timer.idle"],
  headers: ["TR", "req.timer.hdr"],
  untilRequest: ["Tq", "req.timer.tq"],
  queue: ["Tw", "req.timer.queue"],
  connect: ["Tc", "bc.timer.connect"],
  response: ["Tr", "res.timer.hdr"],
  active: ["Ta", "txn.timer.total"],
  total: ["Tt", "fc.timer.total"],
  status: ["ST", "txn.status", "status"],
  state: ["tsc", "ts", "txn.sess_term_state"],
  backend: ["b", "be_name"],
  server: ["s", "srv_name", "server"],
  both: ["b/s"],
  retries: ["rc", "txn.conn_retries"],
  redispatched: ["txn.redispatched"],
  client: ["ci", "src", "ci,hex"],
  request: ["r"],
  method: ["HM", "method", "capture.req.method", "var(txn.method)"],
  uri: ["HU", "capture.req.uri", "url", "HPHQ", "HPOHQ", "HP", "HPO", "path", "var(txn.path)"],
  host: ["var(txn.host)"],
  requestId: ["ID", "unique-id"],
  frontend: ["ft", "f", "fe_name"],
  responseHeaders: ["hs"],
  serverStatus: ["server_status"],
  errorName: ["bc_err_name"],
  errorText: ["bc_err_str"],
  errorNumber: ["bc_err"],
  tlsError: ["ssl_bc_err_str", "ssl_bc_err"],
  ruleFile: ["last_rule_file"],
  ruleLine: ["last_rule_line"],
  events: ["term_events"],
  tail: ["rest"],
  clientError: ["fc_err_str", "fc_err_name", "fc_err"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a field may hold. */
export type HaproxyField = keyof typeof NAMES;

/** Indexes of the fields that may hold something, the best first. */
export function haproxyField(fields: readonly Field[], what: HaproxyField): readonly number[] {
  return indexesOf(fields, NAMES[what]);
}

/** What never decides about a request: it is only passed on, or shown. */
const PASSED: ReadonlySet<HaproxyField> = new Set([
  "requestDate",
  "acceptDate",
  "milliseconds",
  "handshake",
  "idle",
  "headers",
  "untilRequest",
  "active",
  "total",
  "client",
  "request",
  "method",
  "uri",
  "host",
  "requestId",
]);
/** What decides by less than its bytes. */
const DECIDES_BY: Partial<Record<HaproxyField, "sign" | "blank">> = {
  queue: "sign",
  connect: "sign",
  response: "sign",
  responseHeaders: "blank",
};

/** What lines of this format must agree in to be read alike; undefined where their time is not one date and one timer. */
export function haproxyQuick(fields: readonly Field[]): QuickFields | undefined {
  const at = (what: HaproxyField): readonly number[] => haproxyField(fields, what);
  const isFromRequest = at("requestDate").length > 0;
  const time = isFromRequest ? at("requestDate") : at("acceptDate");
  const [duration, other] = isFromRequest
    ? [at("active"), at("total")]
    : [at("total"), at("active")];
  if (time.length === 0 || duration.length === 0) return undefined;
  const without = [...at("milliseconds"), ...other];
  const deciding = (Object.keys(NAMES) as HaproxyField[]).filter((what) => !PASSED.has(what));
  const key = deciding.flatMap((what) =>
    at(what).map((field): KeyPart => ({ field, by: DECIDES_BY[what] ?? "bytes" })),
  );
  // What haproxy-shapes.ts looks at beside them.
  const last = fields.length - 1;
  const shapes = fields.flatMap(({ name, kind }, field): KeyPart[] =>
    name === "cp"
      ? [{ field, by: "digits" }]
      : field === last && kind === "word"
        ? [{ field, by: "word" }]
        : [],
  );
  return {
    key: [...key, ...shapes],
    without,
    time,
    isStart: true,
    duration,
    unit: "ms",
    client: at("client"),
    request: [],
  };
}

/** All names of fields that hold something. */
export function haproxyNamesOf(what: HaproxyField): readonly string[] {
  return NAMES[what];
}

/** A whole number that the line does not have. */
export const NOT_LOGGED = -2;

/**
 * A field's whole number, the `+` of logasap and redispatches tolerated; -1 is HAProxy's own "none".
 * @returns NOT_LOGGED where the format or the line has no value, NaN for one that is no number.
 */
export function numberAt(bytes: Uint8Array, spans: Int32Array, indexes: readonly number[]): number {
  const at = firstLogged(spans, indexes);
  if (at < 0) return NOT_LOGGED;
  const start = spans[2 * at]!;
  const end = spans[2 * at + 1]!;
  if (end === start + 1) {
    const digit = bytes[start]! - 48;
    if (start >= 0 && digit >= 0 && digit <= 9) return digit;
  }
  return isAbsent(bytes, start, end) ? NOT_LOGGED : parseInteger(bytes, start, end);
}
