// The two logs of a real nginx, read as the program reads them and joined; the truth about each pair is kept apart.
import { readKnowledge } from "../../src/cli/knowledge.ts";
import { readCatalogue } from "../../src/grammar/index.ts";
import {
  LineReader,
  LocalClock,
  Names,
  ReaderShelf,
  type FormatReader,
} from "../../src/record/index.ts";
import { Cells } from "../../src/summary/index.ts";
import { joinEntries, type JoinResult } from "../../src/summary/join.ts";
import type { JoinEntry } from "../../src/summary/join-entry.ts";

const texts = readKnowledge();
const catalogue = readCatalogue(texts);
const errorRecipe = catalogue.listed.find(({ name }) => name === "nginx error log")!.recipe();

type Pair = JoinResult["pairs"][number];

/** An access line and the connection it was served on. */
export interface AccessLine {
  readonly text: string;
  readonly connection: number;
}

/** A join whose truth is known. */
export interface Judged {
  readonly result: JoinResult;
  readonly cells: Cells;
  /** Failing requests for which the error log has a line of their own connection and request. */
  readonly explainable: number;
  /** Certain pairs; those are wrong whose own connection has no line that says the same of the same peer. */
  readonly right: number;
  readonly wrong: readonly string[];
}

/** Joins access lines with error lines; the connections a format logs are used only if `isNumbered`. */
export function judge(
  access: readonly AccessLine[],
  format: string,
  errors: readonly string[],
  isNumbered: boolean,
): Judged {
  const names = new Names();
  const cells = new Cells(names);
  const shelf = new ReaderShelf(texts, names);
  const connections: number[] = [];
  const accessReader = shelf.reader(catalogue.recipeOf(format, "given", "nginx"));
  for (const { text, connection } of access) {
    readLine(accessReader, text, names, cells, isNumbered);
    while (connections.length < cells.join.requests.length) connections.push(connection);
  }
  for (const line of errors) readLine(shelf.reader(errorRecipe), line, names, cells, true);
  const truth = new Map(cells.join.requests.entries.map((entry, at) => [entry, connections[at]!]));
  const target = ({ peer, code }: JoinEntry): string =>
    `${peer === 0 ? "" : names.text(peer)} ${names.text(code)}`;
  const result = joinEntries(cells.join, { node: () => null, target });
  const ownErrors = (request: JoinEntry): JoinEntry[] =>
    cells.join.errors.entries.filter(
      ({ bareHash, connection, timeMs }) =>
        bareHash === request.bareHash &&
        connection === truth.get(request) &&
        timeMs <= request.timeMs + 1000,
    );
  const isRight = ({ request, error }: Pair): boolean =>
    ownErrors(request).some((own) => own.reason === error.reason && target(own) === target(error));
  const sure = result.pairs.filter(({ isSure }) => isSure);
  return {
    result,
    cells,
    explainable: cells.join.requests.entries.filter((one) => ownErrors(one).length > 0).length,
    right: sure.filter(isRight).length,
    wrong: sure
      .filter((pair) => !isRight(pair))
      .map(({ request, error }) => `${request.status} of ${truth.get(request)}: ${target(error)}`),
  };
}

function readLine(
  format: FormatReader,
  line: string,
  names: Names,
  cells: Cells,
  isNumbered: boolean,
): void {
  const reader = new LineReader(
    {
      formats: [format],
      others: () => [],
      rest: null,
      memory: null,
      hasEnvelope: false,
      clock: new LocalClock("UTC"),
      nearMs: Date.UTC(2026, 10, 24),
      node: 0,
    },
    names,
    {
      accept: (rec, proxy, node, bytes, start, end) => {
        if (!isNumbered) rec.connection = -1;
        cells.add(rec, proxy, node, bytes, start, end, { part: 0, line: 0, offset: 0 });
        return true;
      },
    },
  );
  const bytes = Buffer.from(line, "latin1");
  reader.read(bytes, 0, bytes.length, 0);
  if (reader.misses > 0) throw new Error(`not read: ${line}`);
}
