// Values that a scanner lets pass and HAProxy never writes: a port with a letter, a frontend without a name.
import type { Field } from "../grammar/index.ts";
import { haproxyField } from "./haproxy-fields.ts";

const SPACE = 32;
const DASH = 45;
const COLON = 58;

/** Looks at the fields of one format that no other part of the reader looks at. */
export class HaproxyShapes {
  readonly #ports: readonly number[];
  readonly #frontends: readonly number[];
  /** The last field, where it is a word: it runs to the line's end, whatever that is. */
  readonly #last: number;

  constructor(fields: readonly Field[]) {
    const isWord = (at: number): boolean => fields[at]?.kind === "word";
    this.#ports = fields.flatMap(({ name }, at) => (name === "cp" ? [at] : []));
    this.#frontends = haproxyField(fields, "frontend").filter(isWord);
    this.#last = isWord(fields.length - 1) ? fields.length - 1 : -1;
  }

  /** The first field whose value is impossible, or -1. */
  oddField(bytes: Uint8Array, spans: Int32Array): number {
    for (let k = 0; k < this.#ports.length; k++) {
      const at = this.#ports[k]!;
      if (!isPort(bytes, spans[2 * at]!, spans[2 * at + 1]!)) return at;
    }
    for (let k = 0; k < this.#frontends.length; k++) {
      const at = this.#frontends[k]!;
      if (spans[2 * at]! >= 0 && spans[2 * at] === spans[2 * at + 1]) return at;
    }
    const last = this.#last;
    if (last < 0) return -1;
    for (let i = spans[2 * last]!, end = trimmed(bytes, spans[2 * last + 1]!); i < end; i++)
      if (bytes[i] === SPACE) return last;
    return -1;
  }
}

/** Digits, or none at all where somebody blotted them out; a dash where the address is not known, or `-:` and nothing. */
function isPort(bytes: Uint8Array, start: number, end: number): boolean {
  if (start < 0) return true;
  if (start === end) return bytes[start - 1] !== COLON || bytes[start - 2] === DASH;
  let digits = 0;
  for (let i = start; i < end; i++) if (bytes[i]! >= 48 && bytes[i]! <= 57) digits++;
  return digits === 0 || digits === end - start;
}

function trimmed(bytes: Uint8Array, end: number): number {
  let i = end;
  while (i > 0 && bytes[i - 1] === SPACE) i--;
  return i;
}
