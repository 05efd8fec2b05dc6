// Envoy's access-log format strings, text or JSON, become format trees.
import compiled from "./compiled/envoy-format.js";
import { TextError, type FormatAst, type FormatItem } from "./ast.ts";
import { looksLikeJson, readJsonTemplate } from "./json-template.ts";
import { hasField, mergeItems, type FieldPiece, type Piece } from "./merge-items.ts";
import { grammarParser } from "./run-grammar.ts";
import { yamlObject } from "./yaml-object.ts";
import { sourced, unquoteString, withControls, type Sourced } from "./unquote.ts";

/** How an Envoy format that spells a JSON object is meant. */
export interface EnvoyOptions {
  /**
   * `text` where it is written under `text_format`, so that its order is kept and nothing is
   * escaped.
   */
  readonly shape?: "text" | "json";
}

type Located = (Piece & { readonly offset: number }) | (FieldPiece & { readonly offset: number });

const QUOTED = /^\s*"(?:\\[^]|[^"\\])*"\s*$/;

const parse = grammarParser<readonly Located[]>(compiled, (text, stuck, seen) => {
  const sign = seen.findLast(({ type }) => type === "item");
  const at = sign?.offset ?? 0;
  const name = /^%\w*/.exec(text.slice(at))?.[0] ?? "%";
  if (stuck?.type === "stray") {
    const hint =
      "operators are capitals between percent signs, such as %RESPONSE_CODE%; %% is a percent sign";
    return new TextError("this % begins no operator", text, stuck.offset, hint);
  }
  if (/[a-z]/.test(name)) {
    return new TextError(
      `${name} is no operator`,
      text,
      at,
      "operators are written in capitals, such as %DURATION%",
    );
  }
  const hint = /^%\w+\(/.test(text.slice(at)) ? "it must end with )%" : "it must end with %";
  if (stuck === null) return new TextError(`${name} is never closed`, text, at, hint);
  if (seen.some(({ type, offset }) => type === "bareHeaderCommand" && offset > at)) {
    return new TextError(
      `${name}% needs a header's name`,
      text,
      at,
      `write ${name}(X-REQUEST-ID)%`,
    );
  }
  if (stuck.type === "question") {
    return new TextError("one second header may follow ?, no third", text, stuck.offset);
  }
  if (stuck.type === "argumentEnd") {
    return new TextError(`${name} needs a header's name in its parentheses`, text, stuck.offset);
  }
  return new TextError(
    `${name} is not closed before ${JSON.stringify(stuck.text)}`,
    text,
    stuck.offset,
    hint,
  );
});

/**
 * Parses an Envoy format. A text that is a JSON object whose operators all stand inside strings has
 * the shape `json`, with `options.shape` "text" it stays text; either way its keys are filled. A
 * text in YAML's double quotes is unquoted, and a YAML mapping is the object it means.
 * @throws TextError
 */
export function parseEnvoyFormat(text: string, options: EnvoyOptions = {}): FormatAst {
  const object = yamlObject(text);
  if (object !== null) return parseMapping(object, text, options);
  const from = unquoted(text);
  try {
    return build(from, options);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new TextError(error.message, text, from.offsets[error.offset] ?? text.length, error.hint);
  }
}

/** In an object escapes are JSON's and stay for its reader. */
function unquoted(text: string): Sourced {
  if (QUOTED.test(text) && text.includes('\\"')) return unquoteString(text);
  return /^\s*\{/.test(text) ? sourced(text) : withControls(text);
}

/** Parses a YAML mapping as its object; a mistake is shown where the mapping has the same text. */
function parseMapping(object: string, text: string, options: EnvoyOptions): FormatAst {
  try {
    return parseEnvoyFormat(object, options);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const at = text.indexOf(object.slice(error.offset, error.offset + 8));
    throw new TextError(error.message, text, Math.max(0, at), error.hint);
  }
}

function build(from: Sourced, options: EnvoyOptions): FormatAst {
  const { text } = from;
  const pieces = parse(text.replace(/(?:\\n|\n)+\s*$/, ""), "text");
  checkCoalesce(pieces, text);
  const items = mergeItems(pieces);
  if (!hasField(items)) {
    throw new TextError(
      "this format has no field",
      text,
      0,
      "Envoy fields are written %RESPONSE_CODE%",
    );
  }
  const template =
    options.shape === "json" || looksLikeJson(items) ? read(items, text, options) : null;
  const place = (item: FormatItem): FormatItem =>
    item.kind === "text" ? item : { ...item, offset: from.offsets[item.offset]! };
  const isJson = template !== null && !template.hasBareFields && options.shape !== "text";
  return {
    language: "envoy",
    escape: isJson ? "json" : "none",
    shape: isJson ? "json" : "text",
    items: (isJson ? items.filter(({ kind }) => kind === "field").map(unescaped) : items).map(
      place,
    ),
    keys: (template?.keys ?? []).map(({ key, items: inner }) => ({
      key,
      items: (isJson ? inner.map(unescaped) : inner).map(place),
    })),
  };
}

function read(
  items: readonly FormatItem[],
  text: string,
  options: EnvoyOptions,
): ReturnType<typeof readJsonTemplate> | null {
  try {
    return readJsonTemplate(items, text);
  } catch (error) {
    if (options.shape === "text" && error instanceof TextError) return null;
    throw error;
  }
}

/** Inside a JSON string an argument's own quotes are escaped. */
function unescaped(item: FormatItem): FormatItem {
  if (item.kind === "text" || item.arg === null || !item.arg.includes("\\")) return item;
  try {
    return { ...item, arg: JSON.parse(`"${item.arg}"`) as string };
  } catch {
    return item;
  }
}

/** `COALESCE` takes JSON; a mistake in it is found here rather than never. */
function checkCoalesce(pieces: readonly Located[], text: string): void {
  for (const piece of pieces) {
    if (piece.kind !== "field" || piece.name !== "COALESCE") continue;
    const arg = piece.arg ?? "";
    if (isJsonObject(arg) || isJsonObject(arg.replace(/\\"/g, '"'))) continue;
    throw new TextError("%COALESCE needs a JSON object in its parentheses", text, piece.offset);
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}
