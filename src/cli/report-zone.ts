// The zone a report prints its times in.
import type { Choice } from "../record/index.ts";
import type { ReadRequest } from "./read-sources.ts";

/** The user's zone, else the one the logs print, so that times look as they do there, else the system's. */
export function reportZone(request: ReadRequest, choices: readonly Choice[]): string {
  if (request.zone !== null) return request.zone;
  const printed = choices.find(({ zone }) => zone !== null)?.zone ?? null;
  if (printed === null) return request.systemZone;
  const offset = `${printed.slice(0, 3)}:${printed.slice(-2)}`;
  return offset === "+00:00" || offset === "-00:00" ? "UTC" : offset;
}
