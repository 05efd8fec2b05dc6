// A recipe says how to read one kind of line, as plain data: it can be printed, compared, and sent to another thread.
import type { Escape, Language } from "./ast.ts";
import { compileJson, type JsonKey } from "./compile-json.ts";
import { compileText } from "./compile-text.ts";
import { takingApart, type Composite } from "./json-composite.ts";
import type { Plan } from "./plan.ts";
import type { FieldKind, Scanner } from "./scanner.ts";

/** How to read one kind of line. */
export interface Recipe {
  /** `nginx combined`, `haproxy httplog`, `envoy istio json` … */
  readonly name: string;
  readonly proxy: Language;
  readonly escape: Escape;
  /** The format string that it was made of, where one was guessed or given. */
  readonly format?: string;
  readonly how:
    | { readonly kind: "text"; readonly plan: Plan }
    | {
        readonly kind: "json";
        readonly keys: readonly JsonKey[];
        readonly kinds: Readonly<Record<string, FieldKind>>;
        /** Fields of which a line must have one; none where the user gave the format. */
        readonly needs: readonly string[];
        readonly composites?: readonly Composite[];
        /** The keys that lines have, by {@link lastParts}; absent where only a log's own lines can tell. */
        readonly written?: readonly string[];
      }
    /** Lines that no format string describes: a scanner written by hand, known by this name. */
    | { readonly kind: "own"; readonly scanner: string };
}

/** Of dotted paths the keys as a line writes them, each once. */
export function lastParts(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.slice(path.lastIndexOf(".") + 1)))];
}

/** Makes a recipe's scanner. */
export function scannerOf(recipe: Recipe, own: Readonly<Record<string, () => Scanner>>): Scanner {
  switch (recipe.how.kind) {
    case "text":
      return compileText(recipe.how.plan);
    case "json": {
      const { keys, kinds, needs, composites } = recipe.how;
      const scanner = compileJson(keys, (name) => kinds[name] ?? null, needs);
      return takingApart(scanner, composites ?? []);
    }
    case "own": {
      const make = own[recipe.how.scanner];
      if (make === undefined) throw new Error(`no scanner called ${recipe.how.scanner}`);
      return make();
    }
  }
}
