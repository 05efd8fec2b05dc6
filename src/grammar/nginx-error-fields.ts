// The fields of nginx error lines and where their spans lie.
import type { Field } from "./scanner.ts";

/** The fields of an nginx error line, in the order of their spans. */
export const FIELDS = [
  { name: "time", kind: "nginx-time" },
  { name: "level", kind: "word" },
  { name: "pid", kind: "int" },
  { name: "tid", kind: "int" },
  { name: "cid", kind: "int" },
  { name: "message", kind: "text" },
  { name: "errno", kind: "int" },
  { name: "action", kind: "text" },
  { name: "client", kind: "word" },
  { name: "server", kind: "text" },
  { name: "request", kind: "text" },
  { name: "subrequest", kind: "text" },
  { name: "upstream", kind: "text" },
  { name: "host", kind: "text" },
  { name: "referrer", kind: "text" },
  { name: "request_id", kind: "text" },
] as const satisfies readonly Field[];

type FieldName = (typeof FIELDS)[number]["name"];

/** Where the spans of a field begin. */
function slot(name: FieldName): number {
  return 2 * FIELDS.findIndex((field) => field.name === name);
}

export const TIME = slot("time");
export const LEVEL = slot("level");
export const PID = slot("pid");
export const TID = slot("tid");
export const CID = slot("cid");
export const MESSAGE = slot("message");
export const ERRNO = slot("errno");
export const ACTION = slot("action");
export const CLIENT = slot("client");
export const SERVER = slot("server");
export const REQUEST = slot("request");
export const SUBREQUEST = slot("subrequest");
export const UPSTREAM = slot("upstream");
export const HOST = slot("host");
export const REFERRER = slot("referrer");
export const REQUEST_ID = slot("request_id");
/** Behind the spans: where a line failed to match. */
export const FAILURE = 2 * FIELDS.length;
