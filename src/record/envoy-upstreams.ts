// Clusters and upstream hosts of Envoy lines as names.
import { isBrokenAddress } from "./address-shape.ts";
import { isAbsent } from "./bytes.ts";
import type { EnvoyFields } from "./envoy-fields.ts";
import type { Names } from "./names.ts";
import type { Rec } from "./record.ts";

const SEMICOLON = 59;
const SLASH = 47;
const COLON = 58;
const SPACE = 32;
const QUOTE = 34;

/** Reads the pool and the peer of a line. */
export class EnvoyUpstreams {
  readonly #cluster: readonly number[];
  readonly #host: readonly number[];
  readonly #names: Names;
  readonly #clusters = new SeenNames(isWord);
  readonly #hosts = new SeenNames((...span) => isWord(...span) && !isBrokenAddress(...span));
  readonly #needsPort: boolean;

  /** @param needsPort true where a host without a port or a path can only be another value that slipped there. */
  constructor(fields: EnvoyFields, names: Names, needsPort: boolean) {
    this.#needsPort = needsPort;
    this.#cluster = fields.cluster;
    this.#host = fields.host;
    this.#names = names;
  }

  /** Fills `rec.pool` and `rec.peer`. @returns the field whose value is no name or address, or -1. */
  read(bytes: Uint8Array, spans: Int32Array, rec: Rec): number {
    for (const index of this.#cluster) {
      const start = spans[2 * index]!;
      let end = spans[2 * index + 1]!;
      if (isAbsent(bytes, start, end)) continue;
      // Some versions of Istio print its prefix for statistics.
      if (bytes[end - 1] === SEMICOLON) end--;
      rec.pool = Math.max(0, this.#names.intern(bytes, start, end));
      if (!this.#clusters.isOne(rec.pool, bytes, start, end)) return index;
      break;
    }
    for (const index of this.#host) {
      const start = spans[2 * index]!;
      const end = spans[2 * index + 1]!;
      if (isAbsent(bytes, start, end)) continue;
      const address = withoutScheme(bytes, start, end);
      rec.peer = Math.max(0, this.#names.intern(bytes, address, end));
      if (!this.#hosts.isOne(rec.peer, bytes, address, end)) return index;
      if (this.#needsPort && index === this.#host[0] && !isAddress(bytes, start, end)) return index;
      break;
    }
    return -1;
  }
}

type Look = (bytes: Uint8Array, start: number, end: number) => boolean;

/** Names of one sort, each looked at once. */
class SeenNames {
  /** By the number of a name: 1 where it is one, 2 where it cannot be. */
  readonly #seen = new Uint8Array(4096);
  readonly #look: Look;

  constructor(look: Look) {
    this.#look = look;
  }

  isOne(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const known = id < this.#seen.length ? this.#seen[id]! : 0;
    if (known !== 0) return known === 1;
    const isName = this.#look(bytes, start, end);
    if (id > 0 && id < this.#seen.length) this.#seen[id] = isName ? 1 : 2;
    return isName;
  }
}

/** Names hold neither blanks nor quotes: what does is a piece of a line cut elsewhere. */
function isWord(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! <= SPACE || bytes[i] === QUOTE) return false;
  return true;
}

/** Skips `tcp://`, and of `envoy://listener/10.0.0.1:80` everything before the address; a pipe's path stays whole. */
function withoutScheme(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at]! >= 97 && bytes[at]! <= 122) at++;
  if (at === start || bytes[at] !== COLON || bytes[at + 1] !== SLASH || bytes[at + 2] !== SLASH)
    return start;
  const address = at + 3;
  if (bytes[start] !== 101) return address;
  for (let i = end - 1; i >= address; i--) if (bytes[i] === SLASH && i + 1 < end) return i + 1;
  return address;
}

/** Whether a host has a port or is a path, as the listed formats print it; without letters nobody knows what it is. */
function isAddress(bytes: Uint8Array, start: number, end: number): boolean {
  let hasLetter = false;
  for (let i = end - 1; i >= start; i--) {
    const c = bytes[i]!;
    if (c === COLON || c === SLASH) return true;
    if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90)) hasLetter = true;
  }
  return !hasLetter;
}
