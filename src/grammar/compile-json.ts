// Reads JSON log lines: walks one object's bytes, keeps the spans of the values that mean something, skips the rest.
//
// What nginx and Envoy are known to write though it is no JSON is read too: bare `-`, `009`, nothing at all after a colon,
// bytes that are no UTF-8, quotes inside a string that nobody escaped. The fence: the prediction of the next key (most logs
// keep their order) lives only here; its slow twin is test/grammar/json-slow.ts. Longer than most files: one walk, whose
// parts share the bytes and the place in them.
import { endsValue, looseEnd, stringEnd } from "./json-string.ts";
import type { Field, Scanner } from "./scanner.ts";

/** A key of the log, dotted where nested, and the field it holds. */
export interface JsonKey {
  readonly key: string;
  readonly field: string;
}

const MAX_DEPTH = 16;

/**
 * Compiles a JSON format. Strings' spans exclude their quotes and keep their escapes; a `null` is absent; a list counts
 * as its first element.
 * @param keys several keys may hold the same field: the first one with a value wins.
 * @param needs fields of which a line must have one: an object without any of them is somebody else's.
 */
export function compileJson(
  keys: readonly JsonKey[],
  kindOf: (name: string) => Field["kind"] | null,
  needs: readonly string[] = [],
): Scanner {
  const fields: Field[] = [];
  const fieldOf = keys.map(({ field }) => {
    const known = fields.findIndex(({ name }) => name === field);
    return known >= 0 ? known : fields.push({ name: field, kind: kindOf(field) ?? "text" }) - 1;
  });
  const needed = needs
    .map((need) => fields.findIndex(({ name }) => name === need))
    .filter((at) => at >= 0);
  const walk = new Walk(
    keys.map(({ key }) => key),
    fieldOf,
    fields.length,
    needed,
  );
  return {
    fields,
    scan: (bytes, start, end, spans) => walk.scan(bytes, start, end, spans),
    json: { fieldAt: (bytes, start, end) => walk.fieldAt(bytes, start, end), needed },
  };
}

class Walk {
  readonly #keys: readonly Uint8Array[];
  readonly #fieldOf: readonly number[];
  readonly #count: number;
  readonly #needed: readonly number[];
  readonly #slots: Int32Array;
  readonly #hashes: Int32Array;
  readonly #next: Int32Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #spans: Int32Array = new Int32Array(0);
  #end = 0;
  /** The key seen last, for the guess at the next one. */
  #last = -1;

  constructor(
    keys: readonly string[],
    fieldOf: readonly number[],
    count: number,
    needed: readonly number[],
  ) {
    this.#needed = needed;
    const encoder = new TextEncoder();
    this.#keys = keys.map((key) => encoder.encode(key));
    this.#fieldOf = fieldOf;
    this.#count = count;
    let size = 16;
    while (size < keys.length * 4) size *= 2;
    this.#slots = new Int32Array(size).fill(-1);
    this.#hashes = new Int32Array(keys.length);
    this.#next = new Int32Array(keys.length + 1).fill(-1);
    for (const [index, key] of this.#keys.entries()) {
      const hash = hashOf(key, 0, key.length, 0);
      this.#hashes[index] = hash;
      let slot = hash & (size - 1);
      while (this.#slots[slot] !== -1) slot = (slot + 1) & (size - 1);
      this.#slots[slot] = index;
    }
  }

  scan(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
    for (let k = 0; k < 2 * this.#count; k++) spans[k] = -1;
    this.#bytes = bytes;
    this.#spans = spans;
    this.#end = end;
    this.#last = -1;
    let i = start;
    while (i < end && bytes[i]! <= 32) i++;
    if (i >= end || bytes[i] !== 123) return this.#miss(i);
    i = this.#object(i + 1, 0, 0);
    if (i < 0) return this.#miss(-i - 1);
    while (i < end && bytes[i]! <= 32) i++;
    return i === end ? this.#lacking(end) : this.#miss(i);
  }

  /** The first of the needed fields where the line has none of them, else -1. */
  #lacking(end: number): number {
    const needed = this.#needed;
    for (let k = 0; k < needed.length; k++) if (this.#spans[2 * needed[k]!]! >= 0) return -1;
    if (needed.length === 0) return -1;
    this.#spans[2 * this.#count] = end;
    return needed[0]!;
  }

  fieldAt(bytes: Uint8Array, start: number, end: number): number {
    this.#bytes = bytes;
    const key = this.#find(hashOf(bytes, start, end, 0));
    return key >= 0 && this.#same(key, start, end) ? this.#fieldOf[key]! : -1;
  }

  #miss(at: number): number {
    this.#spans[2 * this.#count] = at;
    return 0;
  }

  /** Reads members from behind `{`; `prefix` is the hash of the dotted path so far. Returns the offset behind `}`, or -1 - offset. */
  #object(from: number, prefix: number, depth: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let i = from;
    for (;;) {
      while (i < end && (bytes[i]! <= 32 || bytes[i] === 44)) i++;
      if (i >= end) return -1 - i;
      if (bytes[i] === 125) return i + 1;
      if (bytes[i] !== 34) {
        i = this.#bareMember(i, depth);
        if (i < 0) return i;
        continue;
      }
      const keyStart = ++i;
      let key = -1;
      if (depth === 0) {
        // Most lines repeat the order of the one before: try that key first, byte by byte.
        const guess = this.#next[this.#last + 1]!;
        if (guess >= 0) {
          const expected = this.#keys[guess]!;
          const length = expected.length;
          let k = 0;
          while (k < length && bytes[i + k] === expected[k]) k++;
          if (k === length && bytes[i + k] === 34) {
            key = guess;
            i += length;
          }
        }
      }
      let hash = 0;
      if (key < 0) {
        hash = prefix;
        let c = 0;
        while (i < end && (c = bytes[i]!) !== 34) {
          if (c === 92) hash = Math.imul(hash ^ bytes[i++]!, 0x01000193);
          hash = Math.imul(hash ^ bytes[i++]!, 0x01000193);
        }
        if (i >= end) return -1 - end;
        key = this.#find(hash);
        if (key >= 0 && depth === 0 && !this.#same(key, keyStart, i)) key = -1;
      }
      if (depth === 0 && key >= 0) {
        this.#next[this.#last + 1] = key;
        this.#last = key;
      }
      i++;
      while (i < end && bytes[i]! <= 32) i++;
      if (i >= end || bytes[i] !== 58) return -1 - i;
      i++;
      while (i < end && bytes[i]! <= 32) i++;
      if (i >= end) return -1 - i;
      i = this.#value(i, key, hash, depth, false);
      if (i < 0) return i;
    }
  }

  /** Reads a value; `hash` is that of its key's name, 0 for a known key's. Returns the offset behind it, or -1 - offset. */
  #value(from: number, key: number, hash: number, depth: number, isListed: boolean): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let i = from;
    const c = bytes[i]!;
    if (c === 34) {
      const valueStart = ++i;
      i = stringEnd(bytes, i, end);
      // Behind a string comes a comma or a bracket. Whatever else does, the quote belongs to the text.
      if (i < end && !endsValue(bytes, i + 1, end)) i = looseEnd(bytes, valueStart, end);
      if (i >= end) return -1 - end;
      if (key >= 0) this.#keep(key, valueStart, i);
      return i + 1;
    }
    if (c === 123 || c === 91) {
      if (depth >= MAX_DEPTH) return -1 - i;
      const name = hash === 0 ? this.#hashes[key]! : hash;
      if (c === 91) return this.#array(i + 1, key, name, depth + 1);
      return this.#object(i + 1, Math.imul(name ^ 46, 0x01000193), depth + 1);
    }
    return this.#bare(i, key, isListed);
  }

  /**
   * Reads a value without quotes. nginx writes its lists so too (`0.010, 0.020`): behind a comma that no key follows the
   * value goes on, unless it is itself `isListed`.
   */
  #bare(from: number, key: number, isListed: boolean): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let i = from;
    for (;;) {
      let c = 0;
      while (i < end && (c = bytes[i]!) !== 44 && c !== 125 && c !== 93 && c !== 34) i++;
      if (i >= end || c === 34) return -1 - i;
      if (c !== 44 || isListed) break;
      let next = i + 1;
      while (next < end && (bytes[next]! <= 32 || bytes[next] === 44)) next++;
      if (next >= end || bytes[next] === 34 || bytes[next] === 125) break;
      i = next;
    }
    let valueEnd = i;
    while (valueEnd > from && bytes[valueEnd - 1]! <= 32) valueEnd--;
    const isNull = valueEnd - from === 4 && bytes[from] === 110 && bytes[from + 1] === 117;
    if (key >= 0 && !isNull) this.#keep(key, from, valueEnd);
    return i;
  }

  /** Passes over `hp:"/x"`: a published HAProxy format has two keys without quotes. Returns as {@link #object} does. */
  #bareMember(from: number, depth: number): number {
    const bytes = this.#bytes;
    let i = from;
    let c = 0;
    while (i < this.#end && (((c = bytes[i]! | 32) >= 97 && c <= 122) || bytes[i] === 95)) i++;
    if (i === from || bytes[i] !== 58) return -1 - from;
    i++;
    while (i < this.#end && bytes[i]! <= 32) i++;
    return i >= this.#end ? -1 - i : this.#value(i, -1, 1, depth, false);
  }

  /** Reads the first element of an array from behind its `[`, skips the others; returns the offset behind `]`, or -1 - offset. */
  #array(from: number, key: number, name: number, level: number): number {
    const bytes = this.#bytes;
    let depth = 1;
    let i = from;
    while (i < this.#end && bytes[i]! <= 32) i++;
    if (i < this.#end && bytes[i] !== 93) {
      i = this.#value(i, key, name, level, true);
      if (i < 0) return i;
    }
    while (i < this.#end) {
      const c = bytes[i]!;
      if (c === 34) {
        i = stringEnd(bytes, i + 1, this.#end);
      } else if (c === 91 || c === 123) depth++;
      else if ((c === 93 || c === 125) && --depth === 0) return i + 1;
      i++;
    }
    return -1 - this.#end;
  }

  #keep(key: number, start: number, end: number): void {
    const at = 2 * this.#fieldOf[key]!;
    const known = this.#spans[at]!;
    // The first key with a value wins: an empty one or a dash stands for none.
    if (known >= 0 && !this.#isNothing(known, this.#spans[at + 1]!)) return;
    this.#spans[at] = start;
    this.#spans[at + 1] = end;
  }

  #isNothing(start: number, end: number): boolean {
    return start === end || (end === start + 1 && this.#bytes[start] === 45);
  }

  #find(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const key = this.#slots[slot]!;
      if (key < 0 || this.#hashes[key] === hash) return key;
      slot = (slot + 1) & mask;
    }
  }

  #same(key: number, start: number, end: number): boolean {
    const expected = this.#keys[key]!;
    if (expected.length !== end - start) return false;
    for (let k = 0; k < expected.length; k++)
      if (expected[k] !== this.#bytes[start + k]) return false;
    return true;
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash;
}
