// Says why no format fits a line: the one that came furthest, and the field it stumbled over.
import {
  compositeKey,
  STRANGER,
  type Catalogue,
  type Recipe,
  type Stranger,
} from "../grammar/index.ts";
import { Head, peel } from "../input/index.ts";
import { CBOR_MISS, isCborLine } from "./haproxy-cbor.ts";
import type { FormatReader } from "./line-reader.ts";
import { Rec } from "./record.ts";
import type { ReaderShelf } from "./reader-shelf.ts";
import { decodeText } from "./names.ts";
import { NO_FORMAT, strangeness, strangerLine, strangerOf } from "./strangers.ts";

/** Why a line was not understood. */
export interface LineMiss {
  /** Byte offset into the line. */
  readonly offset: number;
  readonly why: string;
  /** The vendor's name of the field that does not fit; null where no format comes near. */
  readonly field: string | null;
}

/** The tools that {@link describeMiss} needs. */
interface Formats {
  readonly catalogue: Catalogue;
  readonly shelf: ReaderShelf;
  readonly given: readonly Recipe[];
}

const CLOSE = 125;
/** Where two formats come equally far, the commoner one is named. */
const COMMONEST = ["nginx", "envoy", "haproxy"];

/** What a value must look like for a scanner's word to be that field: a format that took a number for details is not near. */
const LOOKS: Readonly<Record<string, RegExp>> = {
  RESPONSE_CODE_DETAILS: /^(?:-$|[A-Za-z])/,
  RESPONSE_FLAGS: /^(?:-$|[A-Z])/,
  UPSTREAM_CLUSTER: /^[^"]/,
};

const NOWHERE_NEAR: LineMiss = { offset: 0, why: NO_FORMAT, field: null };

/** How far a format came, and why no further. */
interface Reach {
  readonly miss: LineMiss;
  readonly reach: number;
  /** Fields that fit before the one that does not; absent where all did. */
  readonly fields?: number;
  /** The format, where nothing but a time is missing. */
  readonly timeless?: FormatReader;
}

/** Why the nearest format, a given one before all others, does not fit. */
export function describeMiss(bytes: Uint8Array, formats: Formats): LineMiss {
  return nearest(bytes, formats).miss;
}

/** The format of a line that lacks nothing but a time; null where more is wrong with it. */
export function timelessFormat(bytes: Uint8Array, formats: Formats): FormatReader | null {
  return nearest(bytes, formats).timeless ?? null;
}

function nearest(bytes: Uint8Array, { catalogue, shelf, given }: Formats): Reach {
  const head = new Head();
  const starts = peel(bytes, 0, bytes.length, head) ? [0, head.message] : [0];
  const cbor = starts.find((start) => isCborLine(bytes, start, bytes.length));
  if (cbor !== undefined)
    return { miss: { offset: cbor, why: CBOR_MISS, field: null }, reach: bytes.length };
  const program = head.tagStart < 0 ? "" : decodeText(bytes.subarray(head.tagStart, head.tagEnd));
  const whose =
    strangerLine(shelf.strangerLines, bytes, 0, bytes.length, "") ??
    strangerLine(shelf.strangerLines, bytes, head.message, bytes.length, program);
  if (given.length === 0 && whose !== null)
    return { miss: { offset: head.message, why: whose, field: null }, reach: bytes.length };
  const rank = ({ recipe }: FormatReader): number => COMMONEST.indexOf(recipe.proxy);
  const own = (["nginx", "haproxy", "envoy"] as const).find((name) => program.includes(name));
  const all = (): FormatReader[] =>
    shelf
      .all(catalogue)
      .filter(({ recipe }) => own === undefined || recipe.proxy === own)
      .sort((a, b) => rank(a) - rank(b));
  const readers = given.length === 0 ? all() : given.map(shelf.reader);
  let best: Reach = { miss: NOWHERE_NEAR, reach: -1 };
  for (const reader of readers) {
    // A scanner of messages takes any line.
    if (given.length === 0 && reader.timeFromHead && reader.recipe.how.kind !== "json") continue;
    for (const start of starts) {
      const found = missOf(reader, bytes, start, shelf.strangers);
      // It must have come further than the first field, or every line would be somebody's.
      if (found.reach <= best.reach || (given.length === 0 && found.reach <= start)) continue;
      if (given.length === 0 && !resembles(reader.recipe, bytes, start, found.fields)) continue;
      best = found;
    }
  }
  return best;
}

/** How many fields a line has: of JSON formats, which all take any object, the one that knows most keys is nearest. */
function held({ recipe, scanner, spans }: FormatReader): number {
  if (recipe.how.kind !== "json") return 0;
  return scanner.fields.filter((_, at) => spans[2 * at]! >= 0).length;
}

/** So much of what a format prints itself must stand in a line, in this order, for the format to be called near. */
const RESEMBLANCE = 0.6;
const FEWEST_SIGNS = 4;
const FEWEST_FIELDS = 2;

/** Whether a line has the brackets, quotes and words that the format itself prints: two words fit the first fields of any. */
function resembles(
  { how }: Recipe,
  bytes: Uint8Array,
  start: number,
  fields = FEWEST_FIELDS,
): boolean {
  if (how.kind === "json") return opensObject(bytes, start);
  if (how.kind !== "text") return true;
  const signs = how.plan.steps.flatMap((step) =>
    step.do === "literal" && step.text.trim() !== "" ? [step.text.trim()] : [],
  );
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  let at = 0;
  let met = 0;
  for (const sign of signs) {
    const found = line.indexOf(sign, at);
    if (found < 0) continue;
    met++;
    at = found + sign.length;
  }
  if (met === signs.length) return true;
  return fields >= FEWEST_FIELDS && met >= FEWEST_SIGNS && met >= RESEMBLANCE * signs.length;
}

function opensObject(bytes: Uint8Array, start: number): boolean {
  let at = start;
  while (bytes[at] === 32 || bytes[at] === 9) at++;
  return bytes[at] === 123;
}

/** The miss of one format, and how far it came: the whole way where only a value is impossible. */
function missOf(
  reader: FormatReader,
  bytes: Uint8Array,
  start: number,
  strangers: readonly Stranger[],
): Reach {
  const { recipe, scanner, spans } = reader;
  const at = scanner.scan(bytes, start, bytes.length, spans);
  if (at < 0) {
    const bad = reader.read(bytes, spans, new Rec());
    if (bad < 0) {
      const why = `${recipe.name}: the line has no time`;
      const reach = bytes.length + 1 + held(reader);
      return { miss: { offset: start, why, field: null }, reach, timeless: reader };
    }
    const field = scanner.fields[bad]?.name ?? null;
    const offset = Math.max(start, spans[2 * bad]!);
    if (field?.startsWith(STRANGER)) {
      const key = field.slice(STRANGER.length);
      const why = strangeness(
        strangerOf(scanner.fields, strangers, bytes, spans) ?? "another program's log",
      );
      return { miss: { offset, why, field: key }, reach: bytes.length + 1 };
    }
    const why = `${recipe.name}: the value of ${field ?? "a field"} is impossible`;
    return { miss: { offset, why, field }, reach: bytes.length + 1 + held(reader) };
  }
  const stuck = spans[2 * scanner.fields.length]!;
  if (recipe.how.kind === "json") {
    const lacking = stuck === bytes.length ? scanner.fields[at]?.name : undefined;
    if (lacking !== undefined && bytes[stuck - 1] === CLOSE) {
      const stranger = strangerOf(scanner.fields, strangers, bytes, spans);
      const why =
        stranger === null
          ? `${recipe.name}: a JSON object without ${lacking}`
          : strangeness(stranger);
      return { miss: { offset: stuck, why, field: lacking }, reach: stuck };
    }
    const offset = stuck;
    const column = offset - start + 1;
    const key = compositeKey(scanner.fields[at]?.name ?? "");
    if (key !== null) {
      const why = `${recipe.name}: the value of ${key} does not fit at column ${column}`;
      return { miss: { offset, why, field: key }, reach: offset };
    }
    const why = `${recipe.name}: no whole JSON object, it breaks at column ${column}`;
    return { miss: { offset, why, field: null }, reach: offset };
  }
  const field = scanner.fields[at]?.name ?? null;
  // A search that found nothing ended with the line: the field's beginning says more.
  const began = at === 0 ? start : Math.max(start, spans[2 * at]!);
  const odd = scanner.fields.slice(0, at).findIndex(({ name }, k) => {
    const text = String.fromCharCode(...bytes.subarray(spans[2 * k]!, spans[2 * k + 1]!));
    return LOOKS[name]?.test(text) === false;
  });
  if (odd >= 0) {
    const why = `${recipe.name}: the value of ${scanner.fields[odd]!.name} is impossible`;
    const miss = { offset: spans[2 * odd]!, why, field: scanner.fields[odd]!.name };
    return { miss, reach: spans[2 * odd]! };
  }
  const offset = stuck < bytes.length ? stuck : began;
  const why = `${recipe.name}: ${field ?? "the line"} does not fit at column ${offset - start + 1}`;
  return { miss: { offset, why, field }, reach: began, fields: at };
}
