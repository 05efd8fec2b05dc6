// Cuts an Envoy line of an unknown format into its values, for the guess at the format.

/** One value of a line. */
export interface Token {
  /** What stands before it: blanks. */
  readonly gap: string;
  readonly key: string;
  readonly open: string;
  readonly text: string;
  readonly isClosed: boolean;
}

/** Cuts a line into quoted, bracketed and bare tokens, with the `key=` before a value where there is one. */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = [];
  // Where bars separate, they stand behind the time; in a cluster's name they are its own.
  const word = /^\[?\d{4}-\d\d-\d\dT[^\s|]*\|/.test(line) ? /^[^|]*/ : /^[^ \t]*/;
  let i = 0;
  while (i < line.length) {
    const gap = /^[ \t,;|]*/.exec(line.slice(i))![0];
    i += gap.length;
    if (i >= line.length) break;
    const key = /^[A-Za-z_:][\w.:-]*=/.exec(line.slice(i))?.[0] ?? "";
    i += key.length;
    const open = line[i] === '"' || line[i] === "[" ? line[i]! : "";
    if (open === "") {
      const text = word.exec(line.slice(i))![0];
      tokens.push({ gap, key, open, text, isClosed: true });
      i += text.length;
      continue;
    }
    const end = line.indexOf(open === "[" ? "]" : '"', i + 1);
    const isClosed = end >= 0;
    const stop = isClosed ? end : line.length;
    tokens.push({ gap, key, open, text: line.slice(i + 1, stop), isClosed });
    i = stop + 1;
  }
  return tokens;
}

/** A value without a quote, a bracket or a key. */
export function isWord(token: Token | undefined): boolean {
  return token?.open === "" && token.key === "";
}
