// The Bernoulli scan statistic: how much a part stands out of the whole (reference/algorithms.md §2.1, Kulldorff).

/** Log-likelihood ratio of a slice against the rest (nats); 0 where it fails no more than the rest. */
export function scanScore(r: number, d: number, all: number, requests: number): number {
  if (d === 0 || requests === d || r * (requests - d) <= (all - r) * d) return 0;
  return entropy(r, d) + entropy(all - r, requests - d) - entropy(all, requests);
}

function entropy(a: number, b: number): number {
  const wins = a === 0 ? 0 : a * Math.log(a / b);
  return wins + (b === a ? 0 : (b - a) * Math.log((b - a) / b));
}
