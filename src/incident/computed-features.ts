// The features that need code, by the names that grammars/causes.json calls them.
import type { Observed, Sight } from "./observed.ts";
import { allPeers, repeats, rolling, somePeers, totality, upDown } from "./peer-features.ts";
import { hidden, nonIdempotent, oneClient, onePath, severalServices } from "./request-features.ts";
import {
  fast,
  fewFailures,
  moreLoad,
  moreRetries,
  slow,
  slowConnect,
  slowerAnswers,
  suddenStart,
} from "./time-features.ts";

/** All that these logs can tell, by name. */
export function computedFeatures(sight: Sight): ReadonlyMap<string, Observed> {
  const found = new Map<string, Observed>();
  for (const [name, compute] of Object.entries(COMPUTED)) {
    const observed = compute(sight);
    if (observed !== null) found.set(name, observed);
  }
  return found;
}

const COMPUTED: Readonly<Record<string, (sight: Sight) => Observed | null>> = {
  somePeers,
  allPeers,
  totality,
  fast,
  slow,
  slowConnect,
  suddenStart,
  fewFailures,
  rolling,
  repeats,
  upDown,
  moreLoad,
  slowerAnswers,
  moreRetries,
  onePath,
  oneClient,
  nonIdempotent,
  severalServices,
  hidden,
};
