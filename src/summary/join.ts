// Error lines find their requests: same client, same request line, a fitting time, and the connection number where logged.
//
// nginx.md §7: an error line is written at the moment of failure, the access line at the end of the request; so the errors
// of a request lie in [end - duration - 1 s, end + 1 s]. A request with retries has several. Where single lines cannot be
// told apart they are matched by count, and counted as ambiguous when they disagree about the reason.
import { reasonNumber } from "../record/index.ts";
import type { JoinEntry, JoinTable } from "./join-table.ts";

/** How far back a request without a logged duration may have begun (ms): nginx's default read timeout and a connect. */
const UNKNOWN_DURATION_MS = 61_000;
/** Both logs write whole seconds, and the access line may be written a second later. */
const SLACK_MS = 1_000;

/** A request and the error line that explains it; `request` null for an error nobody claimed, `error` null for a request. */
export interface Match {
  readonly request: JoinEntry | null;
  readonly error: JoinEntry | null;
}

/** The outcome of the join, for the kept sample. */
export interface JoinResult {
  readonly matches: readonly Match[];
  readonly joined: number;
  readonly ambiguous: number;
  readonly orphanErrors: number;
  readonly orphanRequests: number;
}

/** Joins both sides of a table. Pure; the order of entries does not matter. */
export function joinEntries(table: JoinTable): JoinResult {
  const errorsByHash = groupByHash(table.errors.entries);
  const requestsByHash = groupByHash(table.requests.entries);
  const matches: Match[] = [];
  const tally = { joined: 0, ambiguous: 0, orphanErrors: 0, orphanRequests: 0 };
  for (const [hash, requests] of requestsByHash) {
    const errors = errorsByHash.get(hash) ?? [];
    errorsByHash.delete(hash);
    joinGroup(requests, errors, matches, tally);
  }
  for (const errors of errorsByHash.values()) {
    for (const error of errors) matches.push({ request: null, error });
    tally.orphanErrors += errors.length;
  }
  return { matches, ...tally };
}

function joinGroup(
  requests: JoinEntry[],
  errors: JoinEntry[],
  matches: Match[],
  tally: { joined: number; ambiguous: number; orphanErrors: number; orphanRequests: number },
): void {
  const taken = new Array<boolean>(errors.length).fill(false);
  for (const request of requests) {
    const open = errors.filter((error, at) => !taken[at] && fits(request, error));
    const best = open.reduce<JoinEntry | null>(
      (found, error) => (found === null || isBetter(request, error, found) ? error : found),
      null,
    );
    if (best === null) {
      matches.push({ request, error: null });
      tally.orphanRequests++;
      continue;
    }
    const rivals = requests.filter((other) => other !== request && fits(other, best)).length;
    const disagree = open.some(
      (error) => error.reason !== best.reason && error.timeMs === best.timeMs,
    );
    if (rivals > 0 && disagree && best.connection !== request.connection) tally.ambiguous++;
    else tally.joined++;
    taken[errors.indexOf(best)] = true;
    matches.push({ request, error: best });
  }
  for (const [at, error] of errors.entries()) {
    if (taken[at]) continue;
    // Earlier attempts of a request that is joined already are part of it, not orphans.
    const isEarlierAttempt = requests.some((request) => fits(request, error));
    matches.push({ request: null, error });
    if (!isEarlierAttempt) tally.orphanErrors++;
  }
}

function fits(request: JoinEntry, error: JoinEntry): boolean {
  if (request.connection >= 0 && error.connection >= 0 && request.connection !== error.connection)
    return false;
  const duration = request.durationMs >= 0 ? request.durationMs : UNKNOWN_DURATION_MS;
  return (
    error.timeMs >= request.timeMs - duration - SLACK_MS - 1_000 &&
    error.timeMs <= request.timeMs + SLACK_MS
  );
}

const NO_UPSTREAM = reasonNumber["no-upstream"];

/**
 * Which of two error lines of a request tells more: the one of the peer that is blamed; else the failure before "no peer
 * left", which only follows from it (nginx.md §0, 5); else the nearest in time, so that a later request does not take an
 * earlier one's.
 */
function isBetter(request: JoinEntry, error: JoinEntry, than: JoinEntry): boolean {
  const samePeer = Number(error.peer === request.peer) - Number(than.peer === request.peer);
  if (samePeer !== 0 && request.peer !== 0) return samePeer > 0;
  const telling = Number(error.reason !== NO_UPSTREAM) - Number(than.reason !== NO_UPSTREAM);
  if (telling !== 0 && request.peer === 0 && Math.abs(error.timeMs - request.timeMs) <= SLACK_MS)
    return telling > 0;
  const nearer = Math.abs(error.timeMs - request.timeMs) - Math.abs(than.timeMs - request.timeMs);
  return nearer < 0 || (nearer === 0 && order(error, than) < 0);
}

function groupByHash(entries: readonly JoinEntry[]): Map<number, JoinEntry[]> {
  const groups = new Map<number, JoinEntry[]>();
  for (const entry of [...entries].sort(order)) {
    const group = groups.get(entry.hash);
    if (group) group.push(entry);
    else groups.set(entry.hash, [entry]);
  }
  return groups;
}

function order(a: JoinEntry, b: JoinEntry): number {
  return (
    a.hash - b.hash ||
    a.timeMs - b.timeMs ||
    a.connection - b.connection ||
    a.reason - b.reason ||
    a.durationMs - b.durationMs ||
    a.status - b.status ||
    Number(a.masked) - Number(b.masked)
  );
}
