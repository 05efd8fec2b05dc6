// WebAssembly of the hash by which lines are chosen to be kept: its slow twin is `lineHash` in summary/samples.ts.
import {
  add,
  byteAt,
  block,
  branch,
  branchIf,
  type Func,
  geU,
  get,
  int,
  INT,
  localsOf,
  loop,
  ltU,
  mul,
  put,
  select,
  shrU,
  sub,
  xor,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";

/** start, end → the hash of the line there. */
export function lineHash(): Func {
  const { at: L, types } = localsOf(["at", "end"], { stop: INT, hash: INT });
  const far = add(get(L.at), int(112));
  return {
    params: 2,
    locals: types,
    result: INT,
    body: [
      put(L.stop, select(get(L.end), far, ltU(get(L.end), far))),
      put(L.hash, xor(int(0x811c9dc5), sub(get(L.end), get(L.at)))),
      block(
        loop(
          [geU(get(L.at), get(L.stop)), branchIf(1)],
          put(L.hash, mul(xor(get(L.hash), byteAt(get(L.at))), int(0x01000193))),
          step(L.at),
          branch(0),
        ),
      ),
      put(L.hash, xor(get(L.hash), shrU(get(L.hash), int(16)))),
      put(L.hash, mul(get(L.hash), int(0x85ebca6b))),
      xor(get(L.hash), shrU(get(L.hash), int(13))),
    ],
  };
}
