// nginx's log_format: a bare template or a pasted directive becomes a format tree.
import compiled from "./compiled/nginx-format.js";
import { TextError, type Escape, type FormatAst } from "./ast.ts";
import { jsonKeys } from "./json-template.ts";
import { hasField, mergeItems, type Piece } from "./merge-items.ts";
import { grammarParser } from "./run-grammar.ts";

interface Parsed {
  /** What the directive said; null where nothing said it. */
  readonly escape: "default" | "json" | "none" | null;
  readonly items: readonly Piece[];
}

const ESCAPES: Readonly<Record<"default" | "json" | "none", Escape>> = {
  default: "hex",
  json: "json",
  none: "none",
};

const DIRECTIVE = /^\s*log_format\s/;
const PARTS =
  /^\s*(?:escape=\w+\s+)?(?:(?:'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*")(?=[\s;]|$)\s*)+;?\s*$/;

const parse = grammarParser<Parsed>(compiled, (text, stuck, seen) => {
  if (stuck?.type === "dollar") {
    return new TextError(
      "a $ must be followed by a variable's name",
      text,
      stuck.offset,
      "write $name or ${name}; nginx has no way to log a dollar sign",
    );
  }
  if (stuck !== null) {
    return new TextError(`"${stuck.text.trim()}" does not belong here`, text, stuck.offset);
  }
  const quote = seen.findLast(({ type }) => type === "single" || type === "double");
  return new TextError(
    quote === undefined ? "the log_format has no text" : "this quote is never closed",
    text,
    quote?.offset ?? text.length,
    "paste the directive up to its semicolon",
  );
});

/**
 * Parses an nginx format: the text itself, its quoted parts (`'…' '…'`), or the whole `log_format
 * name … ;`. A JSON-looking template keeps the shape `text`, for nginx writes no JSON of its own,
 * and has its keys filled as well. Where nothing names the escaping it is `hex`, nginx's default,
 * or `json` for a template that looks like JSON: a reader of JSON escapes gets through nginx's
 * `\xHH` unharmed, the other way round not.
 * @throws TextError
 */
export function parseNginxFormat(text: string): FormatAst {
  const { escape, items: pieces } = parse(text, lexerState(text));
  const items = mergeItems(pieces);
  if (!hasField(items)) {
    throw new TextError("this format has no field", text, 0, "nginx fields are written $status");
  }
  const keys = jsonKeys(items, text);
  const said = escape ?? (keys.length > 0 ? "json" : "default");
  return { language: "nginx", escape: ESCAPES[said], shape: "text", items, keys };
}

function lexerState(text: string): string {
  if (DIRECTIVE.test(text)) return "directive";
  return PARTS.test(text) && !touching(text) ? "directive" : "template";
}

/**
 * nginx joins quoted parts with nothing between, so parts that make two variables touch are no
 * parts: `"$status" "$request"` is meant as it stands.
 */
function touching(text: string): boolean {
  return /\$\{?\w+\}?["']\s+["']\$/.test(text);
}
