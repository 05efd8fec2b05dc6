// HAProxy: what its httplog tells of each fault of a backend.
import { startHaproxy } from "./rig-haproxy.ts";
import { tellAll } from "./tell-all.ts";
import type { Told } from "./tell.ts";

const both = (told: Told): Record<string, Told> => ({
  "bare httplog": told,
  "httplog behind a syslog head": told,
});

tellAll("haproxy", startHaproxy, {
  // SC, SH and PH do not say more; bc_err would.
  refused: both({ reason: "connect-failed" }),
  reset: both({ reason: "disconnect" }),
  close: both({ reason: "disconnect" }),
  hang: both({ reason: "response-timeout" }),
  "own-502": both({ reason: "upstream-status" }),
  "huge-header": both({ reason: "invalid-response" }),
  garbage: both({ reason: "invalid-response" }),
  truncated: both({ reason: "truncated-response", masked: true }),
});
