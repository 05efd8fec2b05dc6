// The books of one source, added up from its parts.
import type { Source } from "../input/index.ts";
import type { SourceTally } from "../summary/index.ts";
import type { PartTally, Reading } from "./thread-reader.ts";
import type { ZoneChoice } from "./zones.ts";

const PROXIES = ["nginx", "haproxy", "envoy"] as const;

/** Adds up the parts of a source, given in their order. */
export function mergeTallies(
  source: Source,
  reading: Reading,
  zone: ZoneChoice,
  parts: readonly PartTally[],
): SourceTally {
  const sum = (key: "lines" | "records" | "misses" | "skipped" | "bytes"): number =>
    parts.reduce((total, part) => total + part[key], 0);
  const times = (key: "firstTime" | "lastTime"): number[] =>
    parts.flatMap((part) => (part[key] === null ? [] : [part[key]]));
  const formats = new Map<string, number>();
  for (const { byFormat } of parts) {
    for (const [name, lines] of Object.entries(byFormat))
      formats.set(name, (formats.get(name) ?? 0) + lines);
  }
  const names = [...formats]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([name]) => name);
  // A format that was learned late is no part of the reading; its name begins with the proxy's.
  const learned = PROXIES.find((name) => names[0]?.startsWith(name) === true);
  let linesBefore = 0;
  let firstMiss: SourceTally["firstMiss"] = null;
  for (const part of parts) {
    if (firstMiss === null && part.firstMiss !== null) {
      const { line, offset, why, text } = part.firstMiss;
      firstMiss = { line: linesBefore + line + 1, offset, why, text };
    }
    linesBefore += part.lines;
  }
  const [first, last] = [times("firstTime"), times("lastTime")];
  const notes = [...new Set(parts.flatMap(({ notes: own }) => own))];
  return {
    name: source.name,
    format: names.length === 0 ? "unknown" : names.join(" + "),
    proxy: reading.recipes[0]?.proxy ?? learned ?? null,
    node: reading.node === "" ? null : reading.node,
    bytes: sum("bytes"),
    lines: sum("lines"),
    records: sum("records"),
    misses: sum("misses"),
    skipped: sum("skipped"),
    firstTime: first.length === 0 ? null : Math.min(...first),
    lastTime: last.length === 0 ? null : Math.max(...last),
    firstMiss,
    notes,
    assumptions: zone.note === "" ? [] : [zone.note],
  };
}
