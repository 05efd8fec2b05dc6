// How a WebAssembly scanner moves over bytes: to a literal, to the next of some bytes, over digits. Part of compile-wasm.ts.
import {
  ADD,
  add,
  and,
  eqz,
  sub,
  bits,
  ctz,
  ltU,
  ltVector,
  put,
  select,
  subVector,
  vectorAt,
  xor,
  AND,
  BITMASK,
  block,
  branch,
  branchIf,
  type Code,
  CTZ,
  EQ,
  EQ_VECTOR,
  GE_U,
  get,
  int,
  load16,
  load32,
  load64,
  load8,
  loadVector,
  LOCALS,
  long,
  loop,
  LT_U,
  NE,
  NE_LONG,
  OR,
  OR_VECTOR,
  SELECT,
  set,
  splat,
  tee,
  when,
} from "./wasm-code.ts";

const { at: I, end: E, byte: C, vector: V } = LOCALS;

export function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

export const advance = (by: number): Code => [...get(I), ...int(by), ...ADD, ...set(I)];
export const atEnd: Code = [...get(I), ...get(E), ...GE_U];
export const here = (offset = 0): Code => [...get(I), ...load8(offset)];
export const isHere = (byte: number, offset = 0): Code => [...here(offset), ...int(byte), ...EQ];
/** Whether `more` bytes are left. */
export const leaves = (more: number): Code => [...get(I), ...int(more), ...ADD, ...get(E), ...GE_U];

/** Compares eight, four, two and one bytes at a time. */
export function literal(bytes: readonly number[], miss: Code): Code {
  if (bytes.length === 0) return [];
  const out: Code[] = [when([...get(E), ...get(I), ...int(bytes.length), ...ADD, ...LT_U], miss)];
  let k = 0;
  const word = (size: number): bigint =>
    bytes.slice(k, k + size).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  while (k < bytes.length) {
    const left = bytes.length - k;
    if (left >= 8) {
      out.push(when([...get(I), ...load64(k), ...long(word(8)), ...NE_LONG], miss));
      k += 8;
      continue;
    }
    const size = left >= 4 ? 4 : left >= 2 ? 2 : 1;
    const load = size === 4 ? load32(k) : size === 2 ? load16(k) : load8(k);
    out.push(
      when([...get(I), ...load, ...int(Number(BigInt.asIntN(32, word(size)))), ...NE], miss),
    );
    k += size;
  }
  out.push(advance(bytes.length));
  return out.flat();
}

/** Moves to the first of `stops`, or to the end. */
export function seek(...stops: readonly number[]): Code {
  const matches = stops.flatMap((stop, k) => [
    ...(k === 0 ? [] : get(V)),
    ...splat(stop),
    ...EQ_VECTOR,
    ...(k === 0 ? [] : OR_VECTOR),
  ]);
  return [
    ...block(
      loop(
        [...atEnd, ...branchIf(1)],
        [...get(I), ...loadVector],
        stops.length > 1 ? tee(V) : [],
        [...matches, ...BITMASK],
        when(tee(C), [...get(I), ...get(C), ...CTZ, ...ADD, ...set(I), ...branch(2)]),
        [...advance(16), ...branch(0)],
      ),
    ),
    ...get(I),
    ...get(E),
    ...get(I),
    ...get(E),
    ...LT_U,
    ...SELECT,
    ...set(I),
  ];
}

/** Moves over bytes that are `byte`. */
export function skip(byte: number): Code {
  return block(
    loop(
      [...atEnd, ...branchIf(1)],
      [...here(), ...int(byte), ...NE, ...branchIf(1)],
      [...advance(1), ...branch(0)],
    ),
  );
}

const isDigitAt = (offset: number): Code => ltU(sub(here(offset), int(48)), int(10));

/**
 * Moves over digits: over a single one by a guess, which the processor gets right where a field is always short, over more
 * sixteen at a time, because a loop over them guesses wrong.
 */
export const digits: Code = [
  ...when(
    and(isDigitAt(0), eqz(isDigitAt(1))),
    advance(1),
    block(
      loop(
        put(C, xor(bits(ltVector(subVector(vectorAt(get(I)), splat(48)), splat(10))), int(0xffff))),
        when(get(C), [...put(I, add(get(I), ctz(get(C)))), ...branch(2)]),
        [...advance(16), ...branch(0)],
      ),
    ),
  ),
  ...put(I, select(get(I), get(E), ltU(get(I), get(E)))),
];

/** Whether there is a byte here and it is `byte`. */
export const hasHere = (byte: number): Code => [
  ...get(I),
  ...get(E),
  ...LT_U,
  ...isHere(byte),
  ...AND,
];
export const ifHere = (byte: number, then: Code): Code => when(hasHere(byte), then);

/** Fails unless `length` bytes are left and these bytes stand at these offsets; then moves over them. */
export function fixed(length: number, places: Readonly<Record<number, number>>, fail: Code): Code {
  const isWrong = Object.entries(places).flatMap(([offset, byte], k) => [
    ...here(Number(offset)),
    ...int(byte),
    ...NE,
    ...(k === 0 ? [] : OR),
  ]);
  const isShort = [...get(E), ...get(I), ...int(length), ...ADD, ...LT_U];
  return [...when(isShort, fail), ...when(isWrong, fail), ...advance(length)];
}
