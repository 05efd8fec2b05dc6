// Expectations of other projects that are known to be wrong, and why: they count neither as right nor as wrong.

const KNOWN: readonly {
  /** A pattern for the path. */
  readonly file: RegExp;
  readonly field: string;
  /** A pattern for the value they expect. */
  readonly theirs: RegExp;
  readonly reason: string;
}[] = [
  {
    file: /./,
    field: "path",
    theirs: /^(?!\/|\*|https?:\/\/)/,
    reason: "what was sent is no HTTP request (TLS, a worm, plain noise): it has no path",
  },
  {
    file: /nginx_req_limit_exceeded/,
    field: "path",
    theirs: /^\/\//,
    reason: "one line's path stands beside all lines of the log, and has lost its scheme",
  },
  {
    file: /nginx-mail-logs/,
    field: "client",
    theirs: /^174\.233/,
    reason: "the client of another line of the same session",
  },
  {
    file: /ops-agent\/nginx-error/,
    field: "time",
    theirs: /./,
    reason:
      "the zone of the machine that ran their test: an error log names none, --tz would say it",
  },
];

/** Why an expectation is wrong; null for one that is not known to be. */
export function whyWrong(path: string, field: string, theirs: string): string | null {
  const found = KNOWN.find(
    (one) => one.field === field && one.file.test(path) && one.theirs.test(theirs),
  );
  return found?.reason ?? null;
}
