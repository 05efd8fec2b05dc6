// `why502 formats [FILE…]`: which formats are known, and how each file is read.
import { readCatalogue } from "../grammar/index.ts";
import { count, escapeForTerminal, ofTotal } from "../report/index.ts";
import type { SourceTally } from "../summary/index.ts";
import { readConfigs, type Configured } from "./config.ts";
import { EXIT } from "./exit-codes.ts";
import type { Options } from "./flags.ts";
import { readKnowledge } from "./knowledge.ts";
import { readSources } from "./read-sources.ts";
import { prepare } from "./request.ts";
import { withFieldFlags } from "./user-fields.ts";

/** Prints the catalogue, or how the named files are read. @returns the exit code. */
export async function showFormats(options: Options): Promise<number> {
  const texts = withFieldFlags(readKnowledge(), options.fields);
  if (options.files.length === 0 && options.config.length > 0) {
    process.stdout.write(ofConfigs(await readConfigs(options.config, readCatalogue(texts))));
    return EXIT.done;
  }
  if (options.files.length === 0) {
    const lines = readCatalogue(texts).listed.map(({ name, format }) =>
      format === "" ? name : `${name}\n    ${format}`,
    );
    process.stdout.write(`${lines.join("\n")}\n`);
    return EXIT.done;
  }
  const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const world = {
    now: Date.now(),
    systemZone,
    texts,
    signal: new AbortController().signal,
    stdin: process.stdin,
  };
  const { request } = await prepare(options, world);
  const { summary, choices } = await readSources(request);
  const blocks = summary.sources.map((source, at) => describe(source, choices[at]!.hasEnvelope));
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

function describe(source: SourceTally, hasEnvelope: boolean): string {
  const looked = source.records + source.misses;
  const share = looked === 0 ? "no lines" : `${ofTotal(source.records, looked)} lines read`;
  const lines = [
    escapeForTerminal(source.name),
    `    format  ${source.format}${hasEnvelope ? ", behind a syslog head" : ""}`,
    `    read    ${share}${source.skipped > 0 ? `, ${count(source.skipped)} blank or left out` : ""}`,
    ...[...source.notes, ...source.assumptions].map(
      (note) => `    note    ${escapeForTerminal(note)}`,
    ),
  ];
  const miss = source.firstMiss;
  if (miss !== null) {
    lines.push(
      `    missed  line ${miss.line} (byte ${miss.offset}): ${escapeForTerminal(miss.why)}`,
    );
    const shown = escapeForTerminal(miss.text.slice(0, 160));
    lines.push(`            ${shown}`);
  }
  return lines.join("\n");
}
