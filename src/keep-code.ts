// A step of the build: runs the program on the files it is given and keeps what V8 compiled for it beside the bundle. With
// --check it only says by its exit code whether V8 takes what is kept.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleIn, COMPILED } from "./bundle.ts";

const [first, ...files] = process.argv.slice(2);
const { script, run } = bundleIn(__dirname);
if (first === "--check") process.exitCode = script.cachedDataRejected === false ? 0 : 1;
else void keep(["-o", "json", first!, ...files]);

async function keep(argv: readonly string[]): Promise<void> {
  process.exitCode = await run().main(argv, () => Promise.reject(new Error("no terminal here")));
  writeFileSync(join(__dirname, COMPILED), script.createCachedData());
}
