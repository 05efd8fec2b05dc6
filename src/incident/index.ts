// The doors of this room.
export type {
  Analysis,
  Cause,
  Evidence,
  Gap,
  Incident,
  ReasonShare,
  Scope,
  UpstreamShare,
} from "./incident.ts";
