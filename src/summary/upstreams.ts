// Numbers for upstreams: (proxy, node, pool, peer) as one small index, found with a few integer comparisons per line.
import type { Names, Proxy } from "../record/index.ts";

const PROXIES: readonly Proxy[] = ["nginx", "haproxy", "envoy"];

/** The most upstreams held apart; the ones beyond it share one row without pool and peer. */
const MAX_UPSTREAMS = 20_000;

/** An upstream as text, for leaving the thread. */
export interface UpstreamName {
  readonly proxy: Proxy;
  readonly node: string | null;
  readonly pool: string | null;
  readonly peer: string | null;
}

/** Interns upstreams. Names are those of the thread's {@link Names}; 0 is absent. */
export class Upstreams {
  readonly #names: Names;
  #slots = new Int32Array(256).fill(-1);
  readonly #proxy: number[] = [];
  readonly #node: number[] = [];
  readonly #pool: number[] = [];
  readonly #peer: number[] = [];
  readonly #parent: number[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  get size(): number {
    return this.#pool.length;
  }

  /** The index of an upstream; made at first sight. */
  index(proxy: number, node: number, pool: number, peer: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(proxy, node, pool, peer) & mask;
    for (;;) {
      const at = this.#slots[slot]!;
      if (at < 0) break;
      if (
        this.#peer[at] === peer &&
        this.#pool[at] === pool &&
        this.#node[at] === node &&
        this.#proxy[at] === proxy
      ) {
        return at;
      }
      slot = (slot + 1) & mask;
    }
    if (this.size >= MAX_UPSTREAMS && (pool !== 0 || peer !== 0))
      return this.index(proxy, node, 0, 0);
    const at = this.#pool.push(pool) - 1;
    this.#peer.push(peer);
    this.#node.push(node);
    this.#proxy.push(proxy);
    this.#parent.push(at);
    this.#slots[slot] = at;
    if (this.size * 2 > this.#slots.length) this.#grow();
    if (peer !== 0) this.#parent[at] = this.index(proxy, node, pool, 0);
    return at;
  }

  /** The pool row of an upstream: the same without its peer. */
  parent(index: number): number {
    return this.#parent[index]!;
  }

  /** The upstream of a peer's number within a pool row; the pool row itself for no peer. */
  peerOf(pool: number, peer: number): number {
    if (peer <= 0) return pool;
    return this.index(this.#proxy[pool]!, this.#node[pool]!, this.#pool[pool]!, peer);
  }

  /** The upstream in words. */
  name(index: number): UpstreamName {
    const text = (id: number): string | null => (id > 0 ? this.#names.text(id) : null);
    return {
      proxy: PROXIES[this.#proxy[index]!]!,
      node: text(this.#node[index]!),
      pool: text(this.#pool[index]!),
      peer: text(this.#peer[index]!),
    };
  }

  /** The index of an upstream given in words. */
  indexOf(name: UpstreamName): number {
    const id = (text: string | null): number =>
      text === null ? 0 : Math.max(0, this.#names.internText(text));
    return this.index(proxyNumber(name.proxy), id(name.node), id(name.pool), id(name.peer));
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let at = 0; at < this.size; at++) {
      let slot = hash(this.#proxy[at]!, this.#node[at]!, this.#pool[at]!, this.#peer[at]!) & mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = at;
    }
  }
}

/** A proxy's number in upstream rows. */
function proxyNumber(proxy: Proxy): number {
  return PROXIES.indexOf(proxy);
}

function hash(proxy: number, node: number, pool: number, peer: number): number {
  let h =
    Math.imul(peer + 1, 0x9e3779b1) ^
    Math.imul(pool + 7, 0x85ebca6b) ^
    Math.imul(node * 4 + proxy + 3, 0xc2b2ae35);
  h ^= h >>> 15;
  return h;
}
