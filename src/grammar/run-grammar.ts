// Runs a compiled nearley grammar over a text somebody typed; where it gets stuck, the language
// says why in its own words.
import nearley from "nearley";
import type { CompiledRules, Lexer, LexerState } from "nearley";
import type { TextError } from "./ast.ts";

/** A token as moo makes it. */
export interface Token {
  readonly type: string;
  readonly value: string;
  readonly text: string;
  readonly offset: number;
}

/**
 * Puts a failed parse into words.
 * @param stuck the token nobody expected; null where the text ended too early.
 * @param seen every token read so far, `stuck` included.
 */
export type Explain = (text: string, stuck: Token | null, seen: readonly Token[]) => TextError;

/**
 * Makes a parser from a compiled grammar.
 * @returns a function that parses a text whole, its lexer starting in `state`; throws what
 * `explain` returns.
 */
export function grammarParser<T>(
  compiled: CompiledRules,
  explain: Explain,
): (text: string, state?: string) => T {
  const grammar = nearley.Grammar.fromCompiled(compiled);
  return (text, state) => {
    const seen: Token[] = [];
    const parser = new nearley.Parser(grammar, { lexer: recording(compiled.Lexer!, seen) });
    if (state !== undefined) parser.lexerState = { state, line: 1, col: 1 };
    try {
      parser.feed(text);
    } catch (error) {
      const stuck = seen.at(-1);
      if (stuck === undefined || !(error instanceof Error && "token" in error)) throw error;
      throw explain(text, stuck, seen);
    }
    if (parser.results.length === 0) throw explain(text, null, seen);
    if (parser.results.length > 1) throw new Error(`ambiguous grammar for ${JSON.stringify(text)}`);
    return parser.results[0] as T;
  };
}

function recording(lexer: Lexer, seen: Token[]): Lexer {
  return {
    reset: (data: string, state?: LexerState) => lexer.reset(data, state),
    next: () => {
      const token = lexer.next();
      if (token !== undefined) seen.push(token as Token);
      return token;
    },
    save: () => lexer.save(),
    formatError: (token, message) => lexer.formatError(token, message),
  };
}
