// Prints what went wrong: one sentence, the text with a caret under the place, a hint. Never a stack.
import { displayWidth, escapeForTerminal } from "../report/index.ts";

/** What UsageError, the grammar's TextError and the input's InputError have in common. */
interface Problem {
  readonly message: string;
  readonly text: string;
  readonly offset: number;
  readonly hint: string;
}

const OURS: ReadonlySet<string> = new Set(["UsageError", "TextError", "InputError"]);

/**
 * The lines for stderr, each ended:
 *
 *     why502: there is no flag --sicne
 *         --sicne yesterday
 *         ^
 *     hint: did you mean --since?
 */
export function renderProblem(error: unknown, width = 80): string {
  const problem = problemOf(error);
  const lines = [`why502: ${escapeForTerminal(problem.message)}`];
  if (problem.text !== "") lines.push(...pointed(problem.text, problem.offset, width - 4));
  if (problem.hint !== "") lines.push(`hint: ${escapeForTerminal(problem.hint)}`);
  return lines.map((line) => `${line}\n`).join("");
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { ...NOWHERE, message: String(error) };
  if (OURS.has(error.name)) return { ...NOWHERE, ...pick(error), message: error.message };
  const said = error.message === "" ? error.name : error.message;
  return {
    ...NOWHERE,
    message: `internal error: ${said}`,
    hint: "this is a bug in why502; please report it with the command you ran",
  };
}

const NOWHERE = { text: "", offset: -1, hint: "" };

function pick(error: Error): Partial<Problem> {
  const { text, offset, hint } = error as Error & Partial<Problem>;
  return {
    ...(typeof text === "string" ? { text } : {}),
    ...(typeof offset === "number" ? { offset } : {}),
    ...(typeof hint === "string" ? { hint } : {}),
  };
}

/** The line of `text` that `offset` is in, cut around the place where it is long, and a caret below. */
function pointed(text: string, offset: number, room: number): string[] {
  if (offset < 0) return [`    ${window(text, 0, room).shown}`];
  const at = Math.min(offset, text.length);
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const lineEnd = text.indexOf("\n", at);
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const { shown, caret } = window(line, at - lineStart, room);
  return [`    ${shown}`, `    ${" ".repeat(caret)}^`];
}

function window(line: string, at: number, room: number): { shown: string; caret: number } {
  const before = escapeForTerminal(line.slice(0, at));
  const after = escapeForTerminal(line.slice(at));
  const fits = displayWidth(before) + displayWidth(after) <= room;
  const head = fits || displayWidth(before) <= room / 2 ? before : `…${tail(before, room / 2)}`;
  const space = room - displayWidth(head);
  const rest =
    fits || displayWidth(after) <= space ? after : `${after.slice(0, Math.max(0, space - 1))}…`;
  return { shown: head + rest, caret: displayWidth(head) };
}

function tail(text: string, columns: number): string {
  return text.slice(-Math.max(1, Math.floor(columns) - 1));
}
