// `why502 formats [FILE…]`: which formats are known, and how each file is read.
import { readCatalogue, type Catalogue, type Recipe } from "../grammar/index.ts";
import { describeMiss, isGuessed, Names, ReaderShelf } from "../record/index.ts";
import { escapeForTerminal } from "../report/index.ts";
import type { Configured } from "./config.ts";
import { configuredBy } from "./configured.ts";
import { EXIT } from "./exit-codes.ts";
import type { Options } from "./flags.ts";
import { certaintyOf, formatBlock, type SourceFormat } from "./format-block.ts";
import { readKnowledge } from "./knowledge.ts";
import { readSources, type ReadResult } from "./read-sources.ts";
import { prepare } from "./request.ts";
import { withFieldFlags } from "./user-fields.ts";
import { systemZone } from "./zone.ts";

/** Prints the catalogue, or how the named files are read. @returns the exit code. */
export async function showFormats(options: Options): Promise<number> {
  const texts = withFieldFlags(readKnowledge(), options.fields);
  const isJson = options.output === "json";
  if (options.files.length === 0 && options.config.length > 0) {
    process.stdout.write(ofConfigs(await configuredBy(options.config, readCatalogue(texts))));
    return EXIT.done;
  }
  if (options.files.length === 0) {
    process.stdout.write(ofCatalogue(readCatalogue(texts).listed, isJson));
    return EXIT.done;
  }
  const world = {
    now: Date.now(),
    systemZone: systemZone(),
    texts,
    signal: new AbortController().signal,
    stdin: () => process.stdin,
  };
  const { request } = await prepare(options, world);
  const result = await readSources(request);
  const tools = { catalogue: readCatalogue(texts), shelf: new ReaderShelf(texts, new Names()) };
  const { summary } = result;
  const givenTo = request.sources.map(request.given);
  const blocks = sourceFormats(result, tools, givenTo).map(isJson ? jsonOf : formatBlock);
  process.stdout.write(`${blocks.join("\n")}\n`);
  return summary.sources.some(({ records }) => records > 0) ? EXIT.done : EXIT.input;
}

/** What configurations tell: formats with their place, the logs that are there, and what to know about them. */
function ofConfigs({ formats, files, notes, elsewhere }: Configured): string {
  const blocks = [
    ...formats.map(
      ({ found, recipe }) => `${recipe.name}\n    ${found.format ?? "the default format"}`,
    ),
    ...[...files].map(([path, recipes]) => {
      const names = recipes.map(({ name }) => name).join(" + ");
      return `${path}\n    ${names === "" ? "an error log, or a format that was not found" : names}`;
    }),
    ...[...notes, ...elsewhere].map((note) => `note: ${note}`),
  ];
  return blocks.map((block) => `${block.split("\n").map(escapeForTerminal).join("\n")}\n`).join("");
}

/** Everything known about how the sources were read. */
function sourceFormats(
  { summary, choices }: ReadResult,
  tools: Omit<Parameters<typeof describeMiss>[1], "given">,
  givenTo: readonly (readonly Recipe[])[],
): SourceFormat[] {
  return summary.sources.map((source, at) => {
    const { envelope, formats, sampled } = choices[at]!;
    const { firstMiss } = source;
    return {
      source,
      envelope: envelope(),
      formats: formats.map(({ recipe: { name, format }, lines }) => {
        const isGuess = isGuessed(name) && lines > 0 && format !== undefined;
        return { name, lines, ...(isGuess ? { guess: format } : {}) };
      }),
      sampled,
      nearest:
        firstMiss === null
          ? null
          : describeMiss(Buffer.from(firstMiss.text, "latin1"), { ...tools, given: givenTo[at]! }),
    };
  });
}

/** One line of JSON for a source. */
function jsonOf(known: SourceFormat): string {
  const { source, envelope, formats, sampled, nearest } = known;
  const { name, proxy, lines, records, misses, skipped, notes, assumptions, firstMiss } = source;
  const certainty = certaintyOf(known);
  const miss = firstMiss && { ...firstMiss, nearest };
  return JSON.stringify({
    ...{ name, envelope, format: source.format, proxy, certainty, formats, sampled },
    ...{ lines, records, misses, skipped, notes, assumptions, firstMiss: miss },
  });
}

/** The catalogue: names, where each is documented, and the vendor's own format string. */
function ofCatalogue(listed: Catalogue["listed"], isJson: boolean): string {
  if (isJson) {
    return listed
      .map(({ name, proxy, docs, format }) => `${JSON.stringify({ name, proxy, docs, format })}\n`)
      .join("");
  }
  return listed
    .map(({ name, docs, format }) =>
      [name, format, docs].filter((text) => text !== "").join("\n    "),
    )
    .map((block) => `${block}\n`)
    .join("");
}
