// Turns argv into options. Loads nothing but the flag table, because `why502 --help` must answer at once.
import { nearestName } from "./nearest-name.ts";
import { FLAGS, type Flag, type FlagName } from "./flag-table.ts";
import { UsageError } from "./usage-error.ts";

/** The command line, read. Texts with a syntax of their own (times, filters, conditions) are parsed by their owners. */
export interface Options {
  /** Files, folders and globs in their order; `-` is stdin. */
  readonly files: readonly string[];
  readonly output: "text" | "json" | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly where: string | null;
  readonly status: string | null;
  readonly tz: string | null;
  readonly failOn: string | null;
  readonly logFormat: string | null;
  /** Every `--field FIELD=KEY`, in their order. */
  readonly fields: readonly string[];
  /** Configuration files and folders, in their order. */
  readonly config: readonly string[];
  /** Per cent, 0 to 100. */
  readonly minParse: number;
  readonly workers: number | null;
  readonly color: "auto" | "always" | "never";
  readonly ascii: boolean;
  readonly width: number | null;
  readonly help: "short" | "full" | null;
  readonly version: boolean;
}

const BY_NAME: ReadonlyMap<string, Flag> = new Map(FLAGS.map((flag) => [flag.name, flag]));
const BY_LETTER: ReadonlyMap<string, Flag> = new Map(
  FLAGS.flatMap((flag: Flag) => (flag.letter === undefined ? [] : [[flag.letter, flag]])),
);

/**
 * Reads the arguments after the program's name. Flags and files may come in any order; `--` ends the flags; of a flag given twice
 * the last counts, but of --field all do.
 * @throws {UsageError} for what it does not know or cannot read.
 */
export function parseFlags(argv: readonly string[]): Options {
  const files: string[] = [];
  const given = new Map<FlagName, string>();
  const fields: string[] = [];
  const config: string[] = [];
  let help: Options["help"] = null;
  const take = (flag: Flag, value: string): void => {
    if (flag.choices !== undefined && !flag.choices.includes(value)) throw badChoice(flag, value);
    if (flag.name === "where" && given.has("where")) {
      throw new UsageError(
        "--where is given twice",
        `--where ${value}`,
        0,
        "one filter can hold several conditions: --where 'A and B'",
      );
    }
    if (flag.name === "field") fields.push(value);
    if (flag.name === "config") config.push(value);
    given.set(flag.name as FlagName, value);
    // Of --color and --no-color, too, the last counts.
    if (flag.name === "no-color") given.set("color", "never");
  };
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === "--") {
      files.push(...argv.slice(i + 1));
      break;
    }
    if (arg === "-" || !arg.startsWith("-")) {
      files.push(arg);
      continue;
    }
    const found = arg.startsWith("--") ? longFlag(arg) : shortFlag(arg);
    const { flag, attached } = found;
    if (flag.name === "help") {
      help = arg.startsWith("--") || help === "full" ? "full" : "short";
      continue;
    }
    if (flag.value === undefined) {
      if (attached !== null) {
        throw new UsageError(`--${flag.name} takes no value`, arg, arg.length - attached.length);
      }
      take(flag, "");
      continue;
    }
    const value = attached ?? argv[++i];
    if (value === undefined || (attached === null && isKnownFlag(value))) throw missing(flag, arg);
    take(flag, value);
  }
  return {
    files,
    output: (given.get("output") ?? null) as Options["output"],
    since: given.get("since") ?? null,
    until: given.get("until") ?? null,
    where: given.get("where") ?? null,
    status: given.get("status") ?? null,
    tz: given.get("tz") ?? null,
    failOn: given.get("fail-on") ?? null,
    logFormat: given.get("log-format") ?? null,
    fields,
    config,
    minParse: wholeNumber(given, "min-parse", 0, 100) ?? 50,
    workers: wholeNumber(given, "workers", 1, 256),
    color: (given.get("color") ?? "auto") as Options["color"],
    ascii: given.has("ascii"),
    width: wholeNumber(given, "width", 40, 1000),
    help,
    version: given.has("version"),
  };
}

interface Found {
  readonly flag: Flag;
  /** The value in the same argument (`--tz=UTC`, `-ojson`), null where it has none. */
  readonly attached: string | null;
}

function longFlag(arg: string): Found {
  const equals = arg.indexOf("=");
  const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
  const flag = BY_NAME.get(name);
  if (flag === undefined) {
    const near = nearestName(name, BY_NAME.keys());
    const hint = near === null ? "why502 -h lists the flags" : `did you mean --${near}?`;
    throw new UsageError(`there is no flag --${name}`, arg, 0, hint);
  }
  return { flag, attached: equals < 0 ? null : arg.slice(equals + 1) };
}

function shortFlag(arg: string): Found {
  const letter = [...arg.slice(1)][0] ?? "";
  const flag = BY_LETTER.get(letter);
  if (flag === undefined) {
    const other = swapCase(letter);
    const named = BY_NAME.has(arg.slice(1))
      ? `did you mean -${arg}?`
      : BY_LETTER.has(other)
        ? `did you mean -${other}?`
        : "why502 -h lists the flags";
    throw new UsageError(`there is no flag -${letter}`, arg, 1, named);
  }
  const rest = arg.slice(2);
  if (rest === "") return { flag, attached: null };
  return { flag, attached: rest.startsWith("=") ? rest.slice(1) : rest };
}

function isKnownFlag(arg: string): boolean {
  if (arg.startsWith("--")) return arg === "--" || BY_NAME.has(arg.slice(2).split("=")[0]!);
  return arg.length === 2 && arg.startsWith("-") && BY_LETTER.has(arg.slice(1));
}

function missing(flag: Flag, arg: string): UsageError {
  const example = flag.example === undefined ? "" : `for example: ${arg} ${flag.example}`;
  return new UsageError(`${arg} needs a value`, arg, arg.length, example);
}

function badChoice(flag: Flag, value: string): UsageError {
  const choices = flag.choices!;
  const near = nearestName(value, choices);
  const list = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
  const hint = near === null ? `it is one of ${list}` : `did you mean ${near}? It is ${list}`;
  const text = `--${flag.name} ${value}`;
  return new UsageError(
    `--${flag.name} cannot be "${value}"`,
    text,
    text.length - value.length,
    hint,
  );
}

function wholeNumber(
  given: ReadonlyMap<FlagName, string>,
  name: FlagName,
  least: number,
  most: number,
): number | null {
  const value = given.get(name);
  if (value === undefined) return null;
  const number = /^\d{1,6}%?$/.test(value) ? Number.parseInt(value, 10) : NaN;
  if (number >= least && number <= most && (name === "min-parse" || !value.endsWith("%"))) {
    return number;
  }
  throw new UsageError(
    `--${name} must be a whole number from ${least} to ${most}`,
    `--${name} ${value}`,
    name.length + 3,
  );
}

function swapCase(letter: string): string {
  const lower = letter.toLowerCase();
  return letter === lower ? letter.toUpperCase() : lower;
}
