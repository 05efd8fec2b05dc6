// What an nginx line says, in sentences: who made the status, how one knows, and the story of its attempts.
import { explainNginxError, type FieldText } from "./explain-nginx-error.ts";
import type { Names } from "./names.ts";
import { REASONS, type Reason } from "./reasons.ts";
import { REQUEST, type Rec } from "./record.ts";

export type { FieldText };

/**
 * The sentences a person reads under an nginx line, most important first; none for a line that needs no explaining.
 * @param knowledge the parsed `grammars/nginx/failures.json`, for what error-log messages mean.
 */
export function explainNginx(
  field: FieldText,
  rec: Rec,
  names: Names,
  knowledge?: unknown,
): string[] {
  if (rec.kind !== REQUEST) return explainNginxError(field, rec, names, knowledge);
  const out: string[] = [];
  const reason = REASONS[rec.reason] ?? "none";
  if (rec.reason === 0) {
    if (rec.status === 500 && rec.peer !== 0) {
      out.push("500 came from the application: the gateway did its work");
    }
    return out;
  }
  out.push(...whoMadeIt(field, rec, reason));
  out.push(...connection(field, rec, reason));
  out.push(...attemptStory(field, rec, names));
  if (rec.masked) out.push("the client was spared: it saw a good status all the same");
  if (rec.joinable) out.push("the error log has a line of the same second that says more");
  return out;
}

/** Who made the status, and by which field one knows. */
function whoMadeIt(field: FieldText, rec: Rec, reason: Reason): string[] {
  const status = statusText(field, rec);
  const addr = field("upstream_addr");
  const header = lastItem(field("upstream_header_time"));
  if (rec.status === 499) {
    return [
      "499: the client closed the connection before the answer was there; nginx writes this for itself",
    ];
  }
  if (rec.status === 9) {
    return [
      "009: what the upstream sent began with no HTTP status line, so nginx passed on the bare bytes",
    ];
  }
  if (reason === "upstream-status") {
    const how = isNumber(header)
      ? `upstream_header_time is ${header}, so a whole response header came`
      : isNumber(lastItem(field("upstream_response_length"))) &&
          field("upstream_header_time") === null
        ? "a response body came with it"
        : "nginx itself never gives an attempt that status";
    return [`${failedStatus(field, status)} was sent by the upstream itself: ${how}`];
  }
  if (reason === "no-upstream") {
    return isMissing(addr)
      ? [
          `${status} made by nginx: there was no server to pick for ${field("proxy_upstream_name") ?? "this pool"}`,
        ]
      : [
          `nginx had no server left: upstream_addr names the group, not a server; the cause is in the failures before it`,
        ];
  }
  if (reason === "proxy-policy") {
    return [
      `${status} made by nginx by rule (limit_req, limit_conn or return): upstream_addr is "-", nobody was asked`,
    ];
  }
  if (reason === "proxy-resource") {
    return [
      `${status} made by nginx: upstream_addr is empty, so it failed while picking a server (file or connection limits)`,
    ];
  }
  if (addr !== null && isMissing(addr)) {
    const cache = field("upstream_cache_status");
    if (!isMissing(cache))
      return [`${status} came from nginx's own cache (upstream_cache_status is ${cache})`];
    return [
      `${status} made by nginx before it picked a server: upstream_addr is "-" (DNS, an auth request, a return, a bad address)`,
    ];
  }
  if (field("upstream_header_time") !== null) {
    return [
      `${failedStatus(field, status)} made by nginx: upstream_header_time is "-", no header ever came from the upstream`,
    ];
  }
  if (reason === "unknown-failure") {
    return [
      `who made the ${failedStatus(field, status)} this format does not tell: it logs no upstream_header_time (a number there means the upstream)`,
    ];
  }
  return [`${failedStatus(field, status)} made by nginx`];
}

/** What the connect time and the byte counts say about how far the failing attempt got. */
function connection(field: FieldText, rec: Rec, reason: Reason): string[] {
  const at = blamedItem(rec);
  const connect = item(field("upstream_connect_time"), at);
  const took = item(field("upstream_response_time"), at);
  const after = isNumber(took) ? ` after ${took} s` : "";
  switch (reason) {
    case "connect-failed":
      return connect === null
        ? [`no connection was made${after}: not a byte was sent`]
        : [
            `upstream_connect_time is "-": the connection (TLS included) was not made${isQuick(took) ? " and failed at once, as a refused one does" : after}`,
          ];
    case "connect-timeout":
      return [
        `upstream_connect_time is "-"${after}: nobody answered the connection attempt, or TLS did not finish`,
      ];
    case "response-timeout":
      return [
        `the connection was made${isNumber(connect) ? ` (${connect} s)` : ""}, but no header came${after}: proxy_read_timeout`,
      ];
    case "disconnect":
      return [
        `the connection was made, and ended${after} without a single byte of an answer: closed or reset`,
      ];
    case "invalid-response": {
      const bytes = item(field("upstream_bytes_received"), at);
      return isNumber(bytes) && rec.status !== 9
        ? [`${bytes} bytes came, but no header nginx could accept: too big or malformed`]
        : [];
    }
    case "unknown-failure":
      return isNumber(connect)
        ? [`the connection was made (${connect} s); what broke afterwards only the error log says`]
        : [];
    default:
      return [];
  }
}

function attemptStory(field: FieldText, rec: Rec, names: Names): string[] {
  if (rec.attempts === 0) return [];
  if (rec.attempts === 1) {
    const peer = rec.attemptPeer[0]!;
    return peer === 0 ? [] : [`attempt 1 of 1 on ${names.text(peer)}; no retry`];
  }
  const statuses = field("upstream_status");
  const out: string[] = [];
  const shown = Math.min(rec.attempts, 8);
  for (let k = 0; k < shown; k++) {
    const peer = names.text(rec.attemptPeer[k]!);
    const reason = REASONS[rec.attemptReason[k]!] ?? "none";
    const status = item(statuses, k);
    const what = reason === "none" ? "answered" : reason;
    const told = isMissing(status) ? "" : ` (${status})`;
    out.push(
      `attempt ${k + 1} of ${rec.attempts}${peer === "" ? "" : ` on ${peer}`}: ${what}${told}`,
    );
  }
  if (rec.attempts > shown) out.push(`and ${rec.attempts - shown} more attempts`);
  return out;
}

/** Which attempt the line is blamed on: the last one with the line's own reason. */
function blamedItem(rec: Rec): number {
  for (let k = rec.attempts - 1; k >= 0; k--) if (rec.attemptReason[k] === rec.reason) return k;
  return Math.max(0, rec.attempts - 1);
}

function items(list: string | null): readonly string[] {
  return list === null ? [] : list.split(/, | : /).map((text) => text.trim());
}

function item(list: string | null, at: number): string | null {
  return items(list)[at] ?? null;
}

function lastItem(list: string | null): string | null {
  return items(list).at(-1) ?? null;
}

function statusText(field: FieldText, rec: Rec): string {
  return field("status") ?? String(rec.status);
}

/** The status of the attempt that failed, where a retry or an error page changed the line's own. */
function failedStatus(field: FieldText, status: string): string {
  const failed = items(field("upstream_status")).filter((text) => /^50[234]$/.test(text));
  return failed.length > 0 && !failed.includes(status) ? failed.at(-1)! : status;
}

function isMissing(text: string | null): boolean {
  return text === null || text === "" || text === "-";
}

function isNumber(text: string | null): boolean {
  return text !== null && /^\d+(\.\d+)?$/.test(text) && (Number(text) > 0 || text.includes("."));
}

function isQuick(seconds: string | null): boolean {
  return isNumber(seconds) && Number(seconds) < 0.1;
}
