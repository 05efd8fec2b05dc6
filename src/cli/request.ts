// Options become a request to read: sources found, format compiled, filter parsed, times made absolute.
import { availableParallelism } from "node:os";
import { parseFilter, readCatalogue, type FilterAst, type Texts } from "../grammar/index.ts";
import { findSources, InputError, STDIN, type Source } from "../input/index.ts";
import type { SelectionSpec } from "../record/index.ts";
import type { Configured } from "./config.ts";
import { configuredBy, formatsFor } from "./configured.ts";
import type { Options } from "./flags.ts";
import type { ReadRequest } from "./read-sources.ts";
import { lastRecordTime } from "./read-sources.ts";
import { parseStatusList } from "./status-list.ts";
import { speaks } from "./speaks.ts";
import { checkRange, parseTimeBound, type TimeBound } from "./time-range.ts";
import { UsageError } from "./usage-error.ts";
import { parseZone } from "./zone.ts";

/** What the surroundings add to the options. */
export interface Surroundings {
  readonly now: number;
  readonly systemZone: string;
  readonly texts: Texts;
  readonly signal: AbortSignal;
  /** Touching it takes time, and keeps a terminal's program running. */
  readonly stdin: () => NodeJS.ReadStream;
}

/** A request and the sentences to say about it. */
export interface Prepared {
  readonly request: ReadRequest;
  readonly notes: readonly string[];
}

/**
 * Prepares a run.
 * @throws UsageError, TextError, InputError
 */
export async function prepare(options: Options, world: Surroundings): Promise<Prepared> {
  const zone = options.tz === null ? null : parseZone(options.tz, world.systemZone);
  const readZone = zone ?? world.systemZone;
  const bound = (text: string | null, which: "since" | "until"): TimeBound | null =>
    text === null ? null : parseTimeBound(text, { now: world.now, zone: readZone, which });
  const [since, until] = [bound(options.since, "since"), bound(options.until, "until")];
  checkRange(since, until);
  const where =
    options.where === null ? null : withInstants(parseFilter(options.where), world.now, readZone);
  const statuses =
    options.status === null
      ? null
      : [...parseStatusList(options.status).keys()].filter(
          (status) => parseStatusList(options.status!)[status] === 1,
        );
  const catalogue = readCatalogue(world.texts);
  const named =
    options.logFormat === null ? [] : [catalogue.recipeOf(options.logFormat, "the given format")];
  const configured = await configuredBy(options.config, catalogue);
  const { sources, notes } = await sourcesOf(options, configured, world.stdin);
  const base: ReadRequest = {
    sources,
    stdin: world.stdin,
    texts: { ...world.texts, "nginx/pools.json": JSON.stringify(configured.pools) },
    given: ({ path }) => [...named, ...formatsFor(configured, path)],
    zone,
    systemZone: world.systemZone,
    selection: { from: null, to: null, statuses, where },
    threads: options.workers ?? availableParallelism(),
    isAsked: options.workers !== null,
    keepFree: false,
    now: world.now,
    signal: world.signal,
    onProgress: () => {},
    onIdle: null,
  };
  const selection = await absolute(base, since, until);
  return { request: { ...base, selection }, notes };
}

/** What to read: the files named, else what stands in a pipe, else the logs of the configurations. */
async function sourcesOf(
  options: Options,
  configured: Configured,
  stdin: () => NodeJS.ReadStream,
): Promise<{ sources: Source[]; notes: readonly string[] }> {
  if (options.files.length > 0) {
    const { sources, notes } = await findSources(options.files);
    return { sources, notes: [...configured.notes, ...notes] };
  }
  if (options.config.length === 0) return { sources: [STDIN], notes: [] };
  if (await speaks(stdin())) return { sources: [STDIN], notes: configured.notes };
  const paths = [...configured.files.keys()].sort();
  const { notes, elsewhere } = configured;
  if (paths.length > 0) {
    return { sources: (await findSources(paths)).sources, notes: [...notes, ...elsewhere] };
  }
  const hint = `name the log: why502 --config ${options.config[0]!} FILE`;
  throw new InputError(
    `${options.config.join(", ")} names no log file that is there`,
    [...elsewhere, hint].join("; "),
  );
}

/** Bounds counted from the end need the end: the files are read once just for that. */
async function absolute(
  request: ReadRequest,
  since: TimeBound | null,
  until: TimeBound | null,
): Promise<SelectionSpec> {
  const isFromEnd = since?.kind === "from-end" || until?.kind === "from-end";
  if (isFromEnd && request.sources.some(({ isPipe }) => isPipe)) {
    throw new UsageError(
      "times counted from the end need files, not a pipe",
      "",
      -1,
      "write the stream to a file first, or name an absolute time",
    );
  }
  const end = isFromEnd ? await lastRecordTime(request) : null;
  const ms = (bound: TimeBound | null): number | null =>
    bound === null
      ? null
      : bound.kind === "at"
        ? bound.ms
        : end === null
          ? null
          : end - Math.abs(bound.ms);
  return { ...request.selection, from: ms(since), to: ms(until) };
}

/** Times in a filter become instants, read like those of --since. */
function withInstants(ast: FilterAst, now: number, zone: string): FilterAst {
  switch (ast.kind) {
    case "and":
    case "or":
      return {
        ...ast,
        left: withInstants(ast.left, now, zone),
        right: withInstants(ast.right, now, zone),
      };
    case "not":
      return { ...ast, of: withInstants(ast.of, now, zone) };
    case "in":
      return { ...ast, values: ast.values.map((value) => instant(value, now, zone)) };
    case "compare":
      return { ...ast, value: instant(ast.value, now, zone) };
  }
}

type Value = Extract<FilterAst, { kind: "compare" }>["value"];

function instant(value: Value, now: number, zone: string): Value {
  if (value.kind !== "time") return value;
  const bound = parseTimeBound(value.text, { now, zone, which: "since" });
  if (bound.kind === "from-end") {
    throw new UsageError(
      "a filter's times cannot count from the end",
      value.text,
      0,
      "use --since end-15m beside the filter",
    );
  }
  return { kind: "time", text: new Date(bound.ms).toISOString() };
}
