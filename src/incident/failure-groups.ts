// The failures of an incident without their times: a few groups where there are tens of thousands of cells.
import type { Proxy, Reason } from "../record/index.ts";
import type { FailureCell } from "../summary/index.ts";
import { sizeOf, type Indexed } from "./rows.ts";

/** Failures of one upstream that were logged in the same words. */
export interface FailureGroup {
  readonly upstream: number;
  readonly reason: Reason;
  readonly code: string;
  readonly status: number;
  readonly visible: number;
  readonly masked: number;
  /** Those among the visible whose requests no access log counted. */
  readonly uncounted: number;
}

/** Failures that one proxy logged in the same words. */
export interface FailureKind {
  readonly proxy: Proxy;
  readonly reason: Reason;
  readonly code: string;
  readonly count: number;
}

type Growing<T> = { -readonly [name in keyof T]: T[name] };

/** Cells by upstream, reason, code and status, in the order in which each is met first. Cells are in order of upstream. */
export function groupsOf(cells: readonly FailureCell[]): FailureGroup[] {
  const groups: Growing<FailureGroup>[] = [];
  const ofCode = new Map<string, Growing<FailureGroup>[]>();
  let here = -1;
  for (const { upstream, reason, code, status, visible, masked, uncounted } of cells) {
    if (upstream !== here) ofCode.clear();
    here = upstream;
    let own = ofCode.get(code);
    if (own === undefined) ofCode.set(code, (own = []));
    let group = own.find((one) => one.reason === reason && one.status === status);
    if (group === undefined) {
      group = { upstream, reason, code, status, visible: 0, masked: 0, uncounted: 0 };
      own.push(group);
      groups.push(group);
    }
    group.visible += visible;
    group.masked += masked;
    if (uncounted) group.uncounted += visible;
  }
  return groups;
}

/** Groups by proxy, reason and code, in the order in which each is met first. */
export function kindsOf({ rows }: Indexed, groups: readonly FailureGroup[]): FailureKind[] {
  const kinds: Growing<FailureKind>[] = [];
  const ofCode = new Map<string, Growing<FailureKind>[]>();
  for (const group of groups) {
    const { proxy } = rows[group.upstream]!.upstream;
    const { reason, code } = group;
    let own = ofCode.get(code);
    if (own === undefined) ofCode.set(code, (own = []));
    let kind = own.find((one) => one.reason === reason && one.proxy === proxy);
    if (kind === undefined) {
      kind = { proxy, reason, code, count: 0 };
      own.push(kind);
      kinds.push(kind);
    }
    kind.count += sizeOf(group);
  }
  return kinds;
}
