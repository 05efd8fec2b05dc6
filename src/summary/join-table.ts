// Both sides of nginx's two logs, bounded: entries whose key hash begins with `level` zero bits are kept, exactly.
//
// An adaptive key sample (algorithms.md §4.2): both sides share the hash, so whatever is kept of one side is kept of the
// other, and what is found among the kept ones counts 2^level times.

/** Entries per side before the level rises. */
const JOIN_LIMIT = 1 << 16;

/** A failing line that waits for its partner. */
export interface JoinEntry {
  /** Hash of client and request line. */
  readonly hash: number;
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
  readonly masked: boolean;
}

/** One side of the join. */
class JoinSide {
  entries: JoinEntry[] = [];

  add(entry: JoinEntry): void {
    this.entries.push(entry);
  }
}

/** The access side and the error side under one level. */
export class JoinTable {
  readonly #limit: number;
  level = 0;
  readonly requests = new JoinSide();
  readonly errors = new JoinSide();

  constructor(limit = JOIN_LIMIT) {
    this.#limit = limit;
  }

  /** Offers an entry to a side; `make` is only called when it is kept. */
  offer(side: "requests" | "errors", hash: number, make: () => JoinEntry): void {
    if (!this.keeps(hash)) return;
    this[side].add(make());
    this.shrink();
  }

  keeps(hash: number): boolean {
    return this.level === 0 || hash >>> (32 - this.level) === 0;
  }

  /** Raises the level to at least `level`, and until both sides fit. */
  shrink(level = this.level): void {
    while (
      this.level < level ||
      this.requests.entries.length > this.#limit ||
      this.errors.entries.length > this.#limit
    ) {
      this.level++;
      for (const side of [this.requests, this.errors])
        side.entries = side.entries.filter(({ hash }) => this.keeps(hash));
    }
  }
}

/**
 * Hash of a client and a request line, the request's escapes undone, so that nginx's escaped access line and raw error
 * line agree. Only the first 1024 bytes of the request count: the error log cuts long lines.
 */
export function joinHash(
  bytes: Uint8Array,
  clientStart: number,
  clientEnd: number,
  requestStart: number,
  requestEnd: number,
  escape: number,
): number {
  let hash = 0x811c9dc5;
  for (let i = clientStart; i < clientEnd; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ 0x100, 0x01000193);
  let count = 0;
  for (let i = requestStart; i < requestEnd && count < 1024; i++, count++) {
    let c = bytes[i]!;
    if (c === 92 && escape !== 0 && i + 1 < requestEnd) {
      const next = bytes[i + 1]!;
      if (next === 120 && i + 3 < requestEnd) {
        c = hex(bytes[i + 2]!) * 16 + hex(bytes[i + 3]!);
        i += 3;
      } else if (escape === 2) {
        if (next === 117 && i + 5 < requestEnd) {
          c = hex(bytes[i + 4]!) * 16 + hex(bytes[i + 5]!);
          i += 5;
        } else {
          c =
            next === 110
              ? 10
              : next === 114
                ? 13
                : next === 116
                  ? 9
                  : next === 98
                    ? 8
                    : next === 102
                      ? 12
                      : next;
          i += 1;
        }
      }
    }
    hash = Math.imul(hash ^ c, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}

function hex(c: number): number {
  return c <= 57 ? c - 48 : (c & 0xdf) - 55;
}
