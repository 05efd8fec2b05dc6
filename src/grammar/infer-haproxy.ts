// Guesses the log-format of a HAProxy line that no known format fits: fields left out, added or put in another order.
//
// What nobody else writes gives it away: a termination state among numbers joined by slashes. Everything else is found by
// its place beside them; what cannot be told is a field without a meaning.
import { IPV6 } from "./addresses.ts";
import { EPOCH, tokenize, type Token } from "./haproxy-tokens.ts";
import { METHOD } from "./line-tokens.ts";

/** Marks fields whose meaning the line does not tell; `grammars/haproxy/fields.json` knows the second kind. */
const UNKNOWN = "why502_";
const UNKNOWN_TEXT = "why502_text_";

const STATE = /^[-LcCsSPRIDKU][-RQCHDLT](?:[-NIDVEOU7][-NPDIRU67])?$/;
const NUMBER = /^[+-]?\d+$/;
const STATUS = /^(?:-1|0|[1-5]\d\d)$/;
const SERVER = /^[^\s/"=<]+\/(?:<[A-Z_]+>|[^\s/"=<>]*)$/;
const ALL_NAMES = /^[^\s/"=<]+\/[^\s/"=<]+\/(?:<[A-Z_]+>|[^\s/"=<>]*)$/;
const NO_SERVER = /^<[A-Z_]+>$/;
const ADDRESS = new RegExp(`^(?:\\d{1,3}(?:\\.\\d{1,3}){3}|${IPV6}|unix|-)(?::\\d+)?$`);
const REQUEST = /^\\?"(?:[A-Z]+ |<BADREQ>|\\?"$)/;
const VERSION = /^HTTP\/\d/;

/** Far beyond what `log … len` lets through. */
const LONGEST = 16_384;
const HTTP_TIMERS = "%TR/%Tw/%Tc/%Tr/%Ta";
const CONNS = "%ac/%fc/%bc/%sc/%rc";
const TCP_TIMERS = "%Tw/%Tc/%Tt";

/** The log-format a line seems to be written with, or null where it does not look like HAProxy's. */
export function inferHaproxyFormat(line: string): string | null {
  if (line.length > LONGEST) return null;
  const tokens = tokenize(line);
  const state = tokens.findIndex((token, at) => isState(tokens, token, at));
  if (state < 0) return null;
  const groups = tokens.flatMap(({ kind }, at) => (kind === "group" ? [at] : []));
  const partsOf = (at: number): number => tokens[at]!.text.split("/").length;
  // Connections and queues in one: seven numbers, and timers that cannot be connections.
  const both = groups.find(
    (at) =>
      partsOf(at) === 7 &&
      couldCount(tokens[at]!.text) &&
      groups.some((other) => partsOf(other) === 5 && !couldCount(tokens[other]!.text)),
  );
  const timers =
    groups.find((at) => at < state && partsOf(at) >= 3 && at !== both) ??
    groups.find((at) => partsOf(at) === 5 && !couldCount(tokens[at]!.text)) ??
    -1;
  const conns = both ?? groups.find((at) => at !== timers && partsOf(at) === 5) ?? -1;
  if (timers < 0 && conns < 0 && !tokens.some(isServerName)) return null;
  const roles = new Map<number, string>([
    [state, tokens[state]!.text.length === 4 ? "%tsc" : "%ts"],
  ]);
  const give = (at: number, role: string): void => {
    if (at >= 0 && at < tokens.length && !roles.has(at)) roles.set(at, role);
  };
  const isTcp = timers >= 0 && partsOf(timers) === 3;
  if (timers >= 0) give(timers, timersOf(tokens[timers]!.text, partsOf(timers)));
  give(conns, both === undefined ? CONNS : `${CONNS}/%sq/%bq`);
  if (conns >= 0 && groups.includes(conns + 1) && partsOf(conns + 1) === 2)
    give(conns + 1, "%sq/%bq");
  // A daemon may have put a date of its own in front.
  const before = timers < 0 ? tokens : tokens.slice(0, timers);
  const date = before.findLastIndex(({ kind }) => kind === "date");
  if (date >= 0) give(date, dateOf(tokens[date]!.text, isTcp));
  giveClient(tokens, date, give);
  giveNames(tokens, date, timers, give);
  giveNumbers(tokens, timers, state, isTcp, give);
  const method = tokens.findIndex(({ text }) => METHOD.test(text));
  if (
    method >= 0 &&
    tokens[method + 1]?.text.startsWith("/") === true &&
    !VERSION.test(tokens[method + 2]?.text ?? "")
  ) {
    give(method, "%HM");
    give(method + 1, "%HU");
  }
  return written(line, tokens, roles, state);
}

type Give = (at: number, role: string) => void;

/** Two or four letters that could be a state, next to a number or a dash: `IR` alone could be anything. */
function isState(tokens: readonly Token[], token: Token, at: number): boolean {
  if (token.kind !== "word" || !STATE.test(token.text)) return false;
  const isBeside = (other: Token | undefined): boolean =>
    other !== undefined && (other.kind === "group" || NUMBER.test(other.text));
  if (isBeside(tokens[at + 1])) return isBeside(tokens[at - 1]) || tokens[at - 1]?.text === "-";
  // Right behind connections, or status and bytes, it need not be followed by numbers.
  if (token.text.length === 4 && /^(?:\+?\d+\/){4}\+?\d+$/.test(tokens[at - 1]?.text ?? ""))
    return true;
  const isStatus = STATUS.test(tokens[at - 2]?.text ?? "");
  if (token.text.length === 4 && isStatus && NUMBER.test(tokens[at - 1]!.text)) return true;
  // Last of what is not quoted, where a server is named.
  const previous = tokens[at - 1];
  const isLast = tokens[at + 1] === undefined || tokens[at + 1]!.kind === "quoted";
  if (!isLast || previous === undefined) return false;
  return isServerName(previous) || (NUMBER.test(previous.text) && tokens.some(isServerName));
}

function isServerName({ kind, text }: Token): boolean {
  return kind === "word" && SERVER.test(text);
}

/** Connections are never negative, and a frontend's are not more than all, nor a server's than its backend's; timers may be. */
function couldCount(text: string): boolean {
  const [all, front, back, server] = text.split("/").map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return server >= 0 && all >= front && front >= 0 && back >= server;
}

/** Five timers are httplog's, three tcplog's; of any other number only a last one that covers all others is known. */
function timersOf(text: string, parts: number): string {
  if (parts === 5) return HTTP_TIMERS;
  if (parts === 3) return TCP_TIMERS;
  const values = text.split("/").map(Number);
  const isTotal = values.every((value) => value <= values.at(-1)!);
  return [...values.keys()]
    .map((at) => (isTotal && at === parts - 1 ? "%Ta" : `%[${UNKNOWN}timer_${at + 1}]`))
    .join("/");
}

function dateOf(text: string, isTcp: boolean): string {
  if (EPOCH.test(text)) return "[%Ts.%ms]";
  const alias = / [+-]\d{4}/.test(text) ? (isTcp ? "%Tl" : "%trl") : isTcp ? "%t" : "%tr";
  return text.startsWith("[") ? `[${alias}]` : alias;
}

/** The client stands before the date, whatever was put in its place; elsewhere it must look like an address. */
function giveClient(tokens: readonly Token[], date: number, give: Give): void {
  const before = tokens[date - 1];
  if (before?.kind === "word" && /^[^=]+:\d*$/.test(before.text)) return give(date - 1, "%ci:%cp");
  const at = tokens.findIndex(
    ({ kind, text }) => kind === "word" && text !== "-" && ADDRESS.test(text),
  );
  if (at < 0) return;
  const isBare = /^[\d.]+$/.test(tokens[at]!.text) || !/:\d+$/.test(tokens[at]!.text);
  give(at, isBare ? "%ci" : "%ci:%cp");
}

/** `frontend backend/server`, or the names that are left of it. */
function giveNames(tokens: readonly Token[], date: number, timers: number, give: Give): void {
  const end = timers < 0 ? tokens.length : timers;
  const isName = (at: number): boolean => at > date && at < end && tokens[at]?.kind === "word";
  const both = tokens.findIndex(({ text }, at) => isName(at) && SERVER.test(text));
  if (both >= 0) {
    if (isName(both - 1) && !/=|^[+-]?\d+$/.test(tokens[both - 1]!.text)) give(both - 1, "%ft");
    return give(both, "%b/%s");
  }
  const all = tokens.findIndex(({ text }, at) => isName(at) && ALL_NAMES.test(text));
  if (all >= 0) return give(all, "%ft/%b/%s");
  const none = tokens.findIndex(({ text }) => NO_SERVER.test(text));
  if (none > 0) {
    give(none, "%s");
    return give(none - 1, "%b");
  }
  if (date < 0 || timers - date < 3) return;
  give(date + 1, "%ft");
  const isApart = timers - date === 4 && tokens[date + 2]!.text !== "~";
  if (isApart) give(timers - 1, "%s");
  give(timers - (isApart ? 2 : 1), "%b");
}

/** Status and bytes between timers and state, and the two cookies behind them. */
function giveNumbers(
  tokens: readonly Token[],
  timers: number,
  state: number,
  isTcp: boolean,
  give: Give,
): void {
  const isNumber = (at: number): boolean => at >= 0 && at < state && NUMBER.test(tokens[at]!.text);
  if (timers > state && STATUS.test(tokens[state - 2]?.text ?? "") && isNumber(state - 1)) {
    give(state - 2, "%ST");
    return give(state - 1, "%B");
  }
  let at = timers + 1;
  if (timers >= 0 && isNumber(at)) {
    if (!isTcp || isNumber(at + 1)) {
      if (!STATUS.test(tokens[at]!.text)) return;
      give(at++, "%ST");
    }
    if (isNumber(at)) give(at++, "%B");
    if (state - at === 2) {
      give(at, "%CC");
      give(at + 1, "%CS");
    }
    return;
  }
  if (!isTcp)
    give(
      tokens.findIndex(({ text }) => /^[1-5]\d\d$/.test(text)),
      "%ST",
    );
}

/** The format as text: the request with the captures that may be missing before it, and all behind it as it comes. */
function written(
  line: string,
  tokens: readonly Token[],
  roles: ReadonlyMap<number, string>,
  state: number,
): string {
  let unknown = 0;
  let out = "";
  for (const [at, token] of tokens.entries()) {
    const role = roles.get(at);
    const gap = out === "" ? "" : " ";
    if (role !== undefined) {
      out += gap + role;
    } else if (at > state && (token.kind === "quoted" || token.kind === "braces")) {
      const request = tokens.findIndex(
        ({ kind, text }, k) => k >= at && kind === "quoted" && REQUEST.test(text),
      );
      if (request < 0) return `${out} %[rest]`;
      const isEscaped = tokens[request]!.text.startsWith("\\");
      const quoted = isEscaped ? String.raw`\"%r\"` : "%{+Q}r";
      const status = roles.get(request + 1) === "%ST" ? " %ST" : "";
      const isLast = line.slice(tokens[status === "" ? request : request + 1]!.end).trim() === "";
      const between = tokens.slice(at, request).filter(({ kind }) => kind === "word");
      const words = between.map(() => `%[${UNKNOWN}${++unknown}] `).join("");
      const whole = `${out} %hr %hs ${words}${quoted}${status}${isLast ? "" : " %[rest]"}`;
      // Strong quotes keep the backslashes.
      return isEscaped ? `'${whole}'` : whole;
    } else if (VERSION.test(tokens[at + 2]?.text ?? "") && /^[A-Z]+$/.test(token.text)) {
      return `${out}${gap}%HM %HU %HV${at + 3 < tokens.length ? " %[rest]" : ""}`;
    } else if (token.kind === "brackets" || (token.kind === "date" && token.text.startsWith("["))) {
      out += `${gap}[%[${UNKNOWN_TEXT}${++unknown}]]`;
    } else if (token.kind === "quoted" && REQUEST.test(token.text) && !out.includes("%{+Q}r")) {
      out += `${gap}%{+Q}r`;
    } else if (token.kind === "quoted") {
      out += `${gap}"%[${UNKNOWN_TEXT}${++unknown}]"`;
    } else {
      out += `${gap}%[${UNKNOWN}${++unknown}]`;
    }
  }
  return out;
}
