// One reader per recipe, made on first need and kept: scanners take a millisecond to make.
import {
  compileWasm,
  NGINX_ERROR_REST,
  nginxErrorFragmentScanner,
  nginxErrorJsonScanner,
  nginxErrorMoreScanner,
  nginxErrorRestScanner,
  nginxErrorScanner,
  QuickLines,
  scannerOf,
  type Catalogue,
  type FieldKind,
  type Recipe,
  type ScanMemory,
  type Scanner,
  type Stranger,
  type Texts,
} from "../grammar/index.ts";
import { envoyReader } from "./envoy.ts";
import { envoyEventReader, envoyEventScanner } from "./envoy-events.ts";
import { envoyLogReader, envoyLogScanner } from "./envoy-log.ts";
import { haproxyEventReader, haproxyEventScanner } from "./haproxy-events.ts";
import { haproxyReader } from "./haproxy.ts";
import type { FormatReader } from "./line-reader.ts";
import { knownLiterals, mayHave, signed } from "./may-fit.ts";
import type { Names } from "./names.ts";
import { QuickReader } from "./quick-reader.ts";
import { nginxAccessReader } from "./nginx-access.ts";
import { nginxErrorReader } from "./nginx-error.ts";
import { NOTE, type Read } from "./record.ts";
import { refusingStrangers, strangerLines, strangerOf, type StrangerLine } from "./strangers.ts";

const PROXIES = ["nginx", "haproxy", "envoy"];
const TIME_KINDS: ReadonlySet<FieldKind> = new Set([
  "clf-time",
  "haproxy-time",
  "iso-time",
  "epoch",
  "nginx-time",
]);

/** A time in a pattern of its own. */
const ENVOY_TIME = /^(?:START|EMIT)_TIME/;

/** A line that only continues the one before. */
const readNote: Read = (_bytes, _spans, rec) => {
  rec.kind = NOTE;
  rec.timeMs = NaN;
  return -1;
};

/** The readers of one thread. */
export class ReaderShelf {
  readonly #texts: Texts;
  readonly #names: Names;
  readonly #made = new Map<Recipe, FormatReader>();
  readonly #inMemory = new Map<Recipe, FormatReader>();
  /** Data files that were needed so far. */
  readonly #data = new Map<string, unknown>();
  /** Programs whose JSON is not read. */
  readonly strangers: readonly Stranger[];
  /** Programs whose lines of text are not read. */
  readonly strangerLines: readonly StrangerLine[];

  constructor(texts: Texts, names: Names) {
    this.strangerLines = strangerLines(texts);
    this.strangers = JSON.parse(texts["strangers.json"] ?? "[]") as Stranger[];
    this.#texts = texts;
    this.#names = names;
  }

  /** The reader of a recipe. */
  readonly reader = (recipe: Recipe): FormatReader => {
    const known = this.#made.get(recipe);
    if (known !== undefined) return known;
    const scanner = scannerOf(recipe, {
      "nginx-error": nginxErrorScanner,
      "nginx-error-json": nginxErrorJsonScanner,
      "nginx-error-fragment": nginxErrorFragmentScanner,
      "nginx-error-more": nginxErrorMoreScanner,
      "nginx-error-rest": nginxErrorRestScanner,
      "haproxy-event": haproxyEventScanner,
      "envoy-log": envoyLogScanner,
      "envoy-event": envoyEventScanner,
    });
    const made: FormatReader = {
      recipe,
      proxy: PROXIES.indexOf(recipe.proxy),
      scanner,
      read: this.#unlessStranger(recipe, scanner.fields),
      spans: new Int32Array(2 * scanner.fields.length + 1),
      scanMemory: null,
      quick: null,
      timeFromHead: takesHeadTime(recipe, scanner),
      ...this.#whoseLine(recipe, scanner.fields),
    };
    this.#made.set(recipe, made);
    return made;
  };

  /** The reader of a recipe that also scans lines where they lie in `memory`, while there is room for it. */
  inMemory(recipe: Recipe, memory: ScanMemory): FormatReader {
    const known = this.#inMemory.get(recipe);
    if (known !== undefined) return known;
    const made = this.#madeFor(recipe, memory);
    this.#inMemory.set(recipe, made);
    return made;
  }

  #madeFor(recipe: Recipe, memory: ScanMemory): FormatReader {
    const reader = this.reader(recipe);
    if (recipe.how.kind === "own") return reader;
    const reserved = memory.reserve(reader.spans.length);
    if (reserved === null) return reader;
    const { spans, at } = reserved;
    const promised = reader.timeFromHead ? undefined : reader.read.quick;
    if (recipe.how.kind === "json") {
      const lines = promised && QuickLines.forJson(reader.scanner, promised, memory, at);
      return { ...reader, spans, quick: lines ? new QuickReader(lines) : null };
    }
    const { plan } = recipe.how;
    const lines = promised === undefined ? null : QuickLines.make(plan, promised, memory, at);
    const scanMemory = lines?.scan ?? compileWasm(plan, memory.memory, at);
    return { ...reader, spans, scanMemory, quick: lines === null ? null : new QuickReader(lines) };
  }

  /** What reads the headless lines of a source of these formats; null where they are no file of error lines alone. */
  restOf(formats: readonly FormatReader[]): FormatReader | null {
    const isErrorLog = ({ recipe }: FormatReader): boolean => recipe.name === NGINX_ERROR_REST.name;
    return formats.length > 0 && formats.every(isErrorLog) ? this.reader(NGINX_ERROR_REST) : null;
  }

  /** Readers of every known format. */
  all(catalogue: Catalogue): readonly FormatReader[] {
    return catalogue.listed.map((listed) => this.reader(listed.recipe()));
  }

  /** Readers of the known formats that a line may have by its literals; each is made when the first line needs it. */
  fitting(
    catalogue: Catalogue,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): readonly FormatReader[] {
    const line = signed(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start));
    const fitting: FormatReader[] = [];
    for (const { recipe, literals } of knownLiterals(catalogue))
      if (mayHave(line, literals)) fitting.push(this.reader(recipe));
    return fitting;
  }

  /** Lines of other programs are refused, unless the user has said what they are. */
  #unlessStranger(recipe: Recipe, fields: FormatReader["scanner"]["fields"]): Read {
    const read = this.#read(recipe, fields);
    if (recipe.how.kind !== "json" || recipe.how.needs.length === 0) return read;
    return refusingStrangers(fields, this.strangers, read);
  }

  #whoseLine(
    recipe: Recipe,
    fields: FormatReader["scanner"]["fields"],
  ): Pick<FormatReader, "whoseLine"> {
    if (recipe.how.kind !== "json" || recipe.how.needs.length === 0) return {};
    return { whoseLine: (bytes, spans) => strangerOf(fields, this.strangers, bytes, spans) };
  }

  #read(recipe: Recipe, fields: FormatReader["scanner"]["fields"]): Read {
    const read = this.#proxyRead(recipe, fields);
    return recipe.proxy === "nginx" ? this.#withPools(read) : read;
  }

  /** Names the pool of lines that name only the peer, where a configuration told whose it is (`nginx/pools.json`). */
  #withPools(read: Read): Read {
    const told = JSON.parse(this.#texts["nginx/pools.json"] ?? "{}") as Record<string, string>;
    const pools = new Map(
      Object.entries(told).map(([peer, pool]) => [
        this.#names.internText(peer),
        this.#names.internText(pool),
      ]),
    );
    if (pools.size === 0) return read;
    return (bytes, spans, rec) => {
      const bad = read(bytes, spans, rec);
      if (rec.pool === 0 && rec.peer > 0) rec.pool = pools.get(rec.peer) ?? 0;
      return bad;
    };
  }

  /** A data file; always the same object, so that what is made of it is made once. */
  #dataOf(path: string): unknown {
    if (!this.#data.has(path)) this.#data.set(path, JSON.parse(this.#texts[path]!));
    return this.#data.get(path);
  }

  #proxyRead(recipe: Recipe, fields: FormatReader["scanner"]["fields"]): Read {
    const names = this.#names;
    const data = (path: string): unknown => this.#dataOf(path);
    switch (recipe.how.kind === "own" ? recipe.how.scanner : "") {
      case "nginx-error":
      case "nginx-error-json":
      case "nginx-error-fragment":
        return nginxErrorReader(fields, names, data("nginx/failures.json"));
      case "nginx-error-more":
      case "nginx-error-rest":
        return readNote;
      case "haproxy-event":
        return haproxyEventReader(fields, names, data("haproxy/events.json"));
      case "envoy-log":
        return envoyLogReader(fields, names, data("envoy/events.json"));
      case "envoy-event":
        return envoyEventReader(fields, names, data("envoy/events.json"));
    }
    switch (recipe.proxy) {
      case "nginx":
        return nginxAccessReader(fields, names, recipe.escape);
      case "haproxy":
        return haproxyReader(
          fields,
          names,
          data("haproxy/failures.json"),
          recipe.how.kind === "json",
        );
      case "envoy":
        return envoyReader(
          fields,
          names,
          data("envoy/failures.json"),
          quotedLast(recipe),
          recipe.how.kind === "text" && fields.some(({ name }) => name === "UPSTREAM_HOST"),
        );
    }
  }
}

/** HAProxy's JSON need not have a date, as its text formats need not. */
function takesHeadTime(recipe: Recipe, scanner: Scanner): boolean {
  if (recipe.how.kind === "json") return recipe.proxy === "haproxy";
  return !scanner.fields.some(({ kind, name }) => TIME_KINDS.has(kind) || ENVOY_TIME.test(name));
}

/** The field behind which a quote ends the format, -1 for none. */
function quotedLast(recipe: Recipe): number {
  if (recipe.how.kind !== "text") return -1;
  const [field, end] = recipe.how.plan.steps.slice(-2);
  const isQuoted = end?.do === "literal" && end.text.trimEnd() === '"';
  return isQuoted && field?.do === "field" ? field.field : -1;
}
