// A file system of a few texts, for configurations that include others.
import type { Disk } from "../../src/config/index.ts";

/** Files by path; globs know `*` only. */
export function diskOf(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Disk {
  const paths = Object.keys(files).sort();
  return {
    read: (path) => files[path] ?? null,
    glob: (pattern) => {
      const parts = pattern.split("*").map((part) => part.replace(/[.[\]\\^$()+?{}|]/g, "\\$&"));
      const shape = new RegExp(`^${parts.join("[^/]*")}$`);
      return paths.filter((path) => shape.test(path));
    },
    env: (name) => env[name],
  };
}
