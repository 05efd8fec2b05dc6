// The shape of grammars/haproxy/failures.json: termination states, their conditions, connection errors.
import { onceFor } from "../input/index.ts";
import { MAKERS, REASONS, type Maker, type Reason } from "./reasons.ts";

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

/** Bit n: a state may have this byte in place n. */
const STATE_BYTES = new Uint8Array(256);
for (const letter of "-LcCsSPRIDKU") STATE_BYTES[letter.charCodeAt(0)]! |= 1;
for (const letter of "-RQCHDLT") STATE_BYTES[letter.charCodeAt(0)]! |= 2;
for (const letter of "-NIDVEOU7") STATE_BYTES[letter.charCodeAt(0)]! |= 4;
for (const letter of "-NPDIRU67") STATE_BYTES[letter.charCodeAt(0)]! |= 8;

/** Whether two bytes are a termination state HAProxy can write. */
export function isState(first: number, second: number): boolean {
  return (STATE_BYTES[first]! & 1) !== 0 && (STATE_BYTES[second]! & 2) !== 0;
}

/** Whether two bytes are what HAProxy tells of a cookie behind a termination state. */
export function isCookieState(third: number, fourth: number): boolean {
  return (STATE_BYTES[third]! & 4) !== 0 && (STATE_BYTES[fourth]! & 8) !== 0;
}

/**
 * Checks and types the parsed data.
 * @throws Error naming the entry that is not well-formed: a mistake in our data.
 */
export function haproxyKnowledge(data: unknown): HaproxyKnowledge {
  return checked(data as object);
}

const checked = onceFor((data: object): HaproxyKnowledge => {
  const knowledge = data as HaproxyKnowledge;
  for (const rule of [...knowledge.states, { ...knowledge.retried, states: ["--"] }]) {
    const where = `haproxy failures: ${rule.states.join(" ")}`;
    if (!REASONS.includes(rule.reason)) throw new Error(`${where}: no such reason ${rule.reason}`);
    if (!MAKERS.includes(rule.by)) throw new Error(`${where}: no such maker ${rule.by}`);
    if (!rule.meaning || !rule.source) throw new Error(`${where}: meaning or source missing`);
    for (const state of rule.states) {
      const isKnown = state.length === 2 && isState(state.charCodeAt(0), state.charCodeAt(1));
      if (!isKnown) throw new Error(`${where}: no such state ${state}`);
    }
  }
  return knowledge;
});
