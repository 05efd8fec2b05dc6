// "Did you mean": the known word closest to a mistyped one.

/**
 * The word at most two edits away (one for short words), the closest first; null where none is
 * near.
 */
export function nearestWord(typed: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = typed.length < 4 ? 1.9 : 2.9;
  for (const word of known) {
    // Case decides only between words equally near.
    const distance =
      editDistance(typed.toLowerCase(), word.toLowerCase()) + editDistance(typed, word) / 100;
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours each count
 * one.
 */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + same);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
