// WebAssembly that makes a row of the spans of a line: its key, its duration, its time. Part of quick-lines.ts.
//
// It refuses whatever is not in its usual shape; a refused line is read in full by others, so nothing here has to know an exception.
import type { KeyPart, QuickFields } from "./quick-fields.ts";
import { AREA, ROW, LONGEST_PART } from "./quick-area.ts";
import {
  add,
  addLong,
  and,
  block,
  branch,
  branchIf,
  byteAt,
  call,
  divLong,
  eq,
  eqz,
  type Code,
  type Func,
  geS,
  get,
  gtLong,
  gtS,
  gtU,
  int,
  INT,
  intAt,
  leave,
  localsOf,
  long,
  LONG,
  loop,
  ltLong,
  ltS,
  mul,
  mulLong,
  ne,
  or,
  put,
  putByte,
  putDouble,
  putInt,
  putVector,
  select,
  sub,
  subLong,
  toDouble,
  vectorAt,
  when,
  widen,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";

const SPACE = 32;
const DASH = 45;

/** row → 1 where the scanned line was usual enough; fills the row from the spans as far as it was. */
export function fill(
  area: number,
  spansAt: number,
  quick: QuickFields,
  at: {
    readonly uint: number;
    readonly time: number;
    readonly space: number;
    readonly find: number;
  },
): Func {
  const { at: L, types } = localsOf(["row"], {
    p: INT,
    s: INT,
    e: INT,
    c: INT,
    o: INT,
    duration: INT,
    ms: LONG,
    off: LONG,
  });
  const refuse = leave(int(0));
  const span = (field: number): Code => [
    ...put(L.s, intAt(int(spansAt + 8 * field))),
    ...put(L.e, intAt(int(spansAt + 8 * field + 4))),
  ];
  const length = sub(get(L.e), get(L.s));
  const isDash = and(eq(length, int(1)), eq(byteAt(get(L.s)), int(DASH)));
  /** The first of the fields with a value; -1, -1 where none has one. */
  const present = (fields: readonly number[]): Code => [
    ...block(
      fields.flatMap((field) => [
        ...span(field),
        ...when(geS(get(L.s), int(0)), when(gtS(length, int(0)), when(eqz(isDash), branch(3)))),
      ]),
      put(L.s, int(-1)),
      put(L.e, int(-1)),
    ),
  ];
  const logged = (fields: readonly number[]): Code =>
    block(fields.flatMap((field) => [...span(field), ...geS(get(L.s), int(0)), ...branchIf(0)]));
  const keyClass = (value: Code): Code => [...putByte(get(L.p), value), ...step(L.p)];
  const keyBytes: Code = [
    ...when(gtU(length, int(LONGEST_PART)), refuse),
    ...putInt(get(L.p), select(int(-1), length, ltS(get(L.s), int(0)))),
    ...step(L.p, 4),
    ...when(geS(get(L.s), int(0)), [
      ...put(L.o, int(0)),
      ...loop(
        putVector(add(get(L.p), get(L.o)), vectorAt(add(get(L.s), get(L.o)))),
        step(L.o, 16),
        [...ltS(get(L.o), length), ...branchIf(0)],
      ),
      ...put(L.p, add(get(L.p), length)),
    ]),
  ];
  /** Class 0 is absent, 1 a dash; what is neither goes on. */
  const unlessAbsent = (otherwise: Code): Code => [
    ...put(L.c, int(0)),
    ...when(geS(get(L.s), int(0)), [
      ...when(
        eqz(length),
        // Empty: as absent, but not the same to everybody.
        put(L.c, int(2)),
        when(isDash, put(L.c, int(1)), otherwise),
      ),
    ]),
    ...keyClass(get(L.c)),
  ];
  const isAllDigits = (from: Code): Code => call(at.uint, from, get(L.e));
  const sign: Code = unlessAbsent(
    when(
      eq(byteAt(get(L.s)), int(DASH)),
      [
        ...when(or(ne(length, int(2)), ne(byteAt(get(L.s), 1), int(49))), refuse),
        ...put(L.c, int(3)),
      ],
      [
        ...put(L.o, sub(byteAt(get(L.s)), int(48))),
        ...when(ne(length, int(1)), [
          // No leading zero: what is longer than one digit is positive.
          ...when(eqz(get(L.o)), refuse),
          ...put(L.o, isAllDigits(get(L.s))),
        ]),
        ...when(and(eq(length, int(1)), gtU(get(L.o), int(9))), refuse),
        ...when(ltS(get(L.o), int(0)), refuse),
        ...put(L.c, select(int(5), int(4), get(L.o))),
      ],
    ),
  );
  /** `12.345` in s, e as ms, or refused. */
  const decimal: Code = [
    ...when(or(ltS(length, int(5)), ne(byteAt(sub(get(L.e), int(4))), int(46))), refuse),
    ...put(L.c, call(at.uint, get(L.s), sub(get(L.e), int(4)))),
    ...put(L.o, call(at.uint, sub(get(L.e), int(3)), get(L.e))),
    ...when(or(ltS(or(get(L.c), get(L.o)), int(0)), gtU(get(L.c), int(1_000_000))), refuse),
    ...put(L.o, add(mul(get(L.c), int(1000)), get(L.o))),
  ];
  const seconds: Code = unlessAbsent([...decimal, ...put(L.c, int(4))]);
  const isSeparator = [123, 124, 125, DASH, SPACE]
    .map((byte) => eq(byteAt(get(L.o)), int(byte)))
    .reduce((left, right) => or(left, right));
  const blank: Code = [
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
    ...keyClass(ltS(get(L.o), get(L.e))),
  ];
  const digits: Code = when(
    geS(get(L.s), int(0)),
    when(ltS(isAllDigits(get(L.s)), int(0)), refuse),
  );
  const word: Code = when(
    geS(get(L.s), int(0)),
    when(ne(call(at.space, get(L.s), get(L.e)), get(L.e)), refuse),
  );
  const quoted: Code = when(geS(get(L.s), int(0)), when(ne(byteAt(get(L.e)), int(34)), refuse));
  const parts = { bytes: keyBytes, sign, seconds, blank, digits, word, quoted };
  const hasValue = (field: number): Code => [
    ...span(field),
    ...put(L.c, int(0)),
    ...when(geS(get(L.s), int(0)), put(L.c, and(gtS(length, int(0)), eqz(isDash)))),
    ...get(L.c),
  ];
  const partCode = (part: KeyPart): Code => {
    if (part.by !== "size") return [...span(part.field), ...parts[part.by]];
    const isBeside = part.beside.map(hasValue).reduce((left, right) => or(left, right), int(0));
    return when(
      isBeside,
      [...span(part.field), ...parts.bytes],
      [...span(part.field), ...parts.sign],
    );
  };
  const isNumber = quick.unit === "ms" ? put(L.o, isAllDigits(get(L.s))) : decimal;
  const durationCode: Code = [
    ...put(L.duration, int(-1)),
    ...(quick.duration.length === 0
      ? []
      : [
          ...present(quick.duration),
          ...when(geS(get(L.s), int(0)), [
            ...isNumber,
            ...when(ltS(get(L.o), int(0)), refuse),
            ...put(L.duration, get(L.o)),
          ]),
        ]),
    ...putInt(get(L.row), get(L.duration), ROW.duration),
  ];
  const place = (offset: number): Code => [
    ...putInt(get(L.row), get(L.s), offset),
    ...putInt(get(L.row), get(L.e), offset + 4),
  ];
  const stamp = call(
    at.time,
    intAt(int(area + AREA.stampStart)),
    intAt(int(area + AREA.stampEnd)),
    int(area + AREA.stampTimes),
  );
  const isStamped = eq(intAt(int(area + AREA.headKind)), int(2));
  const wants = intAt(int(area + AREA.wantsStamp));
  const quarter = long(900_000n);
  /** A positive multiple of a quarter hour that keeps the division among positive numbers. */
  const bias = long(900_000n * 1_000_000_000n);
  const toUtc: Code = when(geS(wants, int(0)), [
    ...when(ne(wants, isStamped), refuse),
    ...when(isStamped, [
      ...put(L.off, stamp),
      ...when(ltLong(get(L.off), long(0n)), refuse),
      ...put(
        L.off,
        subLong(
          mulLong(
            divLong(
              addLong(addLong(subLong(get(L.ms), get(L.off)), bias), long(450_000n)),
              quarter,
            ),
            quarter,
          ),
          bias,
        ),
      ),
      ...when(
        or(gtLong(get(L.off), long(50_400_000n)), ltLong(get(L.off), long(-50_400_000n))),
        refuse,
      ),
      ...put(L.ms, subLong(get(L.ms), get(L.off))),
    ]),
  ]);
  return {
    params: 1,
    locals: types,
    result: INT,
    body: [
      ...put(L.p, int(area + AREA.scratch)),
      ...put(L.s, intAt(int(area + AREA.hostStart))),
      ...put(L.e, intAt(int(area + AREA.hostEnd))),
      ...keyBytes,
      ...quick.without.flatMap((field) =>
        when(geS(intAt(int(spansAt + 8 * field)), int(0)), refuse),
      ),
      ...quick.key.flatMap(partCode),
      ...durationCode,
      ...present(quick.client),
      ...place(ROW.clientStart),
      ...put(L.s, int(-1)),
      ...logged(quick.request),
      ...place(ROW.requestStart),
      ...putInt(get(L.row), call(at.find, get(L.p)), ROW.entry),
      ...logged(quick.time),
      ...put(L.ms, call(at.time, get(L.s), get(L.e), int(area + AREA.ownTimes))),
      ...when(ltLong(get(L.ms), long(0n)), refuse),
      ...(quick.isStart
        ? when(geS(get(L.duration), int(0)), put(L.ms, addLong(get(L.ms), widen(get(L.duration)))))
        : []),
      ...toUtc,
      ...putDouble(get(L.row), toDouble(get(L.ms))),
      ...int(1),
    ],
  };
}
