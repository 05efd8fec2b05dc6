// The order of table rows by columns of whole numbers: a radix sort, because a comparison that is called a million times by
// code that runs once is most of the time never compiled.

const BITS = 11;
const DIGITS = 1 << BITS;

/**
 * Row numbers `0 … count - 1` in ascending order of the columns, the first one deciding before the second. Values are whole
 * and lie less than 2^53 apart; rows that agree in all of them stay in their order.
 */
export function orderBy(count: number, ...columns: readonly ArrayLike<number>[]): Uint32Array {
  let rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  let sorted = new Uint32Array(count);
  const starts = new Uint32Array(DIGITS + 1);
  const values = new Float64Array(count);
  for (const column of columns.toReversed()) {
    values.set(column);
    const range = fromZero(values);
    for (let weight = 1; weight <= range; weight *= DIGITS) {
      scatter(rows, sorted, starts, values, weight);
      [rows, sorted] = [sorted, rows];
    }
  }
  return rows;
}

/** Takes the least value from all. @returns the most that is left */
function fromZero(values: Float64Array): number {
  let least = Infinity;
  let most = -Infinity;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  for (let row = 0; row < values.length; row++) values[row]! -= least;
  return most - least;
}

/** Puts rows in the order of one digit of their values, rows of one digit staying in theirs. */
function scatter(
  rows: Uint32Array,
  into: Uint32Array,
  starts: Uint32Array,
  values: Float64Array,
  weight: number,
): void {
  const count = rows.length;
  starts.fill(0);
  for (let row = 0; row < count; row++) starts[((values[row]! / weight) & (DIGITS - 1)) + 1]!++;
  for (let digit = 1; digit < DIGITS; digit++) starts[digit]! += starts[digit - 1]!;
  for (let at = 0; at < count; at++) {
    const row = rows[at]!;
    into[starts[(values[row]! / weight) & (DIGITS - 1)]!++] = row;
  }
}
