// Reads the error log that Angie writes with `format=json`: the words of an error line as the members of one object.
//
// Source: ngx_log_create_json_message() in src/core/ngx_log.c of Angie. The context stands in an object of its own, which is
// named for what was being done.
import { compileJson, type JsonKey } from "./compile-json.ts";
import { FIELDS } from "./nginx-error-fields.ts";
import type { Field, Scanner } from "./scanner.ts";

const CONTEXTS = ["context.", "http.", "stream.", "mail.", ""];
const CONTEXT_KEYS: readonly Field["name"][] = [
  "action",
  "client",
  "server",
  "request",
  "subrequest",
  "upstream",
  "host",
  "referrer",
  "request_id",
];
const KEYS: readonly JsonKey[] = [
  { key: "time", field: "time" },
  { key: "level", field: "level" },
  { key: "pid", field: "pid" },
  { key: "tid", field: "tid" },
  { key: "connection", field: "cid" },
  { key: "message", field: "message" },
  { key: "error.code", field: "errno" },
  { key: "error.message", field: "error_text" },
  ...CONTEXT_KEYS.flatMap((field) => CONTEXTS.map((prefix) => ({ key: prefix + field, field }))),
];
/** What makes an object an error line of this family. */
const NEEDED: readonly string[] = ["time", "level", "pid", "message"];

/** The scanner of error lines in JSON; its fields are those of nginx-error-fields.ts and `error_text`. */
export function nginxErrorJsonScanner(): Scanner {
  const kinds = new Map<string, Field["kind"]>(FIELDS.map(({ name, kind }) => [name, kind]));
  const inner = compileJson(KEYS, (name) =>
    name === "time" ? "iso-time" : (kinds.get(name) ?? "text"),
  );
  const { fields } = inner;
  const needed = NEEDED.map((name) => fields.findIndex((field) => field.name === name));
  return {
    fields,
    scan: (bytes, start, end, spans) => {
      const failed = inner.scan(bytes, start, end, spans);
      if (failed >= 0) return failed;
      for (const at of needed) {
        if (spans[2 * at]! >= 0) continue;
        spans[2 * fields.length] = end;
        return at;
      }
      return -1;
    },
  };
}
