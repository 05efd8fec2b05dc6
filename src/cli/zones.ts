// Which zone to read local times in: the user's word, else what other sources of the run print, else the system's.
import type { Choice } from "../record/index.ts";

/** The zone of one source and why. */
export interface ZoneChoice {
  readonly zone: string;
  /** A sentence for the report where the zone was not written in the log; "" where it was. */
  readonly note: string;
}

/**
 * Chooses for every source. nginx prints the host's offset in its access log, and its error log and a HAProxy beside it
 * share that clock (nginx.md §7): the offset most sources print is taken, the smallest text where they are equal.
 */
export function chooseZones(
  choices: readonly Choice[],
  given: string | null,
  systemZone: string,
): ZoneChoice[] {
  const learned = mostCommon(choices.flatMap(({ zone }) => (zone === null ? [] : [zone])));
  return choices.map((choice) => {
    if (given !== null) return { zone: given, note: "" };
    if (!choice.isLocal) return { zone: choice.zone ?? learned ?? systemZone, note: "" };
    const own = choice.zone ?? learned;
    if (own !== null)
      return {
        zone: own,
        note:
          choice.zone === null
            ? `its times name no zone and were read as ${own}, the offset another source prints`
            : "",
      };
    return {
      zone: systemZone,
      note: `its times name no zone and were read as ${systemZone}, this machine's; --tz names another`,
    };
  });
}

function mostCommon(zones: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const zone of zones) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  let best: string | null = null;
  for (const zone of [...counts.keys()].sort())
    if (best === null || counts.get(zone)! > counts.get(best)!) best = zone;
  return best;
}
