// The kept lines of an incident: failing ones as examples, and good ones to compare them with.
import type { Exemplar } from "../summary/index.ts";
import { CONFIG } from "./config.ts";
import type { Indexed } from "./rows.ts";

/** Those of the failing rows while they failed, and of their pools around that time. */
export function linesOf(
  index: Indexed,
  failing: ReadonlySet<number>,
  start: number,
  end: number,
): { readonly examples: readonly Exemplar[]; readonly controls: readonly Exemplar[] } {
  const places = new Set<string>();
  for (const row of failing) {
    const { proxy, node, pool } = index.rows[row]!.upstream;
    places.add(JSON.stringify([proxy, node, pool]));
    // A line without upstream fields stands under its proxy alone, and its error line told the peer.
    if (index.rows[row]!.requests === 0) places.add(JSON.stringify([proxy, node, null]));
  }
  const near = new Set<number>();
  for (const { index: row, upstream } of index.rows) {
    const { proxy, node, pool } = upstream;
    if (places.has(JSON.stringify([proxy, node, pool]))) near.add(row);
  }
  const { nearMs } = CONFIG.attribution;
  const examples: Exemplar[] = [];
  const controls: Exemplar[] = [];
  for (const exemplar of index.summary.exemplars) {
    const { role, time } = exemplar;
    if (time < start - nearMs || time > end + nearMs || !near.has(exemplar.upstream)) continue;
    if (role === "control") controls.push(exemplar);
    else if (time >= start - 1000 && time <= end + 1000) {
      const { pool, peer } = index.rows[exemplar.upstream]!.upstream;
      if (failing.has(exemplar.upstream) || (pool === null && peer === null))
        examples.push(exemplar);
    }
  }
  const { controlsAnExample, leastControls } = CONFIG.attribution;
  const enough = Math.max(leastControls, controlsAnExample * examples.length);
  return { examples, controls: thinned(controls, enough) };
}

/** So many of them, from all of time alike. */
function thinned<T>(lines: readonly T[], most: number): readonly T[] {
  if (lines.length <= most) return lines;
  return Array.from({ length: most }, (_, k) => lines[Math.floor((k * lines.length) / most)]!);
}
