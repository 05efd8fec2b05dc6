// How cells count lines like one they have counted: rows of the quick reading become their numbers.
import {
  ROW_CLIENT,
  ROW_DURATION,
  ROW_END,
  ROW_HASH,
  ROW_REQUEST,
  ROW_START,
} from "../grammar/index.ts";
import type { Repeats } from "../record/index.ts";
import type { Cells, Counted, Place } from "../summary/index.ts";

/** @param place of the line being counted. */
export function repeatsOf(cells: Cells, place: () => Place): Repeats {
  return {
    recall: (rec, proxy, node) => cells.recall(rec, proxy, node),
    tally: (outcome) => cells.tally(outcome as Counted),
    repeat: (outcome, timeMs, row, at, bytes) =>
      cells.repeat(
        outcome as Counted,
        timeMs,
        row[at + ROW_DURATION]!,
        row[at + ROW_HASH]! >>> 0,
        bytes,
        row[at + ROW_START]!,
        row[at + ROW_END]!,
        row[at + ROW_CLIENT]!,
        row[at + ROW_CLIENT + 1]!,
        row[at + ROW_REQUEST]!,
        row[at + ROW_REQUEST + 1]!,
        place,
      ),
  };
}
