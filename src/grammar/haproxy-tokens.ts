// Cuts a HAProxy line of an unknown format into its values, for the guess at the format.

/** One value of a line. */
export interface Token {
  /** Blanks in front of it. */
  readonly gap: string;
  readonly text: string;
  readonly kind: "word" | "group" | "date" | "quoted" | "braces" | "brackets";
  readonly end: number;
}

const DATE = /^\[?\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+| [+-]\d{4})?\]?(?= |$)/;
/** `[%Ts.%ms]`, as its users write it. */
export const EPOCH = /^\[\d{9,10}\.\d{3}\](?= |$)/;
const GROUP = /^[+-]?\d+(?:\/ *[+-]?\d+)+(?= |$)/;

/** Cuts a line into words, dates, numbers joined by slashes, quoted and bracketed pieces. */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = [];
  let hasGroup = false;
  let i = 0;
  for (;;) {
    const start = i;
    while (line[i] === " ") i++;
    if (i >= line.length) return tokens;
    const gap = line.slice(start, i);
    const { kind, length } = pieceAt(line, i, hasGroup);
    hasGroup ||= kind === "group";
    tokens.push({ gap, kind, text: line.slice(i, i + length), end: i + length });
    i += length;
  }
}

function pieceAt(
  line: string,
  at: number,
  hasGroup: boolean,
): { kind: Token["kind"]; length: number } {
  const rest = line.slice(at);
  const date = DATE.exec(rest) ?? EPOCH.exec(rest);
  if (date !== null) return { kind: "date", length: date[0].length };
  const group = GROUP.exec(rest);
  if (group !== null) return { kind: "group", length: group[0].length };
  const quoted = /^"[^]*?"(?= |$)|^\\"[^]*?\\"(?= |$)|^"[^]*$/.exec(rest);
  if (quoted !== null) return { kind: "quoted", length: quoted[0].length };
  // Captures stand behind the numbers; before them a brace is part of a word.
  const braces = hasGroup ? /^\{[^]*?\}(?= |$)/.exec(rest) : null;
  if (braces !== null) return { kind: "braces", length: braces[0].length };
  const brackets = /^\[[^\]"]*(?:"(?:\\[^]|[^"\\])*"[^\]"]*)*\](?= |$)/.exec(rest);
  if (brackets !== null) return { kind: "brackets", length: brackets[0].length };
  return { kind: "word", length: /^[^ ]+/.exec(rest)![0].length };
}
