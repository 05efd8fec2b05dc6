// Finds the end of Lua code inside an nginx configuration, where braces and quotes follow Lua's rules and not nginx's.

const LONG = /^\[(=*)\[/;

/** The offset of the `}` that closes a Lua block whose code begins at `from`; -1 where none does. */
export function endOfLua(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const c = text[at]!;
    if (c === "{") depth++;
    else if (c === "}") {
      if (depth-- === 0) return at;
    } else if (c === '"' || c === "'") at = endOfString(text, at);
    else if (c === "[") at = endOfLong(text, at) ?? at;
    else if (c === "-" && text[at + 1] === "-") {
      const end = endOfLong(text, at + 2) ?? text.indexOf("\n", at);
      if (end < 0) return -1;
      at = end;
    }
  }
  return -1;
}

/** The closing quote, or the end of the line: Lua's strings do not go on behind it. */
function endOfString(text: string, start: number): number {
  const quote = text[start]!;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote || text[at] === "\n") return at;
  }
  return text.length;
}

/** The last character of `[[…]]` or `[==[…]==]`; null where none begins here. */
function endOfLong(text: string, start: number): number | null {
  const open = LONG.exec(text.slice(start, start + 64));
  if (open === null) return null;
  const close = `]${open[1]!}]`;
  const end = text.indexOf(close, start + open[0].length);
  return end < 0 ? text.length : end + close.length - 1;
}
