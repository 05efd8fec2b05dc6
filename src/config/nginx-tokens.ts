// Cuts an nginx configuration into words, braces and semicolons, as ngx_conf_read_token() does; Lua blocks are left out.
import { mistake, type ConfigFile } from "./found.ts";
import { endOfLua } from "./lua-block.ts";

/** A piece of the file: its text with quotes and escapes undone, and where it stood. */
export interface Token {
  readonly kind: "word" | "open" | "close" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const ESCAPED: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  t: "\t",
  r: "\r",
  n: "\n",
};
const MARKS: Readonly<Record<string, Token["kind"]>> = { ";": "end", "{": "open", "}": "close" };

/** @throws TextError for a quote or a block that is never closed. */
export function nginxTokens(file: ConfigFile): Token[] {
  const { text } = file;
  const tokens: Token[] = [];
  let isLua = false;
  let isFirst = true;
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) {
    const c = text[at]!;
    if (/\s/.test(c)) at++;
    else if (c === "#") at = lineEnd(text, at);
    else if (c in MARKS) {
      tokens.push({ kind: MARKS[c]!, text: c, start: at, end: at + 1 });
      isFirst = true;
      at++;
      if (c === "{" && isLua) {
        const close = endOfLua(text, at);
        if (close < 0) throw mistake(file, at - 1, "this Lua block is never closed");
        tokens.push({ kind: "close", text: "}", start: close, end: close + 1 });
        at = close + 1;
      }
      isLua = false;
    } else {
      const word = c === '"' || c === "'" ? quoted(file, at) : bare(text, at);
      if (isFirst) isLua = word.text.endsWith("_by_lua_block");
      isFirst = false;
      tokens.push(word);
      at = word.end;
    }
  }
  return tokens;
}

function quoted(file: ConfigFile, start: number): Token {
  const { text } = file;
  const quote = text[start]!;
  let out = "";
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at]!;
    if (c === quote) return { kind: "word", text: out, start, end: at + 1 };
    const escaped = c === "\\" ? ESCAPED[text[at + 1] ?? ""] : undefined;
    if (escaped === undefined) out += c;
    else {
      out += escaped;
      at++;
    }
  }
  throw mistake(file, start, "this quote is never closed", "it opens here");
}

/** A word ends at a blank, a semicolon or a brace; `${name}` has a brace of its own. */
function bare(text: string, start: number): Token {
  let out = "";
  let at = start;
  for (; at < text.length; at++) {
    const c = text[at]!;
    if (/[\s;]/.test(c) || (c === "{" && text[at - 1] !== "$")) break;
    const escaped = c === "\\" ? ESCAPED[text[at + 1] ?? ""] : undefined;
    out += escaped ?? c;
    // A backslash also keeps a blank, a brace or a semicolon from ending the word.
    if (escaped !== undefined) at++;
    else if (c === "\\" && at + 1 < text.length) out += text[++at]!;
  }
  return { kind: "word", text: out, start, end: at };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
