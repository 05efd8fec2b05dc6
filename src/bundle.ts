// Runs the program's bundle from code that V8 compiled when it was built: to parse and compile all of it anew takes as long as
// reading a log of fifty megabytes.
//
// The fence: this is all that knows of it. Compiled code that another version of Node or other flags would have made is
// refused by V8, or is not there at all; then the bundle is compiled as ever.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { setFlagsFromString } from "node:v8";
import type * as Program from "./program.ts";

const BUNDLE = "why502.js";
export const COMPILED = "why502.code";

/** A bundle that is ready to run. */
export interface Bundle {
  /** For keeping what was compiled. */
  readonly script: Script;
  readonly run: () => typeof Program;
}

/** Loads the bundle of a folder. The flags are the process's, and compiled code holds for the flags it was made with. */
export function bundleIn(folder: string): Bundle {
  tuneEngine();
  const filename = join(folder, BUNDLE);
  const url = pathToFileURL(filename).href;
  const source = readFileSync(filename, "latin1");
  const cachedData = compiledIn(folder);
  const script = new Script(`(function (module, exports, require, bundleUrl) {${source}\n})`, {
    filename,
    ...(cachedData === null ? {} : { cachedData }),
  });
  return {
    script,
    run: () => {
      const module = { exports: {} as typeof Program };
      const wrapper = script.runInThisContext() as (...values: unknown[]) => void;
      wrapper(module, module.exports, createRequire(url), url);
      return module.exports;
    },
  };
}

/** The newest Node whose V8 is known to have these flags: one that has not says so to the user. */
const KNOWN_NODE = 24;
/** The last one that counts in bytes of code what is worth optimising. */
const LAST_WITH_BUDGET = 20;

/** Flags for a short run that allocates little: what is allocated dies at once or is bounded, and most code runs once. */
function tuneEngine(): void {
  const major = Number(process.versions.node.split(".")[0]);
  if (major > KNOWN_NODE) return;
  // The nursery stays at the megabyte it begins with, instead of growing to forty.
  setFlagsFromString("--semi-space-growth-factor=1");
  // What lives long is cleared each time it has doubled, not when it has come to four times its size.
  setFlagsFromString("--heap-growing-percent=100");
  // What is not really hot costs more to optimise than it gives back.
  if (major <= LAST_WITH_BUDGET) setFlagsFromString("--interrupt-budget=300000");
}

function compiledIn(folder: string): Buffer | null {
  try {
    return readFileSync(join(folder, COMPILED));
  } catch {
    return null;
  }
}
