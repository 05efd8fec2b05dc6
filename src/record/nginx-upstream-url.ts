// The peer or the pool in an error line's `upstream: "scheme://peer/uri"`.
import type { Names } from "./names.ts";

const COLON = 58;
const SLASH = 47;
const QUESTION = 63;
const SPACE = 32;
const SOCKET_ENDS = [".sock", ".socket"].map((text) => new TextEncoder().encode(text));

/** Reads upstream values; answers in its fields, to make no object per line. */
export class UpstreamUrl {
  /** `host:port` or `unix:/path`, as `$upstream_addr` writes it; 0 where a group's name stands instead. */
  peer = 0;
  /** The group's name: nginx writes it where no peer was left to try. */
  pool = 0;
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
  }

  /** @param requestStart the request line, which helps to tell a socket's path from the URI behind it; -1 without one. */
  read(
    bytes: Uint8Array,
    start: number,
    end: number,
    requestStart: number,
    requestEnd: number,
  ): void {
    this.peer = 0;
    this.pool = 0;
    const from = addressStart(bytes, start, end);
    if (isUnix(bytes, from, end)) {
      const hasUri = bytes[start] === 104; // http and https; the others show none
      const until = socketEnd(bytes, from, end, hasUri, requestStart, requestEnd);
      this.peer = Math.max(0, this.#names.intern(bytes, from, until));
      return;
    }
    let until = from;
    let colon = -1;
    let inBrackets = false;
    for (; until < end; until++) {
      const c = bytes[until]!;
      if (c === SLASH || c === QUESTION || c === SPACE || c === 44) break;
      if (c === 91) inBrackets = true;
      else if (c === 93) inBrackets = false;
      else if (c === COLON && !inBrackets) colon = until;
    }
    const id = Math.max(0, this.#names.intern(bytes, from, until));
    if (colon >= 0 && colon + 1 < until) this.peer = id;
    else this.pool = id;
  }
}

/** Behind `scheme://` or `passenger:`; the beginning where there is no scheme (stream, mail). */
function addressStart(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i + 2 < end; i++) {
    const c = bytes[i]!;
    if (c === COLON) {
      if (bytes[i + 1] === SLASH && bytes[i + 2] === SLASH) return i + 3;
      // "passenger:unix:/run/…", but "unix:/run/…" itself is an address.
      return isUnix(bytes, i + 1, end) ? i + 1 : start;
    }
    if (c < 97 || c > 122) return start;
  }
  return start;
}

function isUnix(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    at + 5 < end &&
    bytes[at] === 117 &&
    bytes[at + 1] === 110 &&
    bytes[at + 2] === 105 &&
    bytes[at + 3] === 120 &&
    bytes[at + 4] === COLON
  );
}

/**
 * Where a socket's path ends. nginx writes `unix:/p.sock:/uri` while the peer is known and `unix:/p.sock/uri` once it has
 * been freed (after a timeout): then the socket's usual ending tells, else the request's own path.
 */
function socketEnd(
  bytes: Uint8Array,
  from: number,
  end: number,
  hasUri: boolean,
  requestStart: number,
  requestEnd: number,
): number {
  const path = from + 5;
  for (let i = path; i < end; i++) if (bytes[i] === COLON) return i;
  if (!hasUri) return end;
  for (let i = path; i < end; i++) {
    for (const ending of SOCKET_ENDS) {
      const until = i + ending.length;
      if (until > end || (until < end && bytes[until] !== SLASH && bytes[until] !== QUESTION))
        continue;
      let k = 0;
      while (k < ending.length && bytes[i + k] === ending[k]) k++;
      if (k === ending.length) return until;
    }
  }
  if (requestStart < 0) return end;
  let uri = requestStart;
  while (uri < requestEnd && bytes[uri] !== SPACE) uri++;
  let uriEnd = ++uri;
  while (uriEnd < requestEnd && bytes[uriEnd] !== SPACE) uriEnd++;
  const until = end - (uriEnd - uri);
  if (uriEnd <= uri || until <= path) return end;
  for (let i = 0; uri + i < uriEnd; i++) if (bytes[until + i] !== bytes[uri + i]) return end;
  return until;
}
