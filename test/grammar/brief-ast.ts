// A format tree in few words, for expectations that can be read: text as it is, fields as name(arg)…offset left out.
import type { FormatAst, FormatItem } from "../../src/grammar/ast.ts";

/** Text as strings, fields as `<name>` with what is special about them. */
export function brief(items: readonly FormatItem[]): string[] {
  return items.map((item) => {
    if (item.kind === "text") return item.text;
    const arg = item.arg === null ? "" : `(${item.arg})`;
    const cap = item.maxLength === null ? "" : `:${item.maxLength}`;
    const label = item.label === null ? "" : `${item.label}=`;
    const flags = item.flags.length === 0 ? "" : ` +${item.flags.join("+")}`;
    return `<${label}${item.quoted ? '"' : ""}${item.name}${arg}${cap}${flags}>`;
  });
}

/** The keys of a tree and what each holds. */
export function briefKeys(ast: FormatAst): Record<string, string> {
  return Object.fromEntries(ast.keys.map(({ key, items }) => [key, brief(items).join("")]));
}
