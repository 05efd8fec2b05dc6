// Small pictures made of characters: failures over time, and a peer's failing share over time.

const LEVELS = { unicode: "▁▂▃▄▅▆▇█", ascii: ".:-=#" } as const;
const SHADES = { unicode: "·░▒▓", ascii: ".-=#" } as const;

/** `values` summed into at most `columns` groups of equal size (the last may be smaller); a step is never split. */
export function regroup(values: readonly number[], columns: number): number[] {
  const size = groupSize(values.length, columns);
  const groups = new Array<number>(Math.ceil(values.length / size)).fill(0);
  values.forEach((value, i) => (groups[Math.floor(i / size)]! += value));
  return groups;
}

/** How many steps make one column when `steps` are drawn in at most `columns`. */
export function groupSize(steps: number, columns: number): number {
  return Math.max(1, Math.ceil(steps / Math.max(1, columns)));
}

/** One character a value. The lowest level means exactly none, so that a single failure can be seen. */
export function sparkline(values: readonly number[], unicode: boolean): string {
  const levels = unicode ? LEVELS.unicode : LEVELS.ascii;
  const top = values.reduce((most, value) => Math.max(most, value), 0);
  return values
    .map((value) =>
      value <= 0
        ? levels[0]!
        : levels[Math.max(1, Math.round((value / top) * (levels.length - 1)))]!,
    )
    .join("");
}

/**
 * One character a step for a failing share of 0..1; null (no traffic) is blank. Several steps in a column show the worst.
 */
export function strip(
  shares: readonly (number | null)[],
  columns: number,
  unicode: boolean,
): string {
  const shades = unicode ? SHADES.unicode : SHADES.ascii;
  const size = groupSize(shares.length, columns);
  let drawn = "";
  for (let i = 0; i < shares.length; i += size) {
    const known = shares.slice(i, i + size).filter((share) => share !== null);
    if (known.length === 0) drawn += "\u00a0";
    else drawn += shades[shade(Math.max(...known))]!;
  }
  return drawn;
}

/** What the characters of {@link strip} mean. */
export function stripLegend(unicode: boolean): string {
  return unicode ? "· fine ░ ▒ ▓ failing" : ". fine - = # failing";
}

function shade(share: number): number {
  if (share <= 0) return 0;
  return share < 1 / 3 ? 1 : share < 2 / 3 ? 2 : 3;
}
