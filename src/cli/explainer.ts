// What single lines mean, for the explorer: the same scanners and readers, one line at a time.
import { readCatalogue, type Catalogue, type Recipe, type Texts } from "../grammar/index.ts";
import { explainLine, Names, ReaderShelf } from "../record/index.ts";

/** Explains raw log lines; keeps its scanners. */
export class Explainer {
  readonly #texts: Texts;
  readonly #catalogue: Catalogue;
  readonly #names = new Names();
  readonly #shelf: ReaderShelf;
  readonly #given: readonly Recipe[];

  constructor(texts: Texts, given: readonly Recipe[]) {
    this.#texts = texts;
    this.#catalogue = readCatalogue(texts);
    this.#shelf = new ReaderShelf(texts, this.#names);
    this.#given = given;
  }

  /** Sentences about a line, most important first. */
  explain(line: string): readonly string[] {
    return explainLine(line, this.#catalogue, this.#shelf, this.#names, this.#texts, this.#given);
  }
}
