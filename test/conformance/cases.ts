// Reads grammars/*/cases.txt: a title, a real line, `==>`, and what the line must become.
import { readFileSync } from "node:fs";

/** One case of a cases.txt. */
export interface Case {
  readonly title: string;
  /** The format to read it with, as `--log-format` takes it; null to find it out. */
  readonly format: string | null;
  /** The known format of the lines around it, for a damaged line that alone could be anything; null for none. */
  readonly among: string | null;
  /** The zone to read it in, as `--tz` takes it. */
  readonly zone: string;
  readonly line: string;
  readonly expected: Expected;
  /** Where it stands, for messages. */
  readonly at: number;
}

/** The telling fields of the record, or the field at which the line is refused. */
export type Expected =
  | { readonly kind: "record"; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: "miss"; readonly field: string | null };

const ARROW = "==> ";

/**
 * The cases of a file. Blank lines part them, `#` begins a comment, and what follows the arrow may run over several
 * lines. A title ends with its options: `[among: nginx combined]`, `[tz: +02:00]` and, last, `[log-format: $msec …]`.
 * @throws Error naming the line that is not understood.
 */
export function readCases(path: string): Case[] {
  const lines = readFileSync(path, "utf8").split("\n");
  const cases: Case[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (isBetween(lines[at]!)) continue;
    const start = at;
    const [title, line, arrow] = lines.slice(at, at + 3) as [string, string?, string?];
    if (line === undefined || arrow?.startsWith(ARROW) !== true) {
      throw new Error(`${path}:${at + 3}: a case is a title, a line and "==> …"`);
    }
    let text = arrow.slice(ARROW.length);
    for (at += 3; at < lines.length && lines[at]!.trim() !== ""; at++) text += `\n${lines[at]!}`;
    cases.push({
      ...titled(title),
      line,
      expected: expectation(text, `${path}:${start + 3}`),
      at: start + 1,
    });
  }
  return cases;
}

function isBetween(line: string): boolean {
  return line.trim() === "" || line.startsWith("#");
}

function titled(text: string): Pick<Case, "title" | "format" | "among" | "zone"> {
  const options = / \[(?:among|tz|log-format): /.exec(text);
  const title = options === null ? text : text.slice(0, options.index);
  const rest = text.slice(title.length);
  return {
    title,
    format: / \[log-format: (.*)\]\s*$/.exec(rest)?.[1] ?? null,
    among: / \[among: ([^\]]+)\]/.exec(rest)?.[1] ?? null,
    zone: / \[tz: ([^\]]+)\]/.exec(rest)?.[1] ?? "UTC",
  };
}

function expectation(text: string, where: string): Expected {
  const miss = /^no match(?: at "([^"]+)")?$/.exec(text.trim());
  if (miss !== null) return { kind: "miss", field: miss[1] ?? null };
  try {
    return { kind: "record", fields: JSON.parse(text) as Record<string, unknown> };
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
  }
}
