// One event logged twice is one event: a change of state that syslog and stderr both tell may be stamped a second apart.
import type { EventRow } from "./event-table.ts";

/** Kinds that cannot happen twice in a row: a server that is down does not go down. */
const CHANGES: ReadonlySet<string> = new Set([
  "server-down",
  "server-up",
  "no-server",
  "maintenance",
  "drain",
]);
/** Stamps without a fraction of a second are up to this far apart. */
const APART_MS = 1_000;

/**
 * Joins a change of state with the one before it of the same server, where nothing else happened to it in between. The counts
 * are added: they say how often it was logged.
 * @param rows in the order of their times.
 */
export function mergeEvents(rows: readonly EventRow[]): EventRow[] {
  const out: EventRow[] = [];
  const lastOf = new Map<string, number>();
  for (const row of rows) {
    const key = `${row.proxy} ${row.pool ?? ""} ${row.peer ?? ""}`;
    const at = lastOf.get(key) ?? -1;
    const last = out[at];
    const isSame =
      last !== undefined &&
      last.kind === row.kind &&
      CHANGES.has(row.kind) &&
      row.timeMs - last.timeMs <= APART_MS;
    if (isSame) out[at] = { ...last, count: last.count + row.count };
    else lastOf.set(key, out.push(row) - 1);
  }
  return out;
}
