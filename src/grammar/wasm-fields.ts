// The WebAssembly code of one field of each sort. Part of compile-wasm.ts.
// Longer than most files: the code of one sort after another.
import type { Stop } from "./plan.ts";
import {
  ADD,
  AND,
  block,
  branch,
  branchIf,
  type Code,
  EQ,
  GE_S,
  get,
  int,
  load8,
  LOCALS,
  loop,
  LT_U,
  NE,
  OR,
  RETURN,
  set,
  SUB,
  when,
} from "./wasm-code.ts";
import {
  bytesOf,
  seek,
  skip,
  fixed,
  advance,
  atEnd,
  here,
  isHere,
  digits,
  ifHere,
} from "./wasm-moves.ts";

const { at: I, end: E, mark: J, start: S } = LOCALS;

/** Writes a value to a slot of the spans. */
export type Put = (slot: number, value: Code) => Code;

export function tailCode(
  tail: readonly number[],
  isRequest: boolean,
  open: Code,
  close: Code,
  fail: Code,
): Code {
  const trimmed = block(
    loop(
      // While j > i: j is never below it.
      [...get(J), ...get(I), ...EQ, ...branchIf(1)],
      [...get(J), ...int(1), ...SUB, ...load8(), ...int(32), ...NE, ...branchIf(1)],
      [...get(J), ...int(1), ...SUB, ...set(J), ...branch(0)],
    ),
  );
  const begin: Code = [...get(J), ...int(tail.length), ...SUB];
  const isTail = tail.flatMap((byte, k) => [
    ...begin,
    ...load8(k),
    ...int(byte),
    ...EQ,
    ...(k === 0 ? [] : AND),
  ]);
  const isAt = (local: number, offset: number, byte: number): Code => [
    ...get(local),
    ...int(offset),
    ...SUB,
    ...load8(),
    ...int(byte),
    ...EQ,
  ];
  // A request that does not end with ` HTTP/1.1"` is looked through for a quote with a blank behind it.
  const check = isRequest
    ? when(
        [
          ...isAt(J, 6, 80),
          ...isAt(J, 5, 47),
          ...AND,
          ...isAt(J, 10, 32),
          ...AND,
          ...int(0),
          ...EQ,
        ],
        [
          ...get(I),
          ...set(S),
          ...block(
            loop(
              [...get(I), ...int(1), ...ADD, ...get(J), ...GE_S, ...branchIf(1)],
              when(
                [...isAt(I, 0, 34), ...isAt(I, -1, 32), ...AND],
                [...get(S), ...set(I), ...fail],
              ),
              [...get(I), ...int(1), ...ADD, ...set(I), ...branch(0)],
            ),
          ),
          ...get(S),
          ...set(I),
        ],
      )
    : [];
  const found = [...check, ...begin, ...set(I), ...close, ...get(J), ...set(I)];
  const isQuote = tail.length === 1 && tail[0] === 34;
  // As in compile-text.ts: a cut line has lost its closing quote. `mark` remembers where the field began.
  const cut = isQuote
    ? [
        ...get(I),
        ...set(S),
        ...seek(34),
        ...when([...get(I), ...get(E), ...NE], [...get(S), ...set(I), ...fail]),
        ...close,
      ]
    : fail;
  return [
    ...open,
    ...get(E),
    ...set(J),
    ...trimmed,
    ...when([...begin, ...get(I), ...GE_S], when(isTail, found, cut), cut),
  ];
}

export function stopCode(
  stop: Exclude<Stop, { by: "shape" | "tail" }>,
  kind: string,
  close: Code,
  fail: Code,
): Code {
  const toEnd: Code = [...get(E), ...set(I)];
  switch (stop.by) {
    case "end": {
      if (kind !== "word" && kind !== "user") return toEnd;
      const isBefore = [...get(I), ...get(E), ...LT_U];
      return [...(kind === "word" ? when(atEnd, fail) : []), ...seek(9), ...when(isBefore, fail)];
    }
    case "quote": {
      // A line that was cut inside its last field has lost its closing quote.
      const unclosed = stop.mayBeCut
        ? [...toEnd, ...close, ...int(-1), ...RETURN]
        : [...toEnd, ...fail];
      if (stop.escape === "hex") return [...seek(34), ...when(atEnd, unclosed)];
      return block(
        loop(
          seek(34, 92),
          when(atEnd, unclosed),
          [...isHere(34), ...branchIf(1)],
          [...advance(2), ...branch(0)],
        ),
      );
    }
    case "literal": {
      const [first, ...rest] = bytesOf(stop.text);
      const without = bytesOf(stop.without);
      const isRest = rest.flatMap((byte, k) => [...isHere(byte, k + 1), ...(k === 0 ? [] : AND)]);
      return block(
        loop(
          seek(first!, ...without),
          when(atEnd, fail),
          without.flatMap((byte) => when(isHere(byte), fail)),
          rest.length === 0 ? branch(1) : [...isRest, ...branchIf(1), ...advance(1), ...branch(0)],
        ),
      );
    }
    case "byte": {
      const first = bytesOf(stop.text)[0]!;
      return first === 32 ? seek(32) : seek(32, first);
    }
  }
}

export function shapeCode(kind: string, until: string, fail: Code): Code {
  const mark: Code = [...get(I), ...set(J)];
  const unmoved: Code = [...get(I), ...get(J), ...EQ];
  switch (kind) {
    case "int": {
      const sign = when(
        [...isHere(45), ...isHere(43), ...OR, ...get(I), ...get(E), ...LT_U, ...AND],
        advance(1),
      );
      const lonePlus = [
        ...get(I),
        ...get(J),
        ...int(1),
        ...ADD,
        ...EQ,
        ...get(J),
        ...load8(),
        ...int(43),
        ...EQ,
        ...AND,
      ];
      return [
        ...skip(32),
        ...mark,
        ...sign,
        ...digits,
        ...when([...unmoved, ...lonePlus, ...OR], fail),
      ];
    }
    case "number":
    case "epoch":
      return [
        ...mark,
        ...ifHere(45, advance(1)),
        ...digits,
        ...ifHere(46, [...advance(1), ...digits]),
        ...when(unmoved, fail),
      ];
    case "seconds": {
      const isDigit = (offset: number): Code => [
        ...here(offset),
        ...int(48),
        ...SUB,
        ...int(10),
        ...LT_U,
      ];
      const isShort = [...get(E), ...get(I), ...int(4), ...ADD, ...LT_U];
      const isFraction = [
        ...isHere(46),
        ...isDigit(1),
        ...AND,
        ...isDigit(2),
        ...AND,
        ...isDigit(3),
        ...AND,
      ];
      return [
        ...mark,
        ...digits,
        ...when([...unmoved, ...isShort, ...OR], fail),
        ...when([...isFraction, ...int(0), ...EQ], fail),
        ...advance(4),
      ];
    }
    case "list":
      return loop(
        seek(...new Set([32, 44, ...bytesOf(until).slice(0, 1)])),
        when(
          [
            ...[...get(I), ...int(1), ...ADD, ...get(E), ...LT_U],
            ...isHere(44),
            ...AND,
            ...isHere(32, 1),
            ...AND,
          ],
          [...advance(2), ...branch(1)],
        ),
        when(
          [
            ...[...get(I), ...int(2), ...ADD, ...get(E), ...LT_U],
            ...isHere(32),
            ...AND,
            ...isHere(58, 1),
            ...AND,
            ...isHere(32, 2),
            ...AND,
          ],
          [...advance(3), ...branch(1)],
        ),
      );
    case "clf-time":
      return fixed(26, { 2: 47, 6: 47, 11: 58, 14: 58, 20: 32 }, fail);
    case "haproxy-time":
      return [
        ...fixed(20, { 2: 47, 6: 47, 11: 58, 14: 58 }, fail),
        ...ifHere(46, [...advance(1), ...digits]),
      ];
    case "nginx-time":
      return fixed(19, { 4: 47, 7: 47, 10: 32, 13: 58 }, fail);
    default:
      throw new Error(`no shape for ${kind}`);
  }
}
