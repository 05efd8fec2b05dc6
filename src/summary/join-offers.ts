// What is offered to the join of nginx's two logs: records read in full, and requests like one that was.
import type { Rec } from "../record/index.ts";
import type { Counted } from "./counted.ts";
import { joinHash, lineHash, requestHash } from "./join-hash.ts";
import type { JoinTable } from "./join-table.ts";

/** Offers a record to its side. */
export function offerJoin(
  join: JoinTable,
  side: "requests" | "errors",
  rec: Rec,
  upstream: number,
  bytes: Uint8Array,
  reason = rec.reason,
  peer = rec.peer,
): void {
  const bareHash = requestHash(bytes, rec);
  if (bareHash < 0) return;
  const hash = joinHash(bytes, rec.clientStart, rec.clientEnd, bareHash);
  if (!join.keeps(hash, rec.timeMs)) return;
  join.add(side, {
    hash,
    bareHash,
    timeMs: rec.timeMs,
    durationMs: rec.durationMs,
    connection: rec.connection,
    upstream,
    peer: Math.max(0, peer),
    reason,
    code: Math.max(0, rec.code),
    status: Math.max(0, rec.status),
    impliedStatus: rec.impliedStatus,
    masked: rec.masked,
  });
}

/** Offers a request like one that was read in full, by where its client and its request line stand. */
export function offerRepeated(
  join: JoinTable,
  { upstream, peer, reason, code, status, masked, escape }: Counted,
  timeMs: number,
  durationMs: number,
  bytes: Uint8Array,
  clientStart: number,
  clientEnd: number,
  requestStart: number,
  requestEnd: number,
): void {
  const bareHash = lineHash(bytes, requestStart, requestEnd, escape);
  const hash = joinHash(bytes, clientStart, clientEnd, bareHash);
  if (!join.keeps(hash, timeMs)) return;
  join.add("requests", {
    hash,
    bareHash,
    timeMs,
    durationMs,
    connection: -1,
    upstream,
    peer: Math.max(0, peer),
    reason,
    code,
    status: Math.max(0, status),
    impliedStatus: 0,
    masked,
  });
}
