// Which of the lines that did not fail are kept to compare with: a few, chosen by nothing but their numbers.

const ENVOY = 2;

/** One in 32 of the lines that did not fail, chosen by their numbers, so that the choice costs nothing and repeats. */
export function isControl(timeMs: number, durationMs: number, clientLength: number): boolean {
  const mix =
    Math.imul(timeMs % 86_400_000, 0x9e3779b1) ^
    Math.imul(clientLength + 31 * durationMs, 0x85ebca6b);
  return Math.imul(mix ^ (mix >>> 15), 0x2c1b3c6d) >>> 27 === 0;
}

/** The length of a client's address; 0 for none, and for Envoy, whose field may hold a list and a port. */
export function clientLength(proxy: number, start: number, end: number): number {
  return start < 0 || proxy === ENVOY ? 0 : end - start;
}
