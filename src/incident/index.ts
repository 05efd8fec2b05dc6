// The doors of this room.
export type {
  Analysis,
  Cause,
  Evidence,
  Gap,
  Incident,
  Retries,
  ReasonShare,
  Scope,
  UpstreamShare,
} from "./incident.ts";
export { stepsFor, type Blanks } from "./advice.ts";
export { analyse } from "./analyse.ts";
export {
  parseKnowledge,
  type CauseKnowledge,
  type Knowledge,
  type ReasonKnowledge,
  type Step,
} from "./knowledge.ts";
