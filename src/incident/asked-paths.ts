// Which paths are asked of each upstream, as far as the kept lines tell.
import { groupBy, type Exemplar } from "../summary/index.ts";

/** `/app` of `/app/orders/17`: often what a proxy routes by. */
export function firstSegment(path: string): string {
  const end = path.indexOf("/", path.indexOf("/") + 1);
  return end > 0 ? path.slice(0, end) : path;
}

/** The first segments of the paths in kept lines, by upstream. */
export class AskedPaths {
  readonly #failing: ReadonlyMap<number, readonly Exemplar[]>;
  readonly #fine: ReadonlyMap<number, readonly Exemplar[]>;
  readonly #asked = new Map<number, ReadonlySet<string>>();

  constructor(exemplars: readonly Exemplar[]) {
    const of = (wanted: Exemplar["role"]): Map<number, Exemplar[]> =>
      groupBy(
        exemplars.filter(({ role }) => role === wanted),
        ({ upstream }) => upstream,
      );
    this.#failing = of("failure");
    this.#fine = of("control");
  }

  /** Of some upstreams: those that went well at any time, and those that failed in a span. */
  around(upstreams: ReadonlySet<number>, from: number, to: number): Set<string> {
    const paths = new Set<string>();
    for (const upstream of upstreams) {
      for (const exemplar of this.#failing.get(upstream) ?? []) {
        if (exemplar.time < from || exemplar.time > to) continue;
        if (exemplar.path !== null) paths.add(firstSegment(exemplar.path));
      }
      for (const path of this.#fineOf(upstream)) paths.add(path);
    }
    return paths;
  }

  #fineOf(upstream: number): ReadonlySet<string> {
    const known = this.#asked.get(upstream);
    if (known !== undefined) return known;
    const paths = new Set<string>();
    for (const { path } of this.#fine.get(upstream) ?? [])
      if (path !== null) paths.add(firstSegment(path));
    this.#asked.set(upstream, paths);
    return paths;
  }
}
