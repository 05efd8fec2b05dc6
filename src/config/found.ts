// What a proxy's configuration tells about its logs: formats, the files they are written to, and facts for their readers.
import { TextError, type Language } from "../grammar/index.ts";

/** Where something stands in a configuration. Line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A log format in use. */
export interface FoundFormat {
  /** What the configuration calls it: `main`, `frontend web`, `ingress_http`. */
  readonly name: string;
  readonly proxy: Language;
  /** The format string or the whole directive, as `--log-format` takes it; null for the proxy's default. */
  readonly format: string | null;
  /** How an Envoy format that spells a JSON object is meant. */
  readonly shape?: "text" | "json";
  readonly place: Place;
}

/** A log file. */
export interface FoundLog {
  /** Glob patterns, the likeliest first: more than one where a relative path hangs on a prefix that nobody tells. */
  readonly patterns: readonly string[];
  /** Null for an error log, whose lines need none. */
  readonly format: FoundFormat | null;
  readonly place: Place;
}

/** Everything found in one configuration. */
export interface Found {
  readonly formats: readonly FoundFormat[];
  readonly logs: readonly FoundLog[];
  /** Sentences about what the logs cannot show. */
  readonly notes: readonly string[];
  /** Sentences about logs that are no files here: of use to who looks for one. */
  readonly elsewhere: readonly string[];
  /** nginx: the group of a server that is in exactly one, `127.0.0.1:9101` → `app`. */
  readonly pools: Readonly<Record<string, string>>;
}

/** The file system, as far as a configuration may ask for it. */
export interface Disk {
  /** A file's text, null where there is none or it cannot be read. */
  readonly read: (path: string) => string | null;
  /** Files that match a glob, in code-point order. */
  readonly glob: (pattern: string) => readonly string[];
  /** An environment variable of ours, which may also have been the proxy's. */
  readonly env: (name: string) => string | undefined;
}

/** A configuration file in memory. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** Where an offset of a file is. */
export function placeOf({ path, text }: ConfigFile, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { file: path, line, column: offset - before.lastIndexOf("\n") };
}

/** `nginx.conf:12`: a place for a sentence. */
export function shortPlace({ file, line }: Place): string {
  return `${file.replace(/^.*[\\/]/, "")}:${line}`;
}

/** A mistake in a configuration: one sentence with file, line and column, a caret under the place, a hint. */
export function mistake(file: ConfigFile, offset: number, what: string, hint = ""): TextError {
  const { line, column } = placeOf(file, offset);
  return new TextError(`${file.path}:${line}:${column}: ${what}`, file.text, offset, hint);
}
