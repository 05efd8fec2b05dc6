// A very small WebAssembly assembler: just the instructions that scanning lines takes (WebAssembly core specification 2.0, §5).
// Longer than most files: a list of one-line instructions.

/** Encoded instructions; nested, so that putting them together copies nothing. */
export type Code = readonly (number | Code)[];

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;
const NO_RESULT = 0x40;
const I32 = 0x7f;
const V128 = 0x7b;
const SIMD = 0xfd;

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const byte = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? byte : byte | 0x80);
  } while (rest !== 0);
  return out;
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const out: number[] = [];
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const isDone = rest === (byte & 0x40 ? -1 : 0);
    out.push(isDone ? byte : byte | 0x80);
    if (isDone) return out;
  }
}

function signedLong(value: bigint): number[] {
  const out: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const isDone = (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0);
    out.push(isDone ? byte : byte | 0x80);
    if (isDone) return out;
  }
}

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number): Code => [0x21, ...unsigned(local)];
export const tee = (local: number): Code => [0x22, ...unsigned(local)];
export const int = (value: number): Code => [0x41, ...signed(value)];
export const long = (value: bigint): Code => [0x42, ...signedLong(BigInt.asIntN(64, value))];
/** Unsigned byte, two bytes, four, eight at the address on the stack plus `offset`. */
export const load8 = (offset = 0): Code => [0x2d, 0, ...unsigned(offset)];
export const load16 = (offset = 0): Code => [0x2f, 0, ...unsigned(offset)];
export const load32 = (offset = 0): Code => [0x28, 0, ...unsigned(offset)];
export const load64 = (offset = 0): Code => [0x29, 0, ...unsigned(offset)];
export const store32: Code = [0x36, 2, 0];
export const EQ: Code = [0x46];
export const NE: Code = [0x47];
export const LT_U: Code = [0x49];
export const GE_S: Code = [0x4e];
export const GE_U: Code = [0x4f];
export const NE_LONG: Code = [0x52];
export const CTZ: Code = [0x68];
export const ADD: Code = [0x6a];
export const SUB: Code = [0x6b];
export const AND: Code = [0x71];
export const OR: Code = [0x72];
export const SELECT: Code = [0x1b];
export const RETURN: Code = [0x0f];
/** A double that compares unequal to itself. */
export const NOT_A_NUMBER: Code = [0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
export const INFINITY: Code = [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f];
export const MINUS_INFINITY: Code = [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0xff];
export const branch = (depth: number): Code => [0x0c, ...unsigned(depth)];
export const branchIf = (depth: number): Code => [0x0d, ...unsigned(depth)];
/** Sixteen bytes at the address on the stack. */
export const loadVector: Code = [SIMD, 0x00, 0, 0];
/** Sixteen times one byte. */
export const splat = (byte: number): Code => [
  SIMD,
  0x0c,
  ...Array.from({ length: 16 }, () => byte),
];
export const EQ_VECTOR: Code = [SIMD, 0x23];
export const OR_VECTOR: Code = [SIMD, 0x50];
/** One bit for each of sixteen bytes. */
export const BITMASK: Code = [SIMD, 0x64];

export const block = (...body: readonly Code[]): Code => [BLOCK, NO_RESULT, body, END];
export const loop = (...body: readonly Code[]): Code => [LOOP, NO_RESULT, body, END];
export const when = (condition: Code, then: Code, otherwise: Code = []): Code =>
  otherwise.length === 0
    ? [condition, IF, NO_RESULT, then, END]
    : [condition, IF, NO_RESULT, then, ELSE, otherwise, END];

/** Folded forms: operands first, so that code reads like the expression it computes. */
const binary =
  (op: number) =>
  (left: Code, right: Code): Code => [left, right, op];
export const eqz = (value: Code): Code => [value, 0x45];
export const eq = binary(0x46);
export const ne = binary(0x47);
export const ltS = binary(0x48);
export const ltU = binary(0x49);
export const gtS = binary(0x4a);
export const gtU = binary(0x4b);
export const leU = binary(0x4d);
export const geS = binary(0x4e);
export const geU = binary(0x4f);
export const add = binary(0x6a);
export const sub = binary(0x6b);
export const mul = binary(0x6c);
export const and = binary(0x71);
export const or = binary(0x72);
export const xor = binary(0x73);
export const not = (value: Code): Code => xor(value, int(-1));
export const shl = binary(0x74);
export const shrU = binary(0x76);
export const rotl = binary(0x77);
export const clz = (value: Code): Code => [value, 0x67];
export const ctz = (value: Code): Code => [value, 0x68];
export const select = (then: Code, otherwise: Code, condition: Code): Code => [
  then,
  otherwise,
  condition,
  0x1b,
];
/** The same over 64 bits. */
export const neLong = binary(0x52);
export const ltLong = binary(0x53);
export const gtLong = binary(0x55);
export const geLong = binary(0x59);
export const addLong = binary(0x7c);
export const subLong = binary(0x7d);
export const mulLong = binary(0x7e);
export const divLong = binary(0x7f);
export const andLong = binary(0x83);
export const orLong = binary(0x84);
export const xorLong = binary(0x85);
export const shlLong = binary(0x86);
export const shrLong = binary(0x88);
export const wrap = (value: Code): Code => [value, 0xa7];
export const widen = (value: Code): Code => [value, 0xac];
export const toDouble = (value: Code): Code => [value, 0xb9];
export const remLong = binary(0x81);
/** Of doubles: whether less, whether more; a whole one as 64 bits. */
export const ltDouble = binary(0x63);
export const gtDouble = binary(0x64);
export const longOfDouble = (value: Code): Code => [value, 0xb0];
/** Loads from and stores to computed addresses plus an offset. */
export const byteAt = (address: Code, offset = 0): Code => [address, load8(offset)];
export const shortAt = (address: Code, offset = 0): Code => [address, load16(offset)];
export const intAt = (address: Code, offset = 0): Code => [address, load32(offset)];
export const longAt = (address: Code, offset = 0): Code => [address, load64(offset)];
export const doubleAt = (address: Code, offset = 0): Code => [
  address,
  0x2b,
  0,
  ...unsigned(offset),
];
export const vectorAt = (address: Code, offset = 0): Code => [
  address,
  SIMD,
  0x00,
  0,
  ...unsigned(offset),
];
const store =
  (...op: readonly number[]) =>
  (address: Code, value: Code, offset = 0): Code => [address, value, op, 0, ...unsigned(offset)];
export const putInt = store(0x36);
export const putLong = store(0x37);
export const putDouble = store(0x39);
export const putVector = store(SIMD, 0x0b);
export const eqVector = (left: Code, right: Code): Code => [left, right, EQ_VECTOR];
export const orVector = (left: Code, right: Code): Code => [left, right, OR_VECTOR];
export const xorVector = (left: Code, right: Code): Code => [left, right, SIMD, 0x51];
export const andVector = (left: Code, right: Code): Code => [left, right, SIMD, 0x4e];
export const subVector = (left: Code, right: Code): Code => [left, right, SIMD, 0x71];
/** Byte by byte, unsigned. */
export const ltVector = (left: Code, right: Code): Code => [left, right, SIMD, 0x26];
/** One of a vector's two halves. */
export const longOf = (vector: Code, half: 0 | 1): Code => [vector, SIMD, 0x1d, half];
export const anyBit = (value: Code): Code => [value, SIMD, 0x53];
export const bits = (value: Code): Code => [value, BITMASK];
export const put = (local: number, value: Code): Code => [value, set(local)];
/** Sets and leaves the value. */
export const keep = (local: number, value: Code): Code => [value, tee(local)];
export const call = (index: number, ...values: readonly Code[]): Code => [
  values,
  0x10,
  ...unsigned(index),
];
export const leave = (value: Code): Code => [value, RETURN];

/** Types of locals. */
export const INT = I32;
export const LONG = 0x7e;
export const VECTOR = V128;

/** One function: i32 parameters, then locals of these types. */
export interface Func {
  readonly params: number;
  readonly locals: readonly number[];
  readonly result: typeof INT | typeof LONG;
  readonly body: Code;
}

/** Numbers the parameters and locals of a function: names for the parameters, then names with their types. */
export function localsOf<P extends string, L extends string>(
  params: readonly P[],
  locals: Readonly<Record<L, number>>,
): { readonly at: Readonly<Record<P | L, number>>; readonly types: readonly number[] } {
  const names = [...params, ...(Object.keys(locals) as L[])];
  const at = Object.fromEntries(names.map((name, index) => [name, index])) as Record<P | L, number>;
  return { at, types: Object.values(locals) };
}

/** Parameters and extra locals of a scan function: `i32 i32`, then two i32, a vector, two i32. */
export const LOCALS = { at: 0, end: 1, byte: 2, mark: 3, vector: 4, start: 5, odd: 6 } as const;
export const SCAN_LOCALS: readonly number[] = [I32, I32, V128, I32, I32];

/** A module that imports memory `m.m` and exports functions by name; they call each other by their place. */
export function moduleOf(functions: Readonly<Record<string, Func>>): Uint8Array {
  const out = new Writer();
  const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
  const section = (id: number, content: Code): void => {
    out.put([id]);
    out.sized(() => out.put(content));
  };
  const all = Object.entries(functions);
  const types = all.map(([, { params, result }]) => [
    0x60,
    params,
    ...Array.from({ length: params }, () => I32),
    1,
    result,
  ]);
  out.put([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  section(1, [all.length, types]);
  section(2, [1, text("m"), text("m"), 0x02, 0x00, 1]);
  section(3, [all.length, ...all.map((_, index) => index)]);
  section(7, [all.length, all.map(([name], index) => [text(name), 0x00, index])]);
  out.put([10]);
  out.sized(() => {
    out.put([all.length]);
    for (const [, { locals, body }] of all)
      out.sized(() => {
        out.put([unsigned(locals.length), locals.map((type) => [1, type])]);
        out.put([body, END]);
      });
  });
  return out.bytes();
}

/** Puts nested code down byte by byte: `Array.flat` takes ten times as long. */
class Writer {
  #bytes = new Uint8Array(1 << 15);
  #end = 0;

  put(code: Code): void {
    for (let k = 0; k < code.length; k++) {
      const part = code[k]!;
      if (typeof part !== "number") this.put(part);
      else this.#byte(part);
    }
  }

  /** What is written, behind its size: five bytes, as a size may have more than it needs (specification, §5.2.2). */
  sized(write: () => void): void {
    const at = this.#end;
    for (let k = 0; k < 5; k++) this.#byte(0);
    write();
    const size = this.#end - at - 5;
    for (let k = 0; k < 5; k++)
      this.#bytes[at + k] = ((size >>> (7 * k)) & 0x7f) | (k < 4 ? 0x80 : 0);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  #byte(byte: number): void {
    if (this.#end === this.#bytes.length) {
      const old = this.#bytes;
      this.#bytes = new Uint8Array(2 * old.length);
      this.#bytes.set(old);
    }
    this.#bytes[this.#end++] = byte;
  }
}
