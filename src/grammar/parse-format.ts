// Sees whose language a format string is written in, and parses it.
import { TextError, type FormatAst, type Language } from "./ast.ts";
import { parseEnvoyFormat } from "./envoy-format.ts";
import { parseHaproxyFormat, type HaproxyNames } from "./haproxy-format.ts";
import { parseNginxFormat } from "./nginx-format.ts";

// The first field of a string says whose it is. HAProxy's upper-case aliases have one or two
// letters (but HPO), Envoy's operators three or more.
const SIGNS: readonly (readonly [Language, RegExp])[] = [
  ["nginx", /\$(?!\{?HAPROXY_)\{?[A-Za-z0-9_]+/],
  ["envoy", /%(?!HPO\b)[A-Z][A-Z0-9_]{2,}/],
  ["haproxy", /\$\{?HAPROXY_|%HPO\b|%[[({]|%[a-z]|%[A-Z][A-Za-z0-9]?(?![A-Z0-9_])/],
];
const NGINX_DIRECTIVE = /^\s*log_format\s/;
const HAPROXY_DIRECTIVE = /^\s*(?:(?:error-)?log-format\s|option\s+(?:tcp|https?)log\b)/;

/** The language a format string is written in, null where it has no field of any. */
export function languageOf(text: string): Language | null {
  if (NGINX_DIRECTIVE.test(text)) return "nginx";
  if (HAPROXY_DIRECTIVE.test(text)) return "haproxy";
  let first: Language | null = null;
  let firstAt = Infinity;
  // Doubled percent signs are text in both languages that know them.
  const fields = text.replaceAll("%%", "  ");
  for (const [language, sign] of SIGNS) {
    const at = sign.exec(fields)?.index ?? Infinity;
    if (at < firstAt) {
      first = language;
      firstAt = at;
    }
  }
  return first;
}

/**
 * Parses a format string of any proxy.
 * @param language whose it is; seen from the string itself where not given.
 * @param shape how an Envoy format that spells a JSON object is meant; `json` where its operators
 * stand in strings.
 * @param names HAProxy's named formats ({@link HaproxyNames}).
 * @throws TextError
 */
export function parseFormat(
  text: string,
  language: Language | null = null,
  shape?: FormatAst["shape"],
  names?: HaproxyNames,
): FormatAst {
  switch (language ?? languageOf(text)) {
    case "nginx":
      return onOneLine(parseNginxFormat(text), text);
    case "haproxy":
      return onOneLine(parseHaproxyFormat(text, names), text);
    case "envoy":
      return parseEnvoy(text, shape);
    case null:
      throw new TextError(
        "this format has no field",
        text,
        0,
        "fields are written $status (nginx), %ST (HAProxy) or %RESPONSE_CODE% (Envoy)",
      );
  }
}

/** An object that a text format spells over several lines is put together again as the JSON that it looks like. */
function parseEnvoy(text: string, shape: FormatAst["shape"] | undefined): FormatAst {
  const ast = parseEnvoyFormat(text, shape === undefined ? {} : { shape });
  if (ast.keys.length > 0 && ast.shape === "text" && hasInnerBreak(ast)) {
    return parseEnvoyFormat(text, { shape: "json" });
  }
  return onOneLine(ast, text);
}

function onOneLine(ast: FormatAst, text: string): FormatAst {
  if (ast.shape === "json" || !hasInnerBreak(ast)) return ast;
  throw new TextError(
    "this format writes a record over several lines, which can be read of JSON objects only",
    text,
    Math.max(0, text.search(/(?<=\S\s*)(?:\n|\\n|\\x0a)/i)),
    "have the proxy write a record on one line, or as a JSON object",
  );
}

function hasInnerBreak({ items }: FormatAst): boolean {
  const texts = items.map((item) => (item.kind === "text" ? item.text : "-"));
  return texts.join("").trim().includes("\n");
}
