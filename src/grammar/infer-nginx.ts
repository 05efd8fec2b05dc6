// Guesses the log_format of a line that no known format fits: combined heads, key=value tails, JSON-less extras.
//
// The guess is a log_format string like any other; it is compiled, tried on the other lines and shown to the user.
import { tokenize, type Token } from "./line-tokens.ts";
import { bareTimes, withoutUnit } from "./infer-times.ts";
import { isAsked, isPair, isWithPort, nameOf, pick, type KindOf } from "./nginx-values.ts";

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
    const known = isAsked(token, tokens[at - 1])
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
    const port = variable === "remote_addr" && isWithPort(token) ? ":${remote_port}" : "";
    const second =
      kindOf(variable) === "int" && isPair(token) ? `/\${why502_${++unknown.count}}` : port;
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
