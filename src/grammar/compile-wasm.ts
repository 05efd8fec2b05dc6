// A plan becomes a WebAssembly scanner: the same steps as compile-text.ts, sixteen bytes at a time, over a memory that the lines
// are read into.
//
// The fence: nothing else knows WebAssembly. Its twins are compile-text.ts and test/grammar/scan-slow.ts, which must agree with it
// on hostile lines (test/grammar/compile-wasm.test.ts).
import type { Plan, Step } from "./plan.ts";
import {
  ADD,
  AND,
  block,
  branch,
  branchIf,
  type Code,
  get,
  int,
  LOCALS,
  type Func,
  INT,
  loop,
  LT_U,
  NE,
  RETURN,
  SCAN_LOCALS,
  store32,
  when,
} from "./wasm-code.ts";
import { instantiate } from "./wasm-module.ts";
import { numbersAt, numbersCode } from "./wasm-run.ts";
import { addressCode } from "./wasm-address.ts";
import { type Put, shapeCode, stopCode, tailCode } from "./wasm-fields.ts";
import {
  bytesOf,
  literal,
  seek,
  skip,
  advance,
  atEnd,
  isHere,
  leaves,
  hasHere,
  ifHere,
} from "./wasm-moves.ts";

const { at: I, end: E } = LOCALS;

/** Scans the line at [start, end) of the memory; answers as `Scan` does. */
export type MemoryScan = (start: number, end: number) => number;

/**
 * Compiles a plan for a memory.
 * @param memory a WebAssembly.Memory; at least sixteen bytes must lie behind every line.
 * @param spansAt where in it the spans go, a multiple of four: two i32 a field and one more, as in `Scan`.
 */
export function compileWasm(plan: Plan, memory: object, spansAt: number): MemoryScan {
  const { scan } = instantiate({ scan: scanFunction(plan, spansAt) }, memory);
  return scan as MemoryScan;
}

/** The function that scans one line: from, end → the field that failed, or -1. */
export function scanFunction(plan: Plan, spansAt: number): Func {
  return { params: 2, locals: SCAN_LOCALS, result: INT, body: bodyOf(plan, spansAt) };
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
  const stepCode = (index: number): Code => {
    const [step, previous] = [plan.steps[index]!, plan.steps[index - 1]];
    if (step.do !== "literal") return fieldCode(step, miss, put);
    if (previous?.do === "field" && previous.stop.by === "tail") return [];
    const text = index === plan.steps.length - 1 ? step.text.trimEnd() : step.text;
    return literal(bytesOf(text), miss(step.before === 0 ? 0 : step.before - 1));
  };
  const out: Code[] = [];
  for (let index = 0; index < plan.steps.length;) {
    const numbers = numbersAt(plan.steps, index);
    const taken = numbers === null ? 1 : 2 * numbers.fields.length - 1;
    const steps = Array.from({ length: taken }, (_, k) => stepCode(index + k)).flat();
    out.push(numbers === null ? steps : numbersCode(numbers, put, steps));
    index += taken;
  }
  out.push(skip(32), when([...get(I), ...get(E), ...NE], miss(count - 1)), int(-1));
  return out.flat();
}

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
    const until = bytesOf(step.until).slice(0, 1);
    const isClosed = [32, ...until].flatMap((byte) => [...isHere(byte, 1), ...branchIf(2)]);
    const inside = block(
      loop(
        seek(125),
        [...atEnd, ...branchIf(1)],
        when(isHere(125), [...leaves(1), ...branchIf(2), ...isClosed]),
        [...advance(1), ...branch(0)],
      ),
    );
    const space = step.dropSpace ? ifHere(32, advance(1)) : [];
    const absent = [...put(2 * step.field, int(-1)), ...put(2 * step.field + 1, int(-1))];
    const quote = step.quoted ? [...when(hasHere(34), advance(1), fail)] : [];
    const present = [
      ...(step.quoted ? advance(1) : []),
      ...open,
      ...inside,
      ...when(atEnd, fail),
      ...advance(1),
      ...close,
      ...quote,
      ...space,
    ];
    const isNext = [...get(I), ...int(1), ...ADD, ...get(E), ...LT_U, ...isHere(123, 1), ...AND];
    const begins = step.quoted ? [...hasHere(34), ...isNext, ...AND] : hasHere(123);
    return when(begins, present, absent);
  }
  if (step.stop.by === "tail")
    return tailCode(bytesOf(step.stop.text.trimEnd()), step.stop.isRequest, open, close, fail);
  const body =
    step.stop.by === "shape"
      ? shapeCode(step.kind, step.stop.until, fail)
      : stopCode(step.stop, step.kind, close, fail);
  return [...open, ...body, ...close];
}
