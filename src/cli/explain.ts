// `why502 explain LINE…`: what single log lines and bare codes say, from the command line or, one a line, from standard input.
import split2 from "split2";
import { readCatalogue } from "../grammar/index.ts";
import { parseKnowledge } from "../incident/index.ts";
import { MAX_LINE } from "../input/index.ts";
import {
  CodeBook,
  decodeText,
  describeLine,
  explainLine,
  Names,
  ReaderShelf,
  stageOf,
  type CodeMeaning,
  type Describer,
} from "../record/index.ts";
import { renderCode, renderExplainedLine, type ExplainedView } from "../report/index.ts";
import { configuredBy, formatsFor } from "./configured.ts";
import { EXIT } from "./exit-codes.ts";
import { explainedView } from "./explained-view.ts";
import type { Options } from "./flags.ts";
import { readKnowledge } from "./knowledge.ts";
import { parseZone, systemZone } from "./zone.ts";
import { withFieldFlags } from "./user-fields.ts";

/** Explains lines and codes. @returns the exit code: 4 when none was understood. */
export async function explain(options: Options): Promise<number> {
  const texts = withFieldFlags(readKnowledge(), options.fields);
  const catalogue = readCatalogue(texts);
  const configured = await configuredBy(options.config, catalogue);
  const given = [
    ...(options.logFormat === null
      ? []
      : [catalogue.recipeOf(options.logFormat, "the given format")]),
    ...formatsFor(configured, null),
  ];
  const zone = options.tz === null ? systemZone() : parseZone(options.tz, systemZone());
  const names = new Names();
  const pools = { ...texts, "nginx/pools.json": JSON.stringify(configured.pools) };
  const shelf = new ReaderShelf(pools, names);
  // No line is later than now.
  const nearMs = Date.now() - HALF_YEAR_MS;
  const describer = { catalogue, shelf, names, given, zone, nearMs };
  const book = new CodeBook(texts);
  const answer = options.output === "json" ? asJson : asText(options, texts);
  let understood = false;
  let isFirst = true;
  const tell = (bytes: Uint8Array): void => {
    const said = answer(bytes, describer, book);
    understood ||= said.isUnderstood;
    process.stdout.write(options.output === "json" || isFirst ? said.text : `\n${said.text}`);
    isFirst = false;
  };
  if (options.files.length > 0) {
    for (const line of linesOf(options.files, describer, book)) tell(Buffer.from(line));
  } else {
    // Bytes stay bytes: what is not UTF-8 must not become something else.
    for await (const line of process.stdin
      .setEncoding("latin1")
      .pipe(split2(CUT)) as AsyncIterable<string>) {
      const bytes = Buffer.from(line.endsWith("\r") ? line.slice(0, -1) : line, "latin1");
      if (options.output === "json" || line.trim() !== "") tell(bytes);
    }
  }
  return understood ? EXIT.done : EXIT.input;
}

const HALF_YEAR_MS = 182 * 86_400_000;

/** A line beyond the cap is nobody's log line: reading ends there. */
const CUT = { maxLength: MAX_LINE } as object;

interface Said {
  readonly text: string;
  readonly isUnderstood: boolean;
}

type Answer = (bytes: Uint8Array, describer: Describer, book: CodeBook) => Said;

/** An argument may hold several lines, or one JSON object over several; words typed without quotes are one message. */
function linesOf(args: readonly string[], describer: Describer, book: CodeBook): string[] {
  const lines = args.flatMap((arg) =>
    isJson(arg) ? [arg.replace(/\s*\n\s*/g, " ")] : arg.split(/\r?\n/),
  );
  const given = lines.filter((line) => line.trim() !== "" || lines.length === 1);
  const isKnown = (line: string): boolean =>
    book.word(line.trim()).length > 0 || describeLine(line, describer).miss === null;
  return args.length > 1 && !given.some(isKnown) ? [given.join(" ")] : given;
}

function isJson(text: string): boolean {
  if (!text.includes("\n") || !/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The meanings of a bare code; null for a line, or for what nobody knows. */
function meaningsOf(
  bytes: Uint8Array,
  describer: Describer,
  book: CodeBook,
): readonly CodeMeaning[] | null {
  if (bytes.length > LONGEST_CODE) return null;
  const text = decodeText(bytes).trim();
  const word =
    /^\(?(\d+): [^)]*\)?$/.exec(text)?.[1] ?? text.replace(/^(?:errno|status)\s+|\s+bytes$/g, "");
  // An object is a line.
  const find = (): CodeMeaning[] => (/\s/.test(word) ? book.words(word) : book.word(word));
  const found = word.startsWith("{") ? [] : find();
  if (found.length > 0) return found;
  if (text === "" || describeLine(bytes, describer).miss === null) return null;
  const messages = book.message(text);
  return messages.length > 0 ? messages : null;
}

const LONGEST_CODE = 2048;

/** One object a line; a code with several meanings, or one of several, gives one for each (DESIGN.md §7). */
const asJson: Answer = (bytes, describer, book) => {
  const input = decodeText(bytes);
  const meanings = meaningsOf(bytes, describer, book);
  if (meanings === null) {
    const described = describeLine(bytes, describer);
    return {
      text: `${JSON.stringify({ input, ...described })}\n`,
      isUnderstood: described.miss === null,
    };
  }
  const told = meanings.flatMap((one) => (one.either?.length ? one.either : [one]));
  const objects = told.map(({ proxy, reason, by, detail, code }) => ({
    input,
    format: null,
    certainty: null,
    proxy,
    kind: "code",
    record: null,
    failure:
      reason === null ? null : { reason, stage: stageOf(reason), by, detail, code, masked: false },
    miss: null,
  }));
  return { text: objects.map((one) => `${JSON.stringify(one)}\n`).join(""), isUnderstood: true };
};

function asText(options: Options, texts: ReturnType<typeof readKnowledge>): Answer {
  const view: ExplainedView = explainedView(options, parseKnowledge(texts));
  return (bytes, describer, book) => {
    const line = decodeText(bytes);
    const meanings = meaningsOf(bytes, describer, book);
    if (meanings !== null)
      return { text: renderCode(line.trim(), meanings, view), isUnderstood: true };
    const explained = explainLine(bytes, describer, texts);
    return {
      text: renderExplainedLine(line, explained, view),
      isUnderstood: explained.described.miss === null,
    };
  };
}
