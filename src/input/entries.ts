// Finds log entries in a stream of JSON tokens: the elements of arrays that exports keep entries in, wherever they lie.
import { ENTRY_KEYS } from "./layout.ts";

/** A token of stream-json; values come packed. */
interface Token {
  readonly name: string;
  readonly value?: unknown;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A container being read. */
interface Frame {
  readonly value: Json[] | { [key: string]: Json };
  key: string;
  /** True for an array whose elements are entries. */
  readonly isEntries: boolean;
  /** True where an array inside may hold entries. */
  readonly mayWrap: boolean;
  /** True once it did: then it is no entry itself. */
  isWrapper: boolean;
}

const KEYS: ReadonlySet<string> = new Set(ENTRY_KEYS);
/** Those of them that lie inside an entry of another: Loki's streams, CloudWatch's and OpenTelemetry's batches. */
const INNER: ReadonlySet<string> = new Set([
  "values",
  "entries",
  "logEvents",
  "scopeLogs",
  "logRecords",
]);
/** What is said about all entries of a wrapper. */
const ABOUT: readonly string[] = ["stream", "labels", "metric"];

/** Takes tokens and hands on entries: objects as JSON, texts as they are. */
export class EntryFinder {
  readonly #onEntry: (line: string) => void;
  readonly #frames: Frame[] = [];

  constructor(onEntry: (line: string) => void) {
    this.#onEntry = onEntry;
  }

  take({ name, value }: Token): void {
    switch (name) {
      case "startObject":
        return this.#open({});
      case "startArray":
        return this.#open([]);
      case "endObject":
      case "endArray":
        return this.#close();
      case "keyValue":
        this.#frames.at(-1)!.key = String(value);
        return;
      case "stringValue":
        return this.#put(value as string);
      case "numberValue":
        return this.#put(numeral(value as string));
      case "trueValue":
        return this.#put(true);
      case "falseValue":
        return this.#put(false);
      case "nullValue":
        return this.#put(null);
    }
  }

  #open(value: Frame["value"]): void {
    const parent = this.#frames.at(-1);
    const isArray = Array.isArray(value);
    const mayHold =
      parent === undefined ||
      (parent.mayWrap && (isInside(this.#frames) ? INNER : KEYS).has(parent.key));
    const isEntries = isArray && mayHold;
    if (isEntries && parent !== undefined) parent.isWrapper = true;
    const mayWrap =
      !isArray &&
      (parent === undefined || parent.isEntries || (parent.mayWrap && !isInside(this.#frames)));
    this.#frames.push({ value, key: "", isEntries, mayWrap, isWrapper: false });
  }

  #close(): void {
    const { value, isEntries, isWrapper } = this.#frames.pop()!;
    if (isWrapper) {
      const parent = this.#frames.at(-1);
      if (parent !== undefined && !parent.isEntries) parent.isWrapper = true;
    } else if (!isEntries) this.#put(value);
  }

  #put(value: Json): void {
    const parent = this.#frames.at(-1);
    if (parent === undefined || parent.isEntries) return this.#entry(value);
    if (Array.isArray(parent.value)) parent.value.push(value);
    else parent.value[parent.key] = value;
  }

  #entry(value: Json): void {
    if (typeof value === "string") return this.#onEntry(value);
    if (value === null || typeof value !== "object") return;
    const entry = Array.isArray(value) ? this.#ofRow(value) : sourceOf(value);
    if (entry !== null) this.#onEntry(JSON.stringify(entry));
  }

  /** `["1700000000000000000", "line"]` of Loki, or `[{"field": "@message", "value": "line"}]` of CloudWatch Insights. */
  #ofRow(row: Json[]): Json {
    const [time, line] = row;
    if (typeof time === "string" && typeof line === "string")
      return { timestamp: time, line, ...this.#about() };
    const pairs = row.filter(isPair);
    return pairs.length === 0
      ? null
      : Object.fromEntries(pairs.map((pair) => [pair.field, pair.value]));
  }

  #about(): { [key: string]: Json } {
    for (const { value } of this.#frames.toReversed()) {
      if (Array.isArray(value)) continue;
      const key = ABOUT.find((one) => typeof value[one] === "object");
      if (key !== undefined) return { [key]: value[key]! };
    }
    return {};
  }
}

/** What Elasticsearch's hit wraps: the log's own object. */
function sourceOf(entry: { [key: string]: Json }): Json {
  const source = entry["_source"];
  return source !== null && typeof source === "object" && !Array.isArray(source) ? source : entry;
}

/** Whether an array of entries is being read: what is opened now lies in an entry. */
function isInside(frames: readonly Frame[]): boolean {
  return frames.some(({ isEntries }) => isEntries);
}

function isPair(cell: Json): cell is { field: string; value: string } {
  return (
    cell !== null &&
    typeof cell === "object" &&
    !Array.isArray(cell) &&
    typeof cell["field"] === "string" &&
    typeof cell["value"] === "string"
  );
}

/** Numbers that lose digits stay texts: nanoseconds do. */
function numeral(text: string): Json {
  const value = Number(text);
  return Number.isSafeInteger(value) || /[.eE]/.test(text) ? value : text;
}
