// One raw line, understood by the very reading that counts it in a report: its format, its record, its fields.
import type { Catalogue, Recipe } from "../grammar/index.ts";
import { Head, peel } from "../input/index.ts";
import type { Choice } from "./choose-formats.ts";
import { chooseReading, unwrapped } from "./choose-reading.ts";
import { timelessFormat } from "./describe-miss.ts";
import { LineFields } from "./line-fields.ts";
import { LineReader, type FormatReader } from "./line-reader.ts";
import { decodeText, type Names } from "./names.ts";
import { Rec } from "./record.ts";
import type { ReaderShelf } from "./reader-shelf.ts";
import { LocalClock } from "./zone.ts";

/** What understanding needs, made once for many lines. */
export interface Describer {
  readonly catalogue: Catalogue;
  readonly shelf: ReaderShelf;
  readonly names: Names;
  /** The user's own formats; none to find it out. */
  readonly given: readonly Recipe[];
  /** Zone of times that name none and stand beside none; what the line itself tells is not overruled. */
  readonly zone: string;
  /** For heads without a year: ms near which the line was written. */
  readonly nearMs: number;
}

/** A line that some format fits. */
export interface Understood {
  readonly format: FormatReader;
  readonly rec: Rec;
  /** The name of the host in the line's head; 0 without one. */
  readonly node: number;
  readonly fields: LineFields;
}

/** What the line reader handed on, kept. */
interface Caught {
  readonly rec: Rec;
  readonly node: number;
  /** Where the record's spans lie: not in the line's own bytes where it was taken out of an envelope. */
  readonly bytes: Uint8Array;
}

/** Reads one raw line, envelope included; null for one that no format fits, and for a blank one. */
export function understand(line: string | Uint8Array, with_: Describer): Understood | null {
  const outer = bytesOf(line);
  const { catalogue, shelf, names } = with_;
  const choice = chooseReading(outer, catalogue, shelf.reader, with_.given);
  const bytes = choice.unwrap === null ? outer : unwrapped(outer, choice.unwrap);
  const formats = choice.formats.map(({ recipe }) => shelf.reader(recipe));
  const caught: Caught[] = [];
  const reader = new LineReader(
    {
      formats,
      others: (line, start, end) => shelf.fitting(catalogue, line, start, end),
      memory: null,
      hasEnvelope: choice.hasEnvelope,
      clock: new LocalClock(choice.zone ?? with_.zone),
      nearMs: choice.firstTime ?? with_.nearMs,
      node: 0,
    },
    names,
    {
      // The reader's record is used up here: one line, one record.
      accept: (rec, _proxy, node, read) => caught.push({ rec, node, bytes: read }) > 0,
    },
  );
  reader.read(bytes, 0, bytes.length, 0);
  reader.finish();
  const [name] = reader.byFormat.keys();
  const read = [...formats, ...shelf.all(catalogue)].find(({ recipe }) => recipe.name === name);
  // What is told about alone need not say when it was: it has no part in a count.
  const format = read ?? timelessFormat(bytes, with_);
  if (format === null) return null;
  const { rec, node, ...at } = caught[0] ?? {
    rec: readAgain(format, bytes, choice),
    node: 0,
    bytes,
  };
  return { format, rec, node, fields: new LineFields(format, at.bytes, rec.escape === 2) };
}

/** A line without a time is not handed on: its fields are read once more. */
function readAgain(format: FormatReader, bytes: Uint8Array, choice: Choice): Rec {
  const rec = new Rec();
  const head = new Head();
  const isPeeled = choice.hasEnvelope && peel(bytes, 0, bytes.length, head);
  if (format.scanner.scan(bytes, isPeeled ? head.message : 0, bytes.length, format.spans) < 0) {
    format.read(bytes, format.spans, rec);
  }
  rec.timeMs = NaN;
  return rec;
}

/** The bytes of a line, as they are read. */
export function bytesOf(line: string | Uint8Array): Uint8Array {
  if (typeof line === "string") return Buffer.from(braced(line.replace(LINE_BREAK, " ")));
  return line[0] === QUOTE ? Buffer.from(braced(decodeText(line))) : line;
}

const QUOTE = 34;
/** A break within a message (PHP's stderr, Lua's tracebacks), as it is pasted. */
const LINE_BREAK = /\r?\n(?=.)/gs;

/** Members of a JSON object that were pasted without their braces, within braces. */
function braced(line: string): string {
  if (!/^\s*"[^"]+"\s*:/.test(line)) return line;
  try {
    return typeof JSON.parse(`{${line}}`) === "object" ? `{${line}}` : line;
  } catch {
    return line;
  }
}
