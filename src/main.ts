#!/usr/bin/env node
// Entry: argv in, exit code out.
import { bundleIn } from "./bundle.ts";
import type { LoadExplorer } from "./cli/run.ts";

/** A module in a file of its own, as Ink can only be imported. */
const loadExplorer: LoadExplorer = () =>
  import("./explorer.mjs" as string) as ReturnType<LoadExplorer>;

void bundleIn(__dirname)
  .run()
  .main(process.argv.slice(2), loadExplorer)
  .then((code) => (process.exitCode = code));
