// The reasons a request or an attempt fails for, as DESIGN.md §5 names them, and the stage each belongs to.

/** Every reason, in the order of a request's life. Position is the reason's number in cells; 0 means "did not fail". */
export const REASONS = [
  "none",
  "dns-failure",
  "no-upstream",
  "queue-timeout",
  "overflow",
  "connect-refused",
  "connect-timeout",
  "connect-unreachable",
  "connect-local",
  "connect-failed",
  "tls-failure",
  "send-failure",
  "disconnect-reset",
  "disconnect-close",
  "disconnect",
  "response-timeout",
  "header-too-large",
  "invalid-response",
  "truncated-response",
  "upstream-status",
  "proxy-resource",
  "proxy-config",
  "proxy-policy",
  "admin-kill",
  "client-abort",
  "unknown-failure",
] as const;

/** One of {@link REASONS} other than `none`, or `none` for a request that did not fail. */
export type Reason = (typeof REASONS)[number];

/** Where in a request's life a failure happened. */
export type Stage =
  | "resolve"
  | "select"
  | "connect"
  | "tls"
  | "send"
  | "wait"
  | "header"
  | "body"
  | "answered"
  | "proxy"
  | "client"
  | "unknown";

/** Every {@link Maker}. Position is the maker's number in records; 0 where the line cannot tell. */
export const MAKERS = ["unknown", "proxy", "upstream", "client", "policy"] as const;

/**
 * Who made the failing answer: the `proxy`, which gave up and answered in its own words (also where the peer was to blame: it
 * refused, reset, was silent); the `upstream`, whose own answer is the failure (its 502, a body that broke off, bytes passed on
 * that are no HTTP); the `client`, who left or sent nonsense; a `policy`, where somebody's rule said no.
 */
export type Maker = (typeof MAKERS)[number];

/** A maker's number in records. */
export const makerNumber: Readonly<Record<Maker, number>> = Object.fromEntries(
  MAKERS.map((name, number) => [name, number]),
) as Record<Maker, number>;

/** A reason's number in cells. */
export const reasonNumber: Readonly<Record<Reason, number>> = Object.fromEntries(
  REASONS.map((name, number) => [name, number]),
) as Record<Reason, number>;

/** Reasons that are counted but never make an incident by themselves (DESIGN.md §5). */
export const QUIET_REASONS: ReadonlySet<Reason> = new Set<Reason>([
  "none",
  "client-abort",
  "proxy-policy",
]);

const STAGES: Readonly<Record<Reason, Stage>> = {
  none: "unknown",
  "dns-failure": "resolve",
  "no-upstream": "select",
  "queue-timeout": "select",
  overflow: "select",
  "connect-refused": "connect",
  "connect-timeout": "connect",
  "connect-unreachable": "connect",
  "connect-local": "connect",
  "connect-failed": "connect",
  "tls-failure": "tls",
  "send-failure": "send",
  "disconnect-reset": "wait",
  "disconnect-close": "wait",
  disconnect: "wait",
  "response-timeout": "wait",
  "header-too-large": "header",
  "invalid-response": "header",
  "truncated-response": "body",
  "upstream-status": "answered",
  "proxy-resource": "proxy",
  "proxy-config": "proxy",
  "proxy-policy": "proxy",
  "admin-kill": "proxy",
  "client-abort": "client",
  "unknown-failure": "unknown",
};

/** The stage a reason belongs to. */
export function stageOf(reason: Reason): Stage {
  return STAGES[reason];
}
