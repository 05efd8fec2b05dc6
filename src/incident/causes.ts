// Ranks root causes: additive weight of evidence over features, gates, and a softmax that includes "unknown".
//
// reference/algorithms.md §6.2. What a cause looks like is data (grammars/causes.json); every contribution is kept as the
// sentence of its feature, so that each number can be checked.
import { CONFIG, quantise } from "./config.ts";
import type { Feature } from "./features.ts";
import type { Evidence } from "./incident.ts";
import type { CauseKnowledge, Knowledge } from "./knowledge.ts";

/** A cause with its probability and the evidence. */
export interface RankedCause {
  readonly known: CauseKnowledge;
  readonly probability: number;
  readonly for: readonly Evidence[];
  readonly against: readonly Evidence[];
}

/** Evidence lighter than this is not told (nats). */
const LEAST_TOLD = 0.25;

/** All causes, the most probable first; of equals the first by name. */
export function rankCauses(
  features: ReadonlyMap<string, Feature>,
  knowledge: Knowledge,
): readonly RankedCause[] {
  const scored = knowledge.causes.map((known) => scoreOf(known, features));
  const { tau } = CONFIG.causes;
  const most = Math.max(...scored.map(({ score }) => score));
  const total = scored.reduce((sum, { score }) => sum + Math.exp((score - most) / tau), 0);
  return scored
    .map(({ score, ...rest }) => ({
      ...rest,
      probability: quantise(Math.exp((score - most) / tau) / total),
    }))
    .sort((a, b) => b.probability - a.probability || (a.known.cause < b.known.cause ? -1 : 1));
}

function scoreOf(
  known: CauseKnowledge,
  features: ReadonlyMap<string, Feature>,
): Omit<RankedCause, "probability"> & { readonly score: number } {
  const pro: Evidence[] = [];
  const contra: Evidence[] = [];
  let score = known.prior;
  for (const gate of known.gates) {
    if (gate.some((name) => (features.get(name)?.value ?? 0) >= 0.5)) continue;
    score += CONFIG.causes.gate;
  }
  for (const { feature, weight, both } of known.weights) {
    const seen = features.get(feature);
    if (seen === undefined) continue;
    const worth = weight * (both === true ? 2 * seen.value - 1 : seen.value);
    score += worth;
    if (Math.abs(worth) < LEAST_TOLD) continue;
    const isThere = both !== true || seen.value >= 0.5;
    const text = isThere ? seen.says : (seen.denies ?? "");
    if (text !== "") (worth > 0 ? pro : contra).push({ text, weight: quantise(worth) });
  }
  const byWeight = (a: Evidence, b: Evidence): number =>
    Math.abs(b.weight) - Math.abs(a.weight) || (a.text < b.text ? -1 : 1);
  return { known, score: quantise(score), for: pro.sort(byWeight), against: contra.sort(byWeight) };
}
