// What one thread counted, leaving it as plain data and added to another's cells, in any order.
import type { Cells } from "./cells.ts";
import type { EventRow } from "./event-table.ts";
import type { FailureRow } from "./failure-table.ts";
import type { JoinEntry } from "./join-table.ts";
import type { LatencyRow } from "./latency-table.ts";
import type { SampleRow } from "./samples.ts";
import type { TrafficColumns } from "./traffic-table.ts";
import type { UpstreamName } from "./upstreams.ts";

/** What a thread counted, as plain data. */
export interface CellsPart {
  readonly upstreams: readonly UpstreamName[];
  readonly codes: readonly string[];
  readonly traffic: TrafficColumns;
  readonly failures: { readonly shift: number; readonly rows: readonly FailureRow[] };
  readonly latency: { readonly shift: number; readonly rows: readonly LatencyRow[] };
  readonly failing: { readonly shift: number; readonly rows: readonly SampleRow[] };
  readonly controls: { readonly shift: number; readonly rows: readonly SampleRow[] };
  readonly events: readonly EventRow[];
  readonly siblings: readonly (readonly [number, number])[];
  readonly join: {
    readonly level: number;
    readonly requests: readonly JoinEntry[];
    readonly errors: readonly JoinEntry[];
  };
  readonly statuses: Uint32Array;
  readonly requests: readonly number[];
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
    failures: { shift: cells.failures.shift, rows: cells.failures.rows() },
    latency: { shift: cells.latency.shift, rows: cells.latency.rows() },
    failing: { shift: cells.failing.shift, rows: cells.failing.rows() },
    controls: { shift: cells.controls.shift, rows: cells.controls.rows() },
    events: cells.events.rows(),
    siblings: [...cells.siblings].map((pair) => [Math.floor(pair / 65536), pair % 65536] as const),
    join: {
      level: cells.join.level,
      requests: cells.join.requests.entries,
      errors: cells.join.errors.entries,
    },
    statuses: cells.statuses,
    requests: cells.requests,
  };
}

/** Adds what another thread counted. */
export function mergePart(cells: Cells, part: CellsPart): void {
  const upstreamOf = part.upstreams.map((name) => cells.upstreams.indexOf(name));
  const codeOf = part.codes.map((text) => Math.max(0, cells.names.internText(text)));
  const { traffic } = part;
  cells.traffic.coarsen(traffic.shift);
  for (let at = 0; at < traffic.upstream.length; at++) {
    const second = traffic.bin[at]! * 2 ** traffic.shift;
    cells.traffic.put(
      upstreamOf[traffic.upstream[at]!]!,
      second,
      traffic.requests[at]!,
      traffic.retried[at]!,
      traffic.unlisted[at]!,
    );
  }
  cells.failures.coarsen(part.failures.shift);
  for (const row of part.failures.rows) {
    cells.failures.addRow(row, part.failures.shift, upstreamOf[row.upstream]!, codeOf[row.code]!);
  }
  for (const row of part.latency.rows)
    cells.latency.addRow(row, part.latency.shift, upstreamOf[row.upstream]!);
  const peerOf = (peer: number): number => codeOf[peer]!;
  for (const row of part.failing.rows)
    cells.failing.addRow(row, part.failing.shift, upstreamOf[row.upstream]!, peerOf);
  for (const row of part.controls.rows)
    cells.controls.addRow(row, part.controls.shift, upstreamOf[row.upstream]!, peerOf);
  for (const row of part.events) cells.events.add(row);
  for (const [a, b] of part.siblings) cells.sibling(upstreamOf[a]!, upstreamOf[b]!);
  cells.join.shrink(part.join.level);
  for (const side of ["requests", "errors"] as const) {
    for (const entry of part.join[side]) {
      const { upstream, peer, code } = entry;
      const mapped = {
        ...entry,
        upstream: upstreamOf[upstream]!,
        peer: codeOf[peer]!,
        code: codeOf[code]!,
      };
      cells.join.offer(side, entry.hash, entry.timeMs, () => mapped);
    }
  }
  for (let status = 0; status < 1000; status++) cells.statuses[status]! += part.statuses[status]!;
  for (let proxy = 0; proxy < 3; proxy++) cells.requests[proxy]! += part.requests[proxy]!;
}
