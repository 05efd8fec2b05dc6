// How the reading went and how far it is, in words.
import { count, escapeForTerminal, plural } from "../report/index.ts";
import type { SourceTally } from "../summary/index.ts";
import type { Snapshot } from "./feed.ts";
import { formatBytes } from "./format.ts";

/** From this share of lines on, what was not understood is said before anything else. */
const BAD_SHARE = 0.01;

/** The source that was read worst, as a sentence with what to do; null where the reading can be trusted. */
export function readingWarning(snapshot: Snapshot): string | null {
  let worst: SourceTally | null = null;
  for (const source of snapshot.summary?.sources ?? []) {
    if (source.misses < BAD_SHARE * source.lines || source.misses === 0) continue;
    if (worst === null || source.misses > worst.misses) worst = source;
  }
  if (worst === null) return null;
  const name = escapeForTerminal(worst.name.slice(worst.name.lastIndexOf("/") + 1));
  const told = `${count(worst.misses)} of ${plural(worst.lines, "line")} of ${name} not understood: run why502 formats`;
  const miss = worst.firstMiss;
  if (miss === null) return told;
  const place = miss.line === null ? `byte ${miss.offset}` : `line ${miss.line}`;
  return `${told} (${place}: ${escapeForTerminal(miss.why)})`;
}

/** One line about how much was read and whether all of it was understood. */
export function readingStatus(snapshot: Snapshot): string {
  const { summary } = snapshot;
  if (summary === null) return "";
  const total = (what: "lines" | "misses" | "skipped"): number =>
    summary.sources.reduce((sum, source) => sum + source[what], 0);
  const [lines, misses, skipped] = [total("lines"), total("misses"), total("skipped")];
  const parts = [plural(summary.sources.length, "source")];
  if (misses === 0 && skipped === 0) parts.push(`every one of ${plural(lines, "line")} read`);
  else {
    parts.push(plural(lines, "line"));
    if (misses > 0) parts.push(`${count(misses)} not understood`);
    if (skipped > 0) parts.push(`${count(skipped)} skipped`);
  }
  return parts.join(" · ");
}

/** How far the reading is: `reading 34 % · 12 MB of 36 MB · 120,000 lines`; null once all is read. */
export function progressText(snapshot: Snapshot): string | null {
  const { bytes, totalBytes, lines, done, live } = snapshot.progress;
  if (done) return null;
  const figures =
    totalBytes === null || totalBytes <= 0
      ? formatBytes(bytes)
      : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`;
  const share =
    totalBytes === null || totalBytes <= 0
      ? ""
      : ` ${Math.min(100, Math.floor((100 * bytes) / totalBytes))} %`;
  const what = live
    ? "live"
    : bytes === 0 && lines === 0
      ? "waiting for the first line"
      : "reading";
  return `${what}${share} · ${figures} · ${plural(lines, "line")}`;
}
