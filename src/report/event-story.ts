// Events as a story: a server that went and came back is one, and so is what was logged again and again.
import type { EventItem } from "../summary/index.ts";

/** One or several events that are told together. */
export interface ToldEvent {
  readonly event: EventItem;
  /** How often it was logged, by the last of them. */
  readonly count: number;
  readonly last: number;
  /** When the server was back; null where no event says so. */
  readonly back: number | null;
}

/** Kinds that end with the server's being up again. */
const OUT: ReadonlySet<string> = new Set(["server-down", "maintenance", "drain", "ejection"]);

/** Tells events together. @param events in the order of their times. */
export function storyOf(events: readonly EventItem[]): readonly ToldEvent[] {
  const told: ToldEvent[] = [];
  const lastOf = new Map<string, number>();
  for (const event of events) {
    const key = JSON.stringify([event.proxy, event.pool, event.peer]);
    const at = lastOf.get(key) ?? -1;
    const before = told[at];
    const isSame = before?.event.kind === event.kind && before.event.says === event.says;
    if (before?.back === null && event.kind === "server-up" && OUT.has(before.event.kind)) {
      told[at] = { ...before, back: event.time };
    } else if (before?.back === null && isSame) {
      told[at] = { ...before, count: before.count + event.count, last: event.time };
    } else {
      const { time, count } = event;
      lastOf.set(key, told.push({ event, count, last: time, back: null }) - 1);
    }
  }
  return told;
}
