// Cuts a log line of an unknown format into its values, for the guess at the format.

/** One value of a line. */
export interface Token {
  /** What stands before it: blanks and separators. */
  readonly gap: string;
  /** `rt=` or `status:`, with the blanks behind it. */
  readonly key: string | null;
  /** The quote or bracket that opens it. */
  readonly open: string;
  readonly text: string;
  /** True where a separator ends it, so that it may hold blanks. */
  readonly isApart: boolean;
}

/** A word that can be nothing but a method. */
export const METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE)$/;

const SEPARATORS = ["\t", "\x01", "||", "|", ";"];
/** So many values at least, or the sign is part of one. */
const FEWEST = 6;
const FEWEST_LABELS = 3;
const LABEL = /^[A-Za-z_][\w.-]*:/;
const LONGEST_KEY = 60;
/** The only value without quotes that always has a blank. */
const BARE_TIME = /^\d\d\/[A-Za-z]{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}(?=[\s,|;]|$)/;
const GAP = /^(?:[:\]](?= |$))?[\s|;,]*/;
/** Within a bracket of each sort: what may stand before a value, and what ends one. */
const WITHIN: Readonly<Record<string, readonly [RegExp, RegExp]>> = {
  "]": [/^(?:\]|:(?= |$))?[\s|;,]*/, /[\s,|;\]]/],
  ")": [/^(?:\)|:(?= |$))?[\s|;,]*/, /[\s,|;)]/],
};
/** `[22/Nov/2026:13:43:48 +0000 - 0.030]`: a bracket that holds a time and more; `(10.0.0.1:80 502)`: a round one. */
const OPENING =
  /^(?:\[(?=\d\d\/[A-Za-z]{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4} [^\]]*\])|\((?=[^\s()][^()]*\)))/;
const PAIR = /^ *[A-Za-z_][\w.-]*=/;

/**
 * Cuts a line into quoted, bracketed and bare tokens, with a `key=` or `key:` before the value where there is one.
 * @param isKnown whether a word is a key that some format has.
 */
export function tokenize(line: string, isKnown: (word: string) => boolean): Token[] {
  const separator = SEPARATORS.find(
    (text) => line.split(text).length > FEWEST || (text === "\t" && isLtsv(line.split(text))),
  );
  return separator === undefined ? byBlanks(line, isKnown) : bySeparator(line, separator);
}

/** Every value has its label. */
function isLtsv(pieces: readonly string[]): boolean {
  return pieces.length >= FEWEST_LABELS && pieces.every((piece) => LABEL.test(piece));
}

/** Values may hold blanks where something else stands between them. */
function bySeparator(line: string, separator: string): Token[] {
  const pieces = line.split(separator);
  const isLabelled = separator === "\t" && isLtsv(pieces);
  let gap = "";
  return pieces.map((piece, at) => {
    const label = isLabelled ? LABEL.exec(piece)![0] : PAIR.exec(piece)?.[0];
    const blank = /^ */.exec(piece)![0];
    const content = piece.slice(Math.max(blank.length, label?.length ?? 0)).trimEnd();
    const key = label?.trimStart() ?? null;
    const before = gap + (at === 0 ? "" : separator) + blank;
    gap = /\s*$/.exec(piece)![0];
    const close = content.startsWith('"') ? '"' : content.startsWith("[") ? "]" : "";
    const isWrapped = close !== "" && content.length > 1 && content.endsWith(close);
    return isWrapped
      ? { gap: before, key, open: content[0]!, text: content.slice(1, -1), isApart: true }
      : { gap: before, key, open: "", text: content, isApart: true };
  });
}

function byBlanks(line: string, isKnown: (word: string) => boolean): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  // What closes a bracket that was opened before a key or a value; "" outside.
  let close = "";
  while (i < line.length) {
    let gap = (WITHIN[close]?.[0] ?? GAP).exec(line.slice(i))![0];
    if (gap.startsWith(close)) close = "";
    i += gap.length;
    if (i >= line.length) break;
    if (OPENING.test(line.slice(i))) {
      close = line[i] === "[" ? "]" : ")";
      gap += line[i++]!;
    }
    const key = keyAt(line, i, isKnown);
    if (key?.startsWith("[") === true) close = "]";
    i += key?.length ?? 0;
    const open = line[i] === '"' || line[i] === "[" ? line[i]! : "";
    const end = open === "" ? bareEnd(line, i, close) : closing(line, i, open);
    const text = open === "" ? line.slice(i, end) : line.slice(i + 1, end);
    tokens.push({ gap, key, open, text, isApart: false });
    i = open === "" ? end : end + 1;
  }
  return tokens;
}

/** `rt=`, `status: `, or a word that is a key though nothing but a blank stands behind it. */
function keyAt(line: string, at: number, isKnown: (word: string) => boolean): string | null {
  const rest = line.slice(at);
  // `[rt=0.012, urt=0.011]`
  const bracketed = /^\[([A-Za-z_][\w.-]*)(?:=|: )(?=[^\s\]])/.exec(rest);
  if (bracketed !== null && isKnown(bracketed[1]!.toLowerCase())) return bracketed[0];
  // `[Client 192.0.2.1] [Length 512]`
  const label = /^\[[A-Z][\w-]* (?=[^\s\]"]+\])/.exec(rest)?.[0];
  if (label !== undefined) return label;
  const word = /^\[?([a-z]\w*) (?=[^\s|;,\]])/.exec(rest);
  if (word !== null && (word[1] === "msec" || (word[1]!.includes("_") && isKnown(word[1]!))))
    return word[0];
  const key = /^[A-Za-z_][\w.-]*[=:](?!\/\/)/.exec(rest)?.[0];
  if (key === undefined) return null;
  if (key.endsWith("=") || rest[key.length] === '"') return key;
  return /^\s/.test(rest[key.length] ?? "") ? key + /^ */.exec(rest.slice(key.length))![0] : null;
}

function bareEnd(line: string, from: number, close: string): number {
  const time = BARE_TIME.exec(line.slice(from, from + LONGEST_KEY));
  if (time !== null) return from + time[0].length;
  const ends = WITHIN[close]?.[1] ?? /[\s,|;]/;
  let i = from;
  while (i < line.length && !ends.test(line[i]!)) i++;
  // A list such as `10.0.0.1:80, 10.0.0.2:80` is one value; `0.012, urt=0.011` is two.
  while (line.startsWith(" : ", i) || (line.startsWith(", ", i) && !isBeforeKey(line, i + 2))) {
    i += line[i] === "," ? 2 : 3;
    while (i < line.length && !ends.test(line[i]!)) i++;
  }
  // `to: 10.0.0.1:80: `
  return line[i - 1] === ":" && line[i] === " " && /:\d+:$/.test(line.slice(from, i)) ? i - 1 : i;
}

function isBeforeKey(line: string, at: number): boolean {
  return /^[A-Za-z_][\w.-]*(?:=|: )/.test(line.slice(at, at + LONGEST_KEY));
}

function closing(line: string, from: number, open: string): number {
  const close = open === "[" ? "]" : '"';
  let i = from + 1;
  while (i < line.length && line[i] !== close) i += line[i] === "\\" && open === '"' ? 2 : 1;
  return Math.min(i, line.length);
}
