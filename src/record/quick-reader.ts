// Lines that are like one that was read before: what that one came to, by the number of what they agree in.
import type { QuickLines, Tally } from "../grammar/index.ts";
import type { Head } from "../input/index.ts";
import { ISO_TIME } from "../input/index.ts";
import { isoTime } from "./times.ts";
import { firstLogged } from "./field-choice.ts";
import { ZONED, type Rec } from "./record.ts";

/** Lines before it is judged whether quick reading pays. */
const PATIENCE = 1 << 14;

/** What a sink made of a line, for it to count again; its own business. */
export type Outcome = object;

/** The quick reading of a format, and the outcomes met so far. */
export class QuickReader {
  readonly lines: QuickLines;
  /** By entry: undefined is not known yet, null says that each line must be read in full. */
  outcomes: (Outcome | null | undefined)[] = [];
  #user = "";
  #seen = 0;
  #repeated = 0;

  constructor(lines: QuickLines) {
    this.lines = lines;
  }

  /** False once too few lines of a source were like an earlier one, as where every line holds something of its own. */
  pays(user: string): boolean {
    return user !== this.#user || this.#seen < PATIENCE || this.#repeated * 8 > this.#seen;
  }

  /** Takes note of how many of so many lines were repeated. */
  note(seen: number, repeated: number): void {
    this.#seen += seen;
    this.#repeated += repeated;
  }

  /** Readies it for a source; what was learned from one with another clock or node does not hold for it. */
  use(user: string): void {
    if (user === this.#user && !this.lines.isFull) return;
    if (user !== this.#user) this.#seen = this.#repeated = 0;
    this.#user = user;
    this.lines.forget();
    this.outcomes = [];
  }

  /** Remembers what a line came to, and what lines like it are counted as without being handed back. */
  learn(entry: number, outcome: Outcome | null, tally: Tally | null): void {
    this.outcomes[entry] = outcome;
    if (outcome !== null) this.lines.tallyAs(entry, tally);
  }

  /**
   * Learns how the times of a line that was read in full are written.
   * @param clock how far the line's own time could be trusted.
   * @param localMs its time before it was brought to UTC.
   */
  learnTime(
    bytes: Uint8Array,
    spans: Int32Array,
    rec: Rec,
    head: Head,
    clock: number,
    localMs: number,
  ): void {
    const { time, isStart } = this.lines.quick;
    const at = firstLogged(spans, time);
    if (at < 0) return;
    const isStamped = clock !== ZONED && head.timeKind === ISO_TIME;
    const total = isStamped ? localMs : rec.timeMs;
    const ms = isStart ? total - Math.max(0, rec.durationMs) : total;
    this.lines.learnTime(
      spans[2 * at]!,
      spans[2 * at + 1]!,
      ms,
      clock === ZONED ? -1 : isStamped ? 1 : 0,
    );
    if (isStamped) {
      const stamp = isoTime(bytes, head.timeStart, head.timeEnd);
      this.lines.learnStamp(head.timeStart, head.timeEnd, stamp);
    }
  }
}
