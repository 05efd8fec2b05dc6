// The pool a request went to, as far as an nginx access line names it.
import { isAbsent } from "./bytes.ts";
import type { Names } from "./names.ts";

const UNIX = 117;
const COLON = 58;

/** Pools by the variables that name them, judged once per distinct value. */
export class NginxPools {
  readonly #names: Names;
  readonly #localhost: number;
  /** Per name: 0 not judged yet, 1 a name, 2 an address. */
  #judged = new Uint8Array(1024);

  constructor(names: Names) {
    this.#names = names;
    this.#localhost = names.internText("localhost");
  }

  /** `$proxy_upstream_name` of ingress-nginx: always a pool. */
  named(bytes: Uint8Array, start: number, end: number): number {
    return isAbsent(bytes, start, end) ? 0 : Math.max(0, this.#names.intern(bytes, start, end));
  }

  /** `$proxy_host`: the group's or host's name from `proxy_pass`; 0 where it is an IP address, that is a peer. */
  host(bytes: Uint8Array, start: number, end: number): number {
    if (isAbsent(bytes, start, end)) return 0;
    const id = this.#names.intern(bytes, start, end);
    if (id < 0) return 0;
    if (id >= this.#judged.length) {
      const grown = new Uint8Array(Math.max(id + 1, this.#judged.length * 2));
      grown.set(this.#judged);
      this.#judged = grown;
    }
    if (this.#judged[id] === 0) this.#judged[id] = isAddress(bytes, start, end) ? 2 : 1;
    return this.#judged[id] === 1 ? id : 0;
  }

  /** nginx says `localhost` for every `proxy_pass http://unix:…`: the socket tells them apart, that name does not. */
  withoutSockets(pool: number, peer: number, bytes: Uint8Array, addrStart: number): number {
    if (pool !== this.#localhost || peer === 0) return pool;
    return bytes[addrStart] === UNIX && bytes[addrStart + 4] === COLON ? 0 : pool;
  }
}

/** `127.0.0.1`, `127.0.0.1:80`, `[::1]:80`. */
function isAddress(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === 91) return true;
  for (let i = start; i < end && bytes[i] !== COLON; i++) {
    const c = bytes[i]!;
    if (c !== 46 && (c < 48 || c > 57)) return false;
  }
  return true;
}
