// The catalogue as the program has it, for tests.
import { readCatalogue } from "../../src/grammar/index.ts";
import { readKnowledge } from "../../src/cli/knowledge.ts";

/** The texts of the grammars folder. */
export const texts = readKnowledge();

/** All known formats. */
export const catalogue = readCatalogue(texts);

/** The plan of a known text format. */
export function planOf(name: string): import("../../src/grammar/index.ts").Plan {
  const recipe = catalogue.listed.find((listed) => listed.name === name)!.recipe();
  if (recipe.how.kind !== "text") throw new Error(`${name} is no text format`);
  return recipe.how.plan;
}
