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

/**
 * Cuts a line into quoted, bracketed and bare tokens, with a `key=` or `key:` before the value where there is one.
 * @param isKey whether a bare word names what stands behind it: `upstream_response_time 0.026`.
 */
export function tokenize(line: string, isKey: (word: string) => boolean): Token[] {
  const separator = SEPARATORS.find((text) => line.split(text).length > FEWEST);
  return separator === undefined ? byBlanks(line, isKey) : bySeparator(line, separator);
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

function byBlanks(line: string, isKey: (word: string) => boolean): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < line.length) {
    const gap = /^(?:[:\]](?= |$))?[\s|;,]*/.exec(line.slice(i))![0];
    i += gap.length;
    if (i >= line.length) break;
    const key = keyAt(line, i, isKey);
    i += key?.length ?? 0;
    const open = line[i] === '"' || line[i] === "[" ? line[i]! : "";
    const end = open === "" ? bareEnd(line, i) : closing(line, i, open);
    const text = open === "" ? line.slice(i, end) : line.slice(i + 1, end);
    tokens.push({ gap, key, open, text, isApart: false });
    i = open === "" ? end : end + 1;
  }
  return tokens;
}

/** `rt=`, `status: `, or a word that is a key though nothing but a blank stands behind it. */
function keyAt(line: string, at: number, isKey: (word: string) => boolean): string | null {
  const rest = line.slice(at);
  // `[Client 192.0.2.1] [Length 512]`
  const label = /^\[[A-Z][\w-]* (?=[^\s\]"]+\])/.exec(rest)?.[0];
  if (label !== undefined) return label;
  const word = /^[a-z]\w* (?=[^\s|;,])/.exec(rest)?.[0];
  if (word !== undefined && isKey(word.slice(0, -1))) return word;
  const key = /^[A-Za-z_][\w.-]*[=:](?!\/\/)/.exec(rest)?.[0];
  if (key === undefined) return null;
  if (key.endsWith("=") || rest[key.length] === '"') return key;
  return /^\s/.test(rest[key.length] ?? "") ? key + /^ */.exec(rest.slice(key.length))![0] : null;
}

const LONGEST_LABEL = 40;

function bareEnd(line: string, from: number): number {
  let i = from;
  // A bracket that was opened before the label closes behind the value.
  const isLabelled = /\[[A-Z][\w-]* $/.test(line.slice(Math.max(0, from - LONGEST_LABEL), from));
  while (i < line.length && !/[\s|;]/.test(line[i]!) && !(isLabelled && line[i] === "]")) {
    // A list such as `10.0.0.1:80, 10.0.0.2:80` is one value.
    if (line[i] === ",") break;
    i++;
  }
  while (line.startsWith(", ", i) || line.startsWith(" : ", i)) {
    i += line[i] === "," ? 2 : 3;
    while (i < line.length && !/[\s,|;]/.test(line[i]!)) i++;
  }
  // `to: 10.0.0.1:80: `
  return line[i - 1] === ":" && line[i] === " " && /:\d+:$/.test(line.slice(from, i)) ? i - 1 : i;
}

function closing(line: string, from: number, open: string): number {
  const close = open === "[" ? "]" : '"';
  let i = from + 1;
  while (i < line.length && line[i] !== close) i += line[i] === "\\" && open === '"' ? 2 : 1;
  return Math.min(i, line.length);
}
