// What the loop over lines is fed by and feeds: formats made ready, the plan of a source, the sink of records.
import type { MemoryScan, Recipe, Scanner, Tally } from "../grammar/index.ts";
import type { Outcome, QuickReader } from "./quick-reader.ts";
import type { Read, Rec } from "./record.ts";
import type { LocalClock } from "./zone.ts";

/** Its number among the proxies; only HAProxy's pids change with a reload. */
export const HAPROXY = 1;
/** 2106: seconds beyond it do not fit the cells, and no log is from there. */
export const LAST_SECOND_MS = 2 ** 32 * 1000;

/** A recipe made ready: scanner, reader, and room for its spans. */
export interface FormatReader {
  readonly recipe: Recipe;
  readonly proxy: number;
  readonly scanner: Scanner;
  readonly read: Read;
  readonly spans: Int32Array;
  /** Scans lines that lie in the thread's memory, `spans` being part of it; null where there is no such scanner. */
  readonly scanMemory: MemoryScan | null;
  /** Reads lines in that memory many at a time; null where the format's reader promises nothing. */
  readonly quick: QuickReader | null;
  /** True for lines that carry no time of their own and take the envelope's. */
  readonly timeFromHead: boolean;
  /** Whose line it looks like, scanned and refused, if another program's. */
  readonly whoseLine?: (bytes: Uint8Array, spans: Int32Array) => string | null;
}

/** Where records go; false says that the line was not wanted (outside the range or the filter). */
export interface Sink {
  accept(
    rec: Rec,
    proxy: number,
    node: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean;
  /** Absent where every line must be read in full. */
  readonly repeats?: Repeats;
}

/** Counting lines like one that was counted before. */
export interface Repeats {
  /** What a record just accepted came to, for lines like it; null where each of them must be read in full. */
  recall(rec: Rec, proxy: number, node: number): Outcome | null;
  /** What such lines are counted as in the thread's memory, without anybody's asking; null where there is more to do. */
  tally(outcome: Outcome): Tally | null;
  /**
   * Counts another line with this outcome; `row[at]` is where its numbers begin.
   * @returns false when nothing was counted, because the line must be read in full.
   */
  repeat(outcome: Outcome, timeMs: number, row: Int32Array, at: number, bytes: Uint8Array): boolean;
}

/** Says which formats the lines of a sample have, and how many lines each of them. */
export type Learn = (
  sample: Uint8Array,
) => readonly { readonly format: FormatReader; readonly lines: number }[];

/** The formats that `bytes[start, end)` may have. */
export type Others = (bytes: Uint8Array, start: number, end: number) => readonly FormatReader[];

/** How a source is to be read, decided from its first lines. */
export interface ReadingPlan {
  /** Formats tried in this order, line by line. */
  readonly formats: readonly FormatReader[];
  /** The bytes of the memory that formats scan; null for none. */
  readonly memory: Uint8Array | null;
  /** Other formats that a line may have when none of those fits; each is made on first need. */
  readonly others: Others;
  /** Learns formats from lines that none fitted; absent where the user named the formats. */
  readonly learn?: Learn | null;
  /** Takes what is left where every line without a head of its own continues the one before; elsewhere there is none. */
  readonly rest?: FormatReader | null;
  readonly hasEnvelope: boolean;
  readonly clock: LocalClock;
  /** For heads without a year: ms near the log's first record, or now. */
  readonly nearMs: number;
  /** The name of the host for lines whose envelope has none; 0 for none. */
  readonly node: number;
}

/** The first line that was not understood. */
export interface FirstMiss {
  readonly line: number;
  readonly offset: number;
  readonly why: string;
  readonly text: string;
}
