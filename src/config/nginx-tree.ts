// Makes directives of an nginx configuration's tokens, with every include in its place.
import { mistake, type ConfigFile, type Disk } from "./found.ts";
import { nginxTokens, type Token } from "./nginx-tokens.ts";

/** A directive, and what is in its block. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  /** Null for a simple directive. */
  readonly block: readonly Directive[] | null;
  readonly file: ConfigFile;
  readonly start: number;
  /** The end of its last word. */
  readonly end: number;
}

/** How deep includes may be nested, and how many files there may be: beyond it they go round in circles. */
const DEEPEST = 16;
const MOST_FILES = 5000;

/** A tree, and the includes that led nowhere. */
export interface NginxTree {
  readonly directives: readonly Directive[];
  readonly missing: readonly Directive[];
}

/**
 * Reads a configuration with what it includes.
 * @param folder where relative includes begin: that of the main file, as in nginx.
 * @throws TextError
 */
export function nginxTree(main: ConfigFile, folder: string, disk: Disk): NginxTree {
  const missing: Directive[] = [];
  let files = 0;
  const read = (file: ConfigFile, depth: number): Directive[] => {
    if (++files > MOST_FILES || depth > DEEPEST)
      throw mistake(file, 0, "files include each other without end");
    return included(parse(file), depth);
  };
  const included = (directives: readonly Directive[], depth: number): Directive[] =>
    directives.flatMap((directive): Directive[] => {
      const { name, args, block } = directive;
      if (block !== null) return [{ ...directive, block: included(block, depth) }];
      if (name !== "include" || args.length !== 1) return [directive];
      const path = /^([\\/]|[A-Za-z]:)/.test(args[0]!) ? args[0]! : `${folder}/${args[0]!}`;
      const paths = /[*?[]/.test(path) ? disk.glob(path) : [path];
      return paths.flatMap((one) => {
        const text = disk.read(one);
        if (text !== null) return read({ path: one, text }, depth + 1);
        missing.push(directive);
        return [];
      });
    });
  return { directives: read(main, 0), missing };
}

/** The directives of one file, includes as they stand. */
function parse(file: ConfigFile): Directive[] {
  const top: Directive[] = [];
  const open: { token: Token; list: Directive[] }[] = [];
  let list = top;
  let words: Token[] = [];
  for (const token of nginxTokens(file)) {
    if (token.kind === "word") {
      words.push(token);
      continue;
    }
    if (token.kind === "close") {
      if (words.length > 0)
        throw mistake(file, words.at(-1)!.end, "a semicolon is missing before the }");
      if (open.length === 0) throw mistake(file, token.start, "this } closes nothing");
      list = open.pop()!.list;
      continue;
    }
    const [first] = words;
    if (first === undefined) {
      // nginx refuses a stray semicolon, yet it changes nothing.
      if (token.kind === "end") continue;
      throw mistake(file, token.start, "this { has no directive before it");
    }
    const block: Directive[] | null = token.kind === "open" ? [] : null;
    const args = words.slice(1).map(({ text }) => text);
    list.push({ name: first.text, args, block, file, start: first.start, end: words.at(-1)!.end });
    words = [];
    if (block === null) continue;
    open.push({ token, list });
    list = block;
  }
  if (words.length > 0)
    throw mistake(file, words[0]!.start, `"${words[0]!.text}" is not ended by a semicolon`);
  if (open.length > 0) throw mistake(file, open.at(-1)!.token.start, "this { is never closed");
  return top;
}
