// The texts of one scanned line's fields, for telling about it; never on the hot path.
import type { FormatReader } from "./line-reader.ts";
import { decodeText } from "./names.ts";
import type { Proxy } from "./record.ts";
import { VENDOR_FIELDS, type Told } from "./vendor-fields.ts";

/** Reads texts out of the line that a format's scanner has just matched. */
export class LineFields {
  readonly proxy: Proxy;
  readonly #format: FormatReader;
  readonly #bytes: Uint8Array;
  readonly #isJson: boolean;

  /** @param isJson true where strings carry JSON escapes, which are undone. */
  constructor(format: FormatReader, bytes: Uint8Array, isJson: boolean) {
    this.proxy = format.recipe.proxy;
    this.#format = format;
    this.#bytes = bytes;
    this.#isJson = isJson || format.recipe.escape === "json";
  }

  /** A span's text; null for an absent, an empty one, or a lone `-`. */
  span(start: number, end: number): string | null {
    if (start < 0 || start >= end) return null;
    const text = decodeText(this.#bytes.subarray(start, end));
    // More dashes stand for more values that are not there, behind a last one that may hold blanks.
    if (/^-(?: -)*$/.test(text)) return null;
    return this.#isJson && text.includes("\\") ? unescaped(text) : text;
  }

  /** A field's text by its vendor name. */
  field(name: string): string | null {
    const { scanner, spans } = this.#format;
    for (const [at, field] of scanner.fields.entries()) {
      if (field.name !== name) continue;
      const text = this.span(spans[2 * at]!, spans[2 * at + 1]!);
      if (text !== null) return text;
    }
    return null;
  }

  /** A field's text as it stands, `-` and all; null where the line has no such field. */
  raw(name: string): string | null {
    const { scanner, spans } = this.#format;
    const at = scanner.fields.findIndex((field, k) => field.name === name && spans[2 * k]! >= 0);
    return at < 0 ? null : decodeText(this.#bytes.subarray(spans[2 * at]!, spans[2 * at + 1]!));
  }

  /** Every field of the line with its text, in the line's order. */
  all(): readonly { readonly name: string; readonly text: string }[] {
    const { scanner, spans } = this.#format;
    return scanner.fields
      .flatMap(({ name }, at) => (spans[2 * at]! < 0 ? [] : [{ name, start: spans[2 * at]!, at }]))
      .sort((a, b) => a.start - b.start || a.at - b.at)
      .map(({ name, at }) => ({
        name,
        text: decodeText(this.#bytes.subarray(spans[2 * at]!, spans[2 * at + 1]!)),
      }));
  }

  /** The first vendor field with a value that holds what is asked for. */
  told(what: Told): string | null {
    for (const name of VENDOR_FIELDS[this.proxy][what]) {
      const text = this.field(name);
      if (text !== null) return text;
    }
    return null;
  }

  /** The same as a whole number, the `+` of HAProxy's early logs dropped. */
  toldNumber(what: Told): number | null {
    const text = this.told(what);
    return text !== null && /^\+?\d+$/.test(text) ? Number(text) : null;
  }

  /** An nginx upstream list's items; none where it is not logged. */
  list(name: string): readonly string[] {
    return this.field(name)?.split(/, | : ?/) ?? [];
  }
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
