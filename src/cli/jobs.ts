// How the reading is shared: files become jobs, and jobs are worth so many threads.
import type { Range, Source } from "../input/index.ts";
import type { Job, Reading } from "./thread-reader.ts";

/** Bytes of a plain file that one job covers. */
const SLICE = 8 << 20;
/** The same at the end of a file, and how much of the file that is. */
const SMALL_SLICE = 2 << 20;
const SMALL_SLICES = 16 << 20;
/** A file no longer than this is one job. */
const WHOLE = 12 << 20;
/** Below this many bytes of log a worker's start costs more than it saves: quiet logs are read as fast by one thread alone. */
const WORKER_WORTH = 256 << 20;
/** Bytes of log in a byte of a packed file, about. */
const PACKED = 8;

/** The threads there may be: whether the user asked for so many, and whether this one is to be left free for a screen. */
interface Threads {
  readonly threads: number;
  readonly isAsked: boolean;
  readonly keepFree: boolean;
}

/** Worker threads for so many jobs; none where they cost more than they save. */
export function workersFor(
  sources: readonly Source[],
  { threads, isAsked, keepFree }: Threads,
  jobs: number,
): number {
  if (jobs === 0) return 0;
  if (keepFree) return Math.min(threads, jobs);
  const bytes = sources.reduce(
    (sum, { size, packing }) => sum + (size ?? 0) * (packing === "plain" ? 1 : PACKED),
    0,
  );
  if (bytes < WORKER_WORTH && !isAsked) return 0;
  // One that unpacks what this thread reads.
  const isPacked = jobs === 1 && sources.some(({ packing }) => packing !== "plain");
  return Math.min(threads, isPacked ? 2 : jobs) - 1;
}

/** The jobs there are if every plain file can be read in slices. */
export function mostJobs(sources: readonly Source[]): number {
  const files = sources.filter(({ isPipe }) => !isPipe);
  return files.reduce(
    (sum, { packing, size }) => sum + (packing === "plain" ? slicesOf(size).length : 1),
    0,
  );
}

/** The ranges in which threads share a plain file; the last ones are small, so that threads end together. */
function slicesOf(size: number | null): Range[] {
  // A short file is read in one go: what stands before its first time, or in a format of its own, is better seen whole.
  if (size === null || size <= WHOLE) return [{ from: 0, to: size ?? Infinity }];
  const ranges: Range[] = [];
  for (let from = 0; from < size;) {
    const left = size - from;
    const to = from + Math.min(left, left > SMALL_SLICES ? SLICE : SMALL_SLICE);
    ranges.push({ from, to });
    from = to;
  }
  return ranges;
}

/** A part of a source, as jobs read it. */
export interface PartOf {
  readonly source: number;
  readonly linesBefore: number | null;
}

/** Who reads what: jobs of whole files or of ranges, and the parts they are. */
export function jobsOf(
  sources: readonly Source[],
  readings: readonly Reading[],
): { jobs: Job[]; parts: PartOf[] } {
  const jobs: Job[] = [];
  const parts: PartOf[] = [];
  for (const [at, source] of sources.entries()) {
    if (source.path === null || source.isPipe) continue;
    // A line's parts may lie on both sides of any cut.
    const isWhole =
      source.packing !== "plain" ||
      source.size === null ||
      readings[at]!.layout !== "lines" ||
      readings[at]!.unwrap !== null ||
      readings[at]!.isOrdered;
    const ranges = isWhole ? [{ from: 0, to: source.size ?? Infinity }] : slicesOf(source.size);
    for (const range of ranges) {
      const part = parts.push({ source: at, linesBefore: null }) - 1;
      jobs.push({ part, path: source.path, packing: source.packing, range, reading: at });
    }
  }
  return { jobs, parts };
}
