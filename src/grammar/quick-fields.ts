// Which fields of a format decide what becomes of its lines: what a reader declares so that equal lines need no second reading.
import type { Field } from "./scanner.ts";

/** How a field's value decides. */
export type KeyPart =
  /** By its bytes. */
  | { readonly field: number; readonly by: "bytes" }
  /** A whole number, by being absent, `-`, -1, zero or positive. */
  | { readonly field: number; readonly by: "sign" }
  /** Decimal seconds, by being absent, `-` or a number. */
  | { readonly field: number; readonly by: "seconds" }
  /** A whole number, by its bytes where one of the fields beside it has a value, else as `sign`. */
  | { readonly field: number; readonly by: "size"; readonly beside: readonly number[] }
  /** Not at all, as long as it is made of digits, or of no spaces, or a quote stands behind it. */
  | { readonly field: number; readonly by: "digits" | "word" | "quoted" }
  /** Header captures, by holding anything but their separators. */
  | { readonly field: number; readonly by: "blank" };

/**
 * A reader's promise: two lines that agree in `key` agree in everything but their time, their duration, and the client and
 * request they name. Whatever does not fit the shapes promised here is read in full.
 */
export interface QuickFields {
  readonly key: readonly KeyPart[];
  /** Fields a line must not have. */
  readonly without: readonly number[];
  /** Fields that may hold the time; the first one logged does. */
  readonly time: readonly number[];
  /** True for the time of the beginning, to which the duration is added. */
  readonly isStart: boolean;
  /** Fields that may hold the duration; the first one with a value does. */
  readonly duration: readonly number[];
  readonly unit: "ms" | "seconds";
  /** The client's address, and the request line for the join of nginx's logs; empty where nobody asks. */
  readonly client: readonly number[];
  readonly request: readonly number[];
}

/** Remembers what a reader looks up: everything it asks for by name belongs to its key, unless it says otherwise. */
export class FieldUse {
  readonly #fields: readonly Field[];
  readonly #key = new Map<number, "bytes" | "sign" | "seconds">();

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }

  /** The field of that name, -1 for none, whose value decides. */
  readonly find = (name: string, by: "bytes" | "sign" | "seconds" = "bytes"): number => {
    const at = this.#fields.findIndex((field) => field.name === name);
    if (at >= 0) this.#key.set(at, by);
    return at;
  };

  /** The fields there are of these names, whose values are only passed on. */
  readonly passed = (...names: readonly string[]): readonly number[] =>
    names
      .map((name) => this.#fields.findIndex((field) => field.name === name))
      .filter((at) => at >= 0);

  /** The promise of a format that logs when requests ended and how many seconds they took. */
  ofEnds(
    time: readonly number[],
    duration: readonly number[],
    client: readonly number[],
    request: readonly number[],
    without: readonly number[],
  ): QuickFields {
    const key = [...this.#key].map(([field, by]) => ({ field, by }));
    return { key, without, time, isStart: false, duration, unit: "seconds", client, request };
  }
}
