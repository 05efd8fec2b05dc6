// Many lines in one call: WebAssembly finds them, scans them, reads their times and looks up what equal lines came to.
//
// The fence: what is clever about reading lines that resemble those before them is here and in wasm-*.ts. It knows no
// proxy and no exception: a line is either like one that was read in full before, or it is handed back to be. The slow twin is
// that full reading; test/property/quick.test.ts holds the two together, test/bench/ measures them.
import { scanFunction, type MemoryScan } from "./compile-wasm.ts";
import { isDigit } from "./find-bytes.ts";
import { JsonOrder } from "./json-order.ts";
import type { Plan } from "./plan.ts";
import type { QuickFields } from "./quick-fields.ts";
import { MAX_ROWS, ROW_BYTES, ROWS_AT, type ScanMemory } from "./scan-memory.ts";
import type { Scanner } from "./scanner.ts";
import { jsonScan } from "./wasm-json.ts";
import { instantiate } from "./wasm-module.ts";
import { AREA, ENTRY_TALLY, ENTRY_TALLY_SHIFT, MAX_ENTRIES, ROW, TIMES } from "./quick-area.ts";
import { STATUSES, TALLY, type Tally } from "./tally-memory.ts";
import { quickFunctions } from "./wasm-lines.ts";

/** Numbers in a row, and where in it they stand; times are counted in doubles. */
export const ROW_INTS = ROW_BYTES / 4;
export const ROW_DOUBLES = ROW_BYTES / 8;
export const ROW_START = ROW.start / 4;
export const ROW_END = ROW.end / 4;
/** Number of the entry: lines with the same one agree in all that decides. -1 for a line that must be read in full. */
export const ROW_ENTRY = ROW.entry / 4;
export const ROW_DURATION = ROW.duration / 4;
export const ROW_CLIENT = ROW.clientStart / 4;
export const ROW_REQUEST = ROW.requestStart / 4;
/** Lines before it in the call. */
export const ROW_LINE = ROW.line / 4;
/** By what lines are chosen to be kept. */
export const ROW_HASH = ROW.hash / 4;
/** The last time among them that was counted; of doubles. */
export const ROW_BEFORE = ROW.before / 8;

const COLON = 58;
const DOT = 46;

/** The quick reading of one format in one thread. */
export class QuickLines {
  readonly scan: MemoryScan;
  readonly quick: QuickFields;
  /** The order of a JSON format's members, to be learned from lines that were refused. */
  readonly order: JsonOrder | null;
  /** The rows of the last call; a time that is no number was not known yet. */
  readonly rows: Int32Array;
  readonly times: Float64Array;
  readonly #area: number;
  readonly #talliesAt: number;
  readonly #bytes: Buffer;
  readonly #lines: (...values: number[]) => number;

  private constructor(
    functions: { readonly s: MemoryScan; readonly lines: (...values: number[]) => number },
    quick: QuickFields,
    memory: ScanMemory,
    area: number,
    order: JsonOrder | null,
  ) {
    this.order = order;
    this.scan = functions.s;
    this.#lines = functions.lines;
    this.quick = quick;
    this.#area = area;
    this.#bytes = memory.bytes;
    this.#talliesAt = memory.talliesAt;
    const { buffer } = memory.memory;
    this.rows = new Int32Array(buffer, ROWS_AT, MAX_ROWS * ROW_INTS);
    this.times = new Float64Array(buffer, ROWS_AT, MAX_ROWS * ROW_DOUBLES);
    this.#bytes.writeInt32LE(-1, area + AREA.wantsStamp);
    this.#bytes.fill(255, area + AREA.masks, area + AREA.masks + 16);
    this.forget();
  }

  /** For lines of a text format whose spans lie at `spansAt`; null when the memory has no more room. */
  static make(
    plan: Plan,
    quick: QuickFields,
    memory: ScanMemory,
    spansAt: number,
  ): QuickLines | null {
    const area = memory.reserveArea();
    if (area === null) return null;
    const scan = scanFunction(plan, spansAt);
    const functions = instantiate(
      quickFunctions(scan, quick, area, spansAt, memory.talliesAt),
      memory.memory,
    );
    return new QuickLines(functions as never, quick, memory, area, null);
  }

  /** The same for lines of a JSON format; its own scanner then refuses lines of an order that is not learned yet. */
  static forJson(
    { fields, json }: Scanner,
    quick: QuickFields,
    memory: ScanMemory,
    spansAt: number,
  ): QuickLines | null {
    const area = json === undefined ? null : memory.reserveArea();
    if (json === undefined || area === null) return null;
    const scan = jsonScan(area, spansAt, fields.length, json.needed);
    const functions = instantiate(
      quickFunctions(scan, quick, area, spansAt, memory.talliesAt),
      memory.memory,
    );
    const order = new JsonOrder(memory.bytes, area, spansAt, json.fieldAt);
    return new QuickLines(functions as never, quick, memory, area, order);
  }

  /** Reads whole lines from `start`; answers where it stopped, `end` or before a line that there was no row for. */
  read(start: number, end: number, hasHead: boolean): number {
    return this.#lines(start, end, hasHead ? 1 : 0);
  }

  /** Rows of the last call. */
  get rowCount(): number {
    return this.#bytes.readInt32LE(this.#area + AREA.rows) / ROW_BYTES;
  }

  /** Lines that the last call looked at. */
  get lineCount(): number {
    return this.#bytes.readInt32LE(this.#area + AREA.lines);
  }

  /** How many of them were counted; they have no row. */
  get counted(): number {
    return this.#bytes.readInt32LE(this.#area + AREA.counted);
  }

  /** The first and the last time of those. */
  get firstTime(): number {
    return this.#bytes.readDoubleLE(this.#area + AREA.firstTime);
  }

  get lastTime(): number {
    return this.#bytes.readDoubleLE(this.#area + AREA.lastTime);
  }

  /** Lines of an entry are counted in the memory's {@link TallyMemory} from now on, or, for null, by whom they are handed to. */
  tallyAs(entry: number, tally: Tally | null): void {
    const at = this.#area + AREA.tallies + (entry << ENTRY_TALLY_SHIFT);
    const put = (offset: number, value: number): void =>
      void this.#bytes.writeInt32LE(value, at + offset);
    put(ENTRY_TALLY.state, tally === null ? 2 : 1);
    if (tally === null) return;
    const { last, pool, status, proxy, hasClient } = tally;
    const hasStatus = status >= 0 && status < STATUSES;
    put(ENTRY_TALLY.last, last);
    put(ENTRY_TALLY.pool, pool);
    put(
      ENTRY_TALLY.statusAt,
      this.#talliesAt + (hasStatus ? TALLY.statuses + 4 * status : TALLY.nothing),
    );
    put(ENTRY_TALLY.requestsAt, this.#talliesAt + TALLY.requests + 4 * proxy);
    put(ENTRY_TALLY.clientMask, hasClient ? -1 : 0);
    put(ENTRY_TALLY.traffic + 4, 0);
    put(ENTRY_TALLY.latency + 4, 0);
  }

  /** Whether the table of keys is so full that it is time to {@link forget}. */
  get isFull(): boolean {
    const at = this.#area;
    const count = this.#bytes.readInt32LE(at + AREA.count);
    const keysEnd = this.#bytes.readInt32LE(at + AREA.keysEnd);
    return count > MAX_ENTRIES - 64 || keysEnd > at + AREA.end - 65_536;
  }

  /** Refuses lines whose heads name another process than this one, -1 being nobody; null takes them all. */
  watch(pid: number | null): void {
    const at = this.#area;
    this.#bytes.writeInt32LE(pid === null ? 0 : 1, at + AREA.watches);
    if (pid === null) return;
    const text = Buffer.alloc(8);
    const length = text.write(`${pid}]`);
    this.#bytes.set(text, at + AREA.pid);
    this.#bytes.fill(0, at + AREA.pidMask, at + AREA.pidMask + 8);
    this.#bytes.fill(255, at + AREA.pidMask, at + AREA.pidMask + length);
  }

  /** Drops all entries; their numbers are given anew. */
  forget(): void {
    const at = this.#area;
    this.#bytes.fill(0, at + AREA.slots, at + AREA.entries);
    const count = this.#bytes.readInt32LE(at + AREA.count);
    const tallies = at + AREA.tallies;
    this.#bytes.fill(0, tallies, tallies + (count << ENTRY_TALLY_SHIFT));
    this.#bytes.writeInt32LE(0, at + AREA.count);
    this.#bytes.writeInt32LE(at + AREA.keys, at + AREA.keysEnd);
    this.#bytes.writeInt32LE(1, at + AREA.stops);
    this.order?.reset();
  }

  /**
   * Teaches the minute that a time field lies in: `ms` is what the field's time came to.
   * @param stamped 1 where it came to local ms, to be set right by the head's stamp; 0 where heads have none and the source's
   *   zone was applied; -1 where the time is absolute by itself.
   */
  learnTime(start: number, end: number, ms: number, stamped: -1 | 0 | 1): void {
    const at = this.#area + AREA.wantsStamp;
    const times = this.#area + AREA.ownTimes;
    const isKnown = this.#bytes.readInt32LE(times + TIMES.length) !== 0;
    const isSame = !isKnown || this.#bytes.readInt32LE(at) === stamped;
    if (isSame && this.#learn(times, start, end, ms)) this.#bytes.writeInt32LE(stamped, at);
    // Times in a notation that cannot be learned are many: it is no use to wait for them.
    else this.#bytes.writeInt32LE(0, this.#area + AREA.stops);
  }

  /** The same for the stamp of a head. */
  learnStamp(start: number, end: number, ms: number): void {
    this.#learn(this.#area + AREA.stampTimes, start, end, ms);
  }

  /** One minute's memory; all times of a format must be written alike. */
  #learn(times: number, start: number, end: number, ms: number): boolean {
    const bytes = this.#bytes;
    const secondAt = bytes[start + 17] === COLON ? 18 : bytes[start + 16] === COLON ? 17 : -1;
    const length = end - start;
    if (secondAt < 0 || length < secondAt + 2 || length > 48 || !Number.isInteger(ms)) return false;
    const second = start + secondAt;
    let fraction = 0;
    if (bytes[second + 2] === DOT) while (isDigit(bytes[second + 3 + fraction]!)) fraction++;
    if (fraction > 0 && (fraction < 3 || second + 3 + fraction > end)) return false;
    const tailAt = secondAt + 2 + (fraction === 0 ? 0 : fraction + 1);
    const tail = length - tailAt;
    if (tail > 8) return false;
    const digits = (from: number, to: number): number =>
      Number(bytes.toString("latin1", from, to) || "0");
    const within =
      digits(second, second + 2) * 1000 + (fraction === 0 ? 0 : digits(second + 3, second + 6));
    if (!(within < 60_000)) return false;
    const shape = [length, secondAt, fraction, tailAt];
    const places = [TIMES.length, TIMES.secondAt, TIMES.fraction, TIMES.tailAt];
    const isKnown = bytes.readInt32LE(times + TIMES.length) !== 0;
    if (isKnown && places.some((place, k) => bytes.readInt32LE(times + place) !== shape[k]))
      return false;
    for (const [k, place] of places.entries()) bytes.writeInt32LE(shape[k]!, times + place);
    const mask = tail === 8 ? -1n : (1n << BigInt(8 * tail)) - 1n;
    bytes.writeBigInt64LE(mask, times + TIMES.tailMask);
    const minute = bytes[second - 2]! + 10 * bytes[second - 3]!;
    const slot = times + TIMES.slots + (minute & 15) * TIMES.slotBytes;
    bytes.copy(bytes, slot, start, start + 16);
    bytes.copy(bytes, slot + TIMES.near, second - 2, second);
    const tailBits = bytes.readBigInt64LE(start + tailAt) & mask;
    bytes.writeBigInt64LE(tailBits, slot + TIMES.tail);
    bytes.writeBigInt64LE(BigInt(ms - within), slot + TIMES.minute);
    return true;
  }
}
