// WebAssembly that scans flat JSON objects whose keys come in a known order. Part of quick-lines.ts.
//
// It takes only what compile-json.ts reads the same way and refuses the rest: nested values, other keys, whatever is not quite
// JSON. The order lies in a table, see json-order.ts; a line may leave members out.
import { AREA, MEMBER } from "./quick-area.ts";
import {
  add,
  and,
  bits,
  block,
  branch,
  branchIf,
  byteAt,
  type Code,
  ctz,
  eq,
  eqVector,
  eqz,
  type Func,
  geS,
  geU,
  get,
  gtU,
  int,
  INT,
  intAt,
  leave,
  localsOf,
  long,
  loop,
  ltU,
  mul,
  ne,
  or,
  orVector,
  put,
  putInt,
  putLong,
  putVector,
  shortAt,
  splat,
  sub,
  vectorAt,
  VECTOR,
  when,
  xor,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";

const QUOTE = 34;
const COMMA = 44;
const DASH = 45;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN = 123;
const OPEN_LIST = 91;
const CLOSE = 125;
/** `nu`, which `null` begins with. */
const NU = 0x756e;

/**
 * start, end → -1 with the spans filled, or 0 for a line to be read by compile-json.ts.
 * @param count fields of the format.
 * @param needed of these a line must have one, where there are any.
 */
export function jsonScan(
  area: number,
  spansAt: number,
  count: number,
  needed: readonly number[],
): Func {
  const { at: L, types } = localsOf(["at", "end"], {
    member: INT,
    last: INT,
    o: INT,
    mask: INT,
    length: INT,
    s: INT,
    field: INT,
    v: VECTOR,
  });
  const members = area + AREA.members;
  const refuse = leave(int(0));
  const here = byteAt(get(L.at));
  const isHere = (byte: number): Code => eq(here, int(byte));
  const clear = [
    ...Array.from({ length: count >> 1 }, (_, k) => putVector(int(spansAt + 16 * k), splat(255))),
    count % 2 === 0 ? [] : putLong(int(spansAt + 8 * (count - 1)), long(-1n)),
  ].flat();
  const blanks = block(
    loop(
      [...gtU(here, int(32)), ...branchIf(1)],
      [...geU(get(L.at), get(L.end)), ...branchIf(1)],
      step(L.at),
      branch(0),
    ),
  );
  const difference = xor(
    bits(
      eqVector(
        vectorAt(add(get(L.at), get(L.o))),
        vectorAt(add(get(L.member), get(L.o)), MEMBER.key),
      ),
    ),
    int(0xffff),
  );
  /** To the next member whose key stands here, and behind that key. */
  const key = [
    ...block(
      loop(
        when(geU(get(L.member), get(L.last)), refuse),
        put(L.length, intAt(get(L.member), MEMBER.length)),
        put(L.o, int(0)),
        loop(
          put(L.mask, difference),
          when(eqz(get(L.mask)), [
            ...step(L.o, 16),
            ...ltU(get(L.o), get(L.length)),
            ...branchIf(1),
          ]),
        ),
        [...geU(add(get(L.o), ctz(get(L.mask))), get(L.length)), ...branchIf(1)],
        step(L.member, MEMBER.bytes),
        branch(0),
      ),
    ),
    ...put(L.at, add(get(L.at), get(L.length))),
    ...put(L.field, intAt(get(L.member), MEMBER.spans)),
    ...step(L.member, MEMBER.bytes),
  ];
  const isStop = orVector(eqVector(get(L.v), splat(QUOTE)), eqVector(get(L.v), splat(BACKSLASH)));
  const string = [
    ...step(L.at),
    ...put(L.s, get(L.at)),
    ...block(
      loop(
        when(geU(get(L.at), get(L.end)), refuse),
        put(L.v, vectorAt(get(L.at))),
        put(L.mask, bits(isStop)),
        when(
          get(L.mask),
          [
            ...put(L.at, add(get(L.at), ctz(get(L.mask)))),
            ...isHere(QUOTE),
            ...branchIf(2),
            ...step(L.at, 2),
          ],
          step(L.at, 16),
        ),
        branch(0),
      ),
    ),
    ...put(L.o, get(L.at)),
    ...step(L.at),
  ];
  const bare = [
    ...when(or(isHere(OPEN), isHere(OPEN_LIST)), refuse),
    ...put(L.s, get(L.at)),
    ...block(
      loop(
        // Blanks, quotes and commas are among those below; others there end nothing and are refused behind.
        [...ltU(here, int(DASH)), ...branchIf(1)],
        [...or(isHere(CLOSE), isHere(CLOSE_LIST)), ...branchIf(1)],
        [...geU(get(L.at), get(L.end)), ...branchIf(1)],
        step(L.at),
        branch(0),
      ),
    ),
    ...put(L.o, get(L.at)),
    ...when(
      and(eq(sub(get(L.o), get(L.s)), int(4)), eq(shortAt(get(L.s)), int(NU))),
      put(L.field, int(-1)),
    ),
  ];
  const known = intAt(get(L.field));
  const knownLength = sub(intAt(get(L.field), 4), known);
  const isNothing = or(
    eqz(knownLength),
    and(eq(knownLength, int(1)), eq(byteAt(known), int(DASH))),
  );
  /** The first value of a field stays, unless it stood for none. */
  const keep = when(geS(get(L.field), int(0)), [
    ...when(geS(known, int(0)), when(eqz(isNothing), put(L.field, int(-1)))),
    ...when(geS(get(L.field), int(0)), [
      ...putInt(get(L.field), get(L.s)),
      ...putInt(get(L.field), get(L.o), 4),
    ]),
  ]);
  const hasNeeded = needed
    .map((field) => geS(intAt(int(spansAt + 8 * field)), int(0)))
    .reduce((left, right) => or(left, right), int(needed.length === 0 ? 1 : 0));
  return {
    params: 2,
    locals: types,
    result: INT,
    body: [
      ...clear,
      ...blanks,
      ...when(eqz(isHere(OPEN)), refuse),
      ...step(L.at),
      ...blanks,
      ...put(L.member, int(members + MEMBER.first)),
      ...put(L.last, add(get(L.member), mul(intAt(int(members)), int(MEMBER.bytes)))),
      ...loop(
        key,
        blanks,
        when(isHere(QUOTE), string, bare),
        keep,
        when(isHere(COMMA), [...step(L.at), ...blanks, ...branch(1)]),
      ),
      // Whatever ran over the line's end is behind it here.
      ...when(eqz(isHere(CLOSE)), refuse),
      ...step(L.at),
      ...blanks,
      ...when(or(ne(get(L.at), get(L.end)), eqz(hasNeeded)), refuse),
      ...int(-1),
    ],
  };
}
