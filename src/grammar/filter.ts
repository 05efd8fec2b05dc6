// The language of --where: a text becomes a tree of comparisons with checked fields, operators and
// values.
import compiled from "./compiled/filter.js";
import { TextError } from "./ast.ts";
import { FILTER_FIELDS, fieldType, type FieldType, type FilterField } from "./filter-fields.ts";
import { nearestWord } from "./nearest-word.ts";
import { grammarParser } from "./run-grammar.ts";

/** How a field is compared. `~` is "contains", `!~` its opposite. */
export type FilterOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~";

/** What a field is compared with. */
export type FilterValue =
  | { readonly kind: "text"; readonly text: string }
  /** A status, or any other whole number. */
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "duration"; readonly ms: number }
  /** `5xx`: the first digit of a status. */
  | { readonly kind: "status-class"; readonly digit: number }
  | { readonly kind: "truth"; readonly value: boolean }
  /**
   * A moment as typed (`13:45`, `2026-11-22T13:45:00Z`, `-1h`): only the command line knows zone
   * and clock.
   */
  | { readonly kind: "time"; readonly text: string };

/** A parsed filter. Offsets point into the text, for messages of whoever evaluates it. */
export type FilterAst =
  | { readonly kind: "and"; readonly left: FilterAst; readonly right: FilterAst }
  | { readonly kind: "or"; readonly left: FilterAst; readonly right: FilterAst }
  | { readonly kind: "not"; readonly of: FilterAst }
  | {
      readonly kind: "compare";
      readonly field: FilterField;
      readonly op: FilterOperator;
      readonly value: FilterValue;
      readonly offset: number;
    }
  | {
      readonly kind: "in";
      readonly field: FilterField;
      readonly values: readonly FilterValue[];
      readonly offset: number;
    };

interface Typed {
  readonly text: string;
  readonly offset: number;
}

type RawTree =
  | { readonly kind: "and" | "or"; readonly left: RawTree; readonly right: RawTree }
  | { readonly kind: "not"; readonly of: RawTree }
  | { readonly kind: "bare"; readonly name: string; readonly offset: number }
  | {
      readonly kind: "comparison";
      readonly name: string;
      readonly offset: number;
      readonly op: Typed;
      readonly values: readonly (Typed & { readonly isQuoted: boolean })[];
    };

const parse = grammarParser<RawTree>(compiled, (text, stuck, seen) => {
  const solid = seen.filter(({ type }) => type !== "space");
  const before = stuck === null ? solid.at(-1) : solid.at(-2);
  const offset = stuck?.offset ?? text.length;
  const say = (message: string, hint = ""): TextError => new TextError(message, text, offset, hint);
  if (text.trim() === "") return say("the filter is empty", "for example: status >= 500");
  if (stuck !== null && (stuck.text === '"' || stuck.text === "'"))
    return say("this quote is never closed");
  if (before?.type === "operator") {
    if (stuck?.text === "=" && before.text === "=") return say("equality is written with one =");
    if (stuck?.text === "~" && before.text === "=") return say("contains is written ~");
    return say(`a value must follow ${before.text}`);
  }
  if (stuck?.text === "&" || stuck?.text === "|")
    return say(`write ${stuck.text === "&" ? "and" : "or"} instead`);
  if (stuck?.text === "!") return say("write not instead");
  if (stuck === null && before?.type === "name")
    return say(`an operator must follow ${before.text}`);
  if (stuck === null) {
    return say(
      before?.type === "and" || before?.type === "or" || before?.type === "not"
        ? `a comparison must follow ${before.text}`
        : "a parenthesis is never closed",
    );
  }
  if (stuck.text.toLowerCase() === "in")
    return say("in needs a list in parentheses", "status in (502, 504)");
  if (stuck.type === "close") return say("this parenthesis was never opened, or holds nothing");
  if (before?.type === "name")
    return say(`an operator must follow ${before.text}`, "= != < <= > >= ~ !~ in");
  if (stuck.type === "name" || stuck.type === "open" || stuck.type === "not") {
    return say("join comparisons with and or or", "words with blanks need quotes");
  }
  return say(`"${stuck.text}" does not belong here`);
});

/**
 * Parses a filter such as `pool = app and (status = 5xx or duration > 1.5s) and not masked`.
 * @throws TextError with the place and, where a word is near, what was probably meant.
 */
export function parseFilter(text: string): FilterAst {
  return check(parse(text, "main"), text);
}

function check(tree: RawTree, text: string): FilterAst {
  switch (tree.kind) {
    case "and":
    case "or":
      return { kind: tree.kind, left: check(tree.left, text), right: check(tree.right, text) };
    case "not":
      return { kind: "not", of: check(tree.of, text) };
    case "bare": {
      const [field, type] = known(tree, text);
      if (type !== "truth") {
        const end = tree.offset + tree.name.length;
        throw new TextError(
          `an operator must follow ${field}`,
          text,
          end,
          "= != < <= > >= ~ !~ in",
        );
      }
      return {
        kind: "compare",
        field,
        op: "=",
        value: { kind: "truth", value: true },
        offset: tree.offset,
      };
    }
    case "comparison":
      return comparison(tree, text);
  }
}

function comparison(tree: Extract<RawTree, { kind: "comparison" }>, text: string): FilterAst {
  const [field, type] = known(tree, text);
  const { offset } = tree;
  const values = tree.values.map((typed) => valueOf(typed, field, type, text));
  if (tree.op.text === "in") return { kind: "in", field, values, offset };
  if (tree.op.text === "not in") return { kind: "not", of: { kind: "in", field, values, offset } };
  const op = tree.op.text as FilterOperator;
  const value = values[0]!;
  const isOrdered = op === "<" || op === "<=" || op === ">" || op === ">=";
  if (isOrdered && (type === "text" || type === "truth")) {
    throw new TextError(
      `${field} has no order`,
      text,
      tree.op.offset,
      "compare it with = != ~ !~ or in",
    );
  }
  if (isOrdered && value.kind === "status-class") {
    const hint = `write ${field} ${op} ${value.digit}00`;
    throw new TextError("a status class is no number", text, tree.values[0]!.offset, hint);
  }
  if ((op === "~" || op === "!~") && type !== "text") {
    throw new TextError(
      `${field} holds no text to search in`,
      text,
      tree.op.offset,
      "compare it with = != < or >",
    );
  }
  return { kind: "compare", field, op, value, offset };
}

function known(
  tree: { readonly name: string; readonly offset: number },
  text: string,
): readonly [FilterField, FieldType] {
  const name = tree.name.toLowerCase();
  const type = fieldType(name);
  if (type !== null) return [name as FilterField, type];
  const near = nearestWord(name, FILTER_FIELDS);
  const hint = near === null ? `fields: ${FILTER_FIELDS.join(" ")}` : `did you mean ${near}?`;
  throw new TextError(`there is no field ${tree.name}`, text, tree.offset, hint);
}

const MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

function valueOf(
  typed: Typed & { readonly isQuoted: boolean },
  field: FilterField,
  type: FieldType,
  text: string,
): FilterValue {
  const fail = (message: string, hint: string): never => {
    throw new TextError(message, text, typed.offset, hint);
  };
  const word = typed.text.toLowerCase();
  switch (type) {
    case "text":
      return { kind: "text", text: typed.text };
    case "time":
      return { kind: "time", text: typed.text };
    case "truth":
      if (/^(?:true|yes|1)$/.test(word)) return { kind: "truth", value: true };
      if (/^(?:false|no|0)$/.test(word)) return { kind: "truth", value: false };
      return fail(`${field} is true or false`, `write ${field} or not ${field}`);
    case "status": {
      const digit = /^([1-5])xx$/.exec(word)?.[1];
      if (digit !== undefined) return { kind: "status-class", digit: Number(digit) };
      if (/^\d{1,3}$/.test(word)) return { kind: "number", value: Number(word) };
      return fail("a status is a number such as 502, or a class such as 5xx", "");
    }
    case "duration": {
      const parts = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m|min|h)?$/.exec(word);
      if (parts === null)
        return fail("a duration is a number with a unit", "for example 200ms or 1.5s");
      if (parts[2] === undefined) return fail("a duration needs a unit", `${word}ms or ${word}s?`);
      return { kind: "duration", ms: Number(parts[1]) * MS[parts[2]]! };
    }
  }
}
