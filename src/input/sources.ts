// Which files a command line means: files, folders, globs and standard input become an ordered list of sources.
import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { InputError } from "./input-error.ts";
import { MAGIC_BYTES, packingOf, type Packing } from "./unpack.ts";

/** One thing to read. */
export interface Source {
  /** As the user named it, or the path found in a folder; `-` for standard input. */
  readonly name: string;
  /** Null for standard input. */
  readonly path: string | null;
  /** Read once, as it comes: standard input, a FIFO, what a shell's `<(…)` stands for. */
  readonly isPipe: boolean;
  /** Bytes on disk, packed; null where nobody knows. */
  readonly size: number | null;
  readonly packing: Packing;
}

/** Standard input as a source. */
export const STDIN: Source = {
  name: "-",
  path: null,
  isPipe: true,
  size: null,
  packing: "plain",
};

/** Files that hold logs but are none, and what makes logs of them. */
const CONTAINERS: readonly (readonly [string, string, readonly number[]])[] = [
  ["a ZIP archive", "unzip -p {} | why502", [0x50, 0x4b, 0x03, 0x04]],
  ["a 7-Zip archive", "7z x -so {} | why502", [0x37, 0x7a, 0xbc, 0xaf]],
  [
    "a systemd journal",
    "journalctl --file {} -o json | why502",
    [0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48],
  ],
];

/**
 * Expands what the user named. Folders are read whole (hidden files left out), names are ordered by code point, a file
 * reached twice is read once.
 * @throws InputError naming the first path that is missing, unreadable or empty of files.
 */
export async function findSources(
  names: readonly string[],
): Promise<{ sources: Source[]; notes: string[] }> {
  const sources: Source[] = [];
  const notes: string[] = [];
  const seen = new Set<string>();
  for (const name of names) {
    if (name === "-") {
      if (!seen.has("-")) sources.push(STDIN);
      seen.add("-");
      continue;
    }
    for (const path of await pathsOf(name)) {
      const real = realpathSync(path);
      if (seen.has(real)) {
        notes.push(`${path} was named twice and read once`);
        continue;
      }
      seen.add(real);
      sources.push(describe(path));
    }
  }
  return { sources, notes };
}

async function pathsOf(name: string): Promise<string[]> {
  const stat = statSync(name, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) return [name];
  // Loaded only where a folder or a pattern asks for it: most runs name files.
  const { globSync } = await import("tinyglobby");
  if (stat !== undefined) {
    const found = globSync("**/*", { cwd: name, onlyFiles: true, dot: false })
      .map((path) => join(name, path))
      .sort(byCodePoint);
    if (found.length === 0)
      throw new InputError(
        `${name} is a folder without files`,
        "name the folder that holds the logs",
      );
    return found;
  }
  if (/[*?[\]{}]/.test(name)) {
    const absolute = isAbsolute(name);
    const found = globSync(name, { onlyFiles: true, absolute }).sort(byCodePoint);
    if (found.length > 0) return found;
    throw new InputError(
      `no file matches ${name}`,
      "quote the pattern only if the shell should not expand it",
    );
  }
  throw new InputError(`${name}: no such file or folder`, "check the path; - reads standard input");
}

function describe(path: string): Source {
  let head: Uint8Array;
  let size: number | null;
  try {
    const stat = statSync(path);
    size = stat.isFile() ? stat.size : null;
    head = stat.isFile() ? headOf(path) : new Uint8Array(0);
  } catch (error) {
    throw unreadable(path, error);
  }
  for (const [what, tool, magic] of CONTAINERS) {
    if (magic.every((byte, at) => head[at] === byte))
      throw new InputError(`${path} is ${what}, not a log`, tool.replace("{}", path));
  }
  return { name: path, path, isPipe: size === null, size, packing: packingOf(head) };
}

function headOf(path: string): Uint8Array {
  const file = openSync(path, "r");
  try {
    const head = new Uint8Array(MAGIC_BYTES);
    return head.subarray(0, readSync(file, head, 0, head.length, 0));
  } finally {
    closeSync(file);
  }
}

/** An operating-system error about a path, in one sentence. */
export function unreadable(path: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM") {
    return new InputError(
      `${path}: permission denied`,
      "logs often belong to the group adm: sudo usermod -aG adm $USER",
    );
  }
  return new InputError(`${path} cannot be read (${code ?? (error as Error).message})`);
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
