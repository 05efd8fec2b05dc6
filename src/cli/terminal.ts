// What the terminal can show: colour, width, Unicode; from flags, the environment and the stream itself.

/** Environment variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether to colour a stream. A flag beats the environment; NO_COLOR (not empty) beats FORCE_COLOR; without either, only a
 * terminal that is not `dumb` gets colour.
 */
export function wantsColor(
  flag: "auto" | "always" | "never",
  env: Environment,
  isTerminal: boolean,
): boolean {
  if (flag !== "auto") return flag === "always";
  if (env["NO_COLOR"]) return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  return isTerminal && env["TERM"] !== "dumb";
}

const LEAST_WIDTH = 40;
const USUAL_WIDTH = 80;

/** Columns to print in: the flag, COLUMNS, the terminal's own width, else 80. */
export function widthOf(
  flag: number | null,
  env: Environment,
  terminalColumns: number | undefined,
): number {
  if (flag !== null) return flag;
  const given = Number(env["COLUMNS"]);
  const columns = Number.isInteger(given) && given > 0 ? given : (terminalColumns ?? USUAL_WIDTH);
  return Math.max(LEAST_WIDTH, columns);
}

/** Whether Unicode can be shown: unless --ascii, a dumb terminal or a locale without UTF-8 says otherwise. */
export function wantsUnicode(asciiFlag: boolean, env: Environment, isTerminal: boolean): boolean {
  if (asciiFlag) return false;
  if (!isTerminal) return true;
  if (env["TERM"] === "dumb") return false;
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return locale === "" || /utf-?8/i.test(locale);
}
