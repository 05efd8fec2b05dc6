// Guesses the access-log format of an Envoy line that no known format fits: the default's parts in their order, with
// whatever somebody put between or behind them, or key=value pairs.
//
// The guess is a format string like any other; it is compiled, tried on the other lines and shown to the user. A value is
// only named where its place and its shape agree: what is left over goes by a name that means nothing.
import { isWord, tokenize, type Token } from "./envoy-tokens.ts";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [ISO, ""],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "%Y-%m-%dT%H:%M:%SZ"],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+[+-]\d{4}$/, "%Y-%m-%dT%H:%M:%E*S%z"],
  [/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$/, "%d/%b/%Y:%H:%M:%S %z"],
  [/^\d{4}\/\d\d\/\d\dT\d\d:\d\d:\d\d[+-]\d{4} \d{10}$/, "%Y/%m/%dT%H:%M:%S%z %s"],
  [/^\d\d\/\d\d\/\d{4}T\d\d:\d\d:\d\d[+-]\d{4} \d{10}$/, "%d/%m/%YT%H:%M:%S%z %s"],
  [/^\d{10}\.\d{3}$/, "%s.%3f"],
  [/^\d{10}$/, "%s"],
];
const REQUEST = /^(?:[A-Z]{3,}|-) \S+ (?:HTTP\/[\d.]+|-)$/;
const REQUEST_FORMAT = "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%";
const STATUS = /^(?:0|[1-5]\d\d)$/;
const FLAGS = /^(?:-|[A-Z]{2,5}(?:,[A-Z]{2,5})*)$/;
const DETAILS = /^(?:via_upstream|[a-z][a-z0-9]*[_.][a-z0-9_.]+(?:[{([]\S*)?|overload)$/;
const NUMBER = /^(?:\d+|-)$/;
const ADDRESS = /^(?:[\w.-]+:\d+|\[[0-9a-fA-F:.]+\]:\d+|(?:tcp|envoy):\/\/\S+|\/\S+)$/;
const CLIENTS = /^(?:-|[0-9a-fA-F.:[\]]+(?:, ?[0-9a-fA-F.:[\]]+)*)$/;
const ID = /^(?:-|[\w.:=+/-]{6,})$/;
const HOST = /^(?:-|[\w.-]+(?::\d+)?|\[[0-9a-fA-F:.]+\](?::\d+)?)$/;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The quoted values behind the numbers, in the default's order. */
const QUOTED: readonly (readonly [RegExp, string])[] = [
  [CLIENTS, "REQ(X-FORWARDED-FOR)"],
  [/^/, "REQ(USER-AGENT)"],
  [ID, "REQ(X-REQUEST-ID)"],
  [HOST, "REQ(:AUTHORITY)"],
  [/^-$/, "UPSTREAM_HOST"],
];
/** `%ACCESS_LOG_TYPE%`: without it, lines of single tries would pass for requests. */
const LOG_TYPE =
  /^(?:Downstream|Upstream|Tcp|Udp)\w*(?:End|Start|Periodic|Established|Connected|Ready)$/;
const NUMBERS = ["BYTES_RECEIVED", "BYTES_SENT", "DURATION", "RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)"];
/** Istio's six bare words at the end. */
const TAIL: readonly (readonly [RegExp, string])[] = [
  [/^[^"]+$/, "UPSTREAM_CLUSTER"],
  [/^(?:-|\S+:\d+)$/, "UPSTREAM_LOCAL_ADDRESS"],
  [/^(?:-|\S+:\d+)$/, "DOWNSTREAM_LOCAL_ADDRESS"],
  [/^(?:-|\S+:\d+)$/, "DOWNSTREAM_REMOTE_ADDRESS"],
  [/^[^":]+$/, "REQUESTED_SERVER_NAME"],
  [/^[^"]+$/, "ROUTE_NAME"],
];

/** A time with ms and `Z` in brackets begins only Envoy's lines, and only Envoy prints flags behind a status. */
const BEGIN = /^[^"]{0,60}?\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] /;
const FLAGGED =
  /[ |\t](?:0|[1-5]\d\d)[ |\t](?:U[HFOCTX]|UPE|URX|UAEX|UMSDR|L[HR]|N[RC]|D[CTIRFO]|DPE|[FS]I|IH|RL|RLSE|NFCF|OM)(?:,[A-Z]{2,5})*(?=[ |\t]|$)/;

/** Whether a line is written as only Envoy's are. */
export function looksLikeEnvoy(line: string): boolean {
  return BEGIN.test(line) || FLAGGED.test(line);
}

/** A guess. */
export interface EnvoyGuess {
  readonly format: string;
  /** False where it leaves out so much that only a second line of the kind makes it credible. */
  readonly isSure: boolean;
}

/**
 * The format a line seems to be written with, or null when it has no status or flags, or no sign of Envoy.
 * @param aliases key → operator, for key=value pairs.
 */
export function inferEnvoyFormat(
  line: string,
  aliases: Readonly<Record<string, string>>,
): EnvoyGuess | null {
  const tokens = tokenize(line);
  if (tokens.length < 4) return null;
  const keyed = tokens.filter(({ key }) => key !== "").length;
  const isByKeys = 2 * keyed > tokens.length || keyed > MOST_BEHIND;
  const names = isByKeys ? byKeys(tokens, aliases) : byPlace(tokens);
  if (names === null) return null;
  if (!isByKeys && keyed > 0) {
    const known = new Set(names);
    for (const [at, name] of fieldsOf(tokens, aliases).entries())
      if (tokens[at]!.key !== "" && !known.has(name)) names[at] = name;
  }
  let unknown = 0;
  const parts = tokens.map(({ gap, key, open, isClosed }, at) => {
    const name = names[at] ?? `%REQ(WHY502-${++unknown})%`;
    const close = !isClosed ? "" : open === "[" ? "]" : open;
    return `${gap}${key}${open}${name}${close}`;
  });
  return { format: parts.join(""), isSure: isByKeys || isWhole(tokens, names) };
}

/** Values with keys that were put behind others without. */
const MOST_BEHIND = 3;

/** Whether all that the default has is there, up to the place where the line itself is cut off. */
function isWhole(tokens: readonly Token[], names: readonly (string | null)[]): boolean {
  if (!NUMBERS.every((name) => names.includes(`%${name}%`))) return false;
  const last = tokens.at(-1)!;
  if (!last.isClosed || (last.open === "" && last.text.endsWith(":"))) return true;
  // Nothing nameless before the request but one word: a time written twice is damage.
  const request = names.indexOf(REQUEST_FORMAT);
  const isPlain = names.slice(0, request).filter((name) => name === null).length <= 1;
  const hasQuoted = QUOTED.every(([, name]) => names.includes(`%${name}%`));
  const isNamed = names.at(-1) !== null;
  return isPlain && hasQuoted && isNamed;
}

function byPlace(tokens: readonly Token[]): (string | null)[] | null {
  const names: (string | null)[] = tokens.map(() => null);
  const timeAt = tokens.findIndex(({ text }) => timeOf(text) !== null);
  const quotedAt = tokens.findIndex(({ open, text }) => open === '"' && REQUEST.test(text));
  const wordsAt = quotedAt >= 0 ? -1 : tokens.findIndex((_, k) => isRequestAt(tokens, k));
  const requestAt = Math.max(quotedAt, wordsAt);
  if (requestAt < 0) return withoutRequest(tokens);
  if (timeAt >= 0) names[timeAt] = timeOf(tokens[timeAt]!.text);
  const request = quotedAt >= 0 ? [REQUEST_FORMAT] : REQUEST_FORMAT.split(" ");
  for (const [k, name] of request.entries()) names[requestAt + k] = name;
  let at = requestAt + request.length;
  const isBare = (test: RegExp): boolean => isWord(tokens[at]) && test.test(tokens[at]!.text);
  if (!isBare(STATUS)) return null;
  names[at++] = "%RESPONSE_CODE%";
  if (!isBare(FLAGS)) return null;
  const isDash = tokens[at]!.text === "-";
  names[at++] = "%RESPONSE_FLAGS%";
  // Nobody else prints flags there; a dash proves nothing, but the time does.
  const isTimed = timeAt >= 0 && ISO.test(tokens[timeAt]!.text);
  if (isDash && !isTimed && !isBare(DETAILS)) return null;
  // Whoever collects the lines stamps them: then the time may be missing, and only details leave no doubt.
  if (timeAt < 0 && (requestAt > 0 || !isBare(DETAILS))) return null;
  if (isBare(DETAILS)) {
    names[at++] = "%RESPONSE_CODE_DETAILS%";
    if (tokens[at]?.text === "-" && tokens[at + 1]?.open === '"')
      names[at++] = "%CONNECTION_TERMINATION_DETAILS%";
  }
  if (tokens[at]?.open === '"' && tokens[at + 1]?.open === "")
    names[at++] = "%UPSTREAM_TRANSPORT_FAILURE_REASON%";
  let count = 0;
  while (isWord(tokens[at + count]) && NUMBER.test(tokens[at + count]!.text)) count++;
  if (count === 4) for (const name of NUMBERS) names[at++] = `%${name}%`;
  else at += count;
  if (count === 4) behindNumbers(tokens, at, names);
  const typeAt = tokens.findIndex(({ text }) => LOG_TYPE.test(text));
  if (typeAt >= 0) names[typeAt] ??= "%ACCESS_LOG_TYPE%";
  return names;
}

/** `[time] 503 UF …`: connections have no request, and neither has a format that is only interested in failures. */
function withoutRequest(tokens: readonly Token[]): (string | null)[] | null {
  const [time, status, flags] = tokens;
  const isEnvoys = time?.open === "[" && ISO.test(time.text) && isWord(status) && isWord(flags);
  if (!isEnvoys || !STATUS.test(status!.text) || !FLAGS.test(flags!.text)) return null;
  return tokens.map((_, at) => ["%START_TIME%", "%RESPONSE_CODE%", "%RESPONSE_FLAGS%"][at] ?? null);
}

/** `GET /x HTTP/1.1` without quotes. */
function isRequestAt(tokens: readonly Token[], at: number): boolean {
  const words = tokens.slice(at, at + 3);
  const line = words.map(({ text }) => text).join(" ");
  return words.length === 3 && words.every(isWord) && /^[A-Z]{3,} \/\S* HTTP\/[\d.]+$/.test(line);
}

/** Names the quoted values and the bare words behind the four numbers. */
function behindNumbers(tokens: readonly Token[], from: number, names: (string | null)[]): void {
  let quoted = 0;
  while (tokens[from + quoted]?.open === '"') quoted++;
  const values = tokens.slice(from, from + quoted);
  // Where more is quoted than usual, only the request's own number says where the rest of the default is.
  const id = values.findIndex(({ text }) => UUID.test(text));
  const shift = quoted <= QUOTED.length ? 0 : id - 2;
  for (const [k, [shape, name]] of QUOTED.entries()) {
    const at = k < 2 ? k : k + shift;
    const value = values[at];
    if (value === undefined || !value.isClosed) break;
    const isHost = k === 4 && ADDRESS.test(value.text);
    if (!(shape.test(value.text) || isHost) || (k === 2 && shift !== 0 && id < 2)) break;
    if (k === 4 && quoted > QUOTED.length && !isHost) break;
    names[from + at] = `%${name}%`;
  }
  if (quoted > QUOTED.length && !names.includes("%UPSTREAM_HOST%")) {
    const hosts = values.flatMap(({ text }, k) =>
      names[from + k] === null && ADDRESS.test(text) ? [from + k] : [],
    );
    if (hosts.length === 1) names[hosts[0]!] = "%UPSTREAM_HOST%";
  }
  const tail = tokens.slice(from + quoted);
  const isTail =
    quoted >= 5 &&
    tail.length === TAIL.length &&
    tail.every(({ open, text }, k) => open === "" && TAIL[k]![0].test(text)) &&
    tail.slice(1, 4).some(({ text }) => text !== "-");
  if (isTail) for (const [k, [, name]] of TAIL.entries()) names[from + quoted + k] = `%${name}%`;
}

function byKeys(
  tokens: readonly Token[],
  aliases: Readonly<Record<string, string>>,
): (string | null)[] | null {
  const names = fieldsOf(tokens, aliases);
  const used = new Set(names);
  const isTimed = names.some((name) => name?.startsWith("%START_TIME") === true);
  const isEnvoys = used.has("%RESPONSE_FLAGS%") || used.has("%RESPONSE_CODE_DETAILS%");
  return isTimed && isEnvoys ? names : null;
}

/** What the keys mean, each operator once and where the value fits it. */
function fieldsOf(
  tokens: readonly Token[],
  aliases: Readonly<Record<string, string>>,
): (string | null)[] {
  const used = new Set<string>();
  return tokens.map(({ key, text }): string | null => {
    const time = timeOf(text);
    if (time !== null) return used.has("time") ? null : (used.add("time"), time);
    const name = key.replace(/[=:]$/, "");
    // A request line, or the path alone.
    if (name === "request" && REQUEST.test(text)) return REQUEST_FORMAT;
    const isPath = name === "request" && text.startsWith("/");
    const field = aliases[isPath ? "path" : name] ?? aliases[name.toLowerCase()];
    if (field === undefined || used.has(field) || /^START_TIME|^EMIT_TIME/.test(field)) return null;
    if (field === "RESPONSE_CODE" && !STATUS.test(text)) return null;
    if (field === "RESPONSE_FLAGS" && !FLAGS.test(text)) return null;
    if (/DURATION|BYTES|SERVICE-TIME|COUNT/.test(field) && !NUMBER.test(text)) return null;
    used.add(field);
    return `%${field}%`;
  });
}

function timeOf(text: string): string | null {
  const found = PATTERNS.find(([shape]) => shape.test(text));
  if (found === undefined) return null;
  return found[1] === "" ? "%START_TIME%" : `%START_TIME(${found[1]})%`;
}
