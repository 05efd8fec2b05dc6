// Which nginx variable a value of a line is: by its key, by its shape, and by what stands around it.
import { IPV6 } from "./addresses.ts";
import { METHOD, type Token } from "./line-tokens.ts";
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
export type KindOf = (variable: string) => FieldKind | null;

/** True for the address behind an arrow or `to:`: who was asked. */
export function isAsked({ key, text }: Token, before: Token | undefined): boolean {
  const isBehindArrow = ARROW.test(before?.text ?? "") || key?.trim() === "to:";
  return isBehindArrow && (PEERS.test(text) || ADDRESS.test(text));
}

/** `12/3` */
export function isPair({ text }: Token): boolean {
  return PAIR.test(text);
}

/** `192.0.2.7:4007` */
export function isWithPort({ text }: Token): boolean {
  return WITH_PORT.test(text);
}

/** The variable that a value without a doubt is, null where there is one. */
export function pick(
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

/** A key as it is looked up: without its signs, in lower case. */
export function nameOf(key: string): string {
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
