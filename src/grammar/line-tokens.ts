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

const SEPARATORS = ["\t", "||", "|", ";"];
/** So many values at least, or the sign is part of one. */
const FEWEST = 6;
const LABEL = /^[A-Za-z_][\w.-]*:/;
const PAIR = /^ *[A-Za-z_][\w.-]*=/;

/** Cuts a line into quoted, bracketed and bare tokens, with a `key=` or `key:` before the value where there is one. */
export function tokenize(line: string): Token[] {
  const separator = SEPARATORS.find((text) => line.split(text).length > FEWEST);
  return separator === undefined ? byBlanks(line) : bySeparator(line, separator);
}

/** Values may hold blanks where something else stands between them. */
function bySeparator(line: string, separator: string): Token[] {
  const pieces = line.split(separator);
  // LTSV: every value has its label.
  const isLabelled = separator === "\t" && pieces.every((piece) => LABEL.test(piece));
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

function byBlanks(line: string): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < line.length) {
    const gapStart = i;
    while (i < line.length && /[\s|;,]/.test(line[i]!)) i++;
    if (i >= line.length) break;
    const gap = line.slice(gapStart, i);
    const key = /^[A-Za-z_][\w.-]*[=:](?!\/\/)/.exec(line.slice(i))?.[0] ?? null;
    const isKey =
      key !== null &&
      (key.endsWith("=") || line[i + key.length] === '"' || /^\s/.test(line[i + key.length] ?? ""));
    if (isKey) i += key.length;
    const blank = isKey && key.endsWith(":") ? (/^ */.exec(line.slice(i))?.[0] ?? "") : "";
    i += blank.length;
    const open = line[i] === '"' || line[i] === "[" ? line[i]! : "";
    const end = open === "" ? bareEnd(line, i) : closing(line, i, open);
    const text = open === "" ? line.slice(i, end) : line.slice(i + 1, end);
    tokens.push({ gap, key: isKey ? key + blank : null, open, text, isApart: false });
    i = open === "" ? end : end + 1;
  }
  return tokens;
}

function bareEnd(line: string, from: number): number {
  let i = from;
  while (i < line.length && !/[\s|;]/.test(line[i]!)) {
    // A list such as `10.0.0.1:80, 10.0.0.2:80` is one value.
    if (line[i] === ",") break;
    i++;
  }
  while (line.startsWith(", ", i) || line.startsWith(" : ", i)) {
    i += line[i] === "," ? 2 : 3;
    while (i < line.length && !/[\s,|;]/.test(line[i]!)) i++;
  }
  return i;
}

function closing(line: string, from: number, open: string): number {
  const close = open === "[" ? "]" : '"';
  let i = from + 1;
  while (i < line.length && line[i] !== close) i += line[i] === "\\" && open === '"' ? 2 : 1;
  return Math.min(i, line.length);
}
