// A very small WebAssembly assembler: just the instructions that scanning lines takes (WebAssembly core specification 2.0, §5).

/** Encoded instructions. */
export type Code = readonly number[];

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

function signed(value: bigint): number[] {
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
export const int = (value: number): Code => [0x41, ...signed(BigInt(value))];
export const long = (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))];
/** Unsigned byte, two bytes, four, eight at the address on the stack plus `offset`. */
export const load8 = (offset = 0): Code => [0x2d, 0, ...unsigned(offset)];
export const load16 = (offset = 0): Code => [0x2f, 0, ...unsigned(offset)];
export const load32 = (offset = 0): Code => [0x28, 0, ...unsigned(offset)];
export const load64 = (offset = 0): Code => [0x29, 0, ...unsigned(offset)];
export const store32: Code = [0x36, 2, 0];
export const EQ: Code = [0x46];
export const NE: Code = [0x47];
export const LT_S: Code = [0x48];
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

export const block = (...body: readonly Code[]): Code => [BLOCK, NO_RESULT, ...body.flat(), END];
export const loop = (...body: readonly Code[]): Code => [LOOP, NO_RESULT, ...body.flat(), END];
export const when = (condition: Code, then: Code, otherwise: Code = []): Code =>
  otherwise.length === 0
    ? [...condition, IF, NO_RESULT, ...then, END]
    : [...condition, IF, NO_RESULT, ...then, ELSE, ...otherwise, END];

/** Parameters and extra locals of the one function a module has: `i32 i32`, then two i32, a vector, an i32. */
export const LOCALS = { at: 0, end: 1, byte: 2, mark: 3, vector: 4, start: 5 } as const;

/** A module that imports memory `m.m` and exports the function `s(i32, i32) → i32` with this body. */
export function moduleOf(body: Code): Uint8Array {
  const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
  const section = (id: number, ...content: readonly Code[]): number[] => {
    const bytes = content.flat();
    return [id, ...unsigned(bytes.length), ...bytes];
  };
  const locals = [3, 2, I32, 1, V128, 1, I32];
  const code = [...locals, ...body, END];
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    0x01,
    0x00,
    0x00,
    0x00,
    ...section(1, [1, 0x60, 2, I32, I32, 1, I32]),
    ...section(2, [1, ...text("m"), ...text("m"), 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text("s"), 0x00, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}
