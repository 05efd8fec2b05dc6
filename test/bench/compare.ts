// Runs two commands or more in alternation and compares them pair by pair: medians of figures, medians of ratios.
import { measure, type Cost } from "./measure.ts";

/** What a comparison gave. Ratios are ours through theirs, round by round. */
export interface Comparison {
  readonly ours: Cost;
  readonly theirs: Cost;
  readonly wall: number;
  readonly cpu: number;
  /** null where memory is not measured. */
  readonly peak: number | null;
  /** Share of the machine that others had meanwhile: with much of it, wall clocks say little. */
  readonly others: number;
}

/** Runs `ours` and every other command in turn, round after round. */
export function compare(
  ours: string,
  theirs: readonly string[],
  rounds: number,
): readonly Comparison[] {
  const runs = Array.from({ length: rounds }, () => [ours, ...theirs].map(measure));
  return theirs.map((_, at) => {
    const pairs = runs.map((costs) => [costs[0]!, costs[at + 1]!] as const);
    const ratio = (of: (cost: Cost) => number): number =>
      median(pairs.map(([a, b]) => of(a) / of(b)));
    const hasPeak = pairs.every(([a, b]) => a.peakMb !== null && b.peakMb !== null);
    return {
      ours: typical(pairs.map(([a]) => a)),
      theirs: typical(pairs.map(([, b]) => b)),
      wall: ratio(({ wallMs }) => wallMs),
      cpu: ratio(({ cpuMs }) => cpuMs),
      peak: hasPeak ? ratio(({ peakMb }) => peakMb!) : null,
      others: median(pairs.flat().map(({ others }) => others)),
    };
  });
}

function typical(costs: readonly Cost[]): Cost {
  return {
    wallMs: median(costs.map(({ wallMs }) => wallMs)),
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    peakMb: costs.some(({ peakMb }) => peakMb === null)
      ? null
      : median(costs.map(({ peakMb }) => peakMb!)),
    others: median(costs.map(({ others }) => others)),
  };
}

/** The middle of some numbers, the mean of the two middle ones of an even count. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
