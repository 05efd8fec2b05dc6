// The contract with cli: what the explorer is fed, and the terminal it is given.
import type { Analysis } from "../incident/index.ts";
import type { Reason } from "../record/index.ts";
import type { ReasonWords } from "../report/index.ts";
import type { Summary } from "../summary/index.ts";

/** How far the reading has come. */
export interface Progress {
  readonly bytes: number;
  /** Bytes to read in all, null where nobody can know (a pipe). */
  readonly totalBytes: number | null;
  readonly lines: number;
  /** True once everything there was has been read. */
  readonly done: boolean;
  /** True while lines may go on arriving without end. */
  readonly live: boolean;
}

/** All that is known at one moment. */
export interface Snapshot {
  readonly summary: Summary | null;
  readonly analysis: Analysis | null;
  readonly progress: Progress;
  /** The sources as the user named them. */
  readonly names: readonly string[];
}

/** Where snapshots and explanations come from. */
export interface Feed {
  /** Calls `listener` with every snapshot, the newest at once if there is one; returns how to stop. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  /** What a raw log line means, one sentence each. */
  explain(line: string): readonly string[];
  words(reason: Reason): ReasonWords;
}

/** The terminal to draw on. */
export interface Terminal {
  /** A tty for the keys: stdin, or `/dev/tty` where stdin carries the data. The caller closes it. */
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly color: boolean;
  readonly unicode: boolean;
  /** IANA zone or offset in which times are shown. */
  readonly zone: string;
  /** Puts text on the clipboard; without it, OSC 52 is written to `output`. */
  readonly copy?: (text: string) => void;
}
