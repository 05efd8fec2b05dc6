// Reads the grammars folder, wherever the program was installed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Texts } from "../grammar/index.ts";

/** Every data file of the grammars folder: path below it → content. */
export function readKnowledge(): Texts {
  const root = grammarsFolder();
  const texts: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (path.endsWith(".json"))
      texts[path.replaceAll("\\", "/")] = readFileSync(join(root, path), "utf8");
  }
  return texts;
}

/** Beside `dist/` when installed, two folders up when run from the sources. */
function grammarsFolder(): string {
  for (const up of ["../grammars/", "../../grammars/"]) {
    const path = fileURLToPath(new URL(up, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new Error("the grammars folder is missing from this installation");
}
