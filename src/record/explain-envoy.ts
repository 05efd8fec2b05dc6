// What an Envoy line says, in sentences: what flags, details and transport reason mean, and what the other fields bear out.
import { envoyKnowledge, type EnvoyEntry } from "./envoy-knowledge.ts";
import { EnvoyVerdicts, type Verdict } from "./envoy-verdict.ts";
import { objectRules } from "./envoy-events.ts";
import type { FieldText } from "./explain-nginx.ts";
import { MessageTable, messageRules } from "./message-table.ts";
import { Names } from "./names.ts";
import { MAKERS, REASONS, type Reason } from "./reasons.ts";
import { REQUEST, type Rec } from "./record.ts";

/**
 * The sentences a person reads under an Envoy line, most important first; none for a line that needs no explaining.
 * @param knowledge the parsed `grammars/envoy/failures.json`, for what flags and details mean; without it only the other
 *   fields are told.
 * @param events the parsed `grammars/envoy/events.json`, for lines of Envoy's own log and its event logs.
 */
export function explainEnvoy(
  field: FieldText,
  rec: Rec,
  names: Names,
  knowledge: unknown = null,
  events: unknown = null,
): string[] {
  if (rec.kind !== REQUEST) return events === null ? [] : explainEvent(field, rec, names, events);
  const reason = REASONS[rec.reason]!;
  if (rec.reason === 0)
    return rec.status >= 500 ? [`${rec.status} was sent, and no flag says that Envoy failed`] : [];
  const flags =
    field("RESPONSE_FLAGS") ?? field("RESPONSE_FLAGS_LONG") ?? field("FAILURE_REASON") ?? "";
  const details =
    [field("RESPONSE_CODE_DETAILS"), field("CONNECTION_TERMINATION_DETAILS")].find(
      (text) => text !== null && text !== "" && text !== "-",
    ) ?? "";
  const transport = field("UPSTREAM_TRANSPORT_FAILURE_REASON") ?? "";
  const known = knowledge === null ? null : envoyKnowledge(knowledge);
  const verdict = known === null ? null : new EnvoyVerdicts(known).of(flags, details, transport);
  const entries = verdict?.entries(rec.status).from ?? [];
  const out = [whoMadeIt(field, rec, reason, details)];
  for (const entry of entries) out.push(`${labelOf(entry)}: ${entry.meaning}`);
  if (verdict !== null) {
    const others = verdict.flags.filter(
      (flag) => !entries.some((entry) => labelOf(entry) === flag),
    );
    for (const entry of known!.flags) {
      if (others.includes(entry.flag)) out.push(`${entry.flag}: ${entry.meaning}`);
    }
    if (isStale(verdict, entries, transport)) {
      out.push(
        `the transport failure reason (${verdict.transport!.code}) is left from an earlier try`,
      );
    }
  }
  out.push(...times(field, rec, reason));
  if (rec.tries > 1)
    out.push(
      `${rec.tries} tries were made${rec.peer > 0 ? `, the last on ${names.text(rec.peer)}` : ""}`,
    );
  const sent = Number(field("BYTES_SENT") ?? "");
  const replies = known?.localReplies.filter(({ bytes }) => bytes.includes(sent)) ?? [];
  if (reason === "upstream-status" && replies.length > 0) {
    out.push(
      `its body of ${sent} bytes has the length of an Envoy's own page: the upstream may be another Envoy (${replies[0]!.meaning.replace(/^The body is Envoy's own: |\.$/g, "")})`,
    );
  }
  if (rec.masked) {
    out.push(
      reason === "truncated-response"
        ? `the client saw ${rec.status}: nothing in the status tells that the body is cut`
        : `the client saw ${rec.status}: a retry hid the failure`,
    );
  }
  const confused = entries.find(({ confusedWith }) => confusedWith !== undefined)?.confusedWith;
  if (confused !== undefined) out.push(`not to be confused with ${confused}`);
  return out;
}

/** What a line of Envoy's own log or of its event logs means. */
function explainEvent(field: FieldText, rec: Rec, names: Names, events: unknown): string[] {
  const code = names.text(rec.code);
  const message = Buffer.from(
    (field("message") ?? field("msg") ?? "").replace(/^(?:\[[^\]]*\] ?)+/, ""),
  );
  const rules = messageRules(events);
  const found = new MessageTable(rules, new Names()).find(message, 0, message.length);
  const object = objectRules(events).find((rule) => code !== "" && code.startsWith(rule.code));
  const meaning = rules[found]?.meaning ?? object?.meaning;
  if (meaning === undefined) return [];
  const whom = [names.text(rec.peer), names.text(rec.pool)].filter((name) => name !== "");
  return [
    `${code === "" ? "" : `${code}: `}${meaning}`,
    ...(whom.length > 0 ? [`it concerns ${whom.join(" of ")}`] : []),
  ];
}

/** Who made the status, and by which field one knows. */
function whoMadeIt(field: FieldText, rec: Rec, reason: Reason, details: string): string {
  const service = field("RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)");
  if (reason === "upstream-status") {
    return `${rec.status} came from the upstream${details === "via_upstream" ? " (via_upstream)" : ", for Envoy set no flag of its own"}`;
  }
  if (reason === "client-abort") {
    if (MAKERS[rec.by] === "proxy") return "Envoy ended the client's connection";
    return rec.status === 408
      ? "the client did not send its whole request in time"
      : "the client left before the answer was complete";
  }
  if (rec.masked) return `${rec.status} came from the upstream, yet something failed on the way`;
  if (rec.status === 200)
    return "200 is how Envoy answers a gRPC request that failed: the failure stands in grpc-status";
  if (rec.status <= 0) return "no status was sent to the client";
  const proof =
    service === "-" || service === "" ? ": no service time, so the upstream did not answer" : "";
  return `${rec.status} was made by Envoy${proof}`;
}

function labelOf(entry: EnvoyEntry): string {
  const { flag, detail, reset, code } = entry as {
    flag?: string;
    detail?: string;
    reset?: string;
    code?: string;
  };
  return reset ?? detail ?? code ?? flag ?? "";
}

function isStale(verdict: Verdict, entries: readonly EnvoyEntry[], transport: string): boolean {
  if (verdict.transport === null || transport === "" || transport === "-") return false;
  return !entries.includes(verdict.transport);
}

function times(field: FieldText, rec: Rec, reason: Reason): string[] {
  const ms = rec.durationMs;
  const local = field("UPSTREAM_LOCAL_ADDRESS");
  if (reason === "response-timeout" && ms > 0)
    return [`it ended after ${ms} ms: the timeout, if other lines show the same`];
  if (reason === "connect-timeout" && ms > 0) {
    return [
      `${ms} ms in ${rec.tries} ${rec.tries === 1 ? "try" : "tries"}: ${Math.round(ms / rec.tries)} ms is the connect_timeout`,
    ];
  }
  if (reason.startsWith("disconnect") && ms >= 0 && ms <= 5) {
    return [
      `it broke at once (${ms} ms): typical of a kept-alive connection that the upstream had closed already`,
    ];
  }
  if (reason.startsWith("connect") && (local === "-" || local === "")) {
    return ["no local address towards the upstream: no connection existed"];
  }
  return [];
}
