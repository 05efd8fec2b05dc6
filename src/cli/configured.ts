// What the proxies' configurations told, and which of their formats a log may have.
import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { unrotated } from "../config/index.ts";
import type { Catalogue, Recipe } from "../grammar/index.ts";
import type { Configured } from "./config.ts";

/** No configuration was named. */
const UNCONFIGURED: Configured = {
  formats: [],
  files: new Map(),
  notes: [],
  elsewhere: [],
  pools: {},
};

/**
 * What the configurations tell that `--config` names. Most runs name none and load nothing of this.
 * @throws InputError for what cannot be read, TextError for what is not well-formed.
 */
export async function configuredBy(
  paths: readonly string[],
  catalogue: Catalogue,
): Promise<Configured> {
  if (paths.length === 0) return UNCONFIGURED;
  const { readConfigs } = await import("./config.ts");
  return readConfigs(paths, catalogue);
}

/** The formats a log may have: those of its own path, else all, a namesake's first. */
export function formatsFor(configured: Configured, path: string | null): readonly Recipe[] {
  if (configured.formats.length === 0) return [];
  const all = configured.formats.map(({ recipe }) => recipe);
  if (path === null) return all;
  const own = configured.files.get(realpathSync(path));
  if (own !== undefined) return own;
  const name = basename(unrotated(path));
  const namesakes = [...configured.files].flatMap(([file, recipes]) =>
    basename(unrotated(file)) === name ? recipes : [],
  );
  return [...new Set([...namesakes, ...all])];
}
