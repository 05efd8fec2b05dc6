// Tells nginx's times apart where they stand side by side without keys: by what holds between them on all lines there are.
//
// $request_time is one number and no less than the times of the upstreams within it; those are lists, and dashes where no
// upstream was asked (ngx_http_upstream_module, ngx_http_log_module). What is not certain stays unnamed.
import type { Token } from "./line-tokens.ts";

/** One of nginx's times, or several of one request; a date in seconds has ten digits. */
const SECONDS = /^\d{1,7}\.\d{3}(?:(?:, | : )(?:\d{1,7}\.\d{3}|-))*$/;
const SEVERAL = /, | : |^-$/;
/** `0.012s`: nginx writes no unit, formats do. */
const UNIT = /^\d+\.\d{3}s$/;
/** Rounded down each for itself. */
const ROUNDING = 0.002;

/** A time without the unit that the format puts behind it. */
export function withoutUnit(token: Token): Token {
  return token.open === "" && UNIT.test(token.text)
    ? { ...token, text: token.text.slice(0, -1) }
    : token;
}

/** Times without keys by their places: each run of them on its own. */
export function bareTimes(
  tokens: readonly Token[],
  others: () => readonly (readonly Token[])[],
): ReadonlyMap<number, string | null> {
  const isTime = (token: Token | undefined): boolean =>
    token !== undefined && token.key === null && token.open === "" && SECONDS.test(token.text);
  const found = new Map<number, string | null>();
  let rows: readonly (readonly Token[])[] | null = null;
  for (let at = 0; at < tokens.length; at++) {
    if (!isTime(tokens[at])) continue;
    let end = at + 1;
    while (isTime(tokens[end])) end++;
    rows ??= [tokens, ...others().filter((other) => other.length === tokens.length)];
    const texts = rows
      .map((row) => row.slice(at, end).map(({ text }) => text))
      .filter((row) => row.every((text) => text === "-" || SECONDS.test(text)));
    for (const [k, variable] of timesOf(texts).entries()) found.set(at + k, variable);
    at = end;
  }
  return found;
}

/**
 * The variables of neighbouring times.
 * @param rows for each line the values, at least one line.
 * @returns for each value its variable, null where that is not certain.
 */
function timesOf(rows: readonly (readonly string[])[]): (string | null)[] {
  const count = rows[0]!.length;
  const isUpstreams = Array.from({ length: count }, (_, k) =>
    rows.some((row) => SEVERAL.test(row[k]!)),
  );
  const holds = (long: number, short: number): boolean =>
    !isUpstreams[long] && rows.every((row) => sum(row[short]!) <= sum(row[long]!) + ROUNDING);
  if (count === 1) return [isUpstreams[0] ? "upstream_response_time" : "request_time"];
  if (count === 2) {
    const [isFirst, isSecond] = [holds(0, 1), holds(1, 0)];
    // Where rounding is all that sets them apart, most lines tell.
    const excess = (row: readonly string[]): number => Math.sign(sum(row[1]!) - sum(row[0]!));
    const isRather = rows.reduce((total, row) => total + excess(row), 0) > 0;
    if (isFirst && !(isSecond && isRather)) return ["request_time", "upstream_response_time"];
    return isSecond ? ["upstream_response_time", "request_time"] : [null, null];
  }
  const rest = Array.from({ length: count - 1 }, (_, k) => k + 1);
  if (!rest.every((k) => holds(0, k))) return Array.from({ length: count }, () => null);
  const isRising = rows.every((row) =>
    rest.slice(1).every((k) => sum(row[k - 1]!) <= sum(row[k]!) + ROUNDING),
  );
  return ["request_time", ...(count === 4 && isRising ? STAGES : rest.map(() => null))];
}

const STAGES = ["upstream_connect_time", "upstream_header_time", "upstream_response_time"];

function sum(text: string): number {
  return text
    .split(/, | : /)
    .reduce((total, part) => total + (part === "-" || part === "" ? 0 : Number(part)), 0);
}
