// `--config`: reads proxies' configurations and answers which formats a log may have, and which logs there are.
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import {
  joined,
  readConfig,
  ROTATED,
  shortPlace,
  type ConfigFile,
  type Disk,
  type Found,
  type FoundFormat,
  type FoundLog,
} from "../config/index.ts";
import type { Catalogue, Recipe } from "../grammar/index.ts";
import { InputError, unreadable } from "../input/index.ts";

/** A format of a configuration, compiled. */
export interface ConfiguredFormat {
  readonly found: FoundFormat;
  readonly recipe: Recipe;
}

/** What the configurations tell. */
export interface Configured {
  readonly formats: readonly ConfiguredFormat[];
  /** Log files that are there, each with the formats that the configurations give it. */
  readonly files: ReadonlyMap<string, readonly Recipe[]>;
  readonly notes: readonly string[];
  /** Where logs go that are no files here. */
  readonly elsewhere: readonly string[];
  readonly pools: Found["pools"];
}

const DISK: Disk = {
  read: (path) => {
    try {
      return statSync(path).isFile() ? readFileSync(path, "utf8") : null;
    } catch {
      return null;
    }
  },
  glob: globbed,
  env: (name) => process.env[name],
};

/**
 * Reads what `--config` names.
 * @throws InputError for what cannot be read, TextError for what is not well-formed.
 */
export async function readConfigs(
  paths: readonly string[],
  catalogue: Catalogue,
): Promise<Configured> {
  const found = joined(
    await Promise.all(paths.map(async (path) => readConfig(filesOf(path), DISK))),
  );
  const notes = [...found.notes];
  const recipes = new Map<FoundFormat, Recipe>();
  for (const format of found.formats) {
    const recipe = recipeOf(format, catalogue, notes);
    if (recipe !== null) recipes.set(format, recipe);
  }
  const files = new Map<string, Recipe[]>();
  for (const log of found.logs) {
    const recipe = log.format === null ? undefined : recipes.get(log.format);
    for (const path of filesOfLog(log)) {
      const known = files.get(path) ?? [];
      files.set(path, recipe === undefined ? known : [...known, recipe]);
    }
  }
  const formats = [...recipes].map(([format, recipe]) => ({ found: format, recipe }));
  return { formats, files, notes, elsewhere: found.elsewhere, pools: found.pools };
}

/** The files of one `--config`: itself, or what its folder holds. */
function filesOf(path: string): ConfigFile[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new InputError(
      `${path}: no such file or folder`,
      "--config takes the proxy's own configuration file",
    );
  }
  const paths = stat.isDirectory() ? filesIn(path) : [path];
  return paths.map((one) => {
    try {
      return { path: one, text: readFileSync(one, "utf8") };
    } catch (error) {
      throw unreadable(one, error);
    }
  });
}

/** A folder is nginx's with its nginx.conf, HAProxy's with its *.cfg in their order, or any other's. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder).sort();
  const pick = (pattern: RegExp): string[] =>
    names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
  for (const pattern of [/^nginx\.conf$/, /\.cfg$/, /\.(?:conf|ya?ml|json)$/]) {
    const found = pick(pattern);
    if (found.length > 0) return found;
  }
  throw new InputError(
    `${folder} holds no configuration`,
    "looked for nginx.conf, *.cfg, *.conf, *.yaml and *.json",
  );
}

/** A format that does not compile stands in nobody's way: it is told about. */
function recipeOf(found: FoundFormat, catalogue: Catalogue, notes: string[]): Recipe | null {
  const place = shortPlace(found.place);
  const name = `${found.proxy} ${found.name} (${place})`;
  if (found.format === null) {
    const wanted = found.proxy === "nginx" ? "nginx combined" : "envoy default";
    const listed = catalogue.listed.find((one) => one.name === wanted);
    return listed === undefined ? null : { ...listed.recipe(), name };
  }
  try {
    return catalogue.recipeOf(found.format, name, found.proxy, found.shape);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "TextError") throw error;
    const { hint } = error as Error & { hint?: string };
    notes.push(
      `${place}: the format ${found.name} cannot be used: ${error.message}${hint ? ` (${hint})` : ""}`,
    );
    return null;
  }
}

/** The files of a log that are there, rotated ones too. */
function filesOfLog({ patterns }: FoundLog): string[] {
  for (const pattern of patterns) {
    const found = ROTATED.flatMap((suffix) => globbed(pattern + suffix));
    if (found.length > 0) return [...new Set(found.map((path) => realpathSync(path)))];
  }
  return [];
}

/** Regular files only: a log that links to /dev/stdout is none. */
function globbed(pattern: string): string[] {
  const plain = pattern.replaceAll(/\\(.)/g, "$1");
  const isPlain = !/(?<!\\)[*?[\]{}()!]/.test(pattern);
  const found = isPlain
    ? [plain]
    : globSync(pattern, { absolute: true, onlyFiles: true, expandDirectories: false, dot: true });
  return found
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .sort();
}
