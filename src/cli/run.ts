// One run from options to exit code: read, analyse, print or explore.
import { analyse, parseKnowledge, type Analysis } from "../incident/index.ts";
import { liveChanges, makeReport, renderJson, renderLive, renderText } from "../report/index.ts";
import type { Summary } from "../summary/index.ts";
import { EXIT } from "./exit-codes.ts";
import { isFailOnMet, parseFailOn } from "./fail-on.ts";
import type { Options } from "./flags.ts";
import { readKnowledge } from "./knowledge.ts";
import { parseProblem } from "./parse-problem.ts";
import { readSources, type ReadResult } from "./read-sources.ts";
import { prepare, type Prepared } from "./request.ts";
import { reportZone } from "./report-zone.ts";
import { wantsColor, wantsUnicode, widthOf } from "./terminal.ts";
import { VERSION } from "./version.ts";
import { wordsOf } from "./words-of.ts";
import { systemZone } from "./zone.ts";
import { withFieldFlags } from "./user-fields.ts";

/** Brings in the explorer, which most runs do without. */
export type LoadExplorer = () => Promise<typeof import("./explorer.ts")>;

/** Runs why502 with parsed options. @returns the exit code. @throws UsageError, TextError, InputError */
export async function run(options: Options, loadExplorer: LoadExplorer): Promise<number> {
  const failOn = options.failOn === null ? [] : parseFailOn(options.failOn);
  const stop = new AbortController();
  const signalled = listen(stop);
  const texts = withFieldFlags(readKnowledge(), options.fields);
  const knowledge = parseKnowledge(texts);
  const prepared = await prepare(options, {
    now: Date.now(),
    systemZone: systemZone(),
    texts,
    signal: stop.signal,
    stdin: () => process.stdin,
  });
  const judge = (summary: Summary): Analysis => analyse(summary, knowledge);
  if (options.output === null && process.stdout.isTTY) {
    // React's development build keeps every frame; it reads this when it is loaded.
    process.env["NODE_ENV"] ??= "production";
    const { openExplorer } = await loadExplorer();
    const code = await openExplorer(options, prepared, judge, texts, knowledge);
    if (code !== null) return code;
  }
  const print = printer(options, prepared, wordsOf(knowledge), judge);
  const result = await readSources({ ...prepared.request, onIdle: print.live });
  for (const note of prepared.notes) process.stderr.write(`why502: ${note}\n`);
  const analysis = judge(result.summary);
  await print.report(result, analysis);
  const code = verdict(options, result, analysis, failOn, signalled());
  // A pipe that goes on for ever must not keep an interrupted run alive.
  if (result.interrupted) process.stdin.destroy();
  return code;
}

/** First signal: stop reading and report what there is. Second: leave at once. */
function listen(stop: AbortController): () => number | null {
  let code: number | null = null;
  const on = (signal: NodeJS.Signals, exit: number): void => {
    process.on(signal, () => {
      if (code !== null) process.exit(exit);
      code = exit;
      stop.abort();
    });
  };
  on("SIGINT", EXIT.interrupted);
  on("SIGTERM", EXIT.terminated);
  return () => code;
}

interface Printer {
  readonly live: ((look: () => Summary) => void) | null;
  readonly report: (result: ReadResult, analysis: Analysis) => Promise<void>;
}

function printer(
  options: Options,
  prepared: Prepared,
  words: ReturnType<typeof wordsOf>,
  judge: (summary: Summary) => Analysis,
): Printer {
  const { env, stdout } = process;
  const isTerminal = stdout.isTTY === true;
  const look = {
    color: wantsColor(options.color, env, isTerminal),
    unicode: wantsUnicode(options.ascii, env, isTerminal),
    width: widthOf(options.width, env, isTerminal ? stdout.columns : undefined),
  };
  let previous: Analysis | null = null;
  const isPipe = prepared.request.sources.some(({ isPipe }) => isPipe);
  const live = (freeze: () => Summary): void => {
    const summary = freeze();
    const next = judge(summary);
    const view = {
      ...look,
      words,
      zone: options.tz === null ? prepared.request.systemZone : prepared.request.zone!,
    };
    for (const line of liveChanges(previous, next)) stdout.write(`${renderLive(line, view)}\n`);
    previous = next;
  };
  return {
    live: isPipe && options.output !== "json" ? live : null,
    report: async ({ summary, interrupted, choices }, analysis) => {
      const meta = { version: VERSION, complete: !interrupted, interrupted };
      const zone = reportZone(prepared.request, choices);
      const text =
        options.output === "json"
          ? renderJson(makeReport(summary, analysis, meta))
          : renderText(summary, analysis, { ...look, zone, words, meta });
      await new Promise<void>((resolve) => void stdout.write(text, () => resolve()));
    },
  };
}

function verdict(
  options: Options,
  result: ReadResult,
  analysis: Analysis,
  failOn: ReturnType<typeof parseFailOn>,
  signalled: number | null,
): number {
  const problem = parseProblem(result, options);
  if (problem !== null) process.stderr.write(problem.text);
  if (signalled !== null) return signalled;
  if (problem !== null && problem.isFatal) return EXIT.input;
  const { failures, requests } = result.summary.totals;
  const incidents = analysis.incidents.filter(({ parent }) => parent === null).length;
  return isFailOnMet(failOn, { incidents, failures, requests }) ? EXIT.failOn : EXIT.done;
}
