// WebAssembly that takes one field of a line into its key. Part of quick-lines.ts.
//
// It refuses whatever is not in its usual shape; a refused line is read in full by others.
import type { KeyPart } from "./quick-fields.ts";
import {
  and,
  bits,
  block,
  branch,
  branchIf,
  byteAt,
  call,
  type Code,
  eq,
  eqz,
  geS,
  geU,
  get,
  gtU,
  int,
  loop,
  ltS,
  ltU,
  ltVector,
  ne,
  not,
  or,
  put,
  select,
  shl,
  splat,
  sub,
  subVector,
  vectorAt,
  when,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";

const SPACE = 32;
const DASH = 45;

/** Locals: where the field lies, and two for the moment. */
interface PartLocals {
  readonly s: number;
  readonly e: number;
  readonly c: number;
  readonly o: number;
}

/** How a part gets into the key, by its index in it. */
interface KeyCode {
  readonly byClass: (index: number, value: Code) => Code;
  readonly byBytes: (index: number) => Code;
}

/** The code of each way to decide, for the field that lies at s, e. */
export function partCodes(
  L: PartLocals,
  spaceAt: number,
  refuse: Code,
  key: KeyCode,
): Readonly<Record<Exclude<KeyPart["by"], "size">, (index: number) => Code>> {
  const length = sub(get(L.e), get(L.s));
  const isDash = and(eq(length, int(1)), eq(byteAt(get(L.s)), int(DASH)));
  /** Class 0 is absent, 1 a dash; what is neither goes on. */
  const unlessAbsent = (index: number, otherwise: Code): Code => [
    ...put(L.c, int(0)),
    ...when(geS(get(L.s), int(0)), [
      ...when(
        eqz(length),
        // Empty: as absent, but not the same to everybody.
        put(L.c, int(2)),
        when(isDash, put(L.c, int(1)), otherwise),
      ),
    ]),
    ...key.byClass(index, get(L.c)),
  ];
  /** A bit for each of the part's bytes that is no digit; of a part up to fifteen long. */
  const nonDigits = not(
    or(bits(ltVector(subVector(vectorAt(get(L.s)), splat(48)), splat(10))), shl(int(-1), length)),
  );
  const positive = when(
    eq(byteAt(get(L.s)), int(DASH)),
    [
      ...when(or(ne(length, int(2)), ne(byteAt(get(L.s), 1), int(49))), refuse),
      ...put(L.c, int(3)),
    ],
    [
      ...put(L.o, sub(byteAt(get(L.s)), int(48))),
      // No leading zero: what is longer than one digit is positive.
      ...when(and(eqz(get(L.o)), ne(length, int(1))), refuse),
      ...when(or(gtU(length, int(8)), nonDigits), refuse),
      ...put(L.c, select(int(5), int(4), get(L.o))),
    ],
  );
  const sign = (index: number): Code => unlessAbsent(index, positive);
  const isDecimal = and(
    and(ltU(sub(length, int(5)), int(6)), eq(byteAt(sub(get(L.e), int(4))), int(46))),
    eq(nonDigits, shl(int(1), sub(length, int(4)))),
  );
  const seconds = (index: number): Code =>
    unlessAbsent(index, [...when(eqz(isDecimal), refuse), ...put(L.c, int(4))]);
  const isSeparator = [123, 124, 125, DASH, SPACE]
    .map((byte) => eq(byteAt(get(L.o)), int(byte)))
    .reduce((left, right) => or(left, right));
  const blank = (index: number): Code => [
    ...put(L.o, get(L.s)),
    ...when(
      geS(get(L.s), int(0)),
      block(
        loop(
          [...geS(get(L.o), get(L.e)), ...branchIf(1)],
          [...eqz(isSeparator), ...branchIf(1)],
          step(L.o),
          branch(0),
        ),
      ),
    ),
    ...key.byClass(index, ltS(get(L.o), get(L.e))),
  ];
  const digits = (): Code =>
    when(geS(get(L.s), int(0)), when(or(geU(sub(length, int(1)), int(8)), nonDigits), refuse));
  const word = (): Code =>
    when(geS(get(L.s), int(0)), when(ne(call(spaceAt, get(L.s), get(L.e)), get(L.e)), refuse));
  const quoted = (): Code =>
    when(geS(get(L.s), int(0)), when(ne(byteAt(get(L.e)), int(34)), refuse));
  return { bytes: key.byBytes, sign, seconds, blank, digits, word, quoted };
}
