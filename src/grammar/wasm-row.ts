// WebAssembly that makes a row of the spans of a line: its key, its duration, its time. Part of quick-lines.ts.
//
// It refuses whatever is not in its usual shape; a refused line is read in full by others, so nothing here has to know an exception.
import type { KeyPart, QuickFields } from "./quick-fields.ts";
import { AREA, ROW, LONGEST_PART } from "./quick-area.ts";
import { partCodes } from "./wasm-parts.ts";
import { KEY_LOCALS, lookUp, type PartAt } from "./wasm-key.ts";
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
  ltLong,
  ltS,
  mul,
  mulLong,
  ne,
  or,
  orLong,
  put,
  putDouble,
  putInt,
  shlLong,
  sub,
  subLong,
  toDouble,
  when,
  widen,
} from "./wasm-code.ts";

const DASH = 45;
/** Classes of three bits that a local of 64 holds. */
const CLASSES = 21;

/** row → 1 where the scanned line was usual enough; fills the row from the spans as far as it was. */
export function fill(
  area: number,
  spansAt: number,
  quick: QuickFields,
  at: {
    readonly uint: number;
    readonly time: number;
    readonly space: number;
  },
): Func {
  // The head's host, then the fields of the key.
  const count = 1 + quick.key.length;
  const { at: L, types: own } = localsOf(["row"], {
    s: INT,
    e: INT,
    c: INT,
    o: INT,
    duration: INT,
    ms: LONG,
    off: LONG,
    ...KEY_LOCALS,
  });
  const classes = Array.from({ length: Math.ceil(count / CLASSES) }, (_, k) => 1 + own.length + k);
  const firstPart = 1 + own.length + classes.length;
  const partAt = (index: number): PartAt => ({
    start: firstPart + 2 * index,
    end: firstPart + 2 * index + 1,
  });
  const isByBytes = quick.key.map(({ by }) => by === "bytes" || by === "size");
  const byBytes = [0, ...[...isByBytes.keys()].filter((k) => isByBytes[k]).map((k) => k + 1)];
  const types = [...own, ...classes.map(() => LONG), ...byBytes.flatMap(() => [INT, INT])];
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
  /** Each part has a class of its own, below eight. */
  const keyClass = (index: number, value: Code): Code => {
    const local = classes[Math.floor(index / CLASSES)]!;
    const shift = BigInt(3 * (index % CLASSES));
    return put(local, orLong(get(local), shlLong(widen(value), long(shift))));
  };
  /** The part at s, e by its bytes. */
  const keyBytes = (index: number): Code => {
    const { start, end } = partAt(byBytes.indexOf(index));
    return when(
      ltS(get(L.s), int(0)),
      [...put(start, int(0)), ...put(end, int(0)), ...keyClass(index, int(7))],
      [
        ...when(gtU(length, int(LONGEST_PART)), refuse),
        ...put(start, get(L.s)),
        ...put(end, get(L.e)),
        ...keyClass(index, int(6)),
      ],
    );
  };
  /** `12.345` in s, e as ms, or refused. */
  const decimal: Code = [
    ...when(or(ltS(length, int(5)), ne(byteAt(sub(get(L.e), int(4))), int(46))), refuse),
    ...put(L.c, call(at.uint, get(L.s), sub(get(L.e), int(4)))),
    ...put(L.o, call(at.uint, sub(get(L.e), int(3)), get(L.e))),
    ...when(or(ltS(or(get(L.c), get(L.o)), int(0)), gtU(get(L.c), int(1_000_000))), refuse),
    ...put(L.o, add(mul(get(L.c), int(1000)), get(L.o))),
  ];
  const parts = partCodes(L, at.space, refuse, { byClass: keyClass, byBytes: keyBytes });
  const hasValue = (field: number): Code => [
    ...span(field),
    ...put(L.c, int(0)),
    ...when(geS(get(L.s), int(0)), put(L.c, and(gtS(length, int(0)), eqz(isDash)))),
    ...get(L.c),
  ];
  const partCode = (part: KeyPart, at: number): Code => {
    const index = at + 1;
    if (part.by !== "size") return [...span(part.field), ...parts[part.by](index)];
    const isBeside = part.beside.map(hasValue).reduce((left, right) => or(left, right), int(0));
    const { start, end } = partAt(byBytes.indexOf(index));
    return when(
      isBeside,
      [...span(part.field), ...parts.bytes(index)],
      [...put(start, int(0)), ...put(end, int(0)), ...span(part.field), ...parts.sign(index)],
    );
  };
  const isNumber = quick.unit === "ms" ? put(L.o, call(at.uint, get(L.s), get(L.e))) : decimal;
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
      ...classes.flatMap((local) => put(local, long(0n))),
      ...put(L.s, intAt(int(area + AREA.hostStart))),
      ...put(L.e, intAt(int(area + AREA.hostEnd))),
      ...keyBytes(0),
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
      ...lookUp(
        area,
        L,
        classes,
        byBytes.map((_, k) => partAt(k)),
      ),
      ...putInt(get(L.row), get(L.id), ROW.entry),
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
