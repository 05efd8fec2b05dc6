// `why502 explain LINE…`: what single log lines say, from the command line or, one a line, from standard input.
import split2 from "split2";
import { readCatalogue } from "../grammar/index.ts";
import { MAX_LINE } from "../input/index.ts";
import { describeLine, explainLine, Names, ReaderShelf, type Described } from "../record/index.ts";
import { escapeForTerminal } from "../report/index.ts";
import { formatsFor, readConfigs } from "./config.ts";
import { EXIT } from "./exit-codes.ts";
import type { Options } from "./flags.ts";
import { readKnowledge } from "./knowledge.ts";
import { parseZone } from "./zone.ts";
import { withFieldFlags } from "./user-fields.ts";

/** A line beyond the cap is left out; the types of split2 do not know that option. */
const LINES = { maxLength: MAX_LINE, skipOverflow: true } as object;

/** Explains lines. @returns the exit code: 4 when none was understood. */
export async function explain(options: Options): Promise<number> {
  const texts = withFieldFlags(readKnowledge(), options.fields);
  const catalogue = readCatalogue(texts);
  const names = new Names();
  const shelf = new ReaderShelf(texts, names);
  const configured = await readConfigs(options.config, catalogue);
  const given = [
    ...(options.logFormat === null
      ? []
      : [catalogue.recipeOf(options.logFormat, "the given format")]),
    ...formatsFor(configured, null),
  ];
  const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = options.tz === null ? systemZone : parseZone(options.tz, systemZone);
  const describer = { catalogue, shelf, names, given, zone, nearMs: Date.now() };
  let understood = false;
  const tell = (line: string): void => {
    const described = describeLine(line, describer);
    if (described.miss === null) understood = true;
    const sentences =
      options.output === "json" ? [] : explainLine(line, catalogue, shelf, names, texts, given);
    process.stdout.write(
      options.output === "json"
        ? `${JSON.stringify({ input: line, ...described })}\n`
        : textOf(line, described, sentences),
    );
  };
  if (options.files.length > 0) for (const line of options.files) tell(line);
  else {
    const lines = process.stdin.pipe(split2(LINES));
    for await (const line of lines as AsyncIterable<string>) if (line.trim() !== "") tell(line);
  }
  return understood ? EXIT.done : EXIT.input;
}

function textOf(line: string, described: Described, sentences: readonly string[]): string {
  const { failure, miss } = described;
  const verdict =
    miss !== null
      ? `not understood: ${miss.why}`
      : failure === null
        ? `${described.format}: no failure`
        : `${described.format}: ${failure.reason}, ${failure.stage} stage, made by ${failure.by}${failure.masked ? ", hidden from the client" : ""}`;
  return [escapeForTerminal(line), verdict, ...sentences]
    .map((text, k) => `${k === 0 ? "" : "└ "}${k === 0 ? text : escapeForTerminal(text)}\n`)
    .join("");
}
