// Reads grammars/*/cases.txt: a title, a real line, `==>`, and what the line must become.
import { readFileSync } from "node:fs";

/** One case of a cases.txt. */
export interface Case {
  readonly title: string;
  /** The format to read it with, as `--log-format` takes it; null to find it out. */
  readonly format: string | null;
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
 * lines. A title ends with its options, the format last: `syslog head [tz: +02:00] [log-format: $msec $status]`.
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
    cases.push({ ...titled(title), line, expected: expectation(text, `${path}:${start + 3}`), at: start + 1 });
  }
  return cases;
}

function isBetween(line: string): boolean {
  return line.trim() === "" || line.startsWith("#");
}

function titled(text: string): Pick<Case, "title" | "format" | "zone"> {
  const format = / \[log-format: (.*)\]\s*$/.exec(text);
  const before = format === null ? text : text.slice(0, format.index);
  const zone = / \[tz: ([^\]]+)\]\s*$/.exec(before);
  return {
    title: zone === null ? before : before.slice(0, zone.index),
    format: format?.[1] ?? null,
    zone: zone?.[1] ?? "UTC",
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
