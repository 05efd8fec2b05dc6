// A plan becomes a WebAssembly scanner: the same steps as compile-text.ts, sixteen bytes at a time, over a memory that the lines
// are read into.
//
// The fence: nothing else knows WebAssembly. Its twins are compile-text.ts and test/grammar/scan-slow.ts, which must agree with it
// on hostile lines (test/grammar/compile-wasm.test.ts).
import type { Plan, Step, Stop } from "./plan.ts";
import {
  ADD,
  AND,
  BITMASK,
  block,
  branch,
  branchIf,
  type Code,
  CTZ,
  EQ,
  EQ_VECTOR,
  GE_S,
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
  LT_S,
  LT_U,
  moduleOf,
  NE,
  NE_LONG,
  OR,
  OR_VECTOR,
  RETURN,
  SELECT,
  set,
  splat,
  store32,
  SUB,
  tee,
  when,
} from "./wasm-code.ts";

const { at: I, end: E, byte: C, mark: J, vector: V, start: S } = LOCALS;

/** Scans the line at [start, end) of the memory; answers as `Scan` does. */
export type MemoryScan = (start: number, end: number) => number;

interface Instance {
  readonly exports: { readonly s: MemoryScan };
}
/** What of WebAssembly is used; Node's types leave it to the DOM's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => Instance;
};

/**
 * Compiles a plan for a memory.
 * @param memory a WebAssembly.Memory; at least sixteen bytes must lie behind every line.
 * @param spansAt where in it the spans go, a multiple of four: two i32 a field and one more, as in `Scan`.
 */
export function compileWasm(plan: Plan, memory: object, spansAt: number): MemoryScan {
  const module = new WebAssembly.Module(moduleOf(bodyOf(plan, spansAt)));
  return new WebAssembly.Instance(module, { m: { m: memory } }).exports.s;
}

function bodyOf(plan: Plan, spansAt: number): Code {
  const count = plan.fields.length;
  const miss = (field: number): Code => [
    ...int(spansAt + 8 * count),
    ...get(I),
    ...store32,
    ...int(Math.max(0, Math.min(field, count - 1))),
    ...RETURN,
  ];
  const put = (slot: number, value: Code): Code => [
    ...int(spansAt + 4 * slot),
    ...value,
    ...store32,
  ];
  const out: Code[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const previous = plan.steps[index - 1];
    if (step.do === "literal") {
      if (previous?.do === "field" && previous.stop.by === "tail") continue;
      const text = index === plan.steps.length - 1 ? step.text.trimEnd() : step.text;
      out.push(literal(bytesOf(text), miss(step.before === 0 ? 0 : step.before - 1)));
    } else out.push(fieldCode(step, miss, put));
  }
  out.push(skip(32), when([...get(I), ...get(E), ...NE], miss(count - 1)), int(-1));
  return out.flat();
}

function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

const advance = (by: number): Code => [...get(I), ...int(by), ...ADD, ...set(I)];
const atEnd: Code = [...get(I), ...get(E), ...GE_U];
const here = (offset = 0): Code => [...get(I), ...load8(offset)];
const isHere = (byte: number, offset = 0): Code => [...here(offset), ...int(byte), ...EQ];
/** Whether `more` bytes are left. */
const leaves = (more: number): Code => [...get(I), ...int(more), ...ADD, ...get(E), ...GE_U];

/** Compares eight, four, two and one bytes at a time. */
function literal(bytes: readonly number[], miss: Code): Code {
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
function seek(...stops: readonly number[]): Code {
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
function skip(byte: number): Code {
  return block(
    loop(
      [...atEnd, ...branchIf(1)],
      [...here(), ...int(byte), ...NE, ...branchIf(1)],
      [...advance(1), ...branch(0)],
    ),
  );
}

const digits: Code = block(
  loop(
    [...atEnd, ...branchIf(1)],
    [...here(), ...int(48), ...SUB, ...int(10), ...GE_U, ...branchIf(1)],
    [...advance(1), ...branch(0)],
  ),
);

type Put = (slot: number, value: Code) => Code;

function fieldCode(
  step: Exclude<Step, { do: "literal" }>,
  miss: (field: number) => Code,
  put: Put,
): Code {
  const fail = miss(step.field);
  const open = put(2 * step.field, get(I));
  const close = put(2 * step.field + 1, get(I));
  if (step.do === "address") return addressCode(step, open, fail, put);
  if (step.do === "captures") {
    const inside = block(
      loop(
        [...atEnd, ...branchIf(1)],
        when(isHere(125), [...leaves(1), ...branchIf(2), ...isHere(32, 1), ...branchIf(2)]),
        [...advance(1), ...branch(0)],
      ),
    );
    const space = step.dropSpace ? ifHere(32, advance(1)) : [];
    const absent = [...put(2 * step.field, int(-1)), ...put(2 * step.field + 1, int(-1))];
    const present = [...open, ...inside, ...when(atEnd, fail), ...advance(1), ...close, ...space];
    return when(hasHere(123), present, absent);
  }
  if (step.stop.by === "tail")
    return tailCode(bytesOf(step.stop.text.trimEnd()), open, close, fail);
  const body =
    step.stop.by === "shape"
      ? shapeCode(step.kind, step.stop.until, fail)
      : stopCode(step.stop, step.kind, close, fail);
  return [...open, ...body, ...close];
}

/** Whether there is a byte here and it is `byte`. */
const hasHere = (byte: number): Code => [...get(I), ...get(E), ...LT_U, ...isHere(byte), ...AND];
const ifHere = (byte: number, then: Code): Code => when(hasHere(byte), then);

function addressCode(
  step: Extract<Step, { do: "address" }>,
  open: Code,
  fail: Code,
  put: Put,
): Code {
  const back = block(
    loop(
      [...get(J), ...get(S), ...LT_S, ...branchIf(1)],
      [...get(J), ...load8(), ...int(58), ...EQ, ...branchIf(1)],
      [...get(J), ...int(1), ...SUB, ...set(J), ...branch(0)],
    ),
  );
  return [
    ...open,
    ...get(I),
    ...set(S),
    ...(step.stop === "" ? [...get(E), ...set(I)] : seek(bytesOf(step.stop)[0]!)),
    ...get(I),
    ...int(1),
    ...SUB,
    ...set(J),
    ...back,
    ...when([...get(J), ...get(S), ...LT_S], fail),
    ...put(2 * step.field + 1, get(J)),
    ...put(2 * step.port, [...get(J), ...int(1), ...ADD]),
    ...put(2 * step.port + 1, get(I)),
  ];
}

function tailCode(tail: readonly number[], open: Code, close: Code, fail: Code): Code {
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
  const found = [...begin, ...set(I), ...close, ...get(J), ...set(I)];
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

function stopCode(
  stop: Exclude<Stop, { by: "shape" | "tail" }>,
  kind: string,
  close: Code,
  fail: Code,
): Code {
  const toEnd: Code = [...get(E), ...set(I)];
  switch (stop.by) {
    case "end":
      return [...(kind === "word" ? when(atEnd, fail) : []), ...toEnd];
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

/** Fails unless `length` bytes are left and these bytes stand at these offsets; then moves over them. */
function fixed(length: number, places: Readonly<Record<number, number>>, fail: Code): Code {
  const isWrong = Object.entries(places).flatMap(([offset, byte], k) => [
    ...here(Number(offset)),
    ...int(byte),
    ...NE,
    ...(k === 0 ? [] : OR),
  ]);
  const isShort = [...get(E), ...get(I), ...int(length), ...ADD, ...LT_U];
  return [...when(isShort, fail), ...when(isWrong, fail), ...advance(length)];
}

function shapeCode(kind: string, until: string, fail: Code): Code {
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
