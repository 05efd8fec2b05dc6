// Error lines find their requests: same client, same request, a fitting time, and the connection number where logged.
//
// nginx.md §7: an error line is written at the moment of failure, the access line at the request's end, by the same process:
// the errors of a request lie in [end - duration - 1 s, end + 1 s], and the last one nearly always in the same second. Error
// lines of one connection belong together whatever the access log says; several of them in a row are one request's attempts.
import { reasonNumber } from "../record/index.ts";
import { groupBy } from "./group-by.ts";
import { joinGroup, type Pair } from "./join-group.ts";
import type { JoinEntry, JoinWords } from "./join-entry.ts";
import type { JoinTable } from "./join-table.ts";

/** The outcome of the join, for the kept sample. */
export interface JoinResult {
  readonly pairs: readonly Pair[];
  /** Pairs that are certain, and those that only as a set are: whose lines cannot be told apart and disagree. */
  readonly joined: number;
  readonly ambiguous: number;
  readonly orphanErrors: number;
  readonly orphanRequests: number;
}

/** Joins both sides of a table. Pure; the order of entries does not matter. */
export function joinEntries(table: JoinTable, words: JoinWords): JoinResult {
  const pairs: Pair[] = [];
  const orphans: JoinEntry[] = [];
  const isBare = ({ hash, bareHash }: JoinEntry): boolean => hash === bareHash;
  const all = table.requests.entries;
  let errors: readonly JoinEntry[] = table.errors.entries;
  const join = (requests: readonly JoinEntry[], keyOf: (entry: JoinEntry) => number): void => {
    if (requests.length === 0) return;
    const errorsByKey = groupBy(inOrder(errors, words), keyOf);
    const open: JoinEntry[] = [];
    for (const [key, group] of groupBy(inOrder(requests, words), keyOf)) {
      const found = joinGroup(group, errorsByKey.get(key) ?? [], words);
      errorsByKey.delete(key);
      for (const pair of found.pairs) pairs.push(pair);
      open.push(...found.openErrors);
      orphans.push(...found.orphans);
    }
    for (const rest of errorsByKey.values()) open.push(...rest);
    errors = open;
  };
  join(
    all.filter((entry) => !isBare(entry)),
    ({ hash }) => hash,
  );
  // Lines that name no client: what is left of the errors, by request and connection or time.
  join(all.filter(isBare), ({ bareHash }) => bareHash);
  const joined = pairs.filter(({ isSure }) => isSure).length;
  return {
    pairs,
    joined,
    ambiguous: pairs.length - joined,
    orphanErrors: errors.length,
    // A 500 that nobody explains is the application's own.
    orphanRequests: orphans.filter(({ reason }) => reason !== NONE).length,
  };
}

const NONE = reasonNumber.none;

function inOrder(entries: readonly JoinEntry[], words: JoinWords): JoinEntry[] {
  return [...entries].sort((a, b) => order(a, b, words));
}

function order(a: JoinEntry, b: JoinEntry, words: JoinWords): number {
  return (
    a.timeMs - b.timeMs ||
    a.connection - b.connection ||
    byLife(a.reason, b.reason) ||
    a.durationMs - b.durationMs ||
    a.status - b.status ||
    Number(a.masked) - Number(b.masked) ||
    byText(words.target(a), words.target(b))
  );
}

/** "No peer left" comes behind the failures that led to it, the others in the order of a request's life. */
function byLife(a: number, b: number): number {
  const last = reasonNumber["no-upstream"];
  return Number(a === last) - Number(b === last) || a - b;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
