// Sees that a daemon writes each failing line twice: log-separate-errors raises their level, and two rules file them together.
import type { Exemplar } from "./summary.ts";

/** With fewer examples, two requests that look alike may be chance. */
const LEAST_EXAMPLES = 6;
const LEAST_SHARE = 0.6;

/** What is said of such a source; the lines are counted as they stand. */
export const DOUBLED =
  "its failing lines stand in it twice, so failures count double against requests: two log rules file the same line (log-separate-errors)";

/**
 * The sources whose failing lines mostly have a twin: the same line, to the client's port and the millisecond. Of the
 * examples those with the smallest hashes are kept, and twins have the same one, so the sample tells.
 */
export function doubledSources(exemplars: readonly Exemplar[]): ReadonlySet<string> {
  const bySource = new Map<string, Map<string, number>>();
  for (const { role, source, text } of exemplars) {
    if (role !== "failure") continue;
    let lines = bySource.get(source);
    if (lines === undefined) bySource.set(source, (lines = new Map()));
    const message = text.slice(text.indexOf("]: ") + 1);
    lines.set(message, (lines.get(message) ?? 0) + 1);
  }
  const doubled = new Set<string>();
  for (const [source, lines] of bySource) {
    let all = 0;
    let twins = 0;
    for (const count of lines.values()) {
      all += count;
      if (count > 1) twins += count;
    }
    if (all >= LEAST_EXAMPLES && twins >= LEAST_SHARE * all) doubled.add(source);
  }
  return doubled;
}
