// WebAssembly that finds lines and makes a row of each. Part of quick-lines.ts.
import type { QuickFields } from "./quick-fields.ts";
import { MAX_ROWS, ROW_BYTES, ROWS_AT } from "./scan-memory.ts";
import { peelHead, space } from "./wasm-head.ts";
import { fill } from "./wasm-row.ts";
import { time, uint } from "./wasm-time.ts";
import { AREA, ENTRY_TALLY, ENTRY_TALLY_SHIFT, ROW } from "./quick-area.ts";
import {
  add,
  or,
  MINUS_INFINITY,
  INFINITY,
  eqz,
  doubleAt,
  and,
  bits,
  block,
  branch,
  branchIf,
  byteAt,
  call,
  ctz,
  eq,
  eqVector,
  type Func,
  geS,
  geU,
  get,
  int,
  INT,
  intAt,
  localsOf,
  loop,
  ltS,
  ltU,
  ne,
  NOT_A_NUMBER,
  put,
  putDouble,
  putInt,
  select,
  shl,
  splat,
  sub,
  vectorAt,
  when,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";
import { lineHash } from "./wasm-hash.ts";
import { findCell, tally } from "./wasm-tally.ts";

/**
 * start, end, whether lines have heads → where the lines end that were looked at; a row for each that was not counted.
 */
function lines(
  area: number,
  at: {
    readonly scan: number;
    readonly peel: number;
    readonly fill: number;
    readonly tally: number;
    readonly hash: number;
  },
): Func {
  const { at: L, types } = localsOf(["at", "end", "hasHead"], {
    row: INT,
    newline: INT,
    stop: INT,
    from: INT,
    mask: INT,
    usual: INT,
    count: INT,
    counted: INT,
    entry: INT,
  });
  return {
    params: 3,
    locals: types,
    result: INT,
    body: [
      ...put(L.row, int(ROWS_AT)),
      ...putInt(int(area + AREA.hostStart), int(-1)),
      ...putInt(int(area + AREA.hostEnd), int(-1)),
      ...putInt(int(area + AREA.headKind), int(0)),
      ...putDouble(int(area + AREA.firstTime), INFINITY),
      ...putDouble(int(area + AREA.lastTime), MINUS_INFINITY),
      ...block(
        loop(
          [...geU(get(L.at), get(L.end)), ...branchIf(1)],
          [...geU(get(L.row), int(ROWS_AT + ROW_BYTES * MAX_ROWS)), ...branchIf(1)],
          put(L.newline, get(L.at)),
          block(
            loop(
              put(L.mask, bits(eqVector(vectorAt(get(L.newline)), splat(10)))),
              when(get(L.mask), [
                ...put(L.newline, add(get(L.newline), ctz(get(L.mask)))),
                ...branch(2),
              ]),
              step(L.newline, 16),
              [...ltU(get(L.newline), get(L.end)), ...branchIf(0)],
            ),
          ),
          put(L.newline, select(get(L.newline), get(L.end), ltU(get(L.newline), get(L.end)))),
          put(L.stop, get(L.newline)),
          block(
            loop(
              [...geU(get(L.at), get(L.stop)), ...branchIf(1)],
              [...ne(byteAt(sub(get(L.stop), int(1))), int(13)), ...branchIf(1)],
              put(L.stop, sub(get(L.stop), int(1))),
              branch(0),
            ),
          ),
          putDouble(get(L.row), NOT_A_NUMBER),
          putInt(get(L.row), get(L.at), ROW.start),
          putInt(get(L.row), get(L.stop), ROW.end),
          putInt(get(L.row), int(-1), ROW.entry),
          putInt(get(L.row), get(L.count), ROW.line),
          putDouble(get(L.row), doubleAt(int(area + AREA.lastTime)), ROW.before),
          put(L.usual, int(0)),
          block(
            [...eq(get(L.at), get(L.stop)), ...branchIf(0)],
            put(L.from, get(L.at)),
            when(get(L.hasHead), [
              ...put(L.from, call(at.peel, get(L.at), get(L.stop))),
              ...ltS(get(L.from), int(0)),
              ...branchIf(1),
            ]),
            [...geS(call(at.scan, get(L.from), get(L.stop)), int(0)), ...branchIf(0)],
            put(L.usual, call(at.fill, get(L.row))),
          ),
          put(L.at, add(get(L.newline), int(1))),
          step(L.count),
          when(get(L.usual), [
            ...when(call(at.tally, get(L.row)), [...step(L.counted), ...branch(2)]),
            ...putInt(
              get(L.row),
              call(at.hash, intAt(get(L.row), ROW.start), intAt(get(L.row), ROW.end)),
              ROW.hash,
            ),
          ]),
          put(L.entry, intAt(get(L.row), ROW.entry)),
          step(L.row, ROW_BYTES),
          // A minute not met yet is learned before further lines are read, and so is whatever may name another process.
          when(
            ltS(get(L.entry), int(0)),
            [...intAt(int(area + AREA.watches)), ...branchIf(2)],
            [
              ...or(
                and(intAt(int(area + AREA.stops)), eqz(get(L.usual))),
                and(
                  intAt(int(area + AREA.watches)),
                  eqz(
                    intAt(
                      add(int(area + AREA.tallies), shl(get(L.entry), int(ENTRY_TALLY_SHIFT))),
                      ENTRY_TALLY.state,
                    ),
                  ),
                ),
              ),
              ...branchIf(2),
            ],
          ),
          branch(0),
        ),
      ),
      ...putInt(int(area + AREA.rows), sub(get(L.row), int(ROWS_AT))),
      ...putInt(int(area + AREA.lines), get(L.count)),
      ...putInt(int(area + AREA.counted), get(L.counted)),
      ...get(L.at),
    ],
  };
}

/** All functions of one format, by name; they call each other by their place in this order. */
export function quickFunctions(
  scan: Func,
  quick: QuickFields,
  area: number,
  spansAt: number,
  talliesAt: number,
): Readonly<
  Record<
    "s" | "uint" | "time" | "space" | "peel" | "fill" | "find" | "hash" | "tally" | "lines",
    Func
  >
> {
  return {
    s: scan,
    uint: uint(),
    time: time(area, 1),
    space: space(),
    peel: peelHead(area, 3),
    fill: fill(area, spansAt, quick, { uint: 1, time: 2, space: 3 }),
    find: findCell(),
    hash: lineHash(),
    tally: tally(area, talliesAt, { find: 6, hash: 7 }),
    lines: lines(area, { scan: 0, peel: 4, fill: 5, tally: 8, hash: 7 }),
  };
}
