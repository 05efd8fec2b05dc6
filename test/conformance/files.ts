// Runs whole log files as the program would: one sample, one choice of formats, one reading.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  chooseFormats,
  LineReader,
  LocalClock,
  Names,
  ReaderShelf,
} from "../../src/record/index.ts";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import { catalogue } from "./describer.ts";

/** The books of one file. */
export interface FileBooks {
  readonly lines: number;
  readonly records: number;
  readonly misses: number;
  readonly skipped: number;
  readonly formats: string;
  readonly firstMiss: string | null;
}

const SAMPLE_BYTES = 64 << 10;
const texts = readKnowledge();

/** Reads a file from its first to its last line. */
export function readFile(path: string): FileBooks {
  const raw = readFileSync(path);
  return readBytes(path.endsWith(".gz") ? gunzipSync(raw) : raw);
}

/** Reads a file's content. */
export function readBytes(bytes: Buffer): FileBooks {
  const names = new Names();
  const shelf = new ReaderShelf(texts, names);
  const cut = bytes.lastIndexOf(10, SAMPLE_BYTES);
  const sample = bytes.length <= SAMPLE_BYTES || cut < 0 ? bytes : bytes.subarray(0, cut + 1);
  const choice = chooseFormats(sample, catalogue, shelf.reader, []);
  const chosen = choice.formats.map(({ recipe }) => shelf.reader(recipe));
  const reader = new LineReader(
    {
      formats: chosen,
      others: () => shelf.all(catalogue),
      rest: shelf.restOf(chosen),
      memory: null,
      hasEnvelope: choice.hasEnvelope,
      clock: new LocalClock(choice.zone ?? "UTC"),
      nearMs: choice.firstTime ?? Date.UTC(2026, 10, 24),
      node: 0,
    },
    names,
    { accept: () => true },
  );
  reader.read(bytes, 0, bytes.length, 0);
  reader.finish();
  const { lines, records, misses, skipped, firstMiss } = reader;
  const formats = [...reader.byFormat].map(([name, count]) => `${name} ${count}`).join(", ");
  return {
    lines,
    records,
    misses,
    skipped,
    formats,
    firstMiss: firstMiss && `line ${firstMiss.line + 1}: ${firstMiss.why}: ${firstMiss.text}`,
  };
}
