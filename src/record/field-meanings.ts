// What a vendor's field means, in a few plain words: grammars/field-meanings.json, a star at a name's end for a family.
import type { Recipe, Texts } from "../grammar/index.ts";
import type { Proxy } from "./record.ts";

/** The words of one proxy. */
export class FieldMeanings {
  readonly #recipe: Recipe;
  readonly #words: Readonly<Record<string, string>>;
  readonly #families: readonly (readonly [string, string])[];

  constructor(texts: Texts, recipe: Recipe) {
    const all = JSON.parse(texts["field-meanings.json"]!) as Record<Proxy, Record<string, string>>;
    this.#recipe = recipe;
    this.#words = all[recipe.proxy];
    this.#families = Object.entries(this.#words).flatMap(([name, words]) =>
      name.endsWith("*") ? [[name.slice(0, -1), words] as const] : [],
    );
  }

  /** "" for a field that has no words. */
  of(name: string): string {
    const known = this.#words[name];
    if (known !== undefined) return known;
    return this.#families.find(([start]) => name.startsWith(start))?.[1] ?? "";
  }

  /** The name as the vendor's format strings write it; parts of lines without one have none. */
  shown(name: string): string {
    if (this.#recipe.how.kind === "own") return name;
    // A value that a guessed format has no name for.
    if (name.startsWith("why502_")) return "(a value)";
    switch (this.#recipe.proxy) {
      case "nginx":
        return `$${name}`;
      case "haproxy":
        return /^[A-Za-z]{1,3}$/.test(name) ? `%${name}` : name;
      case "envoy":
        return `%${name}%`;
    }
  }
}
