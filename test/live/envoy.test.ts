// Envoy: what its text and its JSON log tell of each fault of a backend.
import { startEnvoy } from "./rig-envoy.ts";
import { tellAll } from "./tell-all.ts";
import type { Told } from "./tell.ts";

const told = (text: Told, json: Told): Record<string, Told> => ({
  "text log": text,
  "JSON log": json,
});
const both = (same: Told): Record<string, Told> => told(same, same);

tellAll("envoy", startEnvoy, {
  // UF alone does not say why; the JSON log has the details.
  refused: told({ reason: "connect-failed" }, { reason: "connect-refused" }),
  reset: both({ reason: "disconnect" }),
  close: both({ reason: "disconnect" }),
  hang: both({ reason: "response-timeout" }),
  "own-502": both({ reason: "upstream-status" }),
  "huge-header": both({ reason: "invalid-response" }),
  garbage: both({ reason: "invalid-response" }),
  truncated: both({ reason: "truncated-response", masked: true }),
});
