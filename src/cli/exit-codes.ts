// What why502 answers to the shell (DESIGN.md §8).

/** Exit codes; a closed pipe (EPIPE) is quiet success. */
export const EXIT = {
  done: 0,
  runtime: 1,
  usage: 2,
  /** A `--fail-on` condition was met. */
  failOn: 3,
  /** Input unreadable, empty, or parsed below `--min-parse`. */
  input: 4,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code an error stands for: known by its name, so that no folder has to be loaded to ask. */
export function exitCodeOf(error: unknown): ExitCode {
  const name = error instanceof Error ? error.name : "";
  if (name === "UsageError" || name === "TextError") return EXIT.usage;
  return name === "InputError" ? EXIT.input : EXIT.runtime;
}
