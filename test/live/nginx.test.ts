// nginx: what its logs tell of each fault of a backend.
import { startNginx } from "./rig-nginx.ts";
import { tellAll } from "./tell-all.ts";
import type { Told } from "./tell.ts";

const both = (told: Told): Record<string, Told> => ({
  "access and error log": told,
  "combined and error log": told,
});

tellAll("nginx", startNginx, {
  refused: both({ reason: "connect-refused" }),
  reset: both({ reason: "disconnect-reset" }),
  close: both({ reason: "disconnect-close" }),
  hang: both({ reason: "response-timeout" }),
  "own-502": {
    "access and error log": { reason: "upstream-status" },
    // nginx has nothing to complain about, and combined names no upstream.
    "combined and error log": { reason: "unknown-failure", namesPeer: false },
  },
  "huge-header": both({ reason: "header-too-large" }),
  garbage: both({ reason: "invalid-response" }),
  truncated: both({ reason: "truncated-response", masked: true }),
});
