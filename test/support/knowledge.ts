// The real knowledge of reasons and causes, for tests.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseKnowledge } from "../../src/incident/index.ts";

const grammars = join(import.meta.dirname, "../../grammars");

/** The texts of `reasons.json` and `causes.json`. */
export const texts = {
  "reasons.json": readFileSync(join(grammars, "reasons.json"), "utf8"),
  "causes.json": readFileSync(join(grammars, "causes.json"), "utf8"),
};

/** The two files as the program reads them. */
export const knowledge = parseKnowledge(texts);
