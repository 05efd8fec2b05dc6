// One thread's worth of reading: jobs in, tallies and cells out. The main thread and every worker hold one.
// Longer than most files: the plain data that threads exchange is declared where it is used.
import { createReadStream } from "node:fs";
import {
  readCatalogue,
  ScanMemory,
  type Catalogue,
  type Recipe,
  type Texts,
} from "../grammar/index.ts";
import {
  openUnpacked,
  ObjectJoiner,
  readLayout,
  readPacked,
  readRange,
  readStream,
  unpackNote,
  Unwrapper,
  type Depth,
  type Layout,
  type LineRoom,
  type OnLines,
  type Packing,
  type Range,
  type ReadOutcome,
  type UnpackElsewhere,
} from "../input/index.ts";
import {
  chooseReading,
  isDamaged,
  isGuessed,
  LineReader,
  LocalClock,
  Names,
  ReaderShelf,
  Reread,
  selectionOf,
  type FirstMiss,
  type FormatReader,
  type Learn,
  type Others,
  type Rec,
  type Repeats,
  type Selection,
  type SelectionSpec,
  type Sink,
} from "../record/index.ts";
import { repeatsOf } from "./repeats.ts";
import { Cells, partOf, type CellsPart, type Place } from "../summary/index.ts";

/** What every thread needs to know before its first job. Plain data. */
export interface ThreadSetup {
  readonly texts: Texts;
  readonly selection: SelectionSpec;
}

/** A source, or a part of one, to be read. Plain data. */
export interface Job {
  /** Number of the part; unique in a run. */
  readonly part: number;
  readonly path: string;
  readonly packing: Packing;
  readonly range: Range;
  /** Index of its source's reading. */
  readonly reading: number;
}

/** How a source is read. Plain data. */
export interface Reading {
  readonly recipes: readonly Recipe[];
  readonly layout: Layout;
  readonly hasEnvelope: boolean;
  /** How far lines are unwrapped before they are read; null where peeling one head does. */
  readonly unwrap: Depth | null;
  /** True where the user named no format: lines that none fits may tell one later. */
  readonly mayLearn: boolean;
  readonly zone: string;
  /** True where an hour may come twice, so that the order of lines tells which is which. */
  readonly isOrdered: boolean;
  readonly nearMs: number;
  /** The node for lines whose envelope names none; "" for none. */
  readonly node: string;
}

/** What became of a part's lines. */
export interface PartTally {
  readonly part: number;
  readonly lines: number;
  readonly records: number;
  readonly misses: number;
  readonly skipped: number;
  readonly bytes: number;
  readonly firstTime: number | null;
  readonly lastTime: number | null;
  readonly firstMiss: FirstMiss | null;
  readonly byFormat: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

/** A source being read. */
export interface Opened {
  readonly reader: LineReader;
  readonly onLines: OnLines;
  /** Hands on what waits for more. */
  readonly finish: () => void;
  /** Bytes of the lines taken in, their envelopes included. */
  readonly taken: () => number;
}

/** Reads parts and counts what is in them. */
export class ThreadReader implements Sink {
  readonly cells: Cells;
  readonly catalogue: Catalogue;
  readonly shelf: ReaderShelf;
  /** Where this thread's lines are read into. */
  readonly room = new ScanMemory();
  readonly #names = new Names();
  readonly #selection: Selection | null;
  readonly #place: Place = { part: 0, line: 0, offset: 0 };
  readonly #rereads = new Map<Reading, Reread>();
  #current: LineReader | null = null;
  /** Absent where a selection has to look at every record. */
  readonly repeats?: Repeats;
  /** How each source is read; jobs name one by its index. */
  readings: readonly Reading[] = [];

  constructor(setup: ThreadSetup) {
    this.catalogue = readCatalogue(setup.texts);
    this.cells = new Cells(this.#names, this.room.tallies);
    this.shelf = new ReaderShelf(setup.texts, this.#names);
    this.#selection = selectionOf(setup.selection, this.#names);
    if (this.#selection === null) this.repeats = repeatsOf(this.cells, () => this.#placeNow());
  }

  /** Sink: counts a record the user wants. */
  accept(
    rec: Rec,
    proxy: number,
    node: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    if (this.#selection !== null && !this.#selection(rec, proxy, node, bytes)) return false;
    this.cells.add(rec, proxy, node, bytes, start, end, this.#placeNow());
    return true;
  }

  #placeNow(): Place {
    const { lines, lineOffset } = this.#current!;
    this.#place.line = lines;
    this.#place.offset = lineOffset;
    return this.#place;
  }

  /** A reader of lines for one source; used directly for standard input. */
  open(part: number, reading: Reading): Opened {
    const formats = reading.recipes.map((recipe) => this.shelf.inMemory(recipe, this.room));
    const plan = {
      formats,
      // Lines that are only counted do not tell the clock which of two equal hours it is.
      memory: reading.isOrdered ? null : this.room.bytes,
      others: this.#others(formats),
      rest: this.shelf.restOf(formats),
      // Lines read later than they came do not tell which of two equal hours it is.
      learn: reading.mayLearn && !reading.isOrdered ? this.#learn : null,
      hasEnvelope: reading.hasEnvelope,
      clock: new LocalClock(reading.zone),
      nearMs: reading.nearMs,
      node: reading.node === "" ? 0 : this.#names.internText(reading.node),
    };
    const reader = new LineReader(plan, this.#names, this);
    const onLines: OnLines = (bytes, start, end, offset) => {
      this.#current = reader;
      this.#place.part = part;
      reader.read(bytes, start, end, offset);
    };
    const unwrapper = reading.unwrap === null ? null : new Unwrapper(onLines, reading.unwrap);
    const unwrapped: OnLines = unwrapper === null ? onLines : unwrapper.read.bind(unwrapper);
    const joiner = reading.layout === "objects" ? new ObjectJoiner(unwrapped) : null;
    return {
      reader,
      onLines: joiner === null ? unwrapped : joiner.read.bind(joiner),
      finish: () => {
        joiner?.finish();
        reader.end();
      },
      taken: () => unwrapper?.bytes ?? reader.bytes,
    };
  }

  /** Reads one job to its end, or until the signal. */
  async run(
    job: Job,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
    elsewhere: UnpackElsewhere | null = null,
  ): Promise<PartTally> {
    const opened = this.open(job.part, this.readings[job.reading]!);
    const outcome = await read(
      job,
      this.readings[job.reading]!.layout,
      opened.onLines,
      signal,
      onBytes,
      this.room,
      elsewhere,
    );
    opened.finish();
    if (job.packing === "plain" && isByRange(this.readings[job.reading]!.layout))
      onBytes(job.range.to - job.range.from);
    return tallyOf(job.part, opened, outcome.notes);
  }

  /** Reads lines of a source again that were only counted. */
  reread(reading: Reading): Reread {
    const known = this.#rereads.get(reading);
    if (known !== undefined) return known;
    const made = new Reread(this.shelf.reader(reading.recipes[0]!), reading.hasEnvelope);
    this.#rereads.set(reading, made);
    return made;
  }

  part(): CellsPart {
    return partOf(this.cells);
  }

  /** Formats that are guessed from lines, or whose keys are told by their meaning: all others were tried. */
  readonly #learn: Learn = (sample) =>
    chooseReading(sample, this.catalogue, this.shelf.reader, [])
      .formats.filter(({ recipe }) => isGuessed(recipe.name) || recipe.how.kind === "json")
      .map(({ recipe, lines }) => ({ format: this.shelf.reader(recipe), lines }));

  #others(own: readonly FormatReader[]): Others {
    const known = new Set(own.map(({ recipe }) => recipe.name));
    return (bytes, start, end) =>
      isDamaged(own, bytes, start, end)
        ? []
        : this.shelf
            .fitting(this.catalogue, bytes, start, end)
            .filter(({ recipe }) => !known.has(recipe.name));
  }
}

/** Whether a plain file is read as a range of bytes, or else as a stream that counts its own. */
function isByRange(layout: Layout): boolean {
  return layout === "lines" || layout === "objects";
}

async function read(
  job: Job,
  layout: Reading["layout"],
  onLines: OnLines,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
  room: LineRoom,
  elsewhere: UnpackElsewhere | null,
): Promise<ReadOutcome> {
  if (!isByRange(layout)) {
    const stream = await openUnpacked(job.path, job.packing, onBytes);
    const forgive = (error: unknown): string | null => unpackNote(job.packing, error);
    return readLayout(stream, layout, onLines, signal, room, forgive);
  }
  if (job.packing !== "plain")
    return readPacked(job.path, job.packing, onLines, onBytes, signal, room, elsewhere);
  if (Number.isFinite(job.range.to))
    return readRange(job.path, job.range, onLines, () => signal.aborted, room);
  return readStream(createReadStream(job.path), onLines, signal, room);
}

/** Closes a reader's books. */
export function tallyOf(
  part: number,
  { reader, taken }: Pick<Opened, "reader" | "taken">,
  notes: readonly string[],
): PartTally {
  reader.finish();
  return {
    part,
    lines: reader.lines,
    records: reader.records,
    misses: reader.misses,
    skipped: reader.skipped,
    bytes: taken(),
    firstTime: Number.isFinite(reader.firstTime) ? reader.firstTime : null,
    lastTime: Number.isFinite(reader.lastTime) ? reader.lastTime : null,
    firstMiss: reader.firstMiss,
    byFormat: Object.fromEntries(reader.byFormat),
    notes,
  };
}
