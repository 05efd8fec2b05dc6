// WebAssembly of the hash by which lines are chosen to be kept: its slow twin is `lineHash` in summary/line-hash.ts.
//
// Four words a turn, each in a lane of its own: one after another their multiplications would wait for each other.
import {
  add,
  byteAt,
  block,
  branch,
  branchIf,
  type Code,
  type Func,
  geU,
  get,
  gtU,
  int,
  INT,
  intAt,
  localsOf,
  loop,
  ltU,
  mul,
  put,
  rotl,
  select,
  shrU,
  sub,
  xor,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";

/** start, end → the hash of the line there. */
export function lineHash(): Func {
  const { at: L, types } = localsOf(["at", "end"], { stop: INT, a: INT, b: INT, c: INT, d: INT });
  const far = add(get(L.at), int(112));
  const mix = (lane: number, value: Code): Code =>
    put(lane, mul(rotl(xor(get(lane), value), int(15)), int(0x9e3779b1)));
  const fold = (shift: number, factor: number): Code =>
    put(L.a, mul(xor(get(L.a), shrU(get(L.a), int(shift))), int(factor)));
  const isPast = (bytes: number): Code => gtU(add(get(L.at), int(bytes)), get(L.stop));
  return {
    params: 2,
    locals: types,
    result: INT,
    body: [
      put(L.stop, select(get(L.end), far, ltU(get(L.end), far))),
      put(L.a, xor(int(0x811c9dc5), sub(get(L.end), get(L.at)))),
      put(L.b, int(0x85ebca77)),
      put(L.c, int(0xc2b2ae3d)),
      put(L.d, int(0x27d4eb2f)),
      block(
        loop(
          [isPast(16), branchIf(1)],
          [L.a, L.b, L.c, L.d].map((lane, k) => mix(lane, intAt(get(L.at), 4 * k))),
          step(L.at, 16),
          branch(0),
        ),
      ),
      block(loop([isPast(4), branchIf(1)], mix(L.a, intAt(get(L.at))), step(L.at, 4), branch(0))),
      block(
        loop(
          [geU(get(L.at), get(L.stop)), branchIf(1)],
          mix(L.b, byteAt(get(L.at))),
          step(L.at),
          branch(0),
        ),
      ),
      put(
        L.a,
        xor(
          xor(get(L.a), rotl(get(L.b), int(7))),
          xor(rotl(get(L.c), int(12)), rotl(get(L.d), int(18))),
        ),
      ),
      fold(16, 0x85ebca6b),
      fold(13, 0xc2b2ae35),
      xor(get(L.a), shrU(get(L.a), int(16))),
    ],
  };
}
