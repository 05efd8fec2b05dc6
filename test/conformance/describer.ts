// The tools that describe a line, made from the grammars folder as the program reads it.
import { readCatalogue } from "../../src/grammar/index.ts";
import {
  describeLine,
  Names,
  ReaderShelf,
  type Described,
  type Describer,
} from "../../src/record/index.ts";
import { readKnowledge } from "../../src/cli/knowledge.ts";

const texts = readKnowledge();
const names = new Names();
/** All known formats. */
export const catalogue = readCatalogue(texts);
const shelf = new ReaderShelf(texts, names);
/** Syslog heads of the fixtures are from shortly before. */
const NEAR_MS = Date.UTC(2026, 10, 24);

/** A line's record, with the user's format and zone where they are told. */
export function describe(line: string, format: string | null = null, zone = "UTC"): Described {
  return described(line, format === null ? [] : [recipeOf(format)], zone);
}

/** A line's record among lines of a known format. */
export function describeAmong(line: string, name: string, zone = "UTC"): Described {
  const listed = catalogue.listed.find((one) => one.name === name);
  if (listed === undefined) throw new Error(`no format called ${name}`);
  return described(line, [listed.recipe()], zone);
}

function described(line: string, given: Describer["given"], zone: string): Described {
  return describeLine(line, { catalogue, shelf, names, given, zone, nearMs: NEAR_MS });
}

const recipes = new Map<string, Describer["given"][number]>();

/** One recipe per format string, so that its reader is made once. */
function recipeOf(format: string): Describer["given"][number] {
  let recipe = recipes.get(format);
  if (recipe === undefined) recipes.set(format, (recipe = catalogue.recipeOf(format)));
  return recipe;
}
