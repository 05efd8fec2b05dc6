// What a format is called that was guessed from lines, and how it is told by that.
import type { Recipe } from "../grammar/index.ts";

const GUESSED = "guessed from the lines";

/** The name of a format guessed for a proxy's lines. */
export function guessedName(proxy: Recipe["proxy"]): string {
  return `${proxy}, ${GUESSED}`;
}

/** Whether a format of that name was guessed. */
export function isGuessed(name: string): boolean {
  return name.includes(GUESSED);
}
