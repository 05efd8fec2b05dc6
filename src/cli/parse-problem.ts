// What a user must hear when a log was empty, or not understood well enough.
import { escapeForTerminal } from "../report/index.ts";
import type { SourceTally } from "../summary/index.ts";
import type { Options } from "./flags.ts";
import type { ReadResult } from "./read-sources.ts";

/** A message for stderr; fatal ones mean exit code 4. */
export interface ParseProblem {
  readonly text: string;
  readonly isFatal: boolean;
}

/** Looks for sources that gave nothing; null when all is well. */
export function parseProblem(result: ReadResult, options: Options): ParseProblem | null {
  const { sources } = result.summary;
  const lines = sources.reduce((sum, source) => sum + source.lines, 0);
  if (lines === 0) {
    const what = sources.length === 1 ? nameOf(sources[0]!) : `all ${sources.length} sources`;
    const note = sources.flatMap(({ notes }) => notes)[0];
    if (note !== undefined)
      return {
        text: `why502: ${escapeForTerminal(note)}, and that was nothing\n`,
        isFatal: !result.interrupted,
      };
    const why = result.interrupted
      ? "it was interrupted before the first line was read"
      : `${what} ${sources.length === 1 ? "is" : "are"} empty, so there is nothing to explain`;
    return { text: `why502: ${why}\n`, isFatal: !result.interrupted };
  }
  const looked = sources.reduce((sum, { records, misses }) => sum + records + misses, 0);
  const records = sources.reduce((sum, source) => sum + source.records, 0);
  if (looked === 0 || (100 * records) / looked >= options.minParse) return null;
  const worst = sources.reduce((a, b) => (b.misses > a.misses ? b : a));
  const share = Math.floor((100 * records) / looked);
  const first = worst.firstMiss;
  const place =
    first === null
      ? ""
      : `; the first is line ${first.line} of ${nameOf(worst)} (${escapeForTerminal(first.why)})`;
  const hint =
    options.logFormat === null
      ? "name its format with --log-format, as the proxy's configuration has it"
      : "compare --log-format with the proxy's configuration: quotes, brackets and blanks count";
  return {
    text: `why502: only ${share} % of the lines were understood (${records} of ${looked})${place}\nhint: ${hint}\n`,
    isFatal: true,
  };
}

function nameOf(source: SourceTally): string {
  return source.name === "-" ? "standard input" : escapeForTerminal(source.name);
}
