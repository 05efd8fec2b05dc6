// WebAssembly that reads numbers, and times by way of minutes met before. Part of quick-lines.ts.
import { AREA, TIMES } from "./quick-area.ts";
import {
  add,
  addLong,
  and,
  andLong,
  anyBit,
  branchIf,
  byteAt,
  call,
  eq,
  type Code,
  type Func,
  geS,
  geU,
  get,
  int,
  INT,
  intAt,
  leave,
  localsOf,
  long,
  LONG,
  longAt,
  loop,
  ltS,
  mul,
  mulLong,
  ne,
  neLong,
  or,
  orLong,
  put,
  shl,
  shlLong,
  shortAt,
  shrLong,
  sub,
  vectorAt,
  when,
  widen,
  wrap,
  xorVector,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";

/** start, end → a number of one to eight digits; -1 for anything else. Eight digits at once, added up pairwise. */
export function uint(): Func {
  const { at: L, types } = localsOf(["start", "end"], { shift: INT, value: LONG });
  const nibbles = long(0xf0f0f0f0f0f0f0f0n);
  const zeros = long(0x3030303030303030n);
  const pairs = (mask: bigint, factor: bigint, shift: bigint): Code =>
    put(L.value, shrLong(mulLong(andLong(get(L.value), long(mask)), long(factor)), long(shift)));
  return {
    params: 2,
    locals: types,
    result: INT,
    body: [
      ...put(L.shift, sub(get(L.end), get(L.start))),
      ...when(geU(sub(get(L.shift), int(1)), int(8)), leave(int(-1))),
      // The digits move to the upper end, zeros follow from below.
      ...put(L.shift, shl(sub(int(8), get(L.shift)), int(3))),
      ...put(L.value, shlLong(longAt(get(L.start)), widen(get(L.shift)))),
      ...put(
        L.value,
        orLong(get(L.value), shrLong(shrLong(zeros, long(8n)), widen(sub(int(56), get(L.shift))))),
      ),
      ...when(
        orLongIsNot(
          andLong(get(L.value), nibbles),
          andLong(addLong(get(L.value), long(0x0606060606060606n)), nibbles),
          zeros,
        ),
        leave(int(-1)),
      ),
      ...pairs(0x0f0f0f0f0f0f0f0fn, 2561n, 8n),
      ...pairs(0x00ff00ff00ff00ffn, 6_553_601n, 16n),
      ...pairs(0x0000ffff0000ffffn, 42_949_672_960_001n, 32n),
      ...wrap(get(L.value)),
    ],
  };
}

/** Whether one of two values is not this one. */
function orLongIsNot(a: Code, b: Code, wanted: Code): Code {
  return or(neLong(a, wanted), neLong(b, wanted));
}

/** start, end, memory of minutes → ms; -1 where that minute, or that way to write it, was not met yet. */
export function time(area: number, uintAt: number): Func {
  const { at: L, types } = localsOf(["start", "end", "times"], {
    second: INT,
    slot: INT,
    more: INT,
    ms: LONG,
  });
  const q = get(L.second);
  const digit = (offset: number): Code => sub(byteAt(q, offset), int(48));
  const refuse = leave(long(-1n));
  const fraction = intAt(get(L.times), TIMES.fraction);
  const epoch: Code = [
    ...when(geS(intAt(int(area + AREA.wantsStamp)), int(0)), refuse),
    ...put(L.more, call(uintAt, get(L.start), add(get(L.start), int(2)))),
    ...put(L.slot, call(uintAt, add(get(L.start), int(2)), add(get(L.start), int(10)))),
    ...put(L.second, call(uintAt, add(get(L.start), int(11)), get(L.end))),
    ...when(ltS(or(or(get(L.more), get(L.slot)), get(L.second)), int(0)), refuse),
    ...leave(
      addLong(
        mulLong(
          addLong(mulLong(widen(get(L.more)), long(100_000_000n)), widen(get(L.slot))),
          long(1000n),
        ),
        widen(get(L.second)),
      ),
    ),
  ];
  return {
    params: 3,
    locals: types,
    result: LONG,
    body: [
      ...when(ltS(get(L.start), int(0)), refuse),
      // `1795355028.658`
      ...when(
        and(eq(sub(get(L.end), get(L.start)), int(14)), eq(byteAt(get(L.start), 10), int(46))),
        epoch,
      ),
      ...when(ne(sub(get(L.end), get(L.start)), intAt(get(L.times), TIMES.length)), refuse),
      ...put(L.second, add(get(L.start), intAt(get(L.times), TIMES.secondAt))),
      ...put(
        L.slot,
        add(
          add(get(L.times), int(TIMES.slots)),
          mul(
            and(add(byteAt(sub(q, int(2))), mul(byteAt(sub(q, int(3))), int(10))), int(15)),
            int(TIMES.slotBytes),
          ),
        ),
      ),
      ...when(anyBit(xorVector(vectorAt(get(L.start)), vectorAt(get(L.slot)))), refuse),
      ...when(ne(shortAt(sub(q, int(2))), shortAt(get(L.slot), TIMES.near)), refuse),
      ...when(
        neLong(
          andLong(
            longAt(add(get(L.start), intAt(get(L.times), TIMES.tailAt))),
            longAt(get(L.times), TIMES.tailMask),
          ),
          longAt(get(L.slot), TIMES.tail),
        ),
        refuse,
      ),
      ...when(or(geU(digit(0), int(6)), geU(digit(1), int(10))), refuse),
      ...put(
        L.ms,
        addLong(
          longAt(get(L.slot), TIMES.minute),
          mulLong(widen(add(mul(digit(0), int(10)), digit(1))), long(1000n)),
        ),
      ),
      ...when(fraction, [
        // The point, three digits that count, and any number that do not.
        ...when(ne(byteAt(q, 2), int(46)), refuse),
        ...put(L.more, int(3)),
        ...loop(
          when(geU(sub(byteAt(add(q, get(L.more))), int(48)), int(10)), refuse),
          step(L.more),
          [...ltS(get(L.more), add(fraction, int(3))), ...branchIf(0)],
        ),
        ...put(
          L.ms,
          addLong(
            get(L.ms),
            widen(add(add(mul(digit(3), int(100)), mul(digit(4), int(10))), digit(5))),
          ),
        ),
      ]),
      ...get(L.ms),
    ],
  };
}
