// What single lines mean, for the explorer: the same scanners and readers, one line at a time.
import { readCatalogue, type Recipe, type Texts } from "../grammar/index.ts";
import { explainLine, Names, ReaderShelf, type Describer } from "../record/index.ts";

/** Explains raw log lines; keeps its scanners. */
export class Explainer {
  readonly #texts: Texts;
  readonly #describer: Describer;

  /** @param zone of times that name none. @param nearMs when lines without a year were written. */
  constructor(texts: Texts, given: readonly Recipe[], zone: string, nearMs: number) {
    this.#texts = texts;
    const names = new Names();
    this.#describer = {
      catalogue: readCatalogue(texts),
      shelf: new ReaderShelf(texts, names),
      names,
      given,
      zone,
      nearMs,
    };
  }

  /** Sentences about a line, most important first. */
  explain(line: string): readonly string[] {
    return explainLine(line, this.#describer, this.#texts).sentences;
  }
}
