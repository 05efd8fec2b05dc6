// WebAssembly that looks up keys of lines in a table. Part of quick-lines.ts.
import { AREA, ENTRY_BYTES, MAX_ENTRIES, SLOTS } from "./quick-area.ts";
import {
  add,
  and,
  anyBit,
  block,
  branch,
  branchIf,
  eq,
  eqz,
  type Func,
  geU,
  get,
  gtU,
  int,
  INT,
  intAt,
  leave,
  localsOf,
  long,
  LONG,
  longAt,
  loop,
  ltU,
  mulLong,
  or,
  put,
  putInt,
  putVector,
  shl,
  shrLong,
  shrU,
  splat,
  sub,
  vectorAt,
  when,
  widen,
  wrap,
  xor,
  xorLong,
  xorVector,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";

/** end of the key in the scratch → the number of its entry, made at first sight; -1 when there is no room. */
export function find(area: number): Func {
  const { at: L, types } = localsOf(["end"], {
    q: INT,
    a: INT,
    slot: INT,
    id: INT,
    entry: INT,
    hash: INT,
    length: INT,
    h: LONG,
  });
  const scratch = int(area + AREA.scratch);
  const count = intAt(int(area + AREA.count));
  const keysEnd = intAt(int(area + AREA.keysEnd));
  const zero = splat(0);
  const padded = and(add(get(L.length), int(15)), int(-16));
  return {
    params: 1,
    locals: types,
    result: INT,
    body: [
      ...putVector(get(L.end), zero),
      ...put(L.length, sub(get(L.end), scratch)),
      ...put(L.h, widen(get(L.length))),
      ...put(L.q, scratch),
      ...loop(
        put(L.h, mulLong(xorLong(get(L.h), longAt(get(L.q))), long(0x9e3779b97f4a7c15n))),
        put(L.h, xorLong(get(L.h), shrLong(get(L.h), long(32n)))),
        step(L.q, 8),
        [...ltU(get(L.q), get(L.end)), ...branchIf(0)],
      ),
      ...put(L.hash, wrap(mulLong(get(L.h), long(0x9e3779b97f4a7c15n)))),
      ...put(L.slot, and(xor(get(L.hash), shrU(get(L.hash), int(15))), int(SLOTS - 1))),
      ...block(
        loop(
          put(L.id, intAt(add(int(area + AREA.slots), shl(get(L.slot), int(2))))),
          [...eqz(get(L.id)), ...branchIf(1)],
          put(L.entry, add(int(area + AREA.entries - ENTRY_BYTES), shl(get(L.id), int(4)))),
          when(
            and(eq(intAt(get(L.entry)), get(L.hash)), eq(intAt(get(L.entry), 8), get(L.length))),
            [
              ...put(L.a, intAt(get(L.entry), 4)),
              ...put(L.q, scratch),
              ...block(
                loop(
                  [...anyBit(xorVector(vectorAt(get(L.q)), vectorAt(get(L.a)))), ...branchIf(1)],
                  step(L.q, 16),
                  step(L.a, 16),
                  [...ltU(get(L.q), get(L.end)), ...branchIf(0)],
                  leave(sub(get(L.id), int(1))),
                ),
              ),
            ],
          ),
          put(L.slot, and(add(get(L.slot), int(1)), int(SLOTS - 1))),
          branch(0),
        ),
      ),
      ...when(
        or(geU(count, int(MAX_ENTRIES)), gtU(add(keysEnd, padded), int(area + AREA.end - 16))),
        leave(int(-1)),
      ),
      ...put(L.id, count),
      ...put(L.entry, add(int(area + AREA.entries), shl(get(L.id), int(4)))),
      ...putInt(get(L.entry), get(L.hash)),
      ...putInt(get(L.entry), keysEnd, 4),
      ...putInt(get(L.entry), get(L.length), 8),
      ...put(L.a, keysEnd),
      ...put(L.q, scratch),
      ...loop(putVector(get(L.a), vectorAt(get(L.q))), step(L.q, 16), step(L.a, 16), [
        ...ltU(get(L.q), get(L.end)),
        ...branchIf(0),
      ]),
      ...putInt(int(area + AREA.keysEnd), get(L.a)),
      ...putInt(int(area + AREA.count), add(get(L.id), int(1))),
      ...putInt(add(int(area + AREA.slots), shl(get(L.slot), int(2))), add(get(L.id), int(1))),
      ...get(L.id),
    ],
  };
}
