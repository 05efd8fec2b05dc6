// What the logs could not tell, and the fields to add so that the next ones do.
import type { Summary } from "../summary/index.ts";
import type { Gap } from "./incident.ts";
import type { Knowledge } from "./knowledge.ts";
import { isCounted, sizeOf } from "./rows.ts";

/** A vague reason is worth a gap when it is this share of a proxy's failures. */
const LEAST_SHARE = 0.05;

/** The gaps of a summary, the one that hides most failures first. */
export function gapsOf(summary: Summary, knowledge: Knowledge): Gap[] {
  const counts = new Map<string, number>();
  const totals = new Map<string, number>();
  for (const cell of summary.failures) {
    if (!isCounted(cell)) continue;
    const { proxy } = summary.upstreams[cell.upstream]!;
    const key = `${proxy} ${cell.reason}`;
    counts.set(key, (counts.get(key) ?? 0) + sizeOf(cell));
    totals.set(proxy, (totals.get(proxy) ?? 0) + sizeOf(cell));
  }
  const found = new Map<string, { gap: Gap; count: number }>();
  for (const [reason, { gaps }] of Object.entries(knowledge.reasons)) {
    for (const { proxy, missing, why, add } of gaps) {
      const count = counts.get(`${proxy} ${reason}`) ?? 0;
      if (count === 0 || count < LEAST_SHARE * totals.get(proxy)!) continue;
      const known = found.get(add);
      if (known === undefined) found.set(add, { gap: { missing, why, add }, count });
      else known.count += count;
    }
  }
  return [...found.values()]
    .sort((a, b) => b.count - a.count || (a.gap.add < b.gap.add ? -1 : 1))
    .map(({ gap, count }) => ({ ...gap, why: gap.why.replace("{n}", String(count)) }));
}
