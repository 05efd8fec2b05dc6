// WebAssembly for whole numbers in a row with one byte between them (`0/0/12/3/15 200 512`): all their ends from one look at
// 32 bytes. Part of compile-wasm.ts.
import type { Step } from "./plan.ts";
import type { Put } from "./wasm-fields.ts";
import { bytesOf } from "./wasm-moves.ts";
import {
  add,
  and,
  bits,
  byteAt,
  type Code,
  ctz,
  get,
  geU,
  gtU,
  int,
  LOCALS,
  ltVector,
  not,
  or,
  put as set,
  shl,
  splat,
  sub,
  subVector,
  vectorAt,
  when,
  xor,
} from "./wasm-code.ts";

const { at: I, end: E, byte: REST, mark: P, start: S, odd: ODD } = LOCALS;

/** Shorter rows are not worth a second way to read them. */
const SHORTEST = 3;

type Numbers = { readonly fields: readonly number[]; readonly between: readonly number[] };

/** The row of numbers that begins at a step; null where none does. */
export function numbersAt(steps: readonly Step[], index: number): Numbers | null {
  const fields: number[] = [];
  const between: number[] = [];
  for (let at = index; ; at += 2) {
    const [step, next] = [steps[at], steps[at + 1]];
    if (step?.do !== "field" || step.kind !== "int" || step.stop.by !== "shape") break;
    fields.push(step.field);
    const bytes = next?.do === "literal" ? bytesOf(next.text) : [];
    if (bytes.length !== 1) break;
    between.push(bytes[0]!);
  }
  return fields.length < SHORTEST ? null : { fields, between: between.slice(0, fields.length - 1) };
}

/**
 * Moves behind the last number, or does the same step by step where a number is signed, missing or far away.
 * @param slowly the code of the steps.
 */
export function numbersCode({ fields, between }: Numbers, put: Put, slowly: Code): Code {
  const digits = (offset: number): Code =>
    bits(ltVector(subVector(vectorAt(get(I), offset), splat(48)), splat(10)));
  const odd = (test: Code): Code => set(ODD, or(get(ODD), test));
  const here = add(get(I), get(P));
  return [
    ...set(REST, not(or(digits(0), shl(digits(16), int(16))))),
    ...set(S, int(0)),
    ...set(ODD, int(0)),
    ...fields.flatMap((field, k) => [
      ...set(P, ctz(get(REST))),
      ...odd(geU(get(S), get(P))),
      ...put(2 * field, add(get(I), get(S))),
      ...put(2 * field + 1, here),
      ...(k === fields.length - 1
        ? []
        : [
            ...odd(xor(byteAt(here), int(between[k]!))),
            ...set(S, add(get(P), int(1))),
            ...set(REST, and(get(REST), sub(get(REST), int(1)))),
          ]),
    ]),
    ...when(or(get(ODD), gtU(here, get(E))), slowly, set(I, here)),
  ];
}
