// Decides from a source's first lines how to read it: which formats, behind which envelope, in which zone.
import {
  guessNginxFormat,
  inferEnvoyFormat,
  inferHaproxyFormat,
  inferKeyedFormat,
  looksLikeEnvoy,
  NGINX_ERROR_MORE,
  NGINX_ERROR_REST,
  type Catalogue,
  type Recipe,
} from "../grammar/index.ts";
import { guessedName } from "./guessed.ts";
import { jsonByMeaning } from "./json-by-meaning.ts";
import type { FormatReader } from "./line-reader.ts";
import { decodeText } from "./names.ts";
import { isWrittenBy } from "./own-keys.ts";
import { commonShapes, sampleLines } from "./sample-lines.ts";
import { Trial, type SampleLine } from "./trial.ts";

/** Lines from which a format is guessed in vain, after which no more is; and formats of one source, as each takes time. */
const MOST_FAILURES = 8;
const MOST_FORMATS = 24;
/** Lines beside which a guess is held. */
const MOST_COMPARED = 64;

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

/** Formats guessed from the lines themselves, as long as each reads two lines, the only one there is, or one that tells all. */
function inferred(
  catalogue: Catalogue,
  bytes: Uint8Array,
  lines: readonly SampleLine[],
  trial: Trial,
  sampled: number,
  found: { recipe: Recipe; lines: number }[],
): void {
  let failures = 0;
  // One of each shape first; what begins alike may still end otherwise.
  for (const line of new Set([...commonShapes(bytes, lines), ...lines])) {
    if (failures >= MOST_FAILURES || found.length >= MOST_FORMATS) return;
    if (line.covered || isObject(bytes, line.message)) continue;
    const text = (from: number): string => decoded(bytes, from, line.end);
    const textsOf = (from: "start" | "message") => (): string[] =>
      lines.slice(0, MOST_COMPARED).map((other) => decoded(bytes, other[from], other.end));
    const isHaproxy = /haproxy/i.test(line.program);
    const isNginx = /nginx/i.test(line.program);
    for (const make of [
      () => (line.program === "" ? envoyGuess(catalogue, text(line.start)) : null),
      () => (isHaproxy || isNginx ? null : envoyGuess(catalogue, text(line.message))),
      () => (isNginx ? null : haproxyGuess(catalogue, text(line.message))),
      () =>
        line.program === "" ? nginxGuess(catalogue, text(line.start), textsOf("start")) : null,
      () => (isHaproxy ? null : nginxGuess(catalogue, text(line.message), textsOf("message"))),
    ]) {
      if (line.covered) break;
      const guessed = make();
      if (guessed === null) continue;
      const { recipe, isSure, isTelling } = guessed;
      const rest = lines.filter(({ covered }) => !covered);
      const count = trial.cover(recipe, rest);
      if (count > 1 || isTelling || (sampled === 1 && isSure)) {
        if (count > 0) found.push({ recipe, lines: count });
        continue;
      }
      // One odd line among others is more likely damaged than written in a format of its own.
      trial.uncover(rest);
    }
    if (!line.covered) failures++;
  }
}

function decoded(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder("latin1").decode(bytes.subarray(start, end));
}

/** A brace alone could be a name that somebody blotted out: `{client-ip}:51893`. */
function isObject(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  return bytes[at] === 123 && (next === 34 || next === 32 || next === 125);
}

/** A recipe, and whether one line is enough to believe it. */
interface Guess {
  readonly recipe: Recipe;
  readonly isSure: boolean;
  /** And that among others. */
  readonly isTelling: boolean;
}

function haproxyGuess(catalogue: Catalogue, line: string): Guess | null {
  const format = inferHaproxyFormat(line) ?? inferKeyedFormat(line, catalogue.aliases.haproxy);
  return format === null ? null : guess(catalogue, format, "haproxy", true);
}

function envoyGuess(catalogue: Catalogue, line: string): Guess | null {
  const found = inferEnvoyFormat(line, catalogue.aliases.envoy);
  return found === null ? null : guess(catalogue, found.format, "envoy", found.isSure);
}

function nginxGuess(
  catalogue: Catalogue,
  line: string,
  others: () => readonly string[],
): Guess | null {
  if (looksLikeEnvoy(line)) return null;
  const { aliases, kindOf } = catalogue;
  const found = guessNginxFormat(line, aliases.nginx, kindOf.nginx, others);
  return found && guess(catalogue, found.format, "nginx", true, found.isTelling);
}

function guess(
  catalogue: Catalogue,
  format: string,
  proxy: Recipe["proxy"],
  isSure: boolean,
  isTelling = false,
): Guess | null {
  try {
    const recipe = catalogue.recipeOf(format, guessedName(proxy), proxy);
    return { recipe, isSure, isTelling };
  } catch {
    // A guess that is no format was a bad guess.
    return null;
  }
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
