// What every part of the text report is made from.
import type { Analysis, Incident } from "../incident/index.ts";
import type { Summary } from "../summary/index.ts";
import type { Clock } from "./clock.ts";
import type { LogSpan } from "./text-reading.ts";
import type { Words } from "./words.ts";

/** Everything the parts of the text report are made from. */
export interface Story {
  readonly summary: Summary;
  readonly analysis: Analysis;
  readonly words: Words;
  readonly clock: Clock;
  readonly span: LogSpan;
}

/** What the failing upstream did, in plain words. */
export function phraseOf(story: Story, incident: Incident): string {
  const lead = incident.reasons[0];
  return lead === undefined ? "failed" : story.words(lead.reason).phrase;
}

/** True when every failure comes from an error log whose requests no access log counted. */
export function isUncounted({ summary }: Story, incident: Incident): boolean {
  if (summary.totals.requests === 0) return true;
  const names = new Set(incident.upstreams.map(({ proxy, pool, peer }) => key(proxy, pool, peer)));
  const cells = summary.failures.filter((cell) => {
    if (cell.lastMs < incident.start || cell.firstMs > incident.end) return false;
    const upstream = summary.upstreams[cell.upstream];
    return upstream !== undefined && names.has(key(upstream.proxy, upstream.pool, upstream.peer));
  });
  return cells.length > 0 && cells.every((cell) => cell.uncounted);
}

function key(proxy: string, pool: string | null, peer: string | null): string {
  return JSON.stringify([proxy, pool, peer]);
}
