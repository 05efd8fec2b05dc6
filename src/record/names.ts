// Byte strings become small numbers, once: pools, peers, codes, messages and whatever else repeats from line to line.

const decoder = new TextDecoder("latin1");
const encoder = new TextEncoder();

/**
 * An interning table: open addressing over the bytes themselves, so that a name seen before costs one hash and one
 * comparison and makes no string. Number 0 is the absent name. Bounded: when `limit` names are held, `intern` answers -1
 * and the caller works without the cache.
 */
export class Names {
  readonly #limit: number;
  #slots = new Int32Array(1024);
  #hashes = new Int32Array(512);
  #starts = new Int32Array(513);
  #arena = new Uint8Array(16384);
  #texts: (string | undefined)[] = [""];
  #count = 1;

  constructor(limit = 1 << 16) {
    this.#limit = limit;
  }

  /** How many names are held, the absent one included. */
  get size(): number {
    return this.#count;
  }

  /** The number of the name in `bytes[start, end)`; 0 for an empty one; -1 when the table is full. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end) return 0;
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const id = this.#slots[slot]!;
      if (id === 0) return this.#add(bytes, start, end, hash, slot);
      if (this.#hashes[id] === hash && this.#same(id, bytes, start, end)) return id;
      slot = (slot + 1) & mask;
    }
  }

  /** The number of a name given as text. */
  internText(text: string): number {
    const bytes = encoder.encode(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** The text of a name, latin1-decoded bytes read as UTF-8 where they are valid; "" for number 0. */
  text(id: number): string {
    const known = this.#texts[id];
    if (known !== undefined) return known;
    const bytes = this.#arena.subarray(this.#starts[id]!, this.#starts[id + 1]!);
    const text = decodeText(bytes);
    this.#texts[id] = text;
    return text;
  }

  #same(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#starts[id]!;
    if (this.#starts[id + 1]! - at !== end - start) return false;
    for (let i = start; i < end; i++) if (this.#arena[at++] !== bytes[i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    if (this.#count >= this.#limit) return -1;
    const id = this.#count++;
    const at = id === 1 ? 0 : this.#starts[id]!;
    if (id + 1 >= this.#starts.length) {
      this.#starts = grown(this.#starts);
      this.#hashes = grown(this.#hashes);
    }
    const needed = at + end - start;
    if (needed > this.#arena.length) {
      const arena = new Uint8Array(Math.max(needed, this.#arena.length * 2));
      arena.set(this.#arena);
      this.#arena = arena;
    }
    this.#arena.set(bytes.subarray(start, end), at);
    this.#starts[id] = at;
    this.#starts[id + 1] = needed;
    this.#hashes[id] = hash;
    this.#slots[slot] = id;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 1; id < this.#count; id++) {
      let slot = this.#hashes[id]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

function grown(old: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(old.length * 2);
  larger.set(old);
  return larger;
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** Bytes as text: UTF-8 where valid, else latin1, so that no byte is lost and nothing throws. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decoder.decode(bytes);
  }
}
