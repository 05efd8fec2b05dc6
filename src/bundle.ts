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
  // What lives long here is bounded: a heap that grows by a third before it is cleared, not to four times its size, stays small.
  setFlagsFromString("--heap-growing-percent=30");
  // A run is short and most of its code runs once: what is not really hot costs more to optimise than it gives back.
  setFlagsFromString("--interrupt-budget=300000");
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

function compiledIn(folder: string): Buffer | null {
  try {
    return readFileSync(join(folder, COMPILED));
  } catch {
    return null;
  }
}
