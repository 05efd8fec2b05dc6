// The shell's side of why502: flags in, exit code out. Loads nothing heavy before it knows that there is work.
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { parseFlags, type Options } from "./flags.ts";
import { renderHelp } from "./help.ts";
import type { LoadExplorer } from "./run.ts";
import { VERSION } from "./version.ts";

/** First words that are commands, not files. */
const COMMANDS: ReadonlySet<string> = new Set(["formats", "explain", "reasons", "causes"]);

/** Runs the program; nothing a user does makes it throw. @returns the exit code (DESIGN.md §8). */
export async function main(argv: readonly string[], loadExplorer: LoadExplorer): Promise<number> {
  // A reader that has seen enough (`| head`) closes the pipe: that is success, and nobody listens any more.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(EXIT.done);
      throw error;
    });
  }
  try {
    const command = COMMANDS.has(argv[0]!) ? argv[0]! : null;
    const options = parseFlags(command === null ? argv : argv.slice(1));
    if (options.help !== null || (isAlone(options) && (command === null || command === "explain")))
      return print(renderHelp(options.help ?? "short"));
    if (options.version) return print(`why502 ${VERSION}\n`);
    if (command === "formats") return await (await import("./formats.ts")).showFormats(options);
    if (command === "explain") return await (await import("./explain.ts")).explain(options);
    if (command === "reasons") return (await import("./reasons.ts")).showReasons(options);
    if (command === "causes") return (await import("./reasons.ts")).showCauses(options);
    const { run } = await import("./run.ts");
    return await run(options, loadExplorer);
  } catch (error) {
    const { renderProblem } = await import("./problem.ts");
    process.stderr.write(renderProblem(error, process.stderr.columns));
    if (process.env["DEBUG"]?.includes("why502"))
      process.stderr.write(`${(error as Error).stack}\n`);
    return exitCodeOf(error);
  }
}

/** Without a file and with a keyboard for input there is nothing to read: help instead of waiting for ever. */
function isAlone(options: Options): boolean {
  return (
    options.files.length === 0 &&
    options.config.length === 0 &&
    process.stdin.isTTY === true &&
    !options.version
  );
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.done;
}
