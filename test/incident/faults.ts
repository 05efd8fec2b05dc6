// The faults of the tests: what each does to requests of the simulated pools between second 18 and 28.
import type { Fault } from "../support/scenario.ts";

const inside = (at: number): boolean => at >= 18 && at < 28;
const EXPIRED = "upstream SSL certificate verify error: (10:certificate has expired)";
const NOT_TLS =
  "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number)";

/** Faults by name. */
export const FAULTS = {
  crash: ({ at, pool, peer }) =>
    inside(at) && pool === "app" && peer === 1 ? { reason: "connect-refused" } : null,
  poolDown: ({ at, pool }) =>
    inside(at) && pool === "auth"
      ? { reason: at < 18.6 ? "connect-refused" : "no-upstream" }
      : null,
  allRefuse: ({ at, pool }) =>
    inside(at) && pool === "app" ? { reason: "connect-refused" } : null,
  rolling: ({ at, pool, peer }) =>
    pool === "app" && at >= 18 + 2.5 * peer && at < 20.3 + 2.5 * peer
      ? { reason: "connect-refused" }
      : null,
  flapping: ({ at, pool, peer }) =>
    at >= 18 && at < 36 && pool === "app" && peer === 2 && Math.floor((at - 18) / 3) % 2 === 0
      ? { reason: "connect-refused" }
      : null,
  reset: ({ at, pool, peer }) =>
    inside(at) && pool === "app" && peer === 3
      ? { reason: "disconnect-reset", durationMs: 9 }
      : null,
  header: ({ at, path }) =>
    inside(at) && path === "/app/profile" ? { reason: "header-too-large", durationMs: 9 } : null,
  poison: ({ at, path }) =>
    inside(at) && path === "/app/import" ? { reason: "disconnect-close", durationMs: 4 } : null,
  keepalive: ({ at, pool, method, random }) =>
    inside(at) && pool === "app" && random() < (method === "POST" ? 0.4 : 0.04)
      ? { reason: "disconnect-close", durationMs: 1 }
      : null,
  own: ({ at, path }) =>
    inside(at) && path === "/auth/token" ? { reason: "upstream-status", durationMs: 6 } : null,
  connectTimeout: ({ at, pool, peer }) =>
    inside(at) && pool === "app" && peer === 1
      ? { reason: "connect-timeout", durationMs: 1000, status: 504 }
      : null,
  vagueTimeout: ({ at, pool }) =>
    inside(at) && pool === "app"
      ? { reason: "connect-failed", code: "UF", durationMs: 1000, status: 503 }
      : null,
  slow: ({ at, pool, random }) =>
    inside(at) && pool === "search" && random() < 0.7
      ? { reason: "response-timeout", durationMs: 2000, status: 504 }
      : null,
  invalid: ({ at, pool, peer }) =>
    inside(at) && pool === "search" && peer === 1
      ? { reason: "invalid-response", durationMs: 5 }
      : null,
  truncated: ({ at, pool, peer }) =>
    inside(at) && pool === "search" && peer === 1
      ? { reason: "truncated-response", status: 200, masked: true, durationMs: 5 }
      : null,
  expired: ({ at, pool }) =>
    inside(at) && pool === "auth"
      ? at < 18.6
        ? { reason: "tls-failure", code: EXPIRED }
        : { reason: "no-upstream" }
      : null,
  plainText: ({ at, pool, peer }) =>
    inside(at) && pool === "auth" && peer === 0 ? { reason: "tls-failure", code: NOT_TLS } : null,
  overflow: ({ at, pool, random }) =>
    inside(at) && pool === "app" && random() < 0.4
      ? { reason: "queue-timeout", durationMs: 1000 }
      : null,
  local: ({ at, random }) =>
    inside(at) && random() < 0.5 ? { reason: "connect-local", code: "(99)" } : null,
  statusOnly: ({ at, pool }) =>
    inside(at) && pool === "auth" ? { reason: "unknown-failure", code: "502" } : null,
  two: ({ at, pool, peer, path }) => {
    if (!inside(at)) return null;
    if (pool === "app" && peer === 1) return { reason: "connect-refused" };
    return path === "/auth/token" ? { reason: "header-too-large" } : null;
  },
  twoExpired: (request): ReturnType<Fault> => {
    const { at, pool, peer } = request;
    if (inside(at) && pool === "app" && peer === 1) return { reason: "connect-refused" };
    return FAULTS.expired(request);
  },
  twoOwn: ({ at, pool, peer, path }) => {
    if (!inside(at)) return null;
    if (pool === "app" && peer === 1) return { reason: "disconnect-reset" };
    return path === "/search/q" ? { reason: "upstream-status" } : null;
  },
} as const satisfies Record<string, Fault>;
