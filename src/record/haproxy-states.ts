// What a termination state means, given what else its line tells: evaluates grammars/haproxy/failures.json.
import type { HaproxyEvidence } from "./haproxy-evidence.ts";
import { REASONS, reasonNumber, type Maker, type Reason } from "./reasons.ts";

/** What must be known from the line for a rule to hold. Evidence that is not logged satisfies nothing but `unknown`. */
export interface StateCondition {
  /** `none` is `<NOSRV>` or an empty name, `unknown` a format that does not log the server. */
  readonly server?: readonly ("named" | "none" | "applet" | "unknown")[];
  /** Statuses; `5xx` a whole class, `none` for -1 and 0 (nothing was sent). */
  readonly status?: readonly (number | string)[];
  /** Tw is a time: the request came as far as the queue of a backend. */
  readonly reachedQueue?: boolean;
  /** Response headers came from the server and were understood: Tr, server_status or response captures say so. */
  readonly answered?: boolean | "unknown";
  readonly retried?: boolean;
  /** True where a rule is known to have ended the request. */
  readonly rule?: boolean;
  /** Groups of bc_err. */
  readonly error?: readonly string[];
  /** Any of these tokens in term_events. */
  readonly events?: readonly string[];
}

/** One meaning of some termination states. */
export interface StateRule {
  /** First two characters of the state. */
  readonly states: readonly string[];
  readonly when?: StateCondition;
  readonly reason: Reason;
  readonly by: Maker;
  readonly meaning: string;
  readonly confusedWith?: string;
  readonly source: string;
}

/** A group of connection errors, by HAProxy's three ways to print them. */
export interface ErrorGroup {
  readonly error: string;
  readonly names: readonly string[];
  /** Only numbers that kept their meaning from release to release. */
  readonly numbers: readonly number[];
  /** What the text contains. */
  readonly texts: readonly string[];
  readonly meaning: string;
  readonly source: string;
}

/** The parsed `grammars/haproxy/failures.json`. */
export interface HaproxyKnowledge {
  readonly states: readonly StateRule[];
  /** A good end behind failed tries. */
  readonly retried: Omit<StateRule, "states" | "when">;
  readonly errors: readonly ErrorGroup[];
  /** Bytes of HAProxy's own error pages as %B counts them, by version. */
  readonly pages: readonly { readonly status: number; readonly bytes: readonly number[] }[];
  /** Last two characters of a state that tell something about servers. */
  readonly cookies: readonly { readonly cookie: string; readonly meaning: string }[];
}

type Test = (evidence: HaproxyEvidence) => boolean;

interface Prepared {
  readonly rule: StateRule;
  readonly reason: number;
  readonly tests: readonly Test[];
}

const FIRST = "-LcCsSPRIDKU";
const SECOND = "-RCHDLQT";

/** Whether two bytes are a termination state HAProxy can write. */
export function isState(first: number, second: number): boolean {
  return FIRST.includes(String.fromCharCode(first)) && SECOND.includes(String.fromCharCode(second));
}

/**
 * Checks and types the parsed data.
 * @throws Error naming the entry that is not well-formed: a mistake in our data.
 */
export function haproxyKnowledge(data: unknown): HaproxyKnowledge {
  const knowledge = data as HaproxyKnowledge;
  for (const rule of [...knowledge.states, { ...knowledge.retried, states: ["--"] }]) {
    const where = `haproxy failures: ${rule.states.join(" ")}`;
    if (!REASONS.includes(rule.reason)) throw new Error(`${where}: no such reason ${rule.reason}`);
    if (!rule.meaning || !rule.source) throw new Error(`${where}: meaning or source missing`);
    for (const state of rule.states) {
      const isKnown = state.length === 2 && isState(state.charCodeAt(0), state.charCodeAt(1));
      if (!isKnown) throw new Error(`${where}: no such state ${state}`);
    }
  }
  return knowledge;
}

/** The rules by state; the first one whose conditions hold decides. */
export class HaproxyStates {
  /** By the two characters packed into one number. */
  readonly #rules: (readonly Prepared[] | undefined)[] = [];

  constructor(knowledge: HaproxyKnowledge) {
    for (const rule of knowledge.states) {
      const prepared = { rule, reason: reasonNumber[rule.reason], tests: testsOf(rule.when ?? {}) };
      for (const state of rule.states) {
        const packed = packState(state.charCodeAt(0), state.charCodeAt(1));
        this.#rules[packed] = [...(this.#rules[packed] ?? []), prepared];
      }
    }
  }

  /** The number of the reason; 0 where the request did not fail. */
  reason(packed: number, evidence: HaproxyEvidence): number {
    return this.#find(packed, evidence)?.reason ?? 0;
  }

  /** The rule itself, for telling it in words. */
  rule(packed: number, evidence: HaproxyEvidence): StateRule | null {
    return this.#find(packed, evidence)?.rule ?? null;
  }

  #find(packed: number, evidence: HaproxyEvidence): Prepared | null {
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
