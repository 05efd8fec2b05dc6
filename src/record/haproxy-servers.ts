// Backends and servers of HAProxy lines as names: the pool `backend`, the peer `backend/server`.
import type { Field } from "../grammar/index.ts";
import { hasForeignSign } from "./address-shape.ts";
import { isAbsent } from "./bytes.ts";
import { firstLogged } from "./field-choice.ts";
import { haproxyField } from "./haproxy-fields.ts";
import { serverKind } from "./haproxy-evidence.ts";
import type { Names } from "./names.ts";
import type { Rec } from "./record.ts";

const SLASH = 47;
const NAMED = 1;
const NOT_NAMED = 2;
const IMPOSSIBLE = 3;
const QUOTE = 34;

/** Reads the pool and the peer of a line, each distinct `backend/server` judged once. */
export class HaproxyServers {
  readonly #names: Names;
  readonly #isJson: boolean;
  readonly #backend: readonly number[];
  readonly #server: readonly number[];
  readonly #both: readonly number[];
  /** Per name of a whole `backend/server`: whether it names a server, and its backend. */
  #judged = new Uint8Array(1024);
  #pools = new Int32Array(1024);
  /** `backend/server` names that are not written so in the line, by the numbers of the two. */
  readonly #joined = new Map<number, number>();

  /** @param isJson names stand in quotes: `"b": true` is no backend. */
  constructor(fields: readonly Field[], names: Names, isJson: boolean) {
    this.#names = names;
    this.#isJson = isJson;
    this.#backend = haproxyField(fields, "backend");
    this.#server = haproxyField(fields, "server");
    this.#both = haproxyField(fields, "both");
  }

  /** Fills `rec.pool` and `rec.peer`; answers the field whose value no name can be, or -1. */
  read(bytes: Uint8Array, spans: Int32Array, rec: Rec): number {
    const both = firstLogged(spans, this.#both);
    if (both >= 0)
      return this.#readWhole(bytes, spans[2 * both]!, spans[2 * both + 1]!, rec) ? -1 : both;
    const backend = firstLogged(spans, this.#backend);
    const server = firstLogged(spans, this.#server);
    const serverStart = server < 0 ? -1 : spans[2 * server]!;
    const serverEnd = server < 0 ? -1 : spans[2 * server + 1]!;
    if (backend < 0) {
      // A server field alone may hold both.
      return server < 0 || this.#readWhole(bytes, serverStart, serverEnd, rec) ? -1 : server;
    }
    const start = spans[2 * backend]!;
    const end = spans[2 * backend + 1]!;
    if (serverStart === end + 1 && bytes[end] === SLASH)
      return this.#readWhole(bytes, start, serverEnd, rec) ? -1 : backend;
    if (isAbsent(bytes, start, end)) return -1;
    if (!this.#readWhole(bytes, start, end, rec)) return backend;
    if (server < 0 || serverKind(bytes, spans, server) !== "named") return -1;
    if (hasForeignSign(bytes, serverStart, serverEnd)) return server;
    rec.peer = this.#join(rec.pool, Math.max(0, this.#names.intern(bytes, serverStart, serverEnd)));
    return -1;
  }

  /** One span with or without a slash in it: one look-up for both names. False for what can be no name. */
  #readWhole(bytes: Uint8Array, start: number, end: number, rec: Rec): boolean {
    if (isAbsent(bytes, start, end)) return true;
    if (this.#isJson && bytes[start - 1] !== QUOTE) return true;
    const id = this.#names.intern(bytes, start, end);
    if (id < 0) {
      rec.pool = Math.max(0, this.#names.intern(bytes, start, slashIn(bytes, start, end)));
      return true;
    }
    if (id >= this.#judged.length) this.#grow(id);
    if (this.#judged[id] === 0) {
      const slash = slashIn(bytes, start, end);
      const isNamed =
        slash < end && serverKind(bytes, Int32Array.of(slash + 1, end), 0) === "named";
      this.#judged[id] = isNamed ? NAMED : NOT_NAMED;
      // HAProxy refuses names with blanks or signs (`invalid_char()` in src/tools.c).
      if (slash === start || hasForeignSign(bytes, start, end)) this.#judged[id] = IMPOSSIBLE;
      this.#pools[id] = Math.max(0, this.#names.intern(bytes, start, slash));
    }
    rec.pool = this.#pools[id]!;
    rec.peer = this.#judged[id] === NAMED ? id : 0;
    return this.#judged[id] !== IMPOSSIBLE;
  }

  #join(pool: number, server: number): number {
    if (pool === 0 || server === 0) return 0;
    const key = pool * 0x1000000 + server;
    let id = this.#joined.get(key);
    if (id === undefined) {
      id = Math.max(
        0,
        this.#names.internText(`${this.#names.text(pool)}/${this.#names.text(server)}`),
      );
      this.#joined.set(key, id);
    }
    return id;
  }

  #grow(id: number): void {
    const size = Math.max(id + 1, this.#judged.length * 2);
    const judged = new Uint8Array(size);
    const pools = new Int32Array(size);
    judged.set(this.#judged);
    pools.set(this.#pools);
    this.#judged = judged;
    this.#pools = pools;
  }
}

function slashIn(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === SLASH) return i;
  return end;
}
