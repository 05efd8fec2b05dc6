// Where an Envoy format keeps what we want to know: operators with their arguments, in the order they are trusted.
import type { Field, KeyPart, QuickFields } from "../grammar/index.ts";

interface Operator {
  readonly index: number;
  readonly name: string;
  readonly argument: string;
}

const HEADER = new Set(["REQ", "REQUEST_HEADER"]);
const ANSWER_HEADER = new Set(["RESP", "RESPONSE_HEADER", "TRAILER", "RESPONSE_TRAILER"]);

/** Indexes of fields by what they hold, the best first. */
export interface EnvoyFields {
  readonly start: readonly number[];
  /** When the line was written. */
  readonly emit: readonly number[];
  /** Those of `start` and `emit` that print local time. */
  readonly local: ReadonlySet<number>;
  readonly duration: readonly number[];
  readonly status: readonly number[];
  readonly flags: readonly number[];
  readonly details: readonly number[];
  /** What ended a connection that no request came over. */
  readonly termination: readonly number[];
  readonly transport: readonly number[];
  readonly cluster: readonly number[];
  readonly host: readonly number[];
  readonly bytesSent: readonly number[];
  readonly attempts: readonly number[];
  readonly serviceTime: readonly number[];
  readonly grpc: readonly number[];
  readonly closeType: readonly number[];
  readonly logType: readonly number[];
  readonly client: readonly number[];
  readonly method: readonly number[];
  readonly protocol: readonly number[];
  readonly path: readonly number[];
  readonly authority: readonly number[];
  readonly requestId: readonly number[];
}

/** Finds the fields of a format. */
export function envoyFields(fields: readonly Field[]): EnvoyFields {
  const operators = fields.map(({ name }, index): Operator => {
    const open = name.indexOf("(");
    if (open < 0) return { index, name, argument: "" };
    return { index, name: name.slice(0, open), argument: name.slice(open + 1, -1).toUpperCase() };
  });
  const where = (test: (operator: Operator) => boolean): number[] =>
    operators.filter(test).map(({ index }) => index);
  const named = (...names: readonly string[]): number[] =>
    names.flatMap((wanted) => where(({ name }) => name === wanted));
  const header = (of: ReadonlySet<string>, ...parts: readonly string[]): number[] =>
    parts.flatMap((part) =>
      where(({ name, argument }) => of.has(name) && argument.split("?").includes(part)),
    );
  const localTimes = named("START_TIME_LOCAL", "EMIT_TIME_LOCAL");
  return {
    start: named("START_TIME", "START_TIME_LOCAL"),
    emit: named("EMIT_TIME", "EMIT_TIME_LOCAL"),
    local: new Set(localTimes),
    duration: named("DURATION"),
    status: named("RESPONSE_CODE"),
    flags: named("RESPONSE_FLAGS", "RESPONSE_FLAGS_LONG", "FAILURE_REASON"),
    details: named("RESPONSE_CODE_DETAILS"),
    termination: named("CONNECTION_TERMINATION_DETAILS"),
    transport: named("UPSTREAM_TRANSPORT_FAILURE_REASON"),
    cluster: named("UPSTREAM_CLUSTER_RAW", "UPSTREAM_CLUSTER"),
    host: named("UPSTREAM_HOST", "UPSTREAM_REMOTE_ADDRESS", "UPSTREAM_HOST_NAME"),
    bytesSent: named("BYTES_SENT"),
    attempts: named("UPSTREAM_REQUEST_ATTEMPT_COUNT"),
    serviceTime: header(ANSWER_HEADER, "X-ENVOY-UPSTREAM-SERVICE-TIME"),
    grpc: [...named("GRPC_STATUS", "GRPC_STATUS_NUMBER"), ...header(ANSWER_HEADER, "GRPC-STATUS")],
    closeType: named("UPSTREAM_DETECTED_CLOSE_TYPE"),
    logType: named("ACCESS_LOG_TYPE"),
    client: [
      ...named("DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", "DOWNSTREAM_REMOTE_ADDRESS"),
      ...header(HEADER, "X-FORWARDED-FOR", "X-REAL-IP"),
      ...named("DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", "DOWNSTREAM_DIRECT_REMOTE_ADDRESS"),
    ],
    method: header(HEADER, ":METHOD", "X-ENVOY-ORIGINAL-METHOD"),
    protocol: named("PROTOCOL"),
    path: [
      ...header(HEADER, "X-ENVOY-ORIGINAL-PATH", ":PATH"),
      ...named("PATH", "REQ_WITHOUT_QUERY"),
    ],
    authority: header(HEADER, ":AUTHORITY", "HOST"),
    requestId: header(HEADER, "X-REQUEST-ID"),
  };
}

/** What never decides about a request: it is only passed on. */
const PASSED: ReadonlySet<keyof EnvoyFields> = new Set([
  "start",
  "emit",
  "local",
  "duration",
  "client",
  "path",
  "authority",
  "requestId",
]);

/** What lines of this format must agree in to be read alike; undefined where they have no time of their own. */
export function envoyQuick(at: EnvoyFields, quotedLast: number): QuickFields | undefined {
  if (at.start.length === 0) return undefined;
  const deciding = (Object.keys(at) as (keyof EnvoyFields)[]).filter((what) => !PASSED.has(what));
  const key = deciding.flatMap((what) =>
    [...at[what]].map((field): KeyPart => {
      if (what === "serviceTime") return { field, by: "sign" };
      // The length of an error page names its reason beside a flag.
      if (what === "bytesSent") return { field, by: "size", beside: at.flags };
      return { field, by: "bytes" };
    }),
  );
  return {
    key: quotedLast < 0 ? key : [...key, { field: quotedLast, by: "quoted" }],
    without: at.emit,
    time: at.start,
    isStart: true,
    duration: at.duration,
    unit: "ms",
    client: [],
    request: [],
  };
}
