// What one thread counted, leaving it as plain data and added to another's cells, in any order.
import type { Cells } from "./cells.ts";
import type { EventRow } from "./event-table.ts";
import type { FailureColumns } from "./failure-table.ts";
import { eachEntry } from "./join-side.ts";
import type { LatencyColumns } from "./latency-table.ts";
import type { SampleColumns } from "./sample-columns.ts";
import type { TrafficColumns } from "./traffic-table.ts";
import type { UpstreamName } from "./upstreams.ts";

/** What a thread counted, as plain data. */
export interface CellsPart {
  readonly upstreams: readonly UpstreamName[];
  readonly codes: readonly string[];
  readonly traffic: TrafficColumns;
  readonly failures: FailureColumns;
  readonly latency: LatencyColumns;
  readonly failing: SampleColumns;
  readonly controls: SampleColumns;
  readonly events: readonly EventRow[];
  readonly siblings: readonly (readonly [number, number])[];
  readonly join: {
    readonly level: number;
    readonly requests: Float64Array;
    readonly errors: Float64Array;
  };
  readonly statuses: Uint32Array;
  readonly requests: Uint32Array;
}

/** A copy that can leave the thread. */
export function partOf(cells: Cells): CellsPart {
  const upstreams = Array.from({ length: cells.upstreams.size }, (_, index) =>
    cells.upstreams.name(index),
  );
  return {
    upstreams,
    codes: Array.from({ length: cells.names.size }, (_, id) => cells.names.text(id)),
    traffic: cells.traffic.columns(),
    failures: cells.failures.columns(),
    latency: cells.latency.columns(),
    failing: cells.failing.columns(),
    controls: cells.controls.columns(),
    events: cells.events.rows(),
    siblings: [...cells.siblings].map((pair) => [Math.floor(pair / 65536), pair % 65536] as const),
    join: {
      level: cells.join.level,
      requests: cells.join.requests.columns(),
      errors: cells.join.errors.columns(),
    },
    statuses: cells.statuses.slice(),
    requests: cells.requests.slice(),
  };
}

/** Adds what another thread counted. */
export function mergePart(cells: Cells, part: CellsPart): void {
  const upstreams = part.upstreams.map((name) => cells.upstreams.indexOf(name));
  const codes = part.codes.map((text) => Math.max(0, cells.names.internText(text)));
  const upstreamOf = (upstream: number): number => upstreams[upstream]!;
  const codeOf = (code: number): number => codes[code]!;
  cells.traffic.addColumns(part.traffic, upstreamOf);
  cells.failures.addColumns(part.failures, upstreamOf, codeOf);
  cells.latency.addColumns(part.latency, upstreamOf);
  cells.failing.addColumns(part.failing, upstreamOf, codeOf);
  cells.controls.addColumns(part.controls, upstreamOf, codeOf);
  for (const row of part.events) cells.events.add(row);
  for (const [a, b] of part.siblings) cells.sibling(upstreamOf(a), upstreamOf(b));
  cells.join.shrink(part.join.level);
  for (const side of ["requests", "errors"] as const) {
    for (const entry of eachEntry(part.join[side])) {
      const { hash, timeMs, upstream, peer, code } = entry;
      if (!cells.join.keeps(hash, timeMs)) continue;
      const own = { upstream: upstreamOf(upstream), peer: codeOf(peer), code: codeOf(code) };
      cells.join.add(side, { ...entry, ...own });
    }
  }
  for (let status = 0; status < 1000; status++) cells.statuses[status]! += part.statuses[status]!;
  for (let proxy = 0; proxy < 3; proxy++) cells.requests[proxy]! += part.requests[proxy]!;
}
