// Events, told apart by second, kind and whom they concern, because daemons often log the same one twice.

import { decodeText, type Names, type Rec } from "../record/index.ts";

/** The most events kept: those with the smallest key hash, whatever the order. */
const EVENT_LIMIT = 10_000;

/** One event; `count` says how often it was logged. */
export interface EventRow {
  readonly timeMs: number;
  readonly proxy: number;
  readonly kind: string;
  readonly pool: string | null;
  readonly peer: string | null;
  readonly text: string;
  /** What it tells beyond its kind, in the log's own words. */
  readonly says: string;
  readonly count: number;
  /** True where its time is that of the line before. */
  readonly isTimeInferred: boolean;
}

/** A longer line, and a longer message, are cut (bytes). */
const LONGEST_TEXT = 512;
const LONGEST_WORDS = 256;

/** A record of an event as a row; its line is `bytes[start, end)`. */
export function eventRow(
  rec: Rec,
  proxy: number,
  names: Names,
  bytes: Uint8Array,
  start: number,
  end: number,
): EventRow {
  const name = (id: number): string | null => (id > 0 ? names.text(id) : null);
  const words = (from: number, to: number, longest: number): string =>
    decodeText(bytes.subarray(from, Math.min(to, from + longest)));
  return {
    timeMs: rec.timeMs,
    proxy,
    kind: names.text(rec.event),
    pool: name(rec.pool),
    peer: name(rec.peer),
    text: words(start, end, LONGEST_TEXT),
    says:
      rec.saysStart < 0 ? (name(rec.code) ?? "") : words(rec.saysStart, rec.saysEnd, LONGEST_WORDS),
    count: 1,
    isTimeInferred: rec.isTimeInferred,
  };
}

/** A set of events with counts. */
export class EventTable {
  #rows = new Map<string, EventRow>();

  add(row: EventRow): void {
    const key = `${Math.floor(row.timeMs / 1000)} ${row.proxy} ${row.kind} ${row.pool ?? ""} ${row.peer ?? ""}`;
    const known = this.#rows.get(key);
    if (known === undefined) {
      this.#rows.set(key, row);
      if (this.#rows.size > 2 * EVENT_LIMIT) this.#shrink();
      return;
    }
    // The earliest stamp and the smallest text stand for all, so that order does not matter.
    const { text, says } = known.text < row.text ? known : row;
    this.#rows.set(key, {
      ...known,
      timeMs: Math.min(known.timeMs, row.timeMs),
      text,
      says,
      count: known.count + row.count,
      isTimeInferred: known.isTimeInferred && row.isTimeInferred,
    });
  }

  rows(): EventRow[] {
    if (this.#rows.size > EVENT_LIMIT) this.#shrink();
    return [...this.#rows.values()];
  }

  #shrink(): void {
    const keys = [...this.#rows.keys()].sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
    for (const key of keys.slice(EVENT_LIMIT)) this.#rows.delete(key);
  }
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
