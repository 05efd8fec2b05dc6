// Other projects' expectations (*.cases.json beside a log) against our records, as far as both speak of the same thing.
import { readFileSync } from "node:fs";
import { describe } from "./describer.ts";
import { flat } from "./flat.ts";
import { whyWrong } from "./known-wrong.ts";

/** What became of one file's expectations. */
export interface Verdict {
  cases: number;
  right: number;
  wrong: number;
  /** Why expectations are wrong that are known to be, and how many are for that reason. */
  readonly known: Map<string, number>;
  /** Lines that they refuse, and how many of those we read. */
  refused: number;
  readAnyway: number;
  /** Lines that they read and we do not. */
  missed: number;
  readonly differences: string[];
}

interface Theirs {
  readonly line: string | readonly string[];
  readonly expected: unknown;
  readonly fails?: boolean;
  readonly log_format?: string;
}

/** Their names for what we have; the last part of a dotted key. `host` is the client in formats of one host only. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  client: ["remote_addr", "client", "clientip", "remoteIp", "source_ip", "remote"],
  method: ["method", "request_method", "requestMethod", "verb", "http_verb"],
  path: ["path", "request_uri", "request_url", "requestUrl", "http_path"],
  status: ["status", "code", "http_status", "response"],
  bytesOut: ["size", "bytes", "body_bytes_sent", "responseSize", "body_bytes_size"],
  userAgent: ["agent", "user_agent", "http_user_agent", "userAgent"],
  referer: ["referer", "referrer", "http_referer"],
  protocol: ["protocol", "server_protocol", "request_version"],
  requestId: ["req_id", "request_id"],
  time: ["timestamp", "time_local", "time_iso8601"],
};
const CLIENT_IS_HOST = new Set(["jc", "fluentd parser"]);

/** Compares every case of a file. */
export function compareCases(path: string): Verdict {
  const data = JSON.parse(readFileSync(path, "utf8")) as {
    readonly schema: string;
    readonly cases: readonly Theirs[];
  };
  const verdict: Verdict = {
    cases: 0,
    right: 0,
    wrong: 0,
    known: new Map(),
    refused: 0,
    readAnyway: 0,
    missed: 0,
    differences: [],
  };
  for (const theirs of data.cases) {
    if (typeof theirs.line !== "string") continue;
    verdict.cases++;
    compareOne(theirs, theirs.line, data.schema, path, verdict);
  }
  return verdict;
}

function compareOne(
  theirs: Theirs,
  line: string,
  schema: string,
  path: string,
  verdict: Verdict,
): void {
  const described = describe(line, formatOf(theirs.log_format));
  const ours = flat(described);
  if (theirs.fails === true || theirs.expected === null) {
    verdict.refused++;
    if (ours === null) return;
    verdict.readAnyway++;
    verdict.differences.push(`read as ${described.format}, they refuse it: ${line}`);
    return;
  }
  if (ours === null) {
    verdict.missed++;
    verdict.differences.push(`not read (${described.miss!.why}): ${line}`);
    return;
  }
  const values = new Map<string, string>();
  collect(theirs.expected, values);
  const host = values.get("host");
  if (host !== undefined && !values.has("remote") && CLIENT_IS_HOST.has(schema))
    values.set("client", host);
  for (const [field, names] of Object.entries(NAMES)) {
    const name = names.find((one) => values.has(one));
    if (name === undefined) continue;
    const wanted = normal(field, values.get(name)!);
    if (wanted === undefined) continue;
    const got = ours[field] === null || ours[field] === undefined ? "" : String(ours[field]);
    const reason = wanted === got ? null : whyWrong(path, field, wanted);
    if (wanted === got) verdict.right++;
    else if (reason !== null) verdict.known.set(reason, (verdict.known.get(reason) ?? 0) + 1);
    else {
      verdict.wrong++;
      verdict.differences.push(
        `${field}: theirs ${JSON.stringify(wanted)}, ours ${JSON.stringify(got)} (${described.format}): ${line}`,
      );
    }
  }
}

/** Leaves by the last part of their key; the first one met wins. */
function collect(value: unknown, into: Map<string, string>, key = ""): void {
  if (value !== null && typeof value === "object") {
    if (Array.isArray(value)) return;
    for (const [name, inner] of Object.entries(value)) collect(inner, into, name);
  } else if (!into.has(key)) into.set(key, value === null ? "" : String(value));
}

/** Their notation as ours; undefined for one that cannot be compared. */
function normal(field: string, text: string): string | undefined {
  if (text === "" || text === "-") return "";
  if (field === "protocol") return /^HTTP/.test(text) ? text : undefined;
  if (field !== "time") return text;
  const clf = /^(\d\d)\/(\w{3})\/(\d{4}):(\S+) ([+-]\d{4})$/.exec(text);
  const ms = Date.parse(clf === null ? text : `${clf[1]} ${clf[2]} ${clf[3]} ${clf[4]} ${clf[5]}`);
  const hasZone = clf !== null || /(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  return Number.isNaN(ms) || !hasZone ? undefined : new Date(ms).toISOString();
}

/** nginx's escaping, which their notes put behind the format, stands before it in a configuration. */
function formatOf(text: string | undefined): string | null {
  if (text === undefined || !text.includes("$")) return null;
  const escape = / \((escape=\w+)\)$/.exec(text);
  return escape === null ? text : `log_format x ${escape[1]} '${text.slice(0, escape.index)}';`;
}
