// Kept lines, and tables of them as plain columns, for leaving the thread.
import type { KeptLine } from "./kept-line.ts";

/** A kept line. */
export interface Sample {
  readonly hash: number;
  readonly timeMs: number;
  readonly part: number;
  readonly line: number;
  readonly offset: number;
  readonly kept: KeptLine;
  readonly status: number;
  readonly peer: number;
}

/** A cell, its lines in order. */
export interface SampleRow {
  readonly upstream: number;
  readonly reason: number;
  readonly bin: number;
  readonly kept: readonly Sample[];
}

/** A table of kept lines: cells, then the lines of all cells in their order. */
export interface SampleColumns {
  readonly shift: number;
  readonly upstream: Int32Array;
  readonly reason: Int32Array;
  readonly bin: Uint32Array;
  /** Lines kept in each cell. */
  readonly kept: Uint32Array;
  readonly hash: Uint32Array;
  readonly timeMs: Float64Array;
  readonly part: Uint32Array;
  readonly line: Float64Array;
  readonly offset: Float64Array;
  readonly status: Int32Array;
  readonly peer: Int32Array;
  readonly textEnd: Uint32Array;
  readonly at: readonly (readonly number[] | null)[];
  /** The lines' bytes one behind the other, and where each ends. */
  readonly raw: Uint8Array;
  readonly rawEnd: Float64Array;
}

/** The columns of these cells. */
export function columnsOf(shift: number, cells: readonly SampleRow[]): SampleColumns {
  const count = cells.reduce((sum, { kept }) => sum + kept.length, 0);
  const at: (readonly number[] | null)[] = [];
  const raw: string[] = [];
  const columns = {
    shift,
    upstream: new Int32Array(cells.length),
    reason: new Int32Array(cells.length),
    bin: new Uint32Array(cells.length),
    kept: new Uint32Array(cells.length),
    hash: new Uint32Array(count),
    timeMs: new Float64Array(count),
    part: new Uint32Array(count),
    line: new Float64Array(count),
    offset: new Float64Array(count),
    status: new Int32Array(count),
    peer: new Int32Array(count),
    textEnd: new Uint32Array(count),
    rawEnd: new Float64Array(count),
  };
  let n = 0;
  let end = 0;
  for (let row = 0; row < cells.length; row++) {
    const { upstream, reason, bin, kept } = cells[row]!;
    columns.upstream[row] = upstream;
    columns.reason[row] = reason;
    columns.bin[row] = bin;
    columns.kept[row] = kept.length;
    for (const line of kept) {
      columns.hash[n] = line.hash;
      columns.timeMs[n] = line.timeMs;
      columns.part[n] = line.part;
      columns.line[n] = line.line;
      columns.offset[n] = line.offset;
      columns.status[n] = line.status;
      columns.peer[n] = line.peer;
      columns.textEnd[n] = line.kept.textEnd;
      columns.rawEnd[n] = end += line.kept.raw.length;
      at.push(line.kept.at);
      raw.push(line.kept.raw);
      n++;
    }
  }
  return { ...columns, at, raw: Buffer.from(raw.join(""), "latin1") };
}

/** The line of that number. */
export function sampleAt(
  columns: SampleColumns,
  n: number,
  raw: Buffer,
  peerOf: (peer: number) => number,
): Sample {
  const text = raw.toString("latin1", n === 0 ? 0 : columns.rawEnd[n - 1]!, columns.rawEnd[n]!);
  return {
    hash: columns.hash[n]!,
    timeMs: columns.timeMs[n]!,
    part: columns.part[n]!,
    line: columns.line[n]!,
    offset: columns.offset[n]!,
    kept: { raw: text, textEnd: columns.textEnd[n]!, at: columns.at[n]! },
    status: columns.status[n]!,
    peer: peerOf(columns.peer[n]!),
  };
}
