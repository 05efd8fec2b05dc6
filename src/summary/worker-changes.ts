// Reloads nobody logged: a process id that HAProxy's lines did not have before, while the one before it falls silent.
import type { EventRow } from "./event-table.ts";

/** A process that is being replaced still ends what it had begun. */
const DRAIN_MS = 60_000;
/** Later signs of life than this many, and two processes simply work side by side (nbproc, several instances). */
const MOST_AFTER = 2;

/**
 * Turns sightings of processes (kind `worker`, the peer `host tag[pid]`) into `reload` events; all other rows stay as they are.
 * The first process of a host is where the log begins, and no event.
 */
export function workerChanges(rows: readonly EventRow[]): EventRow[] {
  const out = rows.filter(({ kind }) => kind !== "worker");
  const places = new Map<string, EventRow[]>();
  for (const row of rows) {
    if (row.kind !== "worker" || row.peer === null) continue;
    const place = row.peer.replace(/\[\d+\]$/, "");
    const known = places.get(place);
    if (known === undefined) places.set(place, [row]);
    else known.push(row);
  }
  for (const sightings of places.values()) out.push(...changesOf(sightings));
  return out;
}

function changesOf(sightings: readonly EventRow[]): EventRow[] {
  const inOrder = [...sightings].sort(
    (a, b) => a.timeMs - b.timeMs || (a.peer! < b.peer! ? -1 : 1),
  );
  const changes: EventRow[] = [];
  const seen = new Set<string>();
  let last = "";
  for (const row of inOrder) {
    const peer = row.peer!;
    if (!seen.has(peer) && seen.size > 0) {
      const after = inOrder.filter(
        (other) => seen.has(other.peer!) && other.timeMs > row.timeMs + DRAIN_MS,
      );
      if (after.length <= MOST_AFTER) {
        const text = `${peer} took over from ${last}: reloaded or restarted`;
        changes.push({ ...row, kind: "reload", peer: null, count: 1, text, says: text });
      }
    }
    seen.add(peer);
    last = peer;
  }
  return changes;
}
