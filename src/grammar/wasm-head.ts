// WebAssembly that peels syslog heads. Part of quick-lines.ts.
import { AREA } from "./quick-area.ts";
import {
  add,
  and,
  andLong,
  bits,
  block,
  branch,
  branchIf,
  byteAt,
  call,
  type Code,
  ctz,
  eq,
  eqVector,
  eqz,
  type Func,
  get,
  geU,
  int,
  INT,
  intAt,
  leave,
  localsOf,
  longAt,
  loop,
  ltS,
  ltU,
  ne,
  neLong,
  or,
  put,
  putInt,
  select,
  splat,
  sub,
  vectorAt,
  when,
} from "./wasm-code.ts";
import { step, isDigit } from "./wasm-steps.ts";

const SPACE = 32;
const COLON = 58;
const DASH = 45;

/** start, end → the next space, or end. */
export function space(): Func {
  const { at: L, types } = localsOf(["at", "end"], { mask: INT });
  return {
    params: 2,
    locals: types,
    result: INT,
    body: [
      ...block(
        loop(
          put(L.mask, bits(eqVector(vectorAt(get(L.at)), splat(SPACE)))),
          when(get(L.mask), [...put(L.at, add(get(L.at), ctz(get(L.mask)))), ...branch(2)]),
          step(L.at, 16),
          [...ltU(get(L.at), get(L.end)), ...branchIf(0)],
        ),
      ),
      ...select(get(L.at), get(L.end), ltU(get(L.at), get(L.end))),
    ],
  };
}

/**
 * start, end → where the message behind a syslog head begins, the head's parts in the area; -1 for any other head. As `peel`
 * does it for `<134>Nov 22 13:49:32 host tag[1]: ` with priority and host optional, and for the same with an ISO stamp.
 */
export function peelHead(area: number, spaceAt: number): Func {
  const { at: L, types } = localsOf(["at", "end"], {
    from: INT,
    first: INT,
    second: INT,
    last: INT,
  });
  const i = get(L.from);
  const refuse = leave(int(-1));
  const isAt = (offset: number, byte: number): Code => eq(byteAt(i, offset), int(byte));
  const all = (...tests: readonly Code[]): Code => tests.reduce((left, right) => and(left, right));
  const state = (at: number, value: Code): Code => putInt(int(area + at), value);
  const within = (length: number): Code => geU(get(L.end), add(i, int(length)));
  const isBsd = all(
    within(16),
    isAt(3, SPACE),
    isAt(6, SPACE),
    isAt(9, COLON),
    isAt(12, COLON),
    isAt(15, SPACE),
    ltU(sub(byteAt(i), int(65)), int(19)),
    isDigit(byteAt(i, 5)),
    isDigit(byteAt(i, 7)),
  );
  const isIso = all(
    within(20),
    isAt(4, DASH),
    isAt(7, DASH),
    isAt(10, 84),
    isAt(13, COLON),
    isDigit(byteAt(i)),
    isDigit(byteAt(i, 18)),
  );
  /** Refuses a tag whose process is not the one that is watched; one without a process passes. */
  const samePid = (start: Code): Code =>
    when(intAt(int(area + AREA.watches)), [
      ...put(L.last, start),
      ...loop(step(L.last), when(geU(get(L.last), get(L.end)), refuse), [
        ...and(ne(byteAt(get(L.last)), int(91)), ne(byteAt(get(L.last)), int(COLON))),
        ...branchIf(0),
      ]),
      ...when(
        and(
          eq(byteAt(get(L.last)), int(91)),
          neLong(
            andLong(longAt(get(L.last), 1), longAt(int(area + AREA.pidMask))),
            longAt(int(area + AREA.pid)),
          ),
        ),
        refuse,
      ),
    ]);
  const nextSpace = (from: Code): Code => call(spaceAt, from, get(L.end));
  /** Whether a word is a tag; words that need a closer look are refused. */
  const endsTag = (start: Code, end: Code): Code => [
    ...when(
      or(or(ltS(sub(end, start), int(2)), eq(byteAt(start), int(91))), eq(byteAt(start), int(34))),
      refuse,
    ),
    ...put(L.last, byteAt(sub(end, int(1)))),
    ...or(
      eq(get(L.last), int(COLON)),
      and(eq(get(L.last), int(93)), isDigit(byteAt(sub(end, int(2))))),
    ),
  ];
  const behind = (word: number): Code =>
    leave(select(add(get(word), int(1)), get(L.end), ltU(add(get(word), int(1)), get(L.end))));
  return {
    params: 2,
    locals: types,
    result: INT,
    body: [
      ...state(AREA.hostStart, int(-1)),
      ...state(AREA.hostEnd, int(-1)),
      ...put(L.from, get(L.at)),
      ...when(isAt(0, 60), [
        // `<134>`; what follows with a version number is another kind of head.
        ...step(L.from),
        ...loop(
          when(geU(i, get(L.end)), refuse),
          when(and(isDigit(byteAt(i)), ltU(sub(i, get(L.at)), int(4))), [
            ...step(L.from),
            ...branch(1),
          ]),
        ),
        ...when(or(eqz(isAt(0, 62)), eq(sub(i, get(L.at)), int(1))), refuse),
        ...step(L.from),
        ...when(and(isAt(0, 49), isAt(1, SPACE)), refuse),
      ]),
      ...when(
        isBsd,
        [...state(AREA.headKind, int(1)), ...step(L.from, 16)],
        when(
          isIso,
          [
            ...state(AREA.headKind, int(2)),
            ...state(AREA.stampStart, i),
            ...put(L.from, nextSpace(i)),
            ...state(AREA.stampEnd, i),
            ...when(geU(add(i, int(4)), get(L.end)), refuse),
            ...step(L.from),
            // `stdout F ` of container runtimes.
            ...when(and(isAt(0, 115), and(isAt(1, 116), isAt(2, 100))), refuse),
          ],
          refuse,
        ),
      ),
      ...put(L.first, nextSpace(i)),
      ...when(geU(get(L.first), get(L.end)), refuse),
      ...when(endsTag(i, get(L.first)), [...samePid(i), ...behind(L.first)]),
      ...put(L.second, nextSpace(add(get(L.first), int(1)))),
      ...when(endsTag(add(get(L.first), int(1)), get(L.second)), [
        ...samePid(add(get(L.first), int(1))),
        ...state(AREA.hostStart, i),
        ...state(AREA.hostEnd, get(L.first)),
        ...behind(L.second),
      ]),
      // No tag: whoever watches wants to see it.
      ...when(intAt(int(area + AREA.watches)), refuse),
      ...i,
    ],
  };
}
