// Lines kept as examples: the few with the smallest content hash in each minute, pool and reason (bottom-k).
//
// The same bytes choose the same lines whatever the order; minutes double their width when there are too many cells. Once
// all of time is one bin, each cell keeps fewer lines instead: a part of the k smallest is the k' smallest of the same lines.
import type { Gates } from "../grammar/index.ts";
import type { Rec } from "../record/index.ts";
import type { Counted } from "./counted.ts";
import { lineHash } from "./line-hash.ts";
import { keepLine, keepUnread, TEXT_LIMIT } from "./kept-line.ts";
import {
  columnsOf,
  sampleAt,
  type Sample,
  type SampleColumns,
  type SampleRow,
} from "./sample-columns.ts";

/** Where a line stands. */
export interface Place {
  /** Number of the source part it was read from. */
  part: number;
  /** Lines before it in that part. */
  line: number;
  /** Byte offset in the source. */
  offset: number;
}

interface Cell extends SampleRow {
  kept: Sample[];
}

const STEP = 60;
/** At this width one bin holds all times since the epoch: widening further saves nothing. */
const WIDEST = 26;
/** Cells remembered beside the table. */
const RECENT = 256;

/** A table of (pool row, reason, minute) → the k lines with the smallest hashes. */
export class SampleTable {
  #keep: number;
  readonly #gates: Gates | null;
  readonly #most: number;
  readonly #limit: number;
  shift = 0;
  #cells = new Map<number, Cell>();
  #recent: (Cell | undefined)[] = [];

  /** @param gates told where as many lines of a pool are kept as there may be; for a table of one reason. */
  constructor(keep: number, limit: number, gates: Gates | null = null) {
    this.#gates = gates;
    this.#keep = keep;
    this.#most = keep;
    this.#limit = limit;
  }

  /** Offers a line; most are refused after one comparison. */
  offer(
    upstream: number,
    second: number,
    rec: Rec,
    peer: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    { part, line, offset }: Place,
  ): void {
    const cell = this.#near(upstream, second, rec.reason);
    const hash = lineHash(bytes, start, end);
    if (this.#refuses(cell.kept, hash)) return;
    const { timeMs, status } = rec;
    const text = keepLine(bytes, start, end, rec);
    this.#insert(cell, { hash, timeMs, part, line, offset, kept: text, status, peer });
  }

  /** The same for a line that was not read, by its {@link lineHash}. @returns false for one too long for that, which was not offered. */
  offerUnread(
    counted: Counted,
    timeMs: number,
    second: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    place: () => Place,
  ): boolean {
    const cell = this.#near(counted.pool, second, counted.reason);
    if (this.#refuses(cell.kept, hash)) return true;
    if (end - start > TEXT_LIMIT) return false;
    const { part, line, offset } = place();
    const text = keepUnread(bytes, start, end);
    const { status, peer } = counted;
    this.#insert(cell, { hash, timeMs, part, line, offset, kept: text, status, peer });
    return true;
  }

  #refuses(kept: readonly Sample[], hash: number): boolean {
    return kept.length >= this.#keep && hash > kept[kept.length - 1]!.hash;
  }

  #insert({ upstream, bin, kept }: Cell, sample: Sample): void {
    insert(kept, sample, this.#keep);
    if (this.#gates !== null && kept.length >= this.#keep) {
      const binMs = 1000 * STEP * 2 ** this.shift;
      this.#gates.close(upstream, bin * binMs, (bin + 1) * binMs, kept[this.#keep - 1]!.hash);
    }
    if (this.#cells.size > this.#limit) this.coarsen(Math.min(WIDEST, this.shift + 1));
  }

  /** The cell of a line; nearly always one of those met last. */
  #near(upstream: number, second: number, reason: number): Cell {
    const bin = Math.floor(second / (STEP * 2 ** this.shift));
    const slot = (upstream * 8 + reason) & (RECENT - 1);
    const recent = this.#recent[slot];
    if (
      recent !== undefined &&
      recent.bin === bin &&
      recent.upstream === upstream &&
      recent.reason === reason
    ) {
      return recent;
    }
    const cell = this.#cell(upstream, reason, bin);
    this.#recent[slot] = cell;
    return cell;
  }

  /** Adds another table's cells, under this table's upstream and peer numbers. */
  addColumns(
    columns: SampleColumns,
    upstreamOf: (upstream: number) => number,
    peerOf: (peer: number) => number,
  ): void {
    this.coarsen(columns.shift);
    const raw = Buffer.from(columns.raw.buffer, columns.raw.byteOffset, columns.raw.byteLength);
    let from = 0;
    for (let row = 0; row < columns.upstream.length; row++) {
      const second = columns.bin[row]! * STEP * 2 ** columns.shift;
      const cell = this.#cell(
        upstreamOf(columns.upstream[row]!),
        columns.reason[row]!,
        Math.floor(second / (STEP * 2 ** this.shift)),
      );
      const end = from + columns.kept[row]!;
      const read = (n: number): Sample => sampleAt(columns, n, raw, peerOf);
      cell.kept = merged(cell.kept, from, end, columns.hash, read, this.#keep);
      from = end;
      if (this.#cells.size > this.#limit) this.coarsen(Math.min(WIDEST, this.shift + 1));
    }
  }

  coarsen(shift: number): void {
    while (this.shift < shift || (this.#cells.size > this.#limit && this.shift < WIDEST)) {
      const rows = [...this.#cells.values()];
      const old = this.shift;
      this.shift = Math.max(shift, old + 1);
      this.#cells = new Map();
      this.#recent = [];
      for (const row of rows) {
        const cell = this.#cell(
          row.upstream,
          row.reason,
          Math.floor(row.bin / 2 ** (this.shift - old)),
        );
        for (const sample of row.kept) insert(cell.kept, sample, this.#keep);
      }
    }
    if (this.#cells.size > this.#limit) this.#keepFewer();
  }

  /** Halves what each cell keeps for every doubling of the cells beyond the limit, one line at least. */
  #keepFewer(): void {
    const over = Math.ceil(Math.log2(this.#cells.size / this.#limit));
    const keep = Math.max(1, this.#most >> over);
    if (keep >= this.#keep) return;
    this.#keep = keep;
    for (const { kept } of this.#cells.values()) kept.splice(keep);
  }

  /** All cells, in no particular order. */
  rows(): readonly SampleRow[] {
    return [...this.#cells.values()];
  }

  /** A copy of all cells, in no particular order. */
  columns(): SampleColumns {
    return columnsOf(this.shift, this.rows());
  }

  #cell(upstream: number, reason: number, bin: number): Cell {
    const key = (upstream * 64 + reason) * 2 ** 27 + bin;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = { upstream, reason, bin, kept: [] };
      this.#cells.set(key, cell);
    }
    return cell;
  }
}

/** The first of two ordered lists together, the second of which is read where it is needed. */
function merged(
  kept: Sample[],
  from: number,
  end: number,
  hashes: Uint32Array,
  read: (n: number) => Sample,
  most: number,
): Sample[] {
  const out: Sample[] = [];
  let at = 0;
  let n = from;
  while (out.length < most && (at < kept.length || n < end)) {
    const own = kept[at];
    if (own !== undefined && (n === end || own.hash < hashes[n]!)) {
      out.push(own);
      at++;
      continue;
    }
    const other = read(n);
    if (own !== undefined && compare(own, other) <= 0) {
      out.push(own);
      at++;
    } else {
      out.push(other);
      n++;
    }
  }
  return out;
}

/** Keeps `kept` ordered by hash, then text, then place, and at most `keep` long. */
function insert(kept: Sample[], sample: Sample, keep: number): void {
  let at = kept.length;
  while (at > 0 && compare(sample, kept[at - 1]!) < 0) at--;
  if (at >= keep) return;
  kept.splice(at, 0, sample);
  if (kept.length > keep) kept.pop();
}

function compare(a: Sample, b: Sample): number {
  if (a.hash !== b.hash) return a.hash - b.hash;
  const [x, y] = [a.kept.raw, b.kept.raw];
  return x < y ? -1 : x > y ? 1 : a.part - b.part || a.offset - b.offset;
}
