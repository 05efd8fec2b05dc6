// WebAssembly that looks up the keys of lines in a table. Part of quick-lines.ts.
//
// A key is never put together: its parts are hashed and compared where they lie in the line, sixteen bytes at a time. Only a
// key met for the first time is copied.
import { AREA, ENTRY_BYTES, LONGEST_PART, MAX_ENTRIES, SLOT_BITS, SLOTS } from "./quick-area.ts";
import {
  add,
  and,
  andVector,
  anyBit,
  block,
  branch,
  branchIf,
  type Code,
  eqz,
  get,
  int,
  INT,
  intAt,
  long,
  LONG,
  longAt,
  longOf,
  loop,
  ltU,
  mulLong,
  ne,
  neLong,
  orLong,
  orVector,
  put,
  putInt,
  putLong,
  putVector,
  select,
  shl,
  shrLong,
  shrU,
  splat,
  sub,
  VECTOR,
  vectorAt,
  when,
  widen,
  wrap,
  xor,
  xorLong,
  xorVector,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";

/** The locals that hold where a part lies, `[start, end)`; both zero for a part that is not there. */
export interface PartAt {
  readonly start: number;
  readonly end: number;
}

/** The locals that the look-up takes for itself. */
export const KEY_LOCALS = {
  key: INT,
  p: INT,
  slot: INT,
  id: INT,
  entry: INT,
  hash: INT,
  v: VECTOR,
  different: VECTOR,
  h: LONG,
  g: LONG,
  unlike: LONG,
} as const;

const MIX = long(0x9e3779b97f4a7c15n);
const OTHER_MIX = long(0xc2b2ae3d27d4eb4fn);

/**
 * Leaves the number of the key's entry in `id`, made at first sight; -1 when there is no room.
 * @param classes locals with what else decides: eight bytes each.
 * @param parts parts that decide by their bytes.
 */
export function lookUp(
  area: number,
  L: Readonly<Record<keyof typeof KEY_LOCALS, number>>,
  classes: readonly number[],
  parts: readonly PartAt[],
): Code {
  const lengthsAt = 8 * classes.length;
  const blocksAt = (lengthsAt + 4 * parts.length + 15) & -16;
  const largest = blocksAt + parts.length * (LONGEST_PART + 16);
  const count = intAt(int(area + AREA.count));
  const keysEnd = intAt(int(area + AREA.keysEnd));
  const length = ({ start, end }: PartAt): Code => sub(get(end), get(start));
  /** What follows a part's end counts as zeros. */
  const masked = ({ end }: PartAt): Code => {
    const left = sub(get(end), get(L.p));
    const taken = select(left, int(16), ltU(left, int(16)));
    return andVector(vectorAt(get(L.p)), vectorAt(sub(int(area + AREA.masks + 16), taken)));
  };
  /** Does it for each sixteen bytes of each part, at least once. */
  const eachBlock = (body: (bytes: Code) => Code): Code =>
    parts.flatMap((part) => [
      ...put(L.p, get(part.start)),
      ...loop(body(masked(part)), step(L.p, 16), [...ltU(get(L.p), get(part.end)), ...branchIf(0)]),
    ]);
  const hash = [
    ...put(L.h, long(0n)),
    ...put(L.g, long(0n)),
    ...classes.flatMap((local) => put(L.h, mulLong(xorLong(get(L.h), get(local)), MIX))),
    ...eachBlock((bytes) => [
      ...put(L.v, bytes),
      ...put(L.h, mulLong(xorLong(get(L.h), longOf(get(L.v), 0)), MIX)),
      ...put(L.g, mulLong(xorLong(get(L.g), longOf(get(L.v), 1)), OTHER_MIX)),
    ]),
    // What differs in upper bits only comes down.
    ...put(L.h, xorLong(xorLong(get(L.h), shrLong(get(L.h), long(29n))), get(L.g))),
    ...put(L.h, mulLong(xorLong(get(L.h), shrLong(get(L.g), long(31n))), MIX)),
    ...put(L.hash, wrap(shrLong(get(L.h), long(32n)))),
    ...put(L.slot, shrU(get(L.hash), int(32 - SLOT_BITS))),
  ];
  const isSame = [
    ...put(L.key, intAt(get(L.entry), 4)),
    ...put(L.unlike, long(0n)),
    ...classes.flatMap((local, k) =>
      put(L.unlike, orLong(get(L.unlike), xorLong(get(local), longAt(get(L.key), 8 * k)))),
    ),
    ...parts.flatMap((part, k) =>
      put(
        L.unlike,
        orLong(get(L.unlike), widen(xor(length(part), intAt(get(L.key), lengthsAt + 4 * k)))),
      ),
    ),
    ...neLong(get(L.unlike), long(0n)),
    ...branchIf(0),
    ...step(L.key, blocksAt),
    ...put(L.different, splat(0)),
    ...eachBlock((bytes) => [
      ...put(L.different, orVector(get(L.different), xorVector(bytes, vectorAt(get(L.key))))),
      ...step(L.key, 16),
    ]),
    ...anyBit(get(L.different)),
    ...branchIf(0),
  ];
  const insert = [
    ...put(L.id, int(0)),
    ...when(and(ltU(count, int(MAX_ENTRIES)), ltU(keysEnd, int(area + AREA.end - largest))), [
      ...put(L.key, keysEnd),
      ...put(L.entry, add(int(area + AREA.entries), shl(count, int(4)))),
      ...putInt(get(L.entry), get(L.hash)),
      ...putInt(get(L.entry), get(L.key), 4),
      ...classes.flatMap((local, k) => putLong(get(L.key), get(local), 8 * k)),
      ...parts.flatMap((part, k) => putInt(get(L.key), length(part), lengthsAt + 4 * k)),
      ...step(L.key, blocksAt),
      ...eachBlock((bytes) => [...putVector(get(L.key), bytes), ...step(L.key, 16)]),
      ...putInt(int(area + AREA.keysEnd), get(L.key)),
      ...put(L.id, add(count, int(1))),
      ...putInt(int(area + AREA.count), get(L.id)),
      ...putInt(add(int(area + AREA.slots), shl(get(L.slot), int(2))), get(L.id)),
    ]),
  ];
  return [
    ...hash,
    ...block(
      loop(
        put(L.id, intAt(add(int(area + AREA.slots), shl(get(L.slot), int(2))))),
        when(eqz(get(L.id)), [...insert, ...branch(2)]),
        put(L.entry, add(int(area + AREA.entries - ENTRY_BYTES), shl(get(L.id), int(4)))),
        block([...ne(intAt(get(L.entry)), get(L.hash)), ...branchIf(0)], isSame, branch(2)),
        put(L.slot, and(add(get(L.slot), int(1)), int(SLOTS - 1))),
        branch(0),
      ),
    ),
    ...put(L.id, sub(get(L.id), int(1))),
  ];
}
