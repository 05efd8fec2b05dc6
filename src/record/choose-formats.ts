// Decides from a source's first lines how to read it: which formats, behind which envelope, in which zone.
import {
  NGINX_ERROR_MORE,
  NGINX_ERROR_REST,
  type Catalogue,
  type Recipe,
} from "../grammar/index.ts";
import { inferred } from "./guess-formats.ts";
import { jsonByMeaning } from "./json-by-meaning.ts";
import type { FormatReader } from "./line-reader.ts";
import { decodeText } from "./names.ts";
import { isWrittenBy } from "./own-keys.ts";
import { isObject, sampleLines } from "./sample-lines.ts";
import { Trial, type SampleLine } from "./trial.ts";

/** What the first lines told. */
export interface Choice {
  /** Best first; the lines of the sample that each one read. */
  readonly formats: readonly { readonly recipe: Recipe; readonly lines: number }[];
  readonly hasEnvelope: boolean;
  /** True where the user named no format: lines that none of these fits may tell one later. */
  readonly mayLearn: boolean;
  /** Lines of the sample, blank ones left out, and how many of them some format read. */
  readonly sampled: number;
  readonly read: number;
  /** Earliest record time in the sample (ms; local where `isLocal`), null where no record has a time. */
  readonly firstTime: number | null;
  /** True when records carry local times without a zone and no envelope stamp tells it. */
  readonly isLocal: boolean;
  /** The zone nginx wrote into the sample, `+0200`; null where none. */
  readonly zone: string | null;
}

/** Zones can only be learned from sources that print the wall clock's offset. */
const ZONE = / ([+-]\d{4})\]|T\d\d:\d\d:\d\d(?:\.\d+)?([+-]\d\d:\d\d)/;

/**
 * Chooses formats for a sample of whole lines.
 * @param given formats the user or a configuration named: tried first, those that read most lines before the others.
 * @param readerOf makes a recipe ready to read; the same recipe gives the same reader.
 * @param isUnwrapped true where heads were put in front by us: then they are never a part of the line.
 */
export function chooseFormats(
  bytes: Uint8Array,
  catalogue: Catalogue,
  readerOf: (recipe: Recipe) => FormatReader,
  given: readonly Recipe[],
  isUnwrapped = false,
): Choice {
  const lines = sampleLines(bytes, isUnwrapped);
  const behindHead = lines.filter((line) => line.message > line.start).length;
  const found: { recipe: Recipe; lines: number }[] = [];
  const trial = new Trial(bytes, readerOf);
  const uncovered = (): SampleLine[] => lines.filter((line) => !line.covered);
  const offer = (recipe: Recipe, rest = uncovered()): void => {
    const count = trial.cover(recipe, rest);
    if (count > 0) found.push({ recipe, lines: count });
  };
  for (const recipe of bestFirst(given, trial, lines)) offer(recipe);
  for (const listed of catalogue.listed) {
    const rest = uncovered();
    if (rest.length === 0) break;
    if (listed.name.endsWith(" json") && listed.format === "") continue;
    if (rest.some((line) => mayFit(listed.format, bytes, line))) offer(listed.recipe());
  }
  const objects = (): SampleLine[] => {
    const own = [...given, ...found.map(({ recipe }) => recipe)];
    return uncovered().filter(
      ({ message, end }) => !own.some((recipe) => isWrittenBy(recipe, bytes, message, end)),
    );
  };
  for (const recipe of jsonByMeaning(catalogue, bytes, objects())) offer(recipe, objects());
  // A user's word is not second-guessed.
  if (given.length === 0) inferred(catalogue, bytes, uncovered(), trial, lines.length, found);
  // Where nothing fits, what was given is what the lines are held against: a miss says where that breaks off.
  if (found.length === 0) found.push(...given.map((recipe) => ({ recipe, lines: 0 })));
  const hasEnvelope =
    isUnwrapped || (behindHead > 0 && trial.coveredBehindHead >= trial.coveredBare);
  // Stable: equal counts keep the catalogue's order.
  found.sort((a, b) => b.lines - a.lines);
  for (const recipe of companions(
    catalogue,
    found.map(({ recipe: own }) => own),
  ))
    found.push({ recipe, lines: 0 });
  if (found.some(({ recipe, lines: read }) => recipe.name === ERROR_LOG && read > 0)) {
    offerMore(found, trial.cover(NGINX_ERROR_MORE, uncovered()));
    // A file of nothing but error lines: whatever has no head continues a message.
    if (found.every(({ recipe }) => recipe.name === ERROR_LOG))
      trial.cover(NGINX_ERROR_REST, uncovered());
  }
  return {
    formats: found,
    hasEnvelope,
    mayLearn: given.length === 0,
    sampled: lines.length,
    read: lines.filter((line) => line.covered).length,
    firstTime: Number.isFinite(trial.firstTime) ? trial.firstTime : null,
    isLocal: trial.isLocal,
    zone: zoneOf(bytes, lines),
  };
}

/** Recipes in the order of the lines they read; equal ones keep theirs. */
function bestFirst(
  recipes: readonly Recipe[],
  trial: Trial,
  lines: readonly SampleLine[],
): readonly Recipe[] {
  if (recipes.length < 2) return recipes;
  const tried = recipes.map((recipe) => {
    const count = trial.cover(recipe, lines);
    trial.uncover(lines);
    return { recipe, count };
  });
  return tried.sort((a, b) => b.count - a.count).map(({ recipe }) => recipe);
}

const ERROR_LOG = "nginx error log";

/** Adds the reader of further lines behind the error log's. */
function offerMore(found: { recipe: Recipe; lines: number }[], lines: number): void {
  found.push({ recipe: NGINX_ERROR_MORE, lines });
}

/** Lines that a proxy writes between the others, rare enough to be missing from the sample. */
const BESIDE: Readonly<Record<Recipe["proxy"], readonly string[]>> = {
  nginx: ["nginx error log"],
  haproxy: ["haproxy events", "haproxy connection error"],
  envoy: ["envoy log", "envoy events"],
};

function companions(catalogue: Catalogue, found: readonly Recipe[]): Recipe[] {
  const names = new Set(found.flatMap(({ proxy }) => BESIDE[proxy]));
  const known = new Set(found.map(({ name }) => name));
  return catalogue.listed
    .filter(({ name }) => names.has(name) && !known.has(name))
    .map((listed) => listed.recipe());
}

/** A format that begins with a literal can only fit lines that begin with it, and an object no other: no need to plan it otherwise. */
function mayFit(format: string, bytes: Uint8Array, line: SampleLine): boolean {
  const first = format.charCodeAt(0);
  if (first !== 91 && first !== 123 && first !== 34)
    return format === "" || !isObject(bytes, line.message);
  return bytes[line.start] === first || bytes[line.message] === first;
}

/** The offset in the first line that has one behind its envelope; only nginx and CLF lines print the host's own. */
function zoneOf(bytes: Uint8Array, lines: readonly SampleLine[]): string | null {
  for (const line of lines) {
    if (!line.covered) continue;
    const match = ZONE.exec(decodeText(bytes.subarray(line.message, line.end)));
    if (match !== null) return match[1] ?? match[2] ?? null;
  }
  return null;
}
