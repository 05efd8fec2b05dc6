// Guesses the log_format of a line that no known format fits: combined heads, key=value tails, JSON-less extras.
//
// The guess is a log_format string like any other; it is compiled, tried on the other lines and shown to the user.
import { METHOD, tokenize, type Token } from "./line-tokens.ts";
import { IPV6 } from "./addresses.ts";
import { bareTimes, withoutUnit } from "./infer-times.ts";
import type { FieldKind } from "./scanner.ts";

const CLF_TIME = /^\d\d\/[A-Za-z]{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$/;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/;
const EPOCH = /^1\d{9}\.\d{3}$/;
const ADDRESS = new RegExp(`^(?:\\d{1,3}(?:\\.\\d{1,3}){3}|${IPV6}|unix:)$`);
const ADDRESSES =
  /^(?:[0-9a-fA-F.:[\]]+(?::\d+)?|unknown)(?:, *(?:[0-9a-fA-F.:[\]]+(?::\d+)?|unknown))*$/;
/** `shop.example`, `shop.example:8443` */
const HOST = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?$/i;
/** A host and a path with nothing between. */
const LOCATION = /^(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d+)?\/\S*$/i;
/** Where a page or a request came from, and what nobody calls a page. */
const REFERER = /^(?:-?|[a-z][a-z0-9+.-]*:\S*|\/\S*)$/i;
const URL = /^[a-z][a-z0-9+.-]*:\/\//;
/** A program and its version, as every browser and library names itself. */
const AGENT = /^(?!HTTP\/)[A-Za-z][\w.+-]*\/v?\d[\w.+-]*(?:$| )/;
/** Stands between the one who asked and the one who was asked. */
const ARROW = /^(?:[-=]+>|→|to:?)$/;
const UPSTREAM = /^(?:(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):\d+|unix:\S+|-)(?:(?:, | : )(?:\S+|-)?)*$/;
const REQUEST = /^(?:[A-Z]+ \S.*|-|)$/;
const PATH = /^(?:\/|\*$|[a-z]+:\/\/|-?$)/;
/** Statuses that are given out: of other numbers, 157 is more likely a length. */
const STATUS = /^(?:0(?:00|09)|10[0-3]|20\d|226|30\d|4\d\d|5\d\d)$/;
/** Those that have a meaning: before one of them, another number is a length. */
const MEANT = /^(?:10[0-3]|20[0-8]|226|30[0-8]|4[0-2]\d|431|444|451|49[4-9]|5(?:0\d|1[01]|2\d))$/;
/** Servers with their ports; a lone name or a dash says nothing. */
const PEERS =
  /^(?:(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):\d+|unix:\/\S+)(?:(?:, | : )(?:(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d+)?|unix:\/\S+))*$/;
/** Of what is quoted only addresses: a name with a port may be the host that was asked for. */
const QUOTED_PEERS =
  /^(?:(?:\d{1,3}\.){3}\d{1,3}:\d+|unix:\/\S+)(?:(?:, | : )(?:(?:\d{1,3}\.){3}\d{1,3}:\d+|unix:\/\S+))*$/;
/** `502`, `502, 200`. */
const STATUSES = /^[1-5]\d\d(?:(?:, | : )(?:[1-5]\d\d|-))*$/;
const PAIR = /^\d+\/\d+$/;
const WITH_PORT = /^\d{1,3}(?:\.\d{1,3}){3}:\d+$/;

/** What a value of a kind may look like; kinds that are not here take anything. */
const SHAPES: Partial<Readonly<Record<FieldKind, RegExp>>> = {
  int: /^(?:[+-]?\d+|-|)$/,
  seconds: /^\d+\.\d{3}$/,
  number: /^(?:\d+(?:\.\d+)?|-)$/,
  epoch: /^\d+(?:\.\d+)?$/,
  "clf-time": CLF_TIME,
  "iso-time": ISO_TIME,
};

/** Says of what kind an nginx variable is; null where nothing is known. */
type KindOf = (variable: string) => FieldKind | null;

/** A format, and whether its line says enough about itself to be believed where no other line has the format. */
export interface NginxGuess {
  readonly format: string;
  readonly isTelling: boolean;
}

/**
 * The log_format a line seems to be written with, or null when it has no time or no status.
 *
 * A line tells by itself where at least three keys stand before values that fit them, and nothing without a key is left over.
 * Damage leaves something over, or a value that does not fit its key.
 * @param aliases key in lower case → nginx variable, for key=value pairs.
 * @param kindOf what a variable's value must look like: a key that says one thing and holds another is not believed.
 * @param others more lines, some of which may be of the same format: they tell neighbouring times apart.
 */
export function guessNginxFormat(
  line: string,
  aliases: Readonly<Record<string, string>>,
  kindOf: KindOf,
  others: () => readonly string[] = () => [],
): NginxGuess | null {
  const whole = (text: string): Token[] => tokenize(text, (word) => Object.hasOwn(aliases, word));
  const cut = (text: string): Token[] => whole(text).map(withoutUnit);
  const written = whole(line);
  const tokens = written.map(withoutUnit);
  const keyed = new Set(tokens.map(({ key }) => (key === null ? "" : aliases[nameOf(key)])));
  const times = bareTimes(tokens, () => others().map(cut));
  const used = new Set<string>();
  const unknown = { count: 0 };
  let previous = "";
  let out = "";
  let named = 0;
  let doubts = 0;
  for (const [at, token] of tokens.entries()) {
    // A list ends at the first blank unless more than that is known of what follows it.
    if (previous === "http_x_forwarded_for" && token.text === "-" && tokens[at + 2]?.open === "[") {
      out += `${token.gap}-`;
      continue;
    }
    const isBehindArrow = ARROW.test(tokens[at - 1]?.text ?? "") || token.key?.trim() === "to:";
    const known =
      isBehindArrow && (PEERS.test(token.text) || ADDRESS.test(token.text))
        ? "upstream_addr"
        : (freeOf(times.get(at), used, keyed) ??
          pick(token, tokens.slice(at + 1), previous, used, aliases, kindOf));
    if (token.open === "" && token.text.includes('"')) doubts++;
    else if (token.key !== null && known !== null) named++;
    else if (known === null && isDoubtful(token, aliases)) doubts++;
    const variable = known ?? `why502_${kindOfUnknown(token)}${++unknown.count}`;
    const [first, ...more] = variable === "location" ? ["host", "request_uri"] : [variable];
    for (const name of [first!, ...more]) used.add(name);
    previous = variable;
    const unit = written[at]!.text.slice(token.text.length);
    const close = token.open === "[" ? "]" : token.open;
    const prefix = token.key ?? "";
    // `c=$connection/$connection_requests`, `$remote_addr:$remote_port`
    const isPair = kindOf(variable) === "int" && PAIR.test(token.text);
    const port = variable === "remote_addr" && WITH_PORT.test(token.text) ? ":${remote_port}" : "";
    const second = isPair ? `/\${why502_${++unknown.count}}` : port;
    const behind = second + more.map((name) => `\${${name}}`).join("") + unit;
    out += `${token.gap}${prefix}${token.open}\${${first}}${behind}${close}`;
  }
  const tail = line.slice(lengthOf(written));
  const hasTime = used.has("time_local") || used.has("time_iso8601") || used.has("msec");
  // Without a date a line says too little about itself, unless it is cut by separators and holds a request and an upstream.
  const isApart = tokens[0]?.isApart === true;
  const isTelling = isApart && used.has("request") && used.has("upstream_addr");
  const hasStatus = used.has("status") || used.has("upstream_status");
  if (!(hasTime || isTelling) || !hasStatus) return null;
  return { format: out + tail, isTelling: named >= 3 && doubts === 0 && used.has("remote_addr") };
}

/** A variable that no value bears yet, nor a key further on. */
function freeOf(
  variable: string | null | undefined,
  ...taken: readonly ReadonlySet<string | undefined>[]
): string | null {
  return variable == null || taken.some((names) => names.has(variable)) ? null : variable;
}

/** Blanks within brackets, between separators or in a list: no single word. */
function kindOfUnknown({ isApart, open, text }: Token): string {
  if (!isApart && open === "" && text.includes(", ")) return "list_";
  return isApart || (open !== '"' && text.includes(" ")) ? "text_" : "";
}

/** A value that should have been understood: without a key and no dash, or behind a key that is known. */
function isDoubtful({ key, text }: Token, aliases: Readonly<Record<string, string>>): boolean {
  if (key === null) return text !== "-" && text !== "";
  const known = aliases[nameOf(key)];
  return known !== undefined && known !== "-";
}

/** Up to where the tokens go; what stands behind them belongs to the format as it is. */
function lengthOf(tokens: readonly Token[]): number {
  return tokens.reduce(
    (sum, { gap, key, open, text }) =>
      sum + gap.length + (key?.length ?? 0) + 2 * open.length + text.length,
    0,
  );
}

function pick(
  token: Token,
  following: readonly Token[],
  previous: string,
  used: ReadonlySet<string>,
  aliases: Readonly<Record<string, string>>,
  kindOf: KindOf,
): string | null {
  const { key, text, open } = token;
  const next = following[0];
  const free = (variable: string): string | null => (used.has(variable) ? null : variable);
  if (CLF_TIME.test(text)) return free("time_local");
  if (ISO_TIME.test(text)) return free("time_iso8601");
  if (EPOCH.test(text)) return free("msec");
  if (key !== null) {
    const name = nameOf(key);
    const known = aliases[name];
    // `ua` is the upstream's address in some tails and the user agent in others: its value tells, or what follows.
    if (name === "ua") {
      const isFollowed = next?.key != null && aliases[nameOf(next.key)]?.startsWith("upstream_");
      return free(UPSTREAM.test(text) || isFollowed ? "upstream_addr" : "http_user_agent");
    }
    // LTSV's `host` is who asked; the name asked for is its `vhost`.
    if (name === "host" && token.isApart && key.endsWith(":") && ADDRESS.test(text))
      return free("remote_addr");
    // And `url` is a path in some, the upstream's response length in others.
    if (known === "uri" && !PATH.test(text))
      return name === "url" && isLength(text) ? free("upstream_response_length") : null;
    if (known !== undefined && known !== "-" && fits(known, text, kindOf)) return free(known);
    return null;
  }
  if (METHOD.test(text) && !used.has("request")) return free("request_method");
  const hasLine =
    used.has("request") || following.some(({ text: other }) => / HTTP\/\d/.test(other));
  if (open === "" && text.startsWith("/") && !hasLine && !text.startsWith("//"))
    return free("request_uri");
  if (open === "" && previous === "request_method" && LOCATION.test(text)) return "location";
  if (open !== '"' && / HTTP\/\d/.test(text) && REQUEST.test(text)) return free("request");
  if (open === '"') {
    if (used.has("request_method") && !used.has("request_uri") && text.startsWith("/"))
      return "request_uri";
    if (
      REQUEST.test(text) &&
      !used.has("request") &&
      (/ HTTP\/\d/.test(text) || previous === "time_local")
    )
      return "request";
    const isBehindRequest = used.has("request") || used.has("request_uri");
    if (isBehindRequest && STATUS.test(text) && /^\d+$/.test(next?.text ?? ""))
      return free("status");
    if (previous === "status" && /^\d+$/.test(text)) return free("body_bytes_sent");
    if (
      !isBehindRequest &&
      ADDRESS.test(text) &&
      !following.some((other) => ADDRESS.test(other.text))
    )
      return free("remote_addr");
    // Behind the agent it may be the client's, as some proxies send it, or the name asked for.
    if (used.has("status") && previous !== "http_user_agent" && QUOTED_PEERS.test(text))
      return free("upstream_addr");
    if (previous === "upstream_addr" && STATUSES.test(text)) return free("upstream_status");
    if (previous === "body_bytes_sent") return REFERER.test(text) ? free("http_referer") : null;
    if (previous === "http_referer") return URL.test(text) ? null : free("http_user_agent");
    if (AGENT.test(text) && isBehindRequest) return free("http_user_agent");
    const isForwarded = text === "-" || text === "" || ADDRESSES.test(text);
    return previous === "http_user_agent" && isForwarded ? free("http_x_forwarded_for") : null;
  }
  const hasRequest =
    used.has("request") ||
    used.has("request_uri") ||
    following.slice(0, 2).some((other) => other.open === '"' && / HTTP\/\d/.test(other.text)) ||
    // Before the request only where nothing else could be one: the last of several is the client's.
    (following.some(isRequestPart) &&
      !following.some((other) => other.key === null && STATUS.test(other.text)));
  const isLikely =
    MEANT.test(text) ||
    !following.slice(0, 3).some((other) => other.open === "" && MEANT.test(other.text));
  if (STATUS.test(text) && isLikely && hasRequest && !used.has("status")) return "status";
  // Apache and its like write a dash where nothing was sent.
  if (/^(?:\d+|-)$/.test(text) && previous === "status" && !METHOD.test(next?.text ?? ""))
    return free("body_bytes_sent");
  // `200 "GET / HTTP/1.1" 512`: where the status came first, the bytes still stand behind the request.
  if (/^\d+$/.test(text) && previous === "request" && used.has("status"))
    return free("body_bytes_sent");
  // `shop.example 10.0.0.2 - joe [`: of several addresses the client's stands before the dash.
  const dash = following.findIndex(({ text: behind }) => behind === "-");
  if (WITH_PORT.test(text) && ARROW.test(next?.text ?? "")) return free("remote_addr");
  const isBeforeAnother =
    dash > 0 && following[dash + 2]?.open === "[" && ADDRESS.test(following[dash - 1]!.text);
  if (ADDRESS.test(text)) return isBeforeAnother ? null : free("remote_addr");
  if (dash === 1 && HOST.test(text) && ADDRESSES.test(following[0]!.text)) return free("host");
  // `192.0.2.7, 10.0.0.2 - joe [`: who asked, and the proxies in between.
  if (dash === 0 && text.includes(", ") && ADDRESSES.test(text))
    return free("http_x_forwarded_for");
  if (PEERS.test(text) && used.has("status")) return free("upstream_addr");
  // Its status stands beside it here and behind its times there: only the last one of them can be it.
  const isLast = !following.some((other) => other.key === null && STATUSES.test(other.text));
  if (used.has("upstream_addr") && STATUSES.test(text) && isLast) return free("upstream_status");
  if (text === "-" && previous === "remote_addr") return null;
  // `127.0.0.1 - joe smith [22/Nov/…`: the only value without quotes that may hold blanks.
  const hasClient = used.has("remote_addr") || used.has("http_x_forwarded_for");
  if (hasClient && next?.open === "[" && CLF_TIME.test(next.text)) return free("remote_user");
  return null;
}

/** A method, a path or a request line. */
function isRequestPart({ key, open, text }: Token): boolean {
  if (key !== null) return false;
  return open === "" ? METHOD.test(text) || text.startsWith("/") : / HTTP\/\d/.test(text);
}

function nameOf(key: string): string {
  return key.replace(/^\[|[=: ] *$/g, "").toLowerCase();
}

function isLength(text: string): boolean {
  return /^(?:\d+|-)(?:(?:, | : )(?:\d+|-))*$/.test(text);
}

function fits(variable: string, text: string, kindOf: KindOf): boolean {
  const kind = kindOf(variable);
  const shape = kind === null ? undefined : SHAPES[kind];
  return shape === undefined || shape.test(text) || (kind === "int" && PAIR.test(text));
}
