// What a HAProxy line says, in sentences: what its termination state means, and which timers and counters bear it out.
import type { FieldText } from "./explain-nginx.ts";
import { EVIDENCE_FIELDS, HaproxyEvidence } from "./haproxy-evidence.ts";
import { haproxyNamesOf, type HaproxyField } from "./haproxy-fields.ts";
import { haproxyKnowledge, type StateRule } from "./haproxy-knowledge.ts";
import { HaproxyStates, packState } from "./haproxy-states.ts";
import { Names } from "./names.ts";
import { REASONS } from "./reasons.ts";
import { NOTE, REQUEST, type Rec } from "./record.ts";

/**
 * The sentences a person reads under a HAProxy line, most important first; none for a line that needs no explaining.
 * @param knowledge the parsed `grammars/haproxy/failures.json`, for what termination states mean; without it only timers
 *   and counters are told.
 */
export function explainHaproxy(
  field: FieldText,
  rec: Rec,
  names: Names,
  knowledge: unknown = null,
): string[] {
  if (rec.kind === NOTE) return connectionNote(field);
  if (rec.kind !== REQUEST) return [];
  const text = (what: HaproxyField): string | null => firstText(field, what);
  const number = (what: HaproxyField): number => numberOf(text(what));
  const state = text("state") ?? "";
  const isNormal = state.startsWith("--");
  if (rec.reason === 0 && (isNormal || state.length < 2)) {
    return rec.status >= 500
      ? [`${rec.status} came from the server: HAProxy only passed it on`]
      : [];
  }
  const out: string[] = [];
  const known = knowledge === null ? null : haproxyKnowledge(knowledge);
  const rule = known === null ? null : ruleOf(field, state, rec, known);
  if (rule !== null) out.push(`${state}: ${rule.meaning}`);
  out.push(...timers(rec, state, number));
  out.push(...tries(rec, names, text, number));
  const error = text("errorName") ?? text("errorText");
  if (error !== null && error !== "Success" && error !== "-" && error !== "") {
    out.push(`the connection to the server ended with ${error}`);
  } else if (known !== null) {
    const group = evidenceOf(field, known).error;
    const meaning = known.errors.find((entry) => entry.error === group)?.meaning;
    if (group !== "none" && meaning !== undefined) out.push(`bc_err: ${meaning}`);
  }
  const page = known?.pages.find(({ status }) => status === rec.status);
  const sent = numberOf(field("B"));
  if (page?.bytes.includes(sent) === true && REASONS[rec.reason] !== "upstream-status") {
    out.push(`${sent} bytes were sent: the length of HAProxy's own page for ${rec.status}`);
  }
  const cookie = known?.cookies.find((entry) => state.endsWith(entry.cookie));
  if (cookie !== undefined) out.push(`${cookie.cookie}: ${cookie.meaning}`);
  if (rec.masked) {
    out.push(
      REASONS[rec.reason] === "connect-failed"
        ? `the client saw ${rec.status}: the retry hid the failure`
        : `the client saw ${rec.status}: nothing in the status tells of the failure`,
    );
  }
  if (rule?.confusedWith !== undefined) out.push(`not to be confused with ${rule.confusedWith}`);
  return out;
}

/** A line about a connection that came to no request. */
function connectionNote(field: FieldText): string[] {
  const error = field("fc_err_str");
  if (error !== null) {
    return [
      `the client's connection ended before there was a request, with "${error}"`,
      "no server had anything to do with it: look at the client, its TLS and its PROXY header",
    ];
  }
  return [];
}

type Known = ReturnType<typeof haproxyKnowledge>;

/** The rule of the data that decided. */
function ruleOf(
  field: FieldText,
  state: string,
  rec: Rec,
  known: Known,
): Pick<StateRule, "meaning" | "confusedWith"> | null {
  if (state.length < 2) return null;
  if (state.startsWith("--") && rec.masked) return known.retried;
  const evidence = evidenceOf(field, known);
  return new HaproxyStates(known).rule(
    packState(state.charCodeAt(0), state.charCodeAt(1)),
    evidence,
  );
}

/** The evidence of a line that is there as text: its values are laid side by side and read as a line's spans are. */
function evidenceOf(field: FieldText, known: Known): HaproxyEvidence {
  const found = EVIDENCE_FIELDS.flatMap((what) =>
    haproxyNamesOf(what).flatMap((name) => {
      const text = field(name);
      return text === null ? [] : [{ name, bytes: new TextEncoder().encode(text) }];
    }),
  );
  const size = found.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const bytes = new Uint8Array(size);
  const spans = new Int32Array(2 * found.length);
  let at = 0;
  for (const [index, value] of found.entries()) {
    bytes.set(value.bytes, at);
    spans[2 * index] = at;
    at += value.bytes.length;
    spans[2 * index + 1] = at;
  }
  const fields = found.map(({ name }) => ({ name, kind: "text" }) as const);
  const evidence = new HaproxyEvidence(fields, known.errors, new Names());
  evidence.read(bytes, spans);
  return evidence;
}

/** What the timers say, and the timeout of the configuration that they give away. */
function timers(rec: Rec, state: string, number: (what: HaproxyField) => number): string[] {
  const queue = number("queue");
  const connect = number("connect");
  const response = number("response");
  const total = rec.durationMs;
  const before = Math.max(0, number("headers")) + Math.max(0, queue);
  const tries = Math.max(1, rec.tries);
  // With a redispatch Tw holds the failed try, and the last one may have failed at once.
  if (state.startsWith("sC") && total > before && rec.peer > 0) {
    return [
      `Tc=-1: no connection; ${Math.round((total - before) / tries)} ms a try is the timeout connect`,
    ];
  }
  if (state.startsWith("sH") && total > 0) {
    const waited = total - before - Math.max(0, connect);
    return [`Tr=-1: no response headers in ${waited} ms, which is the timeout server`];
  }
  if (state.startsWith("sQ") && queue > 0) {
    return [`Tw=${queue}: it waited ${queue} ms for a free slot, which is the timeout queue`];
  }
  if (queue === -1 && rec.peer === 0) return ["Tw=-1: the request never reached a server's queue"];
  if (connect === -1) {
    const quick = total >= 0 && total < 20 ? `, at once (${total} ms)` : "";
    return [`Tc=-1: no connection to the server was made${quick}`];
  }
  if (connect >= 0 && response === -1)
    return ["Tc is a time and Tr=-1: connected, but no complete response headers came"];
  if (REASONS[rec.reason] === "upstream-status" && response >= 0) {
    return [`Tr=${response}: the server's own response headers came after ${response} ms`];
  }
  return [];
}

function tries(
  rec: Rec,
  names: Names,
  text: (what: HaproxyField) => string | null,
  number: (what: HaproxyField) => number,
): string[] {
  if (rec.tries <= 1) return [];
  const retries = rec.tries - 1;
  const many = `${retries} ${retries === 1 ? "retry" : "retries"}`;
  const isOther = text("retries")?.startsWith("+") === true || text("redispatched") === "1";
  if (!isOther)
    return [`${many}, each on ${rec.peer > 0 ? names.text(rec.peer) : "the same server"}`];
  const last = text("server") ?? "the named one";
  const out = [
    `${many}, and the last went to another server: the letters are those of the first failure, ${last} was only the last tried`,
  ];
  const queues = (text("retries") ?? "") !== "" && number("queue") > 0;
  if (queues) out.push(`Tw=${number("queue")} holds the time lost on the server tried before`);
  return out;
}

function firstText(field: FieldText, what: HaproxyField): string | null {
  for (const name of haproxyNamesOf(what)) {
    const text = field(name);
    if (text !== null) return text;
  }
  return null;
}

/** A whole number, NaN where the text is none. */
function numberOf(text: string | null): number {
  return text === null || !/^[+-]?\d+$/.test(text) ? NaN : Number(text);
}
