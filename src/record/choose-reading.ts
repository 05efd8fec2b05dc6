// Decides whether a source's lines must be taken out of more than one plain head, and chooses the formats for what is inside.
import { Unwrapped, unwrappedLine, unwrapSample, type Depth } from "../input/index.ts";
import type { Catalogue, Recipe } from "../grammar/index.ts";
import { chooseFormats, type Choice } from "./choose-formats.ts";
import { isGuessed } from "./guessed.ts";
import type { FormatReader } from "./line-reader.ts";

/** How a source is to be read. */
export interface ReadingChoice extends Choice {
  /** How far lines must be unwrapped before they are read; null where peeling one head does. */
  readonly unwrap: Depth | null;
  /** The commonest envelope in words; "" for none. Looked for only when asked. */
  readonly envelope: () => string;
}

/**
 * Chooses for a sample of whole lines, as {@link chooseFormats} does. Lines are unwrapped where that reads more of them:
 * a pure stream is never slowed down by what could lie around a line.
 */
export function chooseReading(
  sample: Uint8Array,
  catalogue: Catalogue,
  readerOf: (recipe: Recipe) => FormatReader,
  given: readonly Recipe[],
): ReadingChoice {
  const plain = chooseFormats(sample, catalogue, readerOf, given);
  let best: ReadingChoice = { ...plain, unwrap: null, envelope: () => headOf(sample, plain) };
  const isNested = unwrapSample(firstLines(sample), "all").isNested;
  if (!isNested && worth(plain) === plain.sampled * WHOLE) return best;
  for (const depth of ["all", "outermost"] as const) {
    const { bytes, envelopes, hasParts } = unwrapSample(sample, depth);
    if (envelopes.length === 0) break;
    const inner = chooseFormats(bytes, catalogue, readerOf, given, true);
    const isBetter =
      worth(inner) > worth(best) ||
      // A stamp in a stamp could be taken for a host.
      (isNested && depth === "all" && worth(inner) === worth(best)) ||
      // Parts of lines are read as none of their own.
      (hasParts && share(inner) > share(best));
    if (isBetter) best = { ...inner, unwrap: depth, envelope: () => envelopes[0]! };
  }
  return best;
}

/** Lines in which nested envelopes are looked for. */
const LOOK_LINES = 20;

function firstLines(sample: Uint8Array): Uint8Array {
  let end = 0;
  for (let k = 0; k < LOOK_LINES; k++) {
    const newline = sample.indexOf(10, end);
    if (newline < 0) return sample;
    end = newline + 1;
  }
  return sample.subarray(0, end);
}

const WHOLE = 2;

/** Lines read; those of a guessed format count half, as a guess takes an envelope for fields. */
function worth({ formats, read }: Choice): number {
  const guessed = formats
    .filter(({ recipe }) => isGuessed(recipe.name))
    .reduce((sum, { lines }) => sum + lines, 0);
  return WHOLE * read - guessed;
}

function share({ read, sampled }: Choice): number {
  return sampled === 0 ? 0 : read / sampled;
}

function headOf(sample: Uint8Array, { hasEnvelope }: Choice): string {
  return hasEnvelope ? (unwrapSample(sample, "outermost").envelopes[0] ?? "") : "";
}

/** One line out of its envelopes. */
export function unwrapped(line: Uint8Array, depth: Depth): Uint8Array {
  const inner = new Unwrapped();
  return inner.open(line, 0, line.length, depth) ? unwrappedLine(inner) : line;
}
