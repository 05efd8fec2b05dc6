// Builds summaries for tests out of single requests, error lines and events, and simulates small pools under faults, seeded.
import type { Proxy, Reason } from "../../src/record/index.ts";
import {
  LATENCY_BUCKETS,
  type EventItem,
  type Exemplar,
  type FailureCell,
  type Summary,
  type Upstream,
} from "../../src/summary/index.ts";

/** 2026-11-23 18:10:00 UTC, at the start of a ten-minute block. */
export const BASE = Date.UTC(2026, 10, 23, 18, 10, 0);

/** One request as a proxy logs it; `at` is its end. */
export interface Request {
  readonly at: number;
  readonly proxy?: Proxy;
  readonly node?: string | null;
  readonly pool?: string | null;
  readonly peer?: string | null;
  readonly durationMs?: number;
  readonly status?: number;
  readonly reason?: Reason;
  readonly code?: string;
  readonly masked?: boolean;
  readonly method?: string;
  readonly path?: string;
  readonly client?: string;
  /** Where an error line put the failure, when the access line names no upstream. */
  readonly blamed?: { readonly pool: string | null; readonly peer: string | null };
  /** Peers tried before. */
  readonly before?: readonly string[];
}

/** A random number generator: mulberry32, integers only. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Collects lines and freezes them into a summary in canonical order. */
export class Scenario {
  readonly #upstreams = new Map<string, Upstream>();
  readonly #traffic = new Map<string, { requests: number; retried: number }>();
  readonly #failures = new Map<
    string,
    { -readonly [K in keyof FailureCell]: FailureCell[K] } & { row: string }
  >();
  readonly #latency = new Map<string, Uint32Array>();
  readonly #exemplars: (Omit<Exemplar, "upstream"> & { row: string })[] = [];
  readonly #kept = new Map<string, number>();
  readonly #events: EventItem[] = [];
  readonly #siblings = new Set<string>();
  readonly #first = new Map<Proxy, number>();
  readonly #last = new Map<Proxy, number>();
  #lines = 0;

  /** A line of an access log. */
  request(request: Request): this {
    const { at, proxy = "nginx", node = null, pool = null, peer = null, status = 200 } = request;
    const { reason = "none", durationMs = 10, code = String(status), masked = false } = request;
    const row = this.#row(proxy, node, pool, peer);
    this.#seen(proxy, at);
    this.#count(row, at, 1, 0);
    for (const other of request.before ?? []) {
      const tried = this.#row(proxy, node, pool, other);
      this.#count(tried, at, 0, 1);
      this.#siblings.add(JSON.stringify([tried, row].sort()));
    }
    const parent = this.#row(proxy, node, pool, null);
    const cell = `${parent} ${Math.floor(at / 10_000) * 10_000}`;
    const counts = this.#latency.get(cell) ?? new Uint32Array(LATENCY_BUCKETS);
    const bucket = durationMs < 1 ? 0 : Math.floor(2 * Math.log2(durationMs) + 1e-9);
    counts[Math.min(LATENCY_BUCKETS - 1, bucket)]!++;
    this.#latency.set(cell, counts);
    if (reason !== "none") {
      const { blamed } = request;
      this.#fail(
        blamed === undefined ? row : this.#row(proxy, node, blamed.pool, blamed.peer),
        at,
        reason,
        code,
        status,
        masked ? 0 : 1,
        masked ? 1 : 0,
        at - durationMs,
        false,
      );
    }
    const { blamed } = request;
    const told = blamed === undefined ? row : this.#row(proxy, node, blamed.pool, blamed.peer);
    this.#keep(told, parent, request, reason, at, status);
    return this;
  }

  /** A line of an error log whose requests nobody counted. */
  error(
    at: number,
    reason: Reason,
    code: string,
    peer: string | null,
    pool: string | null = null,
    path = "/",
  ): this {
    const row = this.#row("nginx", null, pool, peer);
    this.#seen("nginx", at);
    this.#fail(row, at, reason, code, 0, 1, 0, at, true);
    this.#keep(row, this.#row("nginx", null, pool, null), { at, path }, reason, at, 0);
    return this;
  }

  /** A line that says nothing but when. */
  note(at: number, proxy: Proxy = "nginx"): this {
    this.#seen(proxy, at);
    return this;
  }

  event(
    at: number,
    kind: string,
    peer: string | null,
    text = kind,
    pool: string | null = null,
    proxy: Proxy = "haproxy",
  ): this {
    this.#seen(proxy, at);
    this.#events.push({
      time: at,
      proxy,
      kind,
      pool,
      peer,
      text,
      says: text,
      count: 1,
      isTimeInferred: false,
    });
    return this;
  }

  /** @param stepMs width of a traffic bin. */
  summary(stepMs = 1000): Summary {
    const rows = [...this.#upstreams].sort(([, a], [, b]) => order(a, b));
    const number = new Map(rows.map(([key], at) => [key, at]));
    const traffic = merged(this.#traffic, number, stepMs);
    const latency = [...this.#latency]
      .map(([key, counts]) => ({
        row: number.get(key.slice(0, key.lastIndexOf(" ")))!,
        time: Number(key.slice(key.lastIndexOf(" "))),
        counts,
      }))
      .sort((a, b) => a.row - b.row || a.time - b.time);
    const failures = [...this.#failures.values()]
      .map(({ row, ...cell }): FailureCell => ({ ...cell, upstream: number.get(row)! }))
      .sort(
        (a, b) =>
          a.upstream - b.upstream ||
          a.time - b.time ||
          text(a.reason, b.reason) ||
          text(a.code, b.code) ||
          a.status - b.status,
      );
    const byReason: Record<string, number> = {};
    for (const cell of failures)
      byReason[cell.reason] = (byReason[cell.reason] ?? 0) + cell.visible + cell.masked;
    const requests = traffic.reduce((sum, cell) => sum + cell.requests, 0);
    return {
      sources: [...this.#first].map(([proxy, firstTime]) => ({
        name: `${proxy}.log`,
        format: proxy,
        proxy,
        node: null,
        bytes: 0,
        lines: this.#lines,
        records: this.#lines,
        misses: 0,
        skipped: 0,
        firstTime,
        lastTime: this.#last.get(proxy)!,
        firstMiss: null,
        notes: [],
        assumptions: [],
      })),
      upstreams: rows.map(([, upstream]) => upstream),
      traffic: {
        stepMs,
        upstream: Uint32Array.from(traffic, (cell) => cell.row),
        time: Float64Array.from(traffic, (cell) => cell.time),
        requests: Uint32Array.from(traffic, (cell) => cell.requests),
        retried: Uint32Array.from(traffic, (cell) => cell.retried),
        unlisted: new Uint32Array(traffic.length),
      },
      failures,
      latency: {
        stepMs: 10_000,
        upstream: Uint32Array.from(latency, (cell) => cell.row),
        time: Float64Array.from(latency, (cell) => cell.time),
        counts: Uint32Array.from(latency.flatMap((cell) => [...cell.counts])),
      },
      exemplars: this.#exemplars
        .map(({ row, ...exemplar }) => ({ ...exemplar, upstream: number.get(row)! }))
        .sort(
          (a, b) =>
            a.upstream - b.upstream ||
            a.time - b.time ||
            text(a.reason, b.reason) ||
            a.offset - b.offset,
        ),
      events: [...this.#events].sort(
        (a, b) => a.time - b.time || text(a.kind, b.kind) || text(a.peer ?? "", b.peer ?? ""),
      ),
      siblings: [...this.#siblings]
        .map(
          (pair) =>
            (JSON.parse(pair) as string[]).map((row) => number.get(row)!).sort((a, b) => a - b) as [
              number,
              number,
            ],
        )
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]),
      join: { joined: 0, ambiguous: 0, orphanErrors: 0, orphanRequests: 0 },
      totals: {
        requests,
        failures: failures.reduce((sum, cell) => sum + cell.visible, 0),
        masked: failures.reduce((sum, cell) => sum + cell.masked, 0),
        byStatus: {},
        byReason,
        byProxy: {},
      },
    };
  }

  #row(proxy: Proxy, node: string | null, pool: string | null, peer: string | null): string {
    const key = JSON.stringify([proxy, node, pool, peer]);
    this.#upstreams.set(key, { proxy, node, pool, peer });
    return key;
  }

  #seen(proxy: Proxy, at: number): void {
    this.#lines++;
    this.#first.set(proxy, Math.min(at, this.#first.get(proxy) ?? Infinity));
    this.#last.set(proxy, Math.max(at, this.#last.get(proxy) ?? -Infinity));
  }

  #count(row: string, at: number, requests: number, retried: number): void {
    const key = `${row} ${Math.floor(at / 1000) * 1000}`;
    const cell = this.#traffic.get(key) ?? { requests: 0, retried: 0 };
    cell.requests += requests;
    cell.retried += retried;
    this.#traffic.set(key, cell);
  }

  #fail(
    row: string,
    at: number,
    reason: Reason,
    code: string,
    status: number,
    visible: number,
    masked: number,
    start: number,
    uncounted: boolean,
  ): void {
    const time = Math.floor(at / 1000) * 1000;
    const key = `${row} ${time} ${reason} ${code} ${status}`;
    const cell = this.#failures.get(key);
    if (cell === undefined) {
      const times = { firstMs: at, lastMs: at, firstStartMs: start };
      this.#failures.set(key, {
        row,
        upstream: 0,
        time,
        reason,
        code,
        status,
        visible,
        masked,
        uncounted,
        ...times,
      });
      return;
    }
    cell.visible += visible;
    cell.masked += masked;
    cell.firstMs = Math.min(cell.firstMs, at);
    cell.lastMs = Math.max(cell.lastMs, at);
    cell.firstStartMs = Math.min(cell.firstStartMs, start);
  }

  /** Eight failing lines a minute, pool and reason, and 24 others, as the real table keeps (the first ones, here). */
  #keep(
    row: string,
    parent: string,
    request: Request,
    reason: Reason,
    at: number,
    status: number,
  ): void {
    const isFailure = reason !== "none";
    if (!isFailure && this.#lines % 16 !== 0) return;
    const key = `${parent} ${reason} ${Math.floor(at / 60_000)}`;
    const kept = this.#kept.get(key) ?? 0;
    if (kept >= (isFailure ? 8 : 24)) return;
    this.#kept.set(key, kept + 1);
    const { method = "GET", path = "/", client = "192.0.2.1" } = request;
    this.#exemplars.push({
      row,
      reason,
      role: isFailure ? "failure" : "control",
      time: at,
      source: "access.log",
      line: this.#lines,
      offset: this.#lines * 100,
      text: `${client} ${method} ${path} ${status}`,
      client,
      method,
      path,
      host: "shop.example",
      status,
    });
  }
}

function merged(
  cells: ReadonlyMap<string, { requests: number; retried: number }>,
  number: ReadonlyMap<string, number>,
  stepMs: number,
): { row: number; time: number; requests: number; retried: number }[] {
  const out = new Map<string, { row: number; time: number; requests: number; retried: number }>();
  for (const [key, { requests, retried }] of cells) {
    const at = key.lastIndexOf(" ");
    const row = number.get(key.slice(0, at))!;
    const time = Math.floor(Number(key.slice(at)) / stepMs) * stepMs;
    const cell = out.get(`${row} ${time}`) ?? { row, time, requests: 0, retried: 0 };
    cell.requests += requests;
    cell.retried += retried;
    out.set(`${row} ${time}`, cell);
  }
  return [...out.values()].sort((a, b) => a.row - b.row || a.time - b.time);
}

function order(a: Upstream, b: Upstream): number {
  return (
    text(a.proxy, b.proxy) || text(a.node, b.node) || text(a.pool, b.pool) || text(a.peer, b.peer)
  );
}

function text(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  return b === null || a > b ? 1 : -1;
}

/** How one proxy names its upstreams in a simulation. */
export type View = "nginx" | "nginx-combined" | "nginx-error" | "haproxy" | "envoy" | "envoy-json";

/** What a fault does to a request; null leaves it alone. `at` is seconds since the beginning. */
export type Fault = (request: {
  readonly at: number;
  readonly pool: string;
  readonly peer: number;
  readonly path: string;
  readonly method: string;
  readonly random: () => number;
}) => {
  readonly reason: Reason;
  readonly code?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly masked?: boolean;
} | null;

const POOLS: readonly (readonly [string, number, number])[] = [
  ["app", 4, 9101],
  ["auth", 2, 9201],
  ["search", 2, 9301],
];
const PATHS: Readonly<Record<string, readonly string[]>> = {
  app: [
    "/app/home",
    "/app/cart",
    "/app/orders/17",
    "/app/orders/23",
    "/app/profile",
    "/app/import",
    "/app/export",
  ],
  auth: ["/auth/login", "/auth/token", "/auth/logout"],
  search: ["/search/q", "/search/suggest"],
};

/** Simulates three pools behind one proxy for `seconds` at `perSecond` requests, with a fault. */
export function simulate(
  scenario: Scenario,
  view: View,
  fault: Fault,
  {
    seconds = 45,
    perSecond = 40,
    seed = 1,
    base = BASE + 7_000,
    load = (): number => 1,
    slow = (): number => 1,
  }: {
    readonly seconds?: number;
    readonly perSecond?: number;
    readonly seed?: number;
    readonly base?: number;
    readonly load?: (at: number) => number;
    readonly slow?: (at: number) => number;
  } = {},
): Scenario {
  const random = seeded(seed);
  const turns = new Map<string, number>();
  for (let second = 0; second < seconds; second++) {
    const count = Math.round(perSecond * load(second) * (0.8 + 0.4 * random()));
    for (let i = 0; i < count; i++) {
      const at = second + (i + random()) / count;
      const dice = random();
      const [pool, peers, port] = POOLS[dice < 0.5 ? 0 : dice < 0.8 ? 1 : 2]!;
      const turn = (turns.get(pool) ?? 0) + 1;
      turns.set(pool, turn);
      const peer = turn % peers;
      const paths = PATHS[pool]!;
      const path = paths[Math.floor(random() * paths.length)]!;
      const method = random() < 0.25 ? "POST" : "GET";
      const client = `192.0.2.${Math.floor(random() * 200)}`;
      const failed = fault({ at, pool, peer, path, method, random });
      const durationMs =
        failed?.durationMs ?? (failed ? 0 : Math.round((5 + 15 * random()) * slow(second)));
      const time = Math.round(base + at * 1000 + durationMs);
      put(scenario, view, time, pool, peer, port + peer, failed, {
        durationMs,
        method,
        path,
        client,
      });
    }
  }
  return scenario;
}

function put(
  scenario: Scenario,
  view: View,
  time: number,
  pool: string,
  peer: number,
  port: number,
  failed: ReturnType<Fault>,
  rest: { durationMs: number; method: string; path: string; client: string },
): void {
  const second = Math.floor(time / 1000) * 1000;
  const address = `127.0.0.1:${port}`;
  const reason = failed?.reason ?? "none";
  const isNobody = reason === "no-upstream";
  const outcome =
    failed === null
      ? {}
      : {
          reason,
          status: failed.status ?? 502,
          code: failed.code ?? reason,
          masked: failed.masked ?? false,
        };
  switch (view) {
    case "nginx":
      scenario.request({
        at: second,
        ...(isNobody ? { pool } : { peer: address }),
        ...rest,
        ...outcome,
      });
      return;
    case "nginx-combined":
      scenario.request({
        at: second,
        ...rest,
        ...outcome,
        ...(failed === null
          ? {}
          : { blamed: isNobody ? { pool, peer: null } : { pool: null, peer: address } }),
      });
      return;
    case "nginx-error":
      if (failed === null) scenario.note(second);
      else
        scenario.error(
          second,
          reason,
          failed.code ?? reason,
          isNobody ? null : address,
          isNobody ? pool : null,
          rest.path,
        );
      return;
    case "haproxy": {
      const name = `be_${pool}`;
      const server = isNobody ? null : `${name}/${pool}${peer + 1}`;
      scenario.request({
        at: time,
        proxy: "haproxy",
        node: "lb1",
        pool: name,
        peer: server,
        ...rest,
        ...outcome,
      });
      return;
    }
    case "envoy":
      scenario.request({
        at: time,
        proxy: "envoy",
        peer: isNobody ? null : address,
        ...rest,
        ...outcome,
      });
      return;
    case "envoy-json":
      scenario.request({
        at: time,
        proxy: "envoy",
        pool,
        peer: isNobody ? null : address,
        ...rest,
        ...outcome,
      });
  }
}
