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
  for (const column of columns.toReversed()) {
    const [least, most] = boundsOf(column, count);
    for (let weight = 1; weight <= most - least; weight *= DIGITS) {
      scatter(rows, sorted, starts, column, least, weight);
      [rows, sorted] = [sorted, rows];
    }
  }
  return rows;
}

/** Puts rows in the order of one digit of a column, rows of one digit staying in theirs. */
function scatter(
  rows: Uint32Array,
  into: Uint32Array,
  starts: Uint32Array,
  column: ArrayLike<number>,
  least: number,
  weight: number,
): void {
  const count = rows.length;
  starts.fill(0);
  for (let row = 0; row < count; row++)
    starts[(((column[row]! - least) / weight) & (DIGITS - 1)) + 1]!++;
  for (let digit = 1; digit < DIGITS; digit++) starts[digit]! += starts[digit - 1]!;
  for (let at = 0; at < count; at++) {
    const row = rows[at]!;
    into[starts[((column[row]! - least) / weight) & (DIGITS - 1)]!++] = row;
  }
}

function boundsOf(column: ArrayLike<number>, count: number): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (let row = 0; row < count; row++) {
    const value = column[row]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
