// Finds the keys of a format string that spells one JSON object, whatever language its fields are
// written in.
import compiled from "./compiled/json-template.js";
import { TextError, type FormatAst, type FormatItem } from "./ast.ts";
import { grammarParser } from "./run-grammar.ts";

/** The object a template spells. */
export interface JsonTemplate {
  /** Each value that holds a field, with its dotted key; values inside lists are left out. */
  readonly keys: FormatAst["keys"];
  /** True where some field stands without quotes, as no JSON writer would put it. */
  readonly hasBareFields: boolean;
}

interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
  readonly bare: boolean;
}

// Each field becomes one character of Unicode's private use area, so that the JSON grammar sees an
// ordinary text.
const FIRST_MARK = 0xe000;
const MARKS = 0xf900 - FIRST_MARK;

const parse = grammarParser<readonly Leaf[]>(compiled, (text, stuck) => {
  const offset = stuck?.offset ?? text.length;
  if (stuck === null) return new TextError("the JSON object is not closed", text, offset);
  const what = stuck.text === '"' ? "a string that does not end" : `"${stuck.text}"`;
  return new TextError(`${what} has no place here in a JSON object`, text, offset);
});

/** True where the items begin and end like a JSON object. */
export function looksLikeJson(items: readonly FormatItem[]): boolean {
  const plain = items.map((item) => (item.kind === "text" ? item.text : "0")).join("");
  return /^\s*\{\s*["}]/.test(plain) && /\}\s*$/.test(plain);
}

/** The keys of items that spell a JSON object, none where they do not. */
export function jsonKeys(items: readonly FormatItem[], source: string): FormatAst["keys"] {
  if (!looksLikeJson(items)) return [];
  try {
    return readJsonTemplate(items, source).keys;
  } catch (error) {
    if (error instanceof TextError) return [];
    throw error;
  }
}

/**
 * The keys of a JSON template.
 * @param source the text the items came from, for the place of a mistake.
 * @throws TextError where the items spell no JSON object.
 */
export function readJsonTemplate(items: readonly FormatItem[], source: string): JsonTemplate {
  let marked = "";
  const fields: FormatItem[] = [];
  for (const item of items) {
    if (item.kind === "text") marked += item.text;
    else marked += String.fromCharCode(FIRST_MARK + (fields.push(item) - 1));
  }
  if (fields.length > MARKS || hasForeignMark(items)) {
    throw new TextError("a JSON format cannot hold private-use characters", source, 0);
  }
  try {
    const leaves = parse(marked);
    const keys = leaves
      .map(({ path, text }) => ({ key: path.join("."), items: unmark(text, fields) }))
      .filter((key) => key.items.some(({ kind }) => kind === "field"));
    return { keys, hasBareFields: leaves.some(({ bare }) => bare) };
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const offset = Math.min(offsetInSource(error.offset, items, source), source.length);
    const message = error.message.replace(/[\uE000-\uF8FF]/g, "…");
    throw new TextError(message, source, offset, error.hint);
  }
}

function hasForeignMark(items: readonly FormatItem[]): boolean {
  return items.some((item) => item.kind === "text" && /[\uE000-\uF8FF]/.test(item.text));
}

function unmark(text: string, fields: readonly FormatItem[]): FormatItem[] {
  return text
    .split(/([\uE000-\uF8FF])/)
    .filter((part) => part !== "")
    .map((part) => fields[part.charCodeAt(0) - FIRST_MARK] ?? { kind: "text", text: part });
}

/**
 * Where a place of the marked text stands in the source, which spells fields and escaped characters
 * at length.
 */
function offsetInSource(marked: number, items: readonly FormatItem[], source: string): number {
  let at = 0;
  let from = 0;
  for (const item of items) {
    const length = item.kind === "text" ? item.text.length : 1;
    if (marked < at + length) {
      if (item.kind === "field") return item.offset;
      const found = source.indexOf(item.text, from);
      return found < 0 ? from : found + marked - at;
    }
    if (item.kind === "field") from = item.offset + 1;
    at += length;
  }
  return source.length;
}
