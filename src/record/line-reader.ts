// The loop over lines: peel the envelope, scan, read the record, hand it on. Longer than most: it carries state from line to line.
import { behindMarks, Head, MAX_LINE, NO_TIME, peel, Unwrapped } from "../input/index.ts";
import { ROW_BEFORE, ROW_DOUBLES, ROW_DURATION, ROW_END } from "../grammar/index.ts";
import { ROW_ENTRY, ROW_INTS, ROW_LINE, ROW_START } from "../grammar/index.ts";
import type { QuickReader } from "./quick-reader.ts";
import { countFormats } from "./count-formats.ts";
import { MissedLines } from "./missed-lines.ts";
import { HAPROXY, LAST_SECOND_MS } from "./reading.ts";
import type { FirstMiss, FormatReader, ReadingPlan, Repeats, Sink } from "./reading.ts";
import { isBlank } from "./bytes.ts";
import { setYear, timeFromHead, toUtc } from "./head-time.ts";
import type { Names } from "./names.ts";
import { NOTE, Rec, YEARLESS, ZONED } from "./record.ts";
import { rewritten } from "./rewritten.ts";
import { textOfMiss, whyMissed } from "./why-missed.ts";
import { WorkerWatch } from "./worker-watch.ts";

export type { FirstMiss, FormatReader, ReadingPlan, Repeats, Sink } from "./reading.ts";

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
  readonly #unwrapped = new Unwrapped();
  readonly #missed: MissedLines;
  /** How many lines the one being read stands for. */
  #times = 1;
  /** What quick reading has learned holds for sources of the same clock and node. */
  readonly #user: string;
  /** Clock and time of the line read last, before its time was brought to UTC. */
  #clock = ZONED;
  #localMs = 0;

  constructor(plan: ReadingPlan, names: Names, sink: Sink) {
    this.#plan = plan;
    this.#names = names;
    this.#sink = sink;
    this.#user = `${plan.clock.zone} ${plan.node}`;
    this.#counts = new Int32Array(plan.formats.length);
    this.#workers = new WorkerWatch(names);
    this.#missed = new MissedLines(plan);
  }

  /** Reads whole lines; `offset` is the place of `bytes[start]` in the source. */
  read(bytes: Uint8Array, start: number, end: number, offset: number): void {
    this.bytes += end - start;
    const quick = this.#plan.formats[0]?.quick ?? null;
    const repeats = this.#sink.repeats;
    const isInMemory = bytes === this.#plan.memory && repeats !== undefined;
    if (quick !== null && isInMemory && quick.pays(this.#user)) {
      this.#readQuickly(quick, repeats, bytes, start, end, offset - start);
      return;
    }
    for (let i = start; i < end;) {
      let newline = bytes.indexOf(10, i);
      if (newline < 0 || newline > end) newline = end;
      let stop = newline;
      while (stop > i && bytes[stop - 1] === 13) stop--;
      this.lineOffset = offset + i - start;
      this.#line(bytes, i, stop);
      this.lines++;
      i = newline + 1;
    }
  }

  /** The same for lines in memory: those like one that was read before are only counted. */
  #readQuickly(
    quick: QuickReader,
    repeats: Repeats,
    bytes: Uint8Array,
    start: number,
    end: number,
    shift: number,
  ): void {
    const { rows, times } = quick.lines;
    for (let from = start; from < end;) {
      quick.use(this.#user);
      const { hasEnvelope, formats } = this.#plan;
      quick.lines.watch(hasEnvelope && formats[0]!.proxy === HAPROXY ? this.#workers.pid : null);
      from = quick.lines.read(from, end, hasEnvelope);
      const { rowCount, lineCount, counted } = quick.lines;
      const before = this.lines;
      let repeated = counted;
      for (let k = 0, at = 0; k < rowCount; k++, at += ROW_INTS) {
        const entry = rows[at + ROW_ENTRY]!;
        const timeMs = times[k * ROW_DOUBLES]!;
        const outcome = entry < 0 ? null : quick.outcomes[entry];
        this.lines = before + rows[at + ROW_LINE]!;
        this.lineOffset = rows[at + ROW_START]! + shift;
        // A time that is no number was not known.
        if (
          outcome !== null &&
          outcome !== undefined &&
          timeMs < LAST_SECOND_MS &&
          repeats.repeat(outcome, timeMs, rows, at, bytes)
        ) {
          repeated++;
          if (timeMs < this.firstTime) this.firstTime = timeMs;
          if (timeMs > this.lastTime) this.lastTime = timeMs;
          continue;
        }
        // What is read in full may take its time from the lines before.
        this.lastTime = Math.max(this.lastTime, times[k * ROW_DOUBLES + ROW_BEFORE]!);
        this.#readAndLearn(quick, repeats, bytes, rows, at, Number.isNaN(timeMs));
      }
      this.firstTime = Math.min(this.firstTime, quick.lines.firstTime);
      this.lastTime = Math.max(this.lastTime, quick.lines.lastTime);
      this.lines = before + lineCount;
      this.records += repeated;
      quick.note(lineCount, repeated);
      this.#counts[0]! += repeated;
    }
  }

  /** Reads a line in full; what it came to is remembered for lines like it. */
  #readAndLearn(
    quick: QuickReader,
    repeats: Repeats,
    bytes: Uint8Array,
    rows: Int32Array,
    at: number,
    isTimeNew: boolean,
  ): void {
    const entry = rows[at + ROW_ENTRY]!;
    const duration = rows[at + ROW_DURATION]!;
    const skipped = this.skipped;
    const first = this.#plan.formats[0]!;
    const isFirst = this.#line(bytes, rows[at + ROW_START]!, rows[at + ROW_END]!) === first;
    if (entry < 0) {
      if (isFirst) quick.lines.order?.learn(rows[at + ROW_START]!, rows[at + ROW_END]!);
      return;
    }
    const rec = this.#rec;
    const isLike = isFirst && this.skipped === skipped && rec.durationMs === duration;
    if (isLike && isTimeNew)
      quick.learnTime(bytes, first.spans, rec, this.#head, this.#clock, this.#localMs);
    if (quick.outcomes[entry] !== undefined) return;
    const outcome = isLike ? repeats.recall(rec, first.proxy, this.#nodeOf(bytes)) : null;
    quick.learn(entry, outcome, outcome === null ? null : repeats.tally(outcome));
  }

  /** After the last line, and now and then: those that were missed are looked at once more. */
  end(): void {
    this.#missed.readAgain(this, (line) => this.#line(line, 0, line.length));
  }

  /** Names the formats that were met so far. */
  finish(): void {
    countFormats(this.#plan.formats, this.#counts, this.#otherCounts, this.byFormat);
  }

  /** Reads one line; answers which of the source's own formats it has. */
  #line(bytes: Uint8Array, begin: number, end: number): FormatReader | null {
    const start = behindMarks(bytes, begin, end);
    if (isBlank(bytes, start, end)) {
      this.skipped++;
      return null;
    }
    if (end - start > MAX_LINE) {
      this.#miss(bytes, start, start + 200, () => `the line is longer than ${MAX_LINE >> 20} MiB`);
      return null;
    }
    const { formats, hasEnvelope } = this.#plan;
    const head = this.#head;
    let from = start;
    if (hasEnvelope && peel(bytes, start, end, head)) from = head.message;
    else head.clear();
    for (let at = 0; at < formats.length; at++) {
      if (this.#try(formats[at]!, bytes, start, from, end)) {
        this.#counts[at]!++;
        return formats[at]!;
      }
    }
    this.#rare(bytes, start, from, end);
    return null;
  }

  /** A line that none of the source's own formats fits: every other one is tried, with and without an envelope. */
  #rare(bytes: Uint8Array, start: number, from: number, end: number): void {
    const head = this.#head;
    const others = this.#others(bytes, start, end);
    const all = [...this.#plan.formats, ...others];
    // Behind an envelope first: what takes its time from a head would take the head for its text.
    const peeled = peel(bytes, start, end, head) ? head.message : start;
    if (peeled !== from && this.#any(all, bytes, start, peeled, end)) return;
    if (peeled !== from) head.clear();
    if (this.#any(others, bytes, start, from, end)) return;
    if (from !== start) head.clear();
    if (from !== start && this.#any(others, bytes, start, start, end)) return;
    if (this.#wrapped(bytes, start, end)) return;
    head.clear();
    const { rest, formats } = this.#plan;
    if (rest && this.#any([rest], bytes, start, from, end)) return;
    this.#miss(bytes, start, end, () =>
      whyMissed(formats[0], this.#plan.others, bytes, from, end, this.#rec),
    );
  }

  /** A line that lies in more than one plain head, or was aligned by hand, is tried once more without all that. */
  #wrapped(bytes: Uint8Array, start: number, end: number): boolean {
    const inner = this.#unwrapped;
    return rewritten(inner, bytes, start, end).some((line) => {
      this.#times = inner.times;
      const all = [...this.#plan.formats, ...this.#others(line, 0, line.length)];
      const from = peel(line, 0, line.length, this.#head) ? this.#head.message : 0;
      const isRead = this.#any(all, line, 0, from, line.length);
      this.#times = 1;
      return isRead;
    });
  }

  #others(bytes: Uint8Array, start: number, end: number): readonly FormatReader[] {
    return [...this.#missed.formats, ...this.#plan.others(bytes, start, end)];
  }

  /** Tries formats that are not the source's own. */
  #any(all: readonly FormatReader[], bytes: Uint8Array, ...at: [number, number, number]): boolean {
    const name = all.find((format) => this.#try(format, bytes, ...at))?.recipe.name;
    if (name !== undefined) this.#otherCounts.set(name, (this.#otherCounts.get(name) ?? 0) + 1);
    return name !== undefined;
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
    if (format.timeFromHead) timeFromHead(bytes, this.#head, rec, this.#plan.nearMs);
    if (format.read(bytes, format.spans, rec) >= 0) return false;
    // A line that names no time was written when its envelope says.
    if (Number.isNaN(rec.timeMs) && !format.timeFromHead)
      timeFromHead(bytes, this.#head, rec, this.#plan.nearMs);
    if (rec.clock === YEARLESS) setYear(rec, this.#plan.nearMs);
    if (format.timeFromHead) rec.inferTime(this.lastTime);
    this.#clock = rec.clock;
    this.#localMs = rec.timeMs;
    if (rec.clock !== ZONED) toUtc(bytes, this.#head, rec, this.#plan.clock);
    if (!(rec.timeMs >= 0 && rec.timeMs < LAST_SECOND_MS)) {
      // A note without any time is still a line that was understood.
      if (rec.kind !== NOTE && !format.timeFromHead) return false;
    } else {
      const node = this.#nodeOf(bytes);
      if (!this.#sink.accept(rec, format.proxy, node, bytes, start, end)) {
        this.skipped++;
        return true;
      }
      const isInOrder = !this.#missed.isAgain;
      if (format.proxy === HAPROXY && this.#head.timeKind !== NO_TIME && isInOrder) {
        const event = this.#workers.see(bytes, this.#head, rec.timeMs);
        if (event !== null) this.#sink.accept(event, HAPROXY, node, bytes, start, end);
      }
      for (let more = this.#times; more > 1; more--)
        this.#sink.accept(rec, format.proxy, node, bytes, start, end);
      // Only of records that are wanted: what the user cut away, the log does not begin with.
      if (rec.timeMs < this.firstTime) this.firstTime = rec.timeMs;
      if (rec.timeMs > this.lastTime) this.lastTime = rec.timeMs;
    }
    this.records++;
    return true;
  }

  /** The host that the head names, else the source's node. */
  #nodeOf(bytes: Uint8Array): number {
    const { hostStart, hostEnd } = this.#head;
    if (hostStart < 0) return this.#plan.node;
    const host = this.#names.intern(bytes, hostStart, hostEnd);
    return host > 0 ? host : this.#plan.node;
  }

  #miss(bytes: Uint8Array, start: number, end: number, why: () => string): void {
    this.misses++;
    const text = (): string => textOfMiss(bytes, start, end);
    this.firstMiss ??= { line: this.lines, offset: this.lineOffset, why: why(), text: text() };
    if (this.#missed.keep(bytes, start, end, this)) this.end();
  }
}
