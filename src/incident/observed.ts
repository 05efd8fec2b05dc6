// What a computed feature is: a value between 0 and 1 with the sentences for and against, and what it is computed from.
import type { EventItem } from "../summary/index.ts";
import type { Slice } from "./attribution.ts";
import type { Load } from "./load.ts";
import type { Matter } from "./matter.ts";
import type { PeersView } from "./peers.ts";

/** A value between 0 and 1 with the sentences for and against. */
export interface Observed {
  readonly value: number;
  readonly says: string;
  readonly denies: string | null;
}

/** Failures by how long they took: all of which it is known, and in ms the longest and the most frequent. */
export interface Waits {
  readonly known: number;
  readonly fast: number;
  readonly slow: number;
  readonly longest: number;
  readonly usual: number;
}

/** What features are computed from. */
export interface Sight {
  readonly matter: Matter;
  readonly waits: Waits;
  readonly peers: PeersView | null;
  readonly slices: readonly Slice[];
  readonly load: Load | null;
  readonly events: readonly EventItem[];
}

/** `3 of 4`. */
export function of(n: number, all: number): string {
  return `${n} of ${all}`;
}
