// The checksums of LZ4 and Zstandard frames: XXH32 and the lower half of XXH64, seed 0 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md).

const A1 = 2654435761;
const A2 = 2246822519;
const A3 = 3266489917;
const A4 = 668265263;
const A5 = 374761393;
const STRIPE_32 = 16;

/** A running XXH32. */
export class XxHash32 {
  readonly #lanes = Int32Array.of(A1 + A2, A2, 0, -A1);
  readonly #rest = new Rest(STRIPE_32, (b, from, to) => this.#stripes(b, from, to));

  update(bytes: Uint8Array): this {
    this.#rest.take(bytes);
    return this;
  }

  /** Of all bytes so far, unsigned. */
  digest(): number {
    const { total, bytes, length } = this.#rest;
    const lanes = this.#lanes;
    let h =
      total >= STRIPE_32
        ? rotate(lanes[0]!, 1) +
          rotate(lanes[1]!, 7) +
          rotate(lanes[2]!, 12) +
          rotate(lanes[3]!, 18)
        : A5;
    h = (h + total) | 0;
    let i = 0;
    for (; i + 4 <= length; i += 4)
      h = Math.imul(rotate((h + Math.imul(word(bytes, i), A3)) | 0, 17), A4);
    for (; i < length; i++) h = Math.imul(rotate((h + Math.imul(bytes[i]!, A5)) | 0, 11), A1);
    h = Math.imul(h ^ (h >>> 15), A2);
    h = Math.imul(h ^ (h >>> 13), A3);
    return (h ^ (h >>> 16)) >>> 0;
  }

  #stripes(b: Uint8Array, from: number, to: number): void {
    let [v1, v2, v3, v4] = this.#lanes as unknown as [number, number, number, number];
    for (let i = from; i < to; i += STRIPE_32) {
      v1 = Math.imul(rotate((v1 + Math.imul(word(b, i), A2)) | 0, 13), A1);
      v2 = Math.imul(rotate((v2 + Math.imul(word(b, i + 4), A2)) | 0, 13), A1);
      v3 = Math.imul(rotate((v3 + Math.imul(word(b, i + 8), A2)) | 0, 13), A1);
      v4 = Math.imul(rotate((v4 + Math.imul(word(b, i + 12), A2)) | 0, 13), A1);
    }
    this.#lanes.set([v1, v2, v3, v4]);
  }
}

const B1 = 11400714785074694791n;
const B2 = 14029467366897019727n;
const B3 = 1609587929392839161n;
const B4 = 9650029242287828579n;
const B5 = 2870177450012600261n;
const STRIPE_64 = 32;
const [B1_HIGH, B1_LOW] = halves(B1);
const [B2_HIGH, B2_LOW] = halves(B2);

/** A running XXH64; big integers only at its end, as they are slow. */
export class XxHash64 {
  /** Four lanes, high and low half of each. */
  readonly #lanes = Int32Array.of(
    ...[B1 + B2, B2, 0n, -B1].flatMap((lane) => halves(BigInt.asUintN(64, lane))),
  );
  readonly #rest = new Rest(STRIPE_64, (b, from, to) => this.#stripes(b, from, to));

  update(bytes: Uint8Array): this {
    this.#rest.take(bytes);
    return this;
  }

  /** Of all bytes so far. */
  digest(): bigint {
    const { total, bytes, length } = this.#rest;
    let h = B5;
    if (total >= STRIPE_64) {
      const lanes = [0, 1, 2, 3].map(
        (at) =>
          (BigInt(this.#lanes[2 * at]! >>> 0) << 32n) | BigInt(this.#lanes[2 * at + 1]! >>> 0),
      );
      h = [1n, 7n, 12n, 18n].reduce((sum, by, at) => sum + rotateBig(lanes[at]!, by), 0n);
      for (const lane of lanes) h = cut((cut(h) ^ round(0n, lane)) * B1 + B4);
    }
    h = cut(h + BigInt(total));
    const view = new DataView(bytes.buffer, bytes.byteOffset, length);
    let i = 0;
    for (; i + 8 <= length; i += 8)
      h = cut(rotateBig(h ^ round(0n, view.getBigUint64(i, true)), 27n) * B1 + B4);
    for (; i + 4 <= length; i += 4)
      h = cut(rotateBig(h ^ cut(BigInt(view.getUint32(i, true)) * B1), 23n) * B2 + B3);
    for (; i < length; i++) h = cut(rotateBig(h ^ cut(BigInt(bytes[i]!) * B5), 11n) * B1);
    h = cut((h ^ (h >> 33n)) * B2);
    h = cut((h ^ (h >> 29n)) * B3);
    return h ^ (h >> 32n);
  }

  #stripes(b: Uint8Array, from: number, to: number): void {
    const lanes = this.#lanes;
    for (let i = from; i < to; i += STRIPE_64) {
      for (let at = 0; at < 8; at += 2) {
        const low = word(b, i + 4 * at);
        const high = word(b, i + 4 * at + 4);
        // The lane and the word times B2 …
        const productLow = Math.imul(low, B2_LOW);
        const productHigh = high32(low, B2_LOW) + Math.imul(low, B2_HIGH) + Math.imul(high, B2_LOW);
        const sum = (lanes[at + 1]! >>> 0) + (productLow >>> 0);
        const l = sum | 0;
        const h = (lanes[at]! + productHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
        // … turned by 31, times B1.
        const turnedHigh = (h << 31) | (l >>> 1);
        const turnedLow = (l << 31) | (h >>> 1);
        lanes[at] =
          high32(turnedLow, B1_LOW) + Math.imul(turnedLow, B1_HIGH) + Math.imul(turnedHigh, B1_LOW);
        lanes[at + 1] = Math.imul(turnedLow, B1_LOW);
      }
    }
  }
}

/** Hands on whole stripes, and keeps what is left over. */
class Rest {
  total = 0;
  readonly bytes: Uint8Array;
  length = 0;
  readonly #onStripes: (bytes: Uint8Array, from: number, to: number) => void;

  constructor(stripe: number, onStripes: (bytes: Uint8Array, from: number, to: number) => void) {
    this.bytes = new Uint8Array(stripe);
    this.#onStripes = onStripes;
  }

  take(bytes: Uint8Array): void {
    const stripe = this.bytes.length;
    this.total += bytes.length;
    let from = 0;
    if (this.length > 0) {
      from = Math.min(stripe - this.length, bytes.length);
      this.bytes.set(bytes.subarray(0, from), this.length);
      this.length += from;
      if (this.length < stripe) return;
      this.#onStripes(this.bytes, 0, stripe);
    }
    const to = from + Math.floor((bytes.length - from) / stripe) * stripe;
    this.#onStripes(bytes, from, to);
    this.bytes.set(bytes.subarray(to));
    this.length = bytes.length - to;
  }
}

function word(b: Uint8Array, i: number): number {
  return b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16) | (b[i + 3]! << 24);
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

/** The upper half of the product of two unsigned numbers. */
function high32(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  return (a1 * b1 + (middle >>> 16) + ((a0 * b1 + (middle & 0xffff)) >>> 16)) | 0;
}

function halves(x: bigint): [number, number] {
  return [Number(x >> 32n) | 0, Number(x & 0xffffffffn) | 0];
}

function cut(x: bigint): bigint {
  return BigInt.asUintN(64, x);
}

function rotateBig(x: bigint, by: bigint): bigint {
  return cut(x << by) | (x >> (64n - by));
}

function round(lane: bigint, input: bigint): bigint {
  return cut(rotateBig(cut(lane + input * B2), 31n) * B1);
}
