// What a termination state means, given what else its line tells: evaluates grammars/haproxy/failures.json.
import { onceFor } from "../input/index.ts";
import type { HaproxyEvidence } from "./haproxy-evidence.ts";
import type { HaproxyKnowledge, StateCondition, StateRule } from "./haproxy-knowledge.ts";
import { makerNumber, reasonNumber } from "./reasons.ts";

type Test = (evidence: HaproxyEvidence) => boolean;

/** A rule with its numbers at hand. */
export interface PreparedRule {
  readonly rule: StateRule;
  readonly reason: number;
  readonly by: number;
  readonly tests: readonly Test[];
}

/** The rules by state; the first one whose conditions hold decides. */
export class HaproxyStates {
  /** By the two characters packed into one number. */
  readonly #rules: (readonly PreparedRule[] | undefined)[] = [];

  constructor(knowledge: HaproxyKnowledge) {
    for (const rule of knowledge.states) {
      const prepared = {
        rule,
        reason: reasonNumber[rule.reason],
        by: makerNumber[rule.by],
        tests: testsOf(rule.when ?? {}),
      };
      for (const state of rule.states) {
        const packed = packState(state.charCodeAt(0), state.charCodeAt(1));
        this.#rules[packed] = [...(this.#rules[packed] ?? []), prepared];
      }
    }
  }

  /** The rule for telling it in words. */
  rule(packed: number, evidence: HaproxyEvidence): StateRule | null {
    return this.find(packed, evidence)?.rule ?? null;
  }

  /** The first rule whose conditions hold; null for a state without any. */
  find(packed: number, evidence: HaproxyEvidence): PreparedRule | null {
    const rules = this.#rules[packed];
    if (rules === undefined) return null;
    for (const prepared of rules) {
      let k = 0;
      while (k < prepared.tests.length && prepared.tests[k]!(evidence)) k++;
      if (k === prepared.tests.length) return prepared;
    }
    return null;
  }
}

/** The rules of this knowledge; every format asks for the same. */
export const haproxyStates = onceFor((knowledge: HaproxyKnowledge) => new HaproxyStates(knowledge));

/** The first two characters of a state as one number. */
export function packState(first: number, second: number): number {
  return (first << 7) | second;
}

function testsOf(when: StateCondition): Test[] {
  const tests: Test[] = [];
  const { server, status, reachedQueue, answered, retried, rule, error, events } = when;
  if (server !== undefined) tests.push((line) => server.includes(line.server));
  if (status !== undefined)
    tests.push((line) => status.some((wanted) => isStatus(line.status, wanted)));
  if (reachedQueue !== undefined) {
    tests.push((line) => (reachedQueue ? line.queueMs >= 0 : line.queueMs === -1));
  }
  if (answered !== undefined) tests.push((line) => line.answered === answered);
  if (retried !== undefined) tests.push((line) => line.retries > 0 === retried);
  if (rule !== undefined) tests.push((line) => line.isRule === rule);
  if (error !== undefined) tests.push((line) => error.includes(line.error));
  if (events !== undefined) tests.push((line) => events.some((token) => line.hasEvent(token)));
  return tests;
}

function isStatus(status: number, wanted: number | string): boolean {
  if (typeof wanted === "number") return status === wanted;
  if (wanted === "none") return status === 0 || status === -1;
  return Math.floor(status / 100) === wanted.charCodeAt(0) - 48;
}
