// What the join knows of a failing line of nginx's logs.

/** A failing line that waits for its partner. */
export interface JoinEntry {
  /** Hash of client and request (join-hash.ts). */
  readonly hash: number;
  /** Hash of the request alone; the same number where the line names no client. */
  readonly bareHash: number;
  readonly timeMs: number;
  /** Request duration in ms; -1 where unknown. */
  readonly durationMs: number;
  /** nginx connection number, -1 where not logged. */
  readonly connection: number;
  readonly upstream: number;
  /** Name of the peer; 0 for none. The same in both logs, while only one of them may know the pool. */
  readonly peer: number;
  readonly reason: number;
  readonly code: number;
  readonly status: number;
  /** For error lines: the status that the client gets if nothing is tried after it; 0 unknown. */
  readonly impliedStatus: number;
  readonly masked: boolean;
}

/** Words for an entry's node and for all it would tell a request: what entries are ordered and compared by. */
export interface JoinWords {
  readonly node: (entry: JoinEntry) => string | null;
  readonly target: (entry: JoinEntry) => string;
}
