// Which records the user wants: a time range, statuses, and the filter language, decided record by record.
import type { FilterAst } from "../grammar/index.ts";
import { decodeText, type Names } from "./names.ts";
import { MAKERS, REASONS, reasonNumber, stageOf } from "./reasons.ts";
import { ERROR, EVENT, REQUEST, type Rec } from "./record.ts";

/** A selection as plain data, for every thread to make its own. Times in ms since the epoch, null for no bound. */
export interface SelectionSpec {
  readonly from: number | null;
  readonly to: number | null;
  /** Statuses whose failures count as such; null for all. */
  readonly statuses: readonly number[] | null;
  readonly where: FilterAst | null;
}

/** Whether a record is wanted. May clear the failure of a record whose status is not asked for. */
export type Selection = (rec: Rec, proxy: number, node: number, bytes: Uint8Array) => boolean;

type Test = (rec: Rec, proxy: number, node: number, bytes: Uint8Array) => boolean;
type Text = (rec: Rec, proxy: number, node: number, bytes: Uint8Array) => string;
type Compare = Extract<FilterAst, { kind: "compare" }>;

const PROXIES = ["nginx", "haproxy", "envoy"];
const KINDS = ["request", "error", "event", "note"];

/** Nothing is left out. */
export const EVERYTHING: SelectionSpec = { from: null, to: null, statuses: null, where: null };

/** Compiles a selection; null when everything is wanted. */
export function selectionOf(spec: SelectionSpec, names: Names): Selection | null {
  const tests: Test[] = [];
  const { from, to, statuses, where } = spec;
  if (from !== null) tests.push((rec) => rec.timeMs >= from);
  if (to !== null) tests.push((rec) => rec.timeMs < to);
  if (where !== null) tests.push(compile(where, names));
  if (statuses !== null) tests.push(onlyStatuses(new Set(statuses)));
  if (tests.length === 0) return null;
  return (rec, proxy, node, bytes) => {
    for (const test of tests) if (!test(rec, proxy, node, bytes)) return false;
    return true;
  };
}

/** Failures of other statuses are no failures then; their requests still count, so that rates stay rates. */
function onlyStatuses(statuses: ReadonlySet<number>): Test {
  return (rec) => {
    if (rec.kind === EVENT) return true;
    if (rec.kind === ERROR && rec.status < 0) return true;
    if (rec.reason !== 0 && !statuses.has(rec.status)) {
      rec.reason = reasonNumber.none;
      rec.by = 0;
      rec.masked = false;
      rec.joinable = false;
    }
    return true;
  };
}

function compile(ast: FilterAst, names: Names): Test {
  switch (ast.kind) {
    case "and": {
      const [left, right] = [compile(ast.left, names), compile(ast.right, names)];
      return (...record) => left(...record) && right(...record);
    }
    case "or": {
      const [left, right] = [compile(ast.left, names), compile(ast.right, names)];
      return (...record) => left(...record) || right(...record);
    }
    case "not": {
      const inner = compile(ast.of, names);
      return (...record) => !inner(...record);
    }
    case "in": {
      const tests = ast.values.map((value) =>
        compare({ ...ast, kind: "compare", op: "=", value }, names),
      );
      return (...record) => tests.some((test) => test(...record));
    }
    case "compare":
      return compare(ast, names);
  }
}

function compare(ast: Compare, names: Names): Test {
  const { op, value } = ast;
  switch (value.kind) {
    case "truth":
      return (rec) => (rec.masked === value.value) === (op === "=");
    case "number":
      return numeric(op, (rec) => rec.status, value.value);
    case "status-class": {
      const isEqual = op === "=";
      return (rec) => (Math.floor(rec.status / 100) === value.digit) === isEqual;
    }
    case "duration":
      return numeric(op, (rec) => rec.durationMs, value.ms);
    case "time": {
      // The command line has turned what was typed into ISO by now.
      const ms = Date.parse(value.text);
      return numeric(op, ast.field === "start" ? (rec) => rec.startMs : (rec) => rec.timeMs, ms);
    }
    case "text":
      return textual(ast, value.text, names);
  }
}

/** A value that the line does not have (-1) satisfies no order. */
function numeric(op: Compare["op"], get: (rec: Rec) => number, value: number): Test {
  switch (op) {
    case "=":
      return (rec) => get(rec) === value;
    case "!=":
      return (rec) => get(rec) !== value;
    case "<":
      return (rec) => get(rec) >= 0 && get(rec) < value;
    case "<=":
      return (rec) => get(rec) >= 0 && get(rec) <= value;
    case ">":
      return (rec) => get(rec) > value;
    case ">=":
      return (rec) => get(rec) >= 0 && get(rec) >= value;
    default:
      return () => false;
  }
}

function textual(ast: Compare, value: string, names: Names): Test {
  const gets: Text[] =
    ast.field === "upstream"
      ? [textOf("pool", names), textOf("peer", names)]
      : [textOf(ast.field, names)];
  const any =
    (matches: (text: string) => boolean): Test =>
    (...record) =>
      gets.some((get) => matches(get(...record)));
  switch (ast.op) {
    case "=":
      return any((text) => text === value);
    case "~":
      return any((text) => text.includes(value));
    case "!=": {
      const equal = any((text) => text === value);
      return (...record) => !equal(...record);
    }
    default: {
      const contains = any((text) => text.includes(value));
      return (...record) => !contains(...record);
    }
  }
}

function textOf(field: Compare["field"], names: Names): Text {
  const span = (bytes: Uint8Array, start: number, end: number): string =>
    start < 0 ? "" : decodeText(bytes.subarray(start, end));
  const name = (id: number): string => (id > 0 ? names.text(id) : "");
  switch (field) {
    case "pool":
      return (rec) => name(rec.pool);
    case "peer":
      return (rec) => name(rec.peer);
    case "code":
      return (rec) => name(rec.code);
    case "reason":
      return (rec) => REASONS[rec.reason]!;
    case "stage":
      return (rec) => (rec.reason === 0 ? "" : stageOf(REASONS[rec.reason]!));
    case "by":
      return (rec) => (rec.reason === 0 ? "" : MAKERS[rec.by]!);
    case "proxy":
      return (_, proxy) => PROXIES[proxy]!;
    case "node":
      return (_rec, _proxy, node) => name(node);
    case "kind":
      return (rec) => KINDS[rec.kind]!;
    case "client":
      return (rec, _proxy, _node, bytes) => span(bytes, rec.clientStart, rec.clientEnd);
    case "host":
      return (rec, _proxy, _node, bytes) => span(bytes, rec.hostStart, rec.hostEnd);
    case "request_id":
      return (rec, _proxy, _node, bytes) => span(bytes, rec.requestIdStart, rec.requestIdEnd);
    case "method":
      return (rec, _proxy, _node, bytes) =>
        rec.methodStart >= 0
          ? span(bytes, rec.methodStart, rec.methodEnd)
          : (request(rec, bytes)[0] ?? "");
    case "path":
      return (rec, _proxy, _node, bytes) =>
        rec.pathStart >= 0
          ? span(bytes, rec.pathStart, rec.pathEnd)
          : (request(rec, bytes)[1] ?? "");
    default:
      return () => "";
  }
  function request(rec: Rec, bytes: Uint8Array): [string | null, string | null] {
    if (rec.kind !== REQUEST && rec.kind !== ERROR) return [null, null];
    return splitRequest(span(bytes, rec.requestStart, rec.requestEnd));
  }
}

/** `GET /x HTTP/1.1` as method and path; a request line that is none has neither. */
export function splitRequest(request: string): [string | null, string | null] {
  const first = request.indexOf(" ");
  if (first <= 0) return [null, null];
  // HTTP/0.9 has no version, and a path may hold blanks where the client did not care.
  const last = request.lastIndexOf(" HTTP/");
  return [
    request.slice(0, first),
    last > first ? request.slice(first + 1, last) : request.slice(first + 1),
  ];
}
