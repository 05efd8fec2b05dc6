// Prints a TextError the way the command line does: the text, a caret under the place, the message and its hint.
import { TextError } from "../../src/grammar/ast.ts";

/** What a mistake looks like; fails the test where nothing was thrown. */
export function caret(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const lines = [error.text, `${" ".repeat(error.offset)}^ ${error.message}`];
    return [...lines, ...(error.hint === "" ? [] : [error.hint])].join("\n");
  }
  throw new Error("no mistake was found");
}
