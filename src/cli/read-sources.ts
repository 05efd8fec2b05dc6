// Sources in, one frozen Summary out: samples them, decides zones, shares the reading, merges, and keeps the books.
// Longer than most files: it holds all steps of a run in their order.
import { statSync } from "node:fs";
import type { Readable } from "node:stream";
import type { Recipe, Texts } from "../grammar/index.ts";
import {
  layoutOf,
  readHead,
  readLayout,
  sampleDocuments,
  sampleExport,
  sampleObjects,
  type OnLines,
  type Source,
} from "../input/index.ts";
import {
  chooseReading,
  repeatsAnHour,
  EVERYTHING,
  type ReadingChoice,
  type Reread,
  type SelectionSpec,
} from "../record/index.ts";
import {
  freeze,
  mergePart,
  type PartPlace,
  type SourceTally,
  type Summary,
} from "../summary/index.ts";
import { IdleWatch } from "./idle-watch.ts";
import { jobsOf, mostJobs, workersFor, type PartOf } from "./jobs.ts";
import { openFifo, openPipe, type Pipe } from "./pipe.ts";
import { Pool } from "./pool.ts";
import { mergeTallies } from "./source-tally.ts";
import { tallyOf, ThreadReader, type PartTally, type Reading } from "./thread-reader.ts";
import { withSuspectedZones } from "./zone-shift.ts";
import { chooseZones, type ZoneChoice } from "./zones.ts";

const HALF_YEAR_MS = 182 * 86_400_000;

/** What to read and how. */
export interface ReadRequest {
  readonly sources: readonly Source[];
  readonly stdin: () => Readable;
  readonly texts: Texts;
  /** The formats that the user or a configuration gives a source; none to find out. */
  readonly given: (source: Source) => readonly Recipe[];
  /** A zone the user gave; null to find out. */
  readonly zone: string | null;
  readonly systemZone: string;
  readonly selection: SelectionSpec;
  readonly threads: number;
  /** True where the user asked for so many, be they worth their start or not. */
  readonly isAsked: boolean;
  /** Leaves this thread free for a screen. */
  readonly keepFree: boolean;
  readonly now: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Called when a pipe has nothing more to give for now; `look` freezes what was read so far. */
  readonly onIdle: ((look: () => Summary) => void) | null;
}

/** How far the reading is. */
export interface Progress {
  readonly bytes: number;
  readonly totalBytes: number | null;
  readonly lines: number;
}

/** What was read. */
export interface ReadResult {
  readonly summary: Summary;
  readonly interrupted: boolean;
  /** Formats and shares per source, for messages about them. */
  readonly choices: readonly ReadingChoice[];
}

/**
 * Reads all sources.
 * @throws InputError when one of them cannot be read.
 */
export async function readSources(request: ReadRequest): Promise<ReadResult> {
  const { sources, texts, selection } = request;
  const setup = { texts, selection };
  const pool = new Pool(workersFor(sources, request, mostJobs(sources)), setup);
  try {
    return await readShared(request, pool, new ThreadReader(setup));
  } finally {
    // Whatever went wrong, no thread keeps the program from ending.
    pool.keep(0);
  }
}

async function readShared(
  request: ReadRequest,
  pool: Pool,
  thread: ThreadReader,
): Promise<ReadResult> {
  const { sources } = request;
  const pipes = new Map<number, Pipe>();
  const heads: Uint8Array[] = [];
  for (const [at, source] of sources.entries()) {
    if (source.isPipe) {
      const stream = source.path === null ? request.stdin() : await openFifo(source.path);
      pipes.set(at, await openPipe(stream, request.signal));
    }
    heads.push(pipes.get(at)?.head ?? (await readHead(source)));
  }
  const samples = await Promise.all(heads.map(sampleOf));
  const choices = samples.map((sample, at) =>
    chooseReading(sample, thread.catalogue, thread.shelf.reader, request.given(sources[at]!)),
  );
  const zones = chooseZones(choices, request.zone, request.systemZone);
  const dated = choices.flatMap(({ firstTime }) => (firstTime === null ? [] : [firstTime]));
  const neighbour = dated.length === 0 ? null : Math.min(...dated);
  const readings = sources.map((source, at) =>
    readingOf(source, heads[at]!, choices[at]!, zones[at]!, request.now, neighbour),
  );
  thread.readings = readings;
  const { jobs, parts } = jobsOf(sources, readings);
  const totalBytes =
    pipes.size === 0 ? sources.reduce((sum, { size }) => sum + (size ?? 0), 0) : null;
  const progress = { bytes: 0, totalBytes, lines: 0 };
  const onBytes = (bytes: number): void => {
    progress.bytes += bytes;
    request.onProgress({ ...progress });
  };
  const piped = [...pipes].map(([source, pipe]) => ({
    ...{ source, pipe },
    part: parts.push({ source, linesBefore: 0 }) - 1,
  }));
  pool.keep(workersFor(sources, request, jobs.length));
  const result = await pool.run(jobs, {
    readings,
    here: request.keepFree && jobs.length > 0 ? null : thread,
    signal: request.signal,
    onBytes,
    onLines: (lines) => {
      progress.lines += lines;
      request.onProgress({ ...progress });
    },
  });
  for (const part of result.parts) mergePart(thread.cells, part);
  const tallies = [...result.tallies];
  const look = (all: readonly PartTally[] = tallies): Summary => {
    const told = books(sources, readings, zones, parts, all);
    const reread = (source: number): Reread => thread.reread(readings[source]!);
    const summary = freeze(thread.cells, told, places(sources, reread, parts, all));
    return withSuspectedZones(summary, choices, zones);
  };
  for (const { source, pipe, part } of piped) {
    if (request.signal.aborted) break;
    const opened = thread.open(part, readings[source]!);
    const linesBefore = progress.lines;
    const lookNow = (): Summary => look([...tallies, tallyOf(part, opened, [])]);
    const watch = request.onIdle === null ? null : new IdleWatch(() => request.onIdle!(lookNow));
    const onLines: OnLines = (bytes, start, end, offset) => {
      opened.onLines(bytes, start, end, offset);
      progress.bytes += end - start;
      progress.lines = linesBefore + opened.reader.lines;
      request.onProgress({ ...progress });
      watch?.touch();
    };
    const outcome = await readLayout(
      pipe.rest,
      readings[source]!.layout,
      onLines,
      request.signal,
      thread.room,
      pipe.forgive,
    );
    opened.finish();
    watch?.stop();
    tallies.push(tallyOf(part, opened, outcome.notes));
  }
  return { summary: look(), interrupted: request.signal.aborted, choices };
}

/** How files look at a first glance, before the reading: enough for the zone their times are shown in. */
export async function previewChoices(request: ReadRequest): Promise<ReadingChoice[]> {
  const thread = new ThreadReader({ texts: request.texts, selection: EVERYTHING });
  const files = request.sources.filter(({ isPipe }) => !isPipe);
  const { catalogue, shelf } = thread;
  const choices: ReadingChoice[] = [];
  for (const source of files) {
    const sample = await sampleOf(await readHead(source));
    choices.push(chooseReading(sample, catalogue, shelf.reader, request.given(source)));
  }
  return choices;
}

/** Lines of a source's beginning, whatever its layout. */
async function sampleOf(head: Uint8Array): Promise<Uint8Array> {
  switch (layoutOf(head)) {
    case "lines":
      return head;
    case "documents":
      return sampleDocuments(head);
    case "objects":
      return sampleObjects(head);
    case "export":
      return sampleExport(head);
  }
}

function readingOf(
  source: Source,
  head: Uint8Array,
  choice: ReadingChoice,
  zone: ZoneChoice,
  now: number,
  neighbour: number | null,
): Reading {
  const written = source.path === null || source.isPipe ? now : statSync(source.path).mtimeMs;
  return {
    recipes: choice.formats.map(({ recipe }) => recipe),
    layout: layoutOf(head),
    hasEnvelope: choice.hasEnvelope,
    unwrap: choice.unwrap,
    mayLearn: choice.mayLearn,
    zone: zone.zone,
    // A log without any year: the one of its neighbours, else no line is later than the file.
    nearMs: choice.firstTime ?? neighbour ?? written - HALF_YEAR_MS,
    isOrdered:
      choice.isLocal &&
      repeatsAnHour(zone.zone, choice.firstTime ?? written - 2 * HALF_YEAR_MS, written),
    node: "",
  };
}

/** Lines before each part: known once the parts before it were read. */
function places(
  sources: readonly Source[],
  reread: (source: number) => Reread,
  parts: readonly PartOf[],
  tallies: readonly PartTally[],
): PartPlace[] {
  const linesOf = new Map(tallies.map(({ part, lines }) => [part, lines]));
  const before = new Map<number, number | null>();
  return parts.map(({ source }, part) => {
    const linesBefore = before.has(source) ? before.get(source)! : 0;
    const lines = linesOf.get(part);
    before.set(source, linesBefore === null || lines === undefined ? null : linesBefore + lines);
    return { source: sources[source]!.name, linesBefore, reread: () => reread(source) };
  });
}

function books(
  sources: readonly Source[],
  readings: readonly Reading[],
  zones: readonly ZoneChoice[],
  parts: readonly PartOf[],
  tallies: readonly PartTally[],
): SourceTally[] {
  return sources.map((source, at) => {
    const own = tallies
      .filter(({ part }) => parts[part]!.source === at)
      .sort((a, b) => a.part - b.part);
    return mergeTallies(source, readings[at]!, zones[at]!, own);
  });
}

/** Time of the last record of all sources, read without counting anything else. */
export async function lastRecordTime(request: ReadRequest): Promise<number | null> {
  const { summary } = await readSources({ ...request, selection: EVERYTHING, onIdle: null });
  const times = summary.sources.flatMap(({ lastTime }) => (lastTime === null ? [] : [lastTime]));
  return times.length === 0 ? null : Math.max(...times);
}
