// The version, as package.json has it.
import { readFileSync } from "node:fs";

/** Version of this installation. */
export const VERSION: string =
  versionIn("../package.json") ?? versionIn("../../package.json") ?? "unknown";

function versionIn(path: string): string | null {
  try {
    const found = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as {
      name?: string;
      version?: string;
    };
    return found.name === "why502" ? (found.version ?? null) : null;
  } catch {
    return null;
  }
}
