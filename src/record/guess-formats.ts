// Formats that nobody listed, guessed from the lines of a sample: each guess is a format like any other, tried on the others.
import {
  guessNginxFormat,
  inferEnvoyFormat,
  inferHaproxyFormat,
  inferKeyedFormat,
  looksLikeEnvoy,
  type Catalogue,
  type Recipe,
} from "../grammar/index.ts";
import { guessedName } from "./guessed.ts";
import { commonShapes, isObject } from "./sample-lines.ts";
import type { SampleLine, Trial } from "./trial.ts";

/** Lines from which a format is guessed in vain, after which no more is; and formats of one source, as each takes time. */
const MOST_FAILURES = 8;
const MOST_FORMATS = 24;
/** Lines beside which a guess is held. */
const MOST_COMPARED = 64;

/** Formats guessed from the lines themselves, as long as each reads two lines, the only one there is, or one that tells all. */
export function inferred(
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
