// HAProxy's log-format: a bare string or a pasted directive becomes a format tree.
import compiled, { aliases } from "./compiled/haproxy-format.js";
import { TextError, type FormatAst, type FormatItem } from "./ast.ts";
import { jsonKeys } from "./json-template.ts";
import { addText, hasField, withoutLineEnd } from "./merge-items.ts";
import { nearestWord } from "./nearest-word.ts";
import { grammarParser } from "./run-grammar.ts";
import { unquoteHaproxy, withControls, type Sourced } from "./unquote.ts";

/**
 * Formats that can be named instead of written: `HAPROXY_HTTP_LOG_FMT` and its like, and whole
 * lines such as `option httplog`. Read from `grammars/haproxy/formats.json` by {@link
 * haproxyNames}.
 */
export type HaproxyNames = ReadonlyMap<string, string>;

type Piece =
  | { readonly kind: "text"; readonly text: string; readonly offset: number }
  | {
      readonly kind: "item";
      readonly name: string;
      readonly isAlias: boolean;
      readonly label: string | null;
      readonly flags: readonly string[];
      readonly offset: number;
    };

const DIRECTIVE = /^\s*(?:error-)?log-format\s+/;
const ESCAPED_QUOTES = /^[^"]*\\"(?:[^"\\]|\\[^])*$/;
const QUOTED = /^\s*(?:"(?:\\[^]|[^"\\])*"|'[^']*')\s*$/;

/** The names other formats go by, out of `grammars/haproxy/formats.json`. */
export function haproxyNames(formatsJson: string): HaproxyNames {
  const formats = JSON.parse(formatsJson) as readonly {
    readonly format: string;
    readonly aka?: readonly string[];
  }[];
  return new Map(formats.flatMap(({ format, aka = [] }) => aka.map((name) => [name, format])));
}

const parse = grammarParser<readonly Piece[]>(compiled, (text, stuck, seen) => {
  const sign = seen.findLast(({ type }) => type === "item");
  const at = sign?.offset ?? 0;
  if (stuck === null) {
    const item = text.slice(at, at + 20);
    return new TextError(`"${item}" is not complete`, text, at, "its bracket is never closed");
  }
  if (stuck.type === "stray") {
    return new TextError(
      "a single % begins a field",
      text,
      stuck.offset,
      "write %% for a percent sign",
    );
  }
  if (stuck.type === "unknownAlias") {
    const near = nearestWord(stuck.text, aliases);
    const hint = near === null ? "write %% for a percent sign" : `did you mean %${near}?`;
    return new TextError(`HAProxy has no field %${stuck.text}`, text, at, hint);
  }
  const name = JSON.stringify(stuck.text);
  return new TextError(
    `${name} does not belong here`,
    text,
    stuck.offset,
    "a field is %name, %[fetch] or %(label)name",
  );
});

/**
 * Parses a HAProxy format: the string itself, quoted as in a config, or the whole `log-format …`
 * line. With `%{+json}o` the shape is `json`: its keys are the labels, everything without a label
 * vanishes, as in HAProxy.
 * @param names what `${HAPROXY_HTTP_LOG_FMT}` and `option httplog` stand for.
 * @throws TextError
 */
export function parseHaproxyFormat(text: string, names: HaproxyNames = new Map()): FormatAst {
  const cooked = expanded(configured(text, names), text, names);
  try {
    return build(parse(cooked.text, "text"), cooked.text, cooked.offsets);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new TextError(
      error.message,
      text,
      cooked.offsets[error.offset] ?? text.length,
      error.hint,
    );
  }
}

/** The text as it is after the configuration's own quoting. */
function configured(text: string, names: HaproxyNames): Sourced {
  const option = names.get(text.trim().replace(/\s+/g, " "));
  if (option !== undefined)
    return { text: option, offsets: Array<number>(option.length + 1).fill(0) };
  const head = DIRECTIVE.exec(text);
  if (head !== null) return unquoteHaproxy(text, head[0].length);
  // Before 1.6 every blank and every quote had to be escaped; such a string needs no quotes to be
  // known for what it is.
  if (QUOTED.test(text) || /\\ /.test(text) || ESCAPED_QUOTES.test(text))
    return unquoteHaproxy(text, /^\s*/.exec(text)![0].length);
  return withControls(text);
}

/** `${NAME}`, `${NAME-default}`, `${NAME[*]}`, `$NAME` (configuration.txt, 2.3 "Environment variables"). */
const VARIABLE = /\$(?:\{([A-Za-z0-9_]+)(?:\[\*\])?(?:-([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))/g;

function expanded(from: Sourced, source: string, names: HaproxyNames): Sourced {
  let text = "";
  const offsets: number[] = [];
  let at = 0;
  for (const match of from.text.matchAll(VARIABLE)) {
    const [whole, braced, fallback, bare] = match;
    const value = names.get(braced ?? bare!) ?? fallback;
    if (value === undefined) {
      // A dollar sign alone may be one.
      if (braced === undefined) continue;
      throw new TextError(
        `what \${${braced}} stands for is not known here`,
        source,
        from.offsets[match.index]!,
        "write the format it holds in its place",
      );
    }
    text += from.text.slice(at, match.index) + value;
    offsets.push(...from.offsets.slice(at, match.index));
    for (let k = 0; k < value.length; k++) offsets.push(from.offsets[match.index]!);
    at = match.index + whole.length;
  }
  if (at === 0) return from;
  return { text: text + from.text.slice(at), offsets: [...offsets, ...from.offsets.slice(at)] };
}

function build(pieces: readonly Piece[], text: string, offsets: readonly number[]): FormatAst {
  const items: FormatItem[] = [];
  let global: ReadonlySet<string> = new Set();
  for (const piece of pieces) {
    if (piece.kind === "text") addMerged(items, piece.text);
    else if (piece.isAlias && piece.name === "o") global = withFlags(global, piece.flags);
    else items.push(...parted(fieldOf(piece, withFlags(global, piece.flags), offsets)));
  }
  if (global.has("cbor")) {
    throw new TextError("CBOR logs cannot be read", text, text.indexOf("cbor"), "use %{+json}o");
  }
  if (!hasField(items)) {
    throw new TextError(
      "this format has no field",
      text,
      0,
      "HAProxy fields are written %ST or %[fetch]",
    );
  }
  withoutLineEnd(items);
  if (!global.has("json")) {
    // Before 3.0 everybody put JSON together by hand.
    const keys = jsonKeys(items, text);
    return { language: "haproxy", escape: "haproxy", shape: "text", items, keys };
  }
  const named = items.filter((item) => item.kind === "field" && item.label !== null);
  if (named.length === 0) {
    throw new TextError(
      "with %{+json}o only labelled fields are logged, and none is",
      text,
      text.indexOf("json"),
      "label them: %(status)ST",
    );
  }
  const keys = named.map((item) => ({ key: (item as { label: string }).label, items: [item] }));
  return { language: "haproxy", escape: "json", shape: "json", items: named, keys };
}

/**
 * Aliases that `+Q` leaves as they are: it quotes strings, and these print numbers, dates and states (`sess_build_logline()`
 * in src/log.c); lists print quotes of their own around each element, or nothing at all.
 */
const BARE: ReadonlySet<string> = new Set(
  (
    "ac B bc bp bq cp fc fp lc ms pid rc rt sc sp sq ST U t T Tl tr trg trl Ts Ta Tc Td Th Ti TR Tr Tt Tq Tu Tw " +
    "ts tsc hrl hsl"
  ).split(" "),
);

/** Aliases that `+X` prints in hexadecimal: addresses, ports, counters and the date. */
const HEX: ReadonlySet<string> = new Set("ci cp fi fp bi bp si sp Ts ms lc rt pid".split(" "));

type ItemPiece = Extract<Piece, { kind: "item" }>;

function fieldOf(
  piece: ItemPiece,
  flags: ReadonlySet<string>,
  offsets: readonly number[],
): FormatItem {
  const isBare = piece.isAlias && BARE.has(piece.name);
  return {
    kind: "field",
    name: piece.name,
    arg: null,
    quoted: flags.has("Q") && !flags.has("json") && !isBare,
    flags: [...flags].filter(
      (flag) => flag === "E" || (flag === "X" && piece.isAlias && HEX.has(piece.name)),
    ),
    label: piece.label,
    maxLength: null,
    offset: offsets[piece.offset]!,
  };
}

const DATE = /^(?:date|accept_date|request_date)\b.*time\(.* /;

/**
 * A date by strftime prints as many blanks as its pattern has: it is read piece by piece, the further ones named `#2`, `#3`.
 */
function parted(field: FormatItem): FormatItem[] {
  if (field.kind === "text" || field.quoted || !DATE.test(field.name)) return [field];
  const parts = field.name.split(" ").length;
  return Array.from({ length: parts }, (_, at) => at).flatMap((at) => [
    ...(at === 0 ? [] : [{ kind: "text", text: " " } as const]),
    at === 0 ? field : { ...field, name: `${field.name}#${at + 1}`, label: null },
  ]);
}

function withFlags(before: ReadonlySet<string>, flags: readonly string[]): ReadonlySet<string> {
  if (flags.length === 0) return before;
  const after = new Set(before);
  for (const flag of flags) {
    if (flag.startsWith("+")) after.add(flag.slice(1));
    else after.delete(flag.slice(1));
  }
  return after;
}

/** Runs of blanks are one blank, and none begins a line: that is how HAProxy prints them. */
function addMerged(items: FormatItem[], text: string): void {
  const last = items.at(-1);
  const isBehindSpace = last === undefined || (last.kind === "text" && last.text.endsWith(" "));
  const merged = text.replace(/ +/g, " ");
  addText(items, isBehindSpace && merged.startsWith(" ") ? merged.slice(1) : merged);
}
