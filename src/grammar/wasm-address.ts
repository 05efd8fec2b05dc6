// WebAssembly for an address and a port around a colon. Part of compile-wasm.ts.
import type { Step } from "./plan.ts";
import {
  add,
  and,
  bits,
  block,
  branch,
  branchIf,
  byteAt,
  clz,
  type Code,
  ctz,
  eq,
  eqVector,
  get,
  int,
  leU,
  LOCALS,
  loop,
  ltS,
  ne,
  or,
  put as move,
  shl,
  splat,
  sub,
  vectorAt,
  when,
} from "./wasm-code.ts";
import type { Put } from "./wasm-fields.ts";
import { bytesOf, seek } from "./wasm-moves.ts";

const { at: I, end: E, byte: C, mark: J, start: S } = LOCALS;

/** Splits at the last colon before the stop: IPv6 comes without brackets. */
export function addressCode(
  step: Extract<Step, { do: "address" }>,
  open: Code,
  fail: Code,
  put: Put,
): Code {
  const back = block(
    loop(
      [...ltS(get(J), get(S)), ...branchIf(1)],
      [...eq(byteAt(get(J)), int(58)), ...branchIf(1)],
      [...move(J, sub(get(J), int(1))), ...branch(0)],
    ),
  );
  const slowly: Code = [
    ...move(S, get(I)),
    ...(step.stop === "" ? move(I, get(E)) : seek(bytesOf(step.stop)[0]!)),
    ...move(J, sub(get(I), int(1))),
    ...back,
    ...when(ltS(get(J), get(S)), fail),
    ...put(2 * step.field + 1, get(J)),
    ...put(2 * step.port, add(get(J), int(1))),
    ...put(2 * step.port + 1, get(I)),
  ];
  if (step.stop === "") return [...open, ...slowly];
  const found = (byte: number): Code =>
    or(
      bits(eqVector(vectorAt(get(I)), splat(byte))),
      shl(bits(eqVector(vectorAt(get(I), 16), splat(byte))), int(16)),
    );
  const colonAt = add(get(I), sub(int(31), clz(get(C))));
  // Nearly all stand within 32 bytes: the last colon before the stop is the highest bit below the stop's.
  return [
    ...open,
    ...move(J, found(bytesOf(step.stop)[0]!)),
    ...move(C, and(found(58), sub(and(get(J), sub(int(0), get(J))), int(1)))),
    ...when(
      and(and(ne(get(J), int(0)), ne(get(C), int(0))), leU(add(get(I), ctz(get(J))), get(E))),
      [
        ...put(2 * step.field + 1, colonAt),
        ...put(2 * step.port, add(colonAt, int(1))),
        ...move(I, add(get(I), ctz(get(J)))),
        ...put(2 * step.port + 1, get(I)),
      ],
      slowly,
    ),
  ];
}
