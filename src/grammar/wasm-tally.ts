// WebAssembly that counts a line like others: the same cells as summary/cells.ts counts in, found as pair-table.ts does. Part of
// quick-lines.ts.
//
// It keeps no line and widens no bins: whatever is not a mere number more is left to others, before anything is counted.
import { GATE, GATE_PLACE } from "./gates.ts";
import { PAIR } from "./pair-table.ts";
import { AREA, ENTRY_TALLY, ENTRY_TALLY_SHIFT, ROW } from "./quick-area.ts";
import { LATENCY_BUCKETS, TALLY } from "./tally-memory.ts";
import {
  add,
  and,
  block,
  branch,
  geU,
  branchIf,
  call,
  clz,
  divLong,
  type Code,
  eqz,
  type Func,
  geS,
  get,
  geLong,
  gtDouble,
  int,
  INT,
  intAt,
  doubleAt,
  leave,
  leU,
  localsOf,
  long,
  LONG,
  longOfDouble,
  loop,
  ltDouble,
  mul,
  ne,
  or,
  put,
  putDouble,
  putInt,
  remLong,
  select,
  shl,
  shrU,
  sub,
  when,
  wrap,
  xor,
} from "./wasm-code.ts";
import { step } from "./wasm-steps.ts";

const COUNTED_HERE = 1;
/** Seconds from here on do not fit. */
const END_MS = 1000n << 32n;

/** table, first, second → the address of the cell's counts, made at first sight; 0 where there is no room for it. */
export function findCell(): Func {
  const { at: L, types } = localsOf(["table", "first", "second"], { slot: INT, cell: INT });
  const head = (offset: number): Code => intAt(get(L.table), offset);
  const hashed = xor(
    mul(get(L.second), int(0x9e3779b1)),
    mul(add(get(L.first), int(1)), int(0x85ebca6b)),
  );
  const slot = add(get(L.table), shl(get(L.slot), int(2)));
  const place = (column: number): Code => add(head(column), shl(get(L.cell), int(2)));
  return {
    params: 3,
    locals: types,
    result: INT,
    body: [
      ...put(L.slot, hashed),
      ...put(L.slot, xor(get(L.slot), shrU(get(L.slot), int(15)))),
      ...block(
        loop(
          put(L.slot, and(get(L.slot), head(PAIR.mask))),
          put(L.cell, intAt(slot, PAIR.slots)),
          when(eqz(get(L.cell)), [
            ...put(L.cell, head(PAIR.count)),
            ...when(geU(get(L.cell), head(PAIR.most)), leave(int(0))),
            ...putInt(get(L.table), add(get(L.cell), int(1)), PAIR.count),
            ...putInt(slot, add(get(L.cell), int(1)), PAIR.slots),
            ...putInt(place(PAIR.first), get(L.first)),
            ...putInt(place(PAIR.second), get(L.second)),
            ...branch(2),
          ]),
          step(L.cell, -1),
          step(L.slot),
          [
            ...or(
              ne(intAt(place(PAIR.second)), get(L.second)),
              ne(intAt(place(PAIR.first)), get(L.first)),
            ),
            ...branchIf(0),
          ],
        ),
      ),
      ...add(head(PAIR.counts), mul(get(L.cell), head(PAIR.cellBytes))),
    ],
  };
}

/** row → 1 where its line was counted. The row is whole, its time known. */
export function tally(
  area: number,
  tallies: number,
  at: { readonly find: number; readonly hash: number },
): Func {
  const { at: L, types } = localsOf(["row"], {
    entry: INT,
    duration: INT,
    mix: INT,
    second: INT,
    bin: INT,
    place: INT,
    bucket: INT,
    latency: INT,
    gate: INT,
    ms: LONG,
  });
  const entry = (offset: number): Code => intAt(get(L.entry), offset);
  const refuse = leave(int(0));
  const row = (offset: number): Code => intAt(get(L.row), offset);
  /** The address of the counts for an upstream and this second, in `place`: the one of the line before, or looked for. */
  const findPlace = (table: number, of: keyof typeof ENTRY_TALLY, seen: number): Code => [
    ...put(L.bin, shrU(get(L.second), intAt(int(table), PAIR.shift))),
    ...put(L.place, entry(seen + 8)),
    ...when(or(ne(entry(seen), get(L.bin)), ne(entry(seen + 4), intAt(int(table), PAIR.epoch))), [
      ...put(L.place, call(at.find, int(table), entry(ENTRY_TALLY[of]), get(L.bin))),
      ...when(eqz(get(L.place)), refuse),
      ...putInt(get(L.entry), get(L.bin), seen),
      ...putInt(get(L.entry), intAt(int(table), PAIR.epoch), seen + 4),
      ...putInt(get(L.entry), get(L.place), seen + 8),
    ]),
  ];
  const more = (address: Code): Code => putInt(address, add(intAt(address), int(1)));
  const octave = sub(int(31), clz(get(L.duration)));
  const bucket = add(
    shl(octave, int(1)),
    geS(get(L.duration), intAt(add(int(tallies + TALLY.halves), shl(octave, int(2))))),
  );
  const time = doubleAt(get(L.row), ROW.time);
  const isOther = ne(intAt(get(L.gate), GATE.pool), entry(ENTRY_TALLY.pool));
  const isBefore = ltDouble(time, doubleAt(get(L.gate), GATE.from));
  const isBehind = eqz(ltDouble(time, doubleAt(get(L.gate), GATE.to)));
  const hash = call(at.hash, row(ROW.start), row(ROW.end));
  /** Unless enough lines with a smaller hash are kept. */
  const isWanted = [
    ...put(
      L.gate,
      add(
        int(tallies + TALLY.gates),
        shl(and(entry(ENTRY_TALLY.pool), int(GATE_PLACE.mask)), int(GATE_PLACE.shift)),
      ),
    ),
    ...when(or(isOther, or(isBefore, isBehind)), refuse),
    ...when(leU(hash, intAt(get(L.gate), GATE.most)), refuse),
  ];
  return {
    params: 1,
    locals: types,
    result: INT,
    body: [
      ...put(L.entry, add(int(area + AREA.tallies), shl(row(ROW.entry), int(ENTRY_TALLY_SHIFT)))),
      ...when(ne(entry(ENTRY_TALLY.state), int(COUNTED_HERE)), refuse),
      ...put(L.duration, row(ROW.duration)),
      ...put(L.ms, longOfDouble(time)),
      ...when(geLong(get(L.ms), long(END_MS)), refuse),
      // One in 32 may be kept as a control: summary/controls.ts.
      ...put(
        L.mix,
        xor(
          mul(wrap(remLong(get(L.ms), long(86_400_000n))), int(0x9e3779b1)),
          mul(
            add(
              and(
                select(
                  sub(row(ROW.clientEnd), row(ROW.clientStart)),
                  int(0),
                  geS(row(ROW.clientStart), int(0)),
                ),
                entry(ENTRY_TALLY.clientMask),
              ),
              mul(get(L.duration), int(31)),
            ),
            int(0x85ebca6b),
          ),
        ),
      ),
      ...when(
        eqz(shrU(mul(xor(get(L.mix), shrU(get(L.mix), int(15))), int(0x2c1b3c6d)), int(27))),
        isWanted,
      ),
      ...put(L.second, wrap(divLong(get(L.ms), long(1000n)))),
      ...put(L.latency, int(tallies + TALLY.nothing)),
      ...when(geS(get(L.duration), int(0)), [
        ...findPlace(tallies + TALLY.latency, "pool", ENTRY_TALLY.latency),
        ...put(L.bucket, select(bucket, int(0), get(L.duration))),
        ...put(
          L.bucket,
          select(int(LATENCY_BUCKETS - 1), get(L.bucket), geS(get(L.bucket), int(LATENCY_BUCKETS))),
        ),
        ...put(L.latency, add(get(L.place), shl(get(L.bucket), int(2)))),
      ]),
      ...findPlace(tallies + TALLY.traffic, "last", ENTRY_TALLY.traffic),
      ...more(get(L.place)),
      ...more(get(L.latency)),
      ...more(entry(ENTRY_TALLY.statusAt)),
      ...more(entry(ENTRY_TALLY.requestsAt)),
      ...when(
        ltDouble(time, doubleAt(int(area + AREA.firstTime))),
        putDouble(int(area + AREA.firstTime), time),
      ),
      ...when(
        gtDouble(time, doubleAt(int(area + AREA.lastTime))),
        putDouble(int(area + AREA.lastTime), time),
      ),
      ...int(1),
    ],
  };
}
