// An incident's short words: where, which cause and how sure.
import type { Cause, Incident, UpstreamShare } from "../incident/index.ts";
import { certainty, escapeForTerminal, listed, placeOf, reachOf } from "../report/index.ts";

/** The failing upstreams, worst first. */
export function failingUpstreams(incident: Incident): readonly UpstreamShare[] {
  return incident.upstreams
    .filter((each) => each.failures > 0)
    .sort((a, b) => b.failures - a.failures);
}

/** Where it fails, in one phrase: `app → 127.0.0.1:9102`. */
export function whereOf(incident: Incident): string {
  return escapeForTerminal(placeOf(incident));
}

/** Where it fails and how far that reaches, as a sentence. */
export function scopeSentence(incident: Incident): string {
  const { kind, values } = incident.scope;
  if (kind === "everything") return "everything behind the proxy, no part of it more than another";
  if (kind === "none") return `${placeOf(incident)}: no one place explains it`;
  const names = values.length > 1 ? ` (${listed(values, 4)})` : "";
  const reach = reachOf(incident);
  return `${placeOf(incident)}${names}${reach === "" ? "" : `: ${reach}`}`;
}

/** A cause nobody can name yet. */
const UNKNOWN_CAUSE = "unknown";

/** The most probable cause, `unknown` where there is none. */
export function likeliestCause(incident: Incident): string {
  return incident.causes[0]?.cause ?? UNKNOWN_CAUSE;
}

/** How sure a cause is, in words. */
export function sureness(cause: Cause): string {
  return cause.cause === UNKNOWN_CAUSE ? "the log does not tell" : certainty(cause.probability);
}

/** A probability as two digits: `.91`, `1.0`. */
export function formatProbability(probability: number): string {
  return probability >= 0.995 ? "1.0" : probability.toFixed(2).replace(/^0/, "");
}
