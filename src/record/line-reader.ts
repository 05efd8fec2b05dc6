// The loop over lines: peel the envelope, scan with the first format that fits, read the record, hand it on.
// Longer than most files: the hot loop and the state it carries from line to line; a third of it is the contracts it is fed by.
import { BSD_TIME, Head, ISO_TIME, MAX_LINE, NO_TIME, peel } from "../input/index.ts";
import type { MemoryScan, Recipe, Scanner } from "../grammar/index.ts";
import { CBOR_MISS, isCborLine } from "./haproxy-cbor.ts";
import { isoTime } from "./times.ts";
import { syslogTime } from "./syslog-time.ts";
import type { Names } from "./names.ts";
import { LOCAL, NOTE, Rec, YEARLESS, ZONED, type Read } from "./record.ts";
import { WorkerWatch } from "./worker-watch.ts";
import type { LocalClock } from "./zone.ts";

/** A recipe made ready: scanner, reader, and room for its spans. */
export interface FormatReader {
  readonly recipe: Recipe;
  readonly proxy: number;
  readonly scanner: Scanner;
  readonly read: Read;
  readonly spans: Int32Array;
  /** Scans lines that lie in the thread's memory, `spans` being part of it; null where there is no such scanner. */
  readonly scanMemory: MemoryScan | null;
  /** True for lines that carry no time of their own and take the envelope's. */
  readonly timeFromHead: boolean;
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
}

/** How a source is to be read, decided from its first lines. */
export interface ReadingPlan {
  /** Formats tried in this order, line by line. */
  readonly formats: readonly FormatReader[];
  /** The bytes of the memory that formats scan; null for none. */
  readonly memory: Uint8Array | null;
  /** Formats tried when none of those fits; made on first need. */
  readonly others: () => readonly FormatReader[];
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

/** Its number among the proxies; only HAProxy's pids change with a reload. */
const HAPROXY = 1;

/** 2106: seconds beyond it do not fit the cells, and no log is from there. */
const LAST_SECOND_MS = 2 ** 32 * 1000;

/** Reads the lines of one source, or of a part of one. Counts them: `lines = records + misses + skipped`. */
export class LineReader {
  lines = 0;
  records = 0;
  misses = 0;
  skipped = 0;
  bytes = 0;
  firstTime = Infinity;
  lastTime = -Infinity;
  firstMiss: FirstMiss | null = null;
  /** Lines per format name. */
  readonly byFormat = new Map<string, number>();
  /** Where the line being handed on begins in the source. */
  lineOffset = 0;
  readonly #plan: ReadingPlan;
  readonly #names: Names;
  readonly #sink: Sink;
  readonly #rec = new Rec();
  readonly #head = new Head();
  readonly #counts: Int32Array;
  #otherCounts = new Map<string, number>();
  readonly #workers: WorkerWatch;
  /** The node of the line before: hosts repeat. */
  #hostNode = 0;
  #node: number;

  constructor(plan: ReadingPlan, names: Names, sink: Sink) {
    this.#plan = plan;
    this.#names = names;
    this.#sink = sink;
    this.#node = plan.node;
    this.#counts = new Int32Array(plan.formats.length);
    this.#workers = new WorkerWatch(names);
  }

  /** Reads whole lines; `offset` is the place of `bytes[start]` in the source. */
  read(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const shift = offset - start;
    let i = start;
    while (i < end) {
      let newline = bytes.indexOf(10, i);
      if (newline < 0 || newline > end) newline = end;
      let stop = newline;
      while (stop > i && bytes[stop - 1] === 13) stop--;
      this.lineOffset = i + shift;
      this.#line(bytes, i, stop);
      this.lines++;
      i = newline + 1;
    }
    this.bytes += end - start;
  }

  /** Names the formats that were met so far. */
  finish(): void {
    this.byFormat.clear();
    const add = (name: string, count: number): void => {
      if (count > 0) this.byFormat.set(name, (this.byFormat.get(name) ?? 0) + count);
    };
    // Two guessed formats go by the same name.
    for (const [at, format] of this.#plan.formats.entries())
      add(format.recipe.name, this.#counts[at]!);
    for (const [name, count] of this.#otherCounts) add(name, count);
  }

  #line(bytes: Uint8Array, start: number, end: number): void {
    if (isBlank(bytes, start, end)) {
      this.skipped++;
      return;
    }
    if (end - start > MAX_LINE) {
      this.#miss(bytes, start, start + 200, `the line is longer than ${MAX_LINE >> 20} MiB`);
      return;
    }
    const plan = this.#plan;
    const head = this.#head;
    let from = start;
    if (plan.hasEnvelope && peel(bytes, start, end, head)) from = head.message;
    else head.timeKind = NO_TIME;
    const formats = plan.formats;
    for (let at = 0; at < formats.length; at++) {
      if (this.#try(formats[at]!, bytes, start, from, end)) {
        this.#counts[at]!++;
        return;
      }
    }
    this.#rare(bytes, start, from, end);
  }

  /** A line that none of the source's own formats fits: every other one is tried, with and without an envelope. */
  #rare(bytes: Uint8Array, start: number, from: number, end: number): void {
    const head = this.#head;
    const all = this.#plan.others();
    // Behind an envelope first: what takes its time from a head would take the head for its text.
    const peeled = peel(bytes, start, end, head) ? head.message : start;
    if (peeled !== from) {
      for (const format of [...this.#plan.formats, ...all]) {
        if (this.#try(format, bytes, start, peeled, end)) return this.#countOther(format);
      }
      head.timeKind = NO_TIME;
    }
    for (const format of all) {
      if (this.#try(format, bytes, start, from, end)) return this.#countOther(format);
    }
    if (from !== start) {
      head.timeKind = NO_TIME;
      for (const format of all)
        if (this.#try(format, bytes, start, start, end)) return this.#countOther(format);
    }
    this.#miss(bytes, start, end, this.#whyMissed(bytes, from, end));
  }

  #countOther(format: FormatReader): void {
    const name = format.recipe.name;
    this.#otherCounts.set(name, (this.#otherCounts.get(name) ?? 0) + 1);
  }

  /** Tries one format on a line; when it fits the line is counted and true returned. */
  #try(format: FormatReader, bytes: Uint8Array, start: number, from: number, end: number): boolean {
    const failed =
      format.scanMemory !== null && bytes === this.#plan.memory
        ? format.scanMemory(from, end)
        : format.scanner.scan(bytes, from, end, format.spans);
    if (failed >= 0) return false;
    const rec = this.#rec;
    rec.reset();
    if (format.timeFromHead) this.#timeFromHead(bytes, rec);
    if (format.read(bytes, format.spans, rec) >= 0) return false;
    // A JSON line may leave its time to the envelope, like the formats that have none.
    if (Number.isNaN(rec.timeMs) && !format.timeFromHead) this.#timeFromHead(bytes, rec);
    if (rec.clock !== ZONED) this.#toUtc(bytes, rec);
    if (!(rec.timeMs >= 0 && rec.timeMs < LAST_SECOND_MS)) {
      // A note without any time is still a line that was understood.
      if (rec.kind !== NOTE && !format.timeFromHead) return false;
    } else {
      const node =
        this.#head.timeKind !== NO_TIME && this.#head.hostStart >= 0
          ? this.#host(bytes)
          : this.#node;
      if (!this.#sink.accept(rec, format.proxy, node, bytes, start, end)) {
        this.skipped++;
        return true;
      }
      if (format.proxy === HAPROXY && !this.#head.isAgain && this.#head.timeKind !== NO_TIME)
        this.#worker(bytes, start, end, rec.timeMs, node);
      // Only of records that are wanted: what the user cut away, the log does not begin with.
      if (rec.timeMs < this.firstTime) this.firstTime = rec.timeMs;
      if (rec.timeMs > this.lastTime) this.lastTime = rec.timeMs;
    }
    this.records++;
    return true;
  }

  #worker(bytes: Uint8Array, start: number, end: number, timeMs: number, node: number): void {
    const event = this.#workers.see(bytes, this.#head, timeMs);
    if (event !== null) this.#sink.accept(event, HAPROXY, node, bytes, start, end);
  }

  #timeFromHead(bytes: Uint8Array, rec: Rec): void {
    const head = this.#head;
    rec.timeMs = NaN;
    if (head.timeKind === ISO_TIME) rec.timeMs = isoTime(bytes, head.timeStart, head.timeEnd);
    else if (head.timeKind === BSD_TIME) {
      rec.timeMs = syslogTime(bytes, head.timeStart, this.#plan.nearMs);
      rec.clock = LOCAL;
    }
  }

  /** Local times become UTC: by the stamp of the envelope where it has a zone, else by the source's zone. */
  #toUtc(bytes: Uint8Array, rec: Rec): void {
    const head = this.#head;
    let utc = NaN;
    if (head.timeKind === ISO_TIME && rec.clock !== YEARLESS) {
      // The envelope was stamped as the line was written: the difference, to the quarter hour, is the zone.
      const stamp = isoTime(bytes, head.timeStart, head.timeEnd);
      const offset = Math.round((rec.timeMs - stamp) / 900_000) * 900_000;
      if (Math.abs(offset) <= 14 * 3_600_000) utc = rec.timeMs - offset;
    }
    if (Number.isNaN(utc)) utc = this.#plan.clock.toUtc(rec.timeMs);
    if (rec.startMs >= 0) rec.startMs += utc - rec.timeMs;
    rec.timeMs = utc;
    rec.clock = ZONED;
  }

  #host(bytes: Uint8Array): number {
    const { hostStart, hostEnd, isAgain } = this.#head;
    if (isAgain && this.#hostNode > 0) return this.#hostNode;
    const host = this.#names.intern(bytes, hostStart, hostEnd);
    this.#hostNode = host > 0 ? host : this.#node;
    return this.#hostNode;
  }

  #whyMissed(bytes: Uint8Array, from: number, end: number): string {
    if (isCborLine(bytes, from, end)) return CBOR_MISS;
    const primary = this.#plan.formats[0];
    if (primary === undefined) return "no known format fits this line";
    const field = primary.scanner.scan(bytes, from, end, primary.spans);
    if (field < 0) {
      this.#rec.reset();
      const bad = primary.read(bytes, primary.spans, this.#rec);
      if (bad < 0) return `${primary.recipe.name}: the line has no time`;
      return `${primary.recipe.name}: the value of ${primary.scanner.fields[Math.max(0, bad)]?.name ?? "a field"} is impossible`;
    }
    const at = primary.spans[2 * primary.scanner.fields.length]! - from;
    return `${primary.recipe.name}: ${primary.scanner.fields[field]?.name ?? "line"} does not fit at column ${at + 1}`;
  }

  #miss(bytes: Uint8Array, start: number, end: number, why: string): void {
    this.misses++;
    if (this.firstMiss !== null) return;
    const text = new TextDecoder("latin1").decode(
      bytes.subarray(start, Math.min(end, start + 300)),
    );
    this.firstMiss = { line: this.lines, offset: this.lineOffset, why, text };
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! > 32) return false;
  return true;
}
