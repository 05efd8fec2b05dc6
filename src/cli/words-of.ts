// The words for reasons, out of grammars/reasons.json.
import type { Knowledge } from "../incident/index.ts";
import type { Words } from "../report/index.ts";

/** Looks reasons up in the knowledge. */
export function wordsOf(knowledge: Knowledge): Words {
  return (reason) =>
    knowledge.reasons[reason] ?? { title: reason, phrase: `failed (${reason})`, meaning: "" };
}
