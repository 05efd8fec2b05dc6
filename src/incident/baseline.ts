// The usual failing rate of a key around each ten-minute block: a day back, an hour ahead, without what is known as a burst.
import { CONFIG } from "./config.ts";
import type { Series } from "./bins.ts";
import { firstAt } from "./rows.ts";

interface Block {
  d: number;
  r: number;
  /** The part inside bursts of the pass before. */
  maskedD: number;
  maskedR: number;
}

const PRIOR = CONFIG.priorFailures / CONFIG.priorRequests;

/** Number of the block a moment lies in. */
export function blockOf(time: number): number {
  return Math.floor(time / CONFIG.blockMs);
}

/** The baseline of one series; blocks are judged only where somebody asks, because most hold no failures. */
export class Baseline {
  readonly #blocks = new Map<number, Block>();
  readonly #series: Series;
  /** Until something was left out only the prior is trusted. */
  #isFirst = true;
  readonly #first: number;
  readonly #last: number;
  readonly #rates = new Map<number, number>();

  constructor(series: Series, dataStart: number) {
    this.#series = series;
    const { time, d, r, virtual } = series;
    const end = time.length;
    let at = 0;
    while (at < end) {
      const number = blockOf(time[at]!);
      const next = firstAt(time, at, end, (number + 1) * CONFIG.blockMs);
      const block = this.#at(number);
      for (; at < next; at++) {
        block.d += d[at]!;
        block.r += r[at]!;
      }
    }
    this.#first = blockOf(Math.min(dataStart, time[0] ?? dataStart, virtual?.from ?? Infinity));
    this.#last = blockOf(Math.max(time[end - 1] ?? dataStart, virtual?.to ?? -Infinity));
  }

  /** Leaves the bins of these bursts out of what is usual, instead of those left out before. */
  leaveOut(bursts: readonly { readonly first: number; readonly last: number }[]): void {
    const { time, d, r } = this.#series;
    this.#isFirst = false;
    this.#rates.clear();
    for (const block of this.#blocks.values()) block.maskedD = block.maskedR = 0;
    for (const { first, last } of bursts) {
      for (let at = first; at <= last; at++) {
        const block = this.#at(blockOf(time[at]!));
        block.maskedD += d[at]!;
        block.maskedR += r[at]!;
      }
    }
  }

  /** The baseline rate in a block. */
  rate(block: number): number {
    const known = this.#rates.get(block);
    if (known !== undefined) return known;
    const rate = this.#judge(block);
    this.#rates.set(block, rate);
    return rate;
  }

  /** Requests and failures of a block. */
  totals(block: number): { readonly d: number; readonly r: number } {
    const { d, r } = this.#blocks.get(block) ?? { d: 0, r: 0 };
    return { d: d + this.#virtualOf(block), r };
  }

  #judge(block: number): number {
    const from = Math.max(this.#first, block - CONFIG.blocksBack);
    const to = Math.min(
      this.#last,
      Math.max(block + CONFIG.blocksAhead, this.#first + CONFIG.blocksColdAhead),
    );
    const present: { d: number; r: number }[] = [];
    let d = 0;
    let r = 0;
    for (let k = from; k <= to; k++) {
      const cell = this.#blocks.get(k);
      const requests = (cell?.d ?? 0) + this.#virtualOf(k);
      if (requests === 0) continue;
      present.push({ d: requests, r: cell?.r ?? 0 });
      d += requests - (cell?.maskedD ?? 0);
      r += (cell?.r ?? 0) - (cell?.maskedR ?? 0);
    }
    let rate = this.#isFirst ? PRIOR : (r + CONFIG.priorFailures) / (d + CONFIG.priorRequests);
    if (present.length >= CONFIG.blocksLeast) rate = Math.max(rate, lowerQuartile(present));
    return Math.min(CONFIG.usualMost, rate);
  }

  #virtualOf(block: number): number {
    const { virtual } = this.#series;
    if (virtual === null) return 0;
    const from = Math.max(virtual.from, block * CONFIG.blockMs);
    const to = Math.min(virtual.to, (block + 1) * CONFIG.blockMs);
    return to <= from ? 0 : Math.round((to - from) / 1000);
  }

  #at(number: number): Block {
    let block = this.#blocks.get(number);
    if (block === undefined)
      this.#blocks.set(number, (block = { d: 0, r: 0, maskedD: 0, maskedR: 0 }));
    return block;
  }
}

/** The rate that a quarter of the requests stay below, over blocks joined until each says something. */
function lowerQuartile(blocks: readonly { readonly d: number; readonly r: number }[]): number {
  const joined: { d: number; r: number }[] = [];
  // Four stretches at least, so that a quarter can be told from the rest.
  const most = Math.min(CONFIG.superBlockBlocks, Math.floor(blocks.length * CONFIG.quantile));
  let d = 0;
  let r = 0;
  let n = 0;
  for (const block of blocks) {
    d += block.d;
    r += block.r;
    n++;
    const isTelling = d >= CONFIG.superBlockRequests && r >= CONFIG.superBlockFailures;
    if (!isTelling && n < most) continue;
    joined.push({ d, r });
    d = r = n = 0;
  }
  if (d > 0) joined.push({ d, r });
  joined.sort((a, b) => a.r * b.d - b.r * a.d || a.d - b.d);
  const total = joined.reduce((sum, block) => sum + block.d, 0);
  let seen = 0;
  for (const block of joined) {
    seen += block.d;
    if (seen >= CONFIG.quantile * total) return block.r / block.d;
  }
  return 0;
}
