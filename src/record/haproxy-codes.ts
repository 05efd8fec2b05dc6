// Bare codes of HAProxy: termination states, connection errors, health-check results, page lengths, messages.
import { PLAIN, type CodeMeaning, type Codes } from "./code-meaning.ts";
import { HaproxyEvidence } from "./haproxy-evidence.ts";
import { haproxyKnowledge, isState, type StateCondition } from "./haproxy-knowledge.ts";
import { haproxyStates, packState, type HaproxyStates } from "./haproxy-states.ts";
import { Names } from "./names.ts";
import type { Reason } from "./reasons.ts";

/** Looks HAProxy's codes up. */
export class HaproxyCodes {
  readonly #haproxy: ReturnType<typeof haproxyKnowledge>;
  readonly #states: HaproxyStates;
  readonly #codes: Codes;

  /** @param knowledge the parsed `grammars/haproxy/failures.json`. */
  constructor(knowledge: unknown, codes: Codes) {
    this.#haproxy = haproxyKnowledge(knowledge);
    this.#states = haproxyStates(this.#haproxy);
    this.#codes = codes;
  }

  /** `SH--`, `sQ`: what it means where nothing else is known, and what it may mean where more is. */
  state(text: string): CodeMeaning[] {
    if (!/^..(?:[-NIDVEOU7][-NPDIRU67])?$/.test(text)) return [];
    const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)];
    if (!isState(first, second)) return [];
    const evidence = new HaproxyEvidence([], this.#haproxy.errors, new Names());
    evidence.read(new Uint8Array(0), new Int32Array(1));
    const state = text.slice(0, 2);
    const rule = this.#states.find(packState(first, second), evidence)?.rule;
    if (rule === undefined) return [];
    const others = this.#haproxy.states.filter(
      (one) => one !== rule && one.states.includes(state) && one.when !== undefined,
    );
    return [
      {
        ...PLAIN,
        proxy: "haproxy",
        what: "termination state",
        code: text,
        reason: rule.reason === "none" ? null : rule.reason,
        by: rule.by,
        meaning: rule.meaning,
        confusedWith: rule.confusedWith ?? null,
        otherwise: others.map(
          ({ when, reason, meaning }) => `${conditionOf(when!)}: ${reason}. ${meaning}`,
        ),
        source: rule.source,
      },
    ];
  }

  /** States that mean a reason, and when they do. */
  ofReason(reason: Reason): CodeMeaning[] {
    return this.#haproxy.states
      .filter((rule) => rule.reason === reason)
      .map((rule) => ({
        ...PLAIN,
        proxy: "haproxy",
        what: "termination state",
        code: rule.states.join(" "),
        reason,
        by: rule.by,
        detail: rule.when === undefined ? null : conditionOf(rule.when),
        meaning: rule.meaning,
        confusedWith: rule.confusedWith ?? null,
        source: rule.source,
      }));
  }

  /** `L4CON`, `Layer4 connection problem`. */
  check(text: string): CodeMeaning[] {
    const found = this.#codes.checks.find(
      (check) => check.names.includes(text) || text.startsWith(check.text),
    );
    if (found === undefined) return [];
    return [
      {
        ...PLAIN,
        proxy: "haproxy",
        what: "health-check result",
        code: text,
        reason: found.reason,
        by: "proxy",
        detail: found.text,
        meaning: found.meaning,
      },
    ];
  }

  /** A name that bc_err_name prints, or an errno's. */
  error(text: string, errno: string | null): CodeMeaning[] {
    const group = this.#haproxy.errors.find(
      ({ names, texts }) => names.includes(text) || (errno !== null && texts.includes(errno)),
    );
    if (group === undefined) return [];
    const rule = this.#haproxy.states.find(({ when }) => when?.error?.includes(group.error));
    return [
      {
        ...PLAIN,
        proxy: "haproxy",
        what: "connection error (bc_err)",
        code: group.names.includes(text) ? text : (group.names[0] ?? text),
        reason: rule === undefined || rule.reason === "none" ? null : rule.reason,
        by: rule?.by ?? "unknown",
        detail: group.error,
        meaning: group.meaning,
        source: group.source,
      },
    ];
  }

  /** The length of a page that HAProxy writes itself. */
  length(bytes: number): CodeMeaning[] {
    return this.#haproxy.pages
      .filter((page) => page.bytes.includes(bytes))
      .map(({ status }) => ({
        ...PLAIN,
        proxy: "haproxy",
        what: "length of HAProxy's own page",
        code: `${bytes} bytes`,
        reason: null,
        by: "proxy",
        meaning: `HAProxy's own page for ${status} has this length: it made the answer.`,
      }));
  }
}

/** When a HAProxy rule holds, in the words of the log's fields. */
function conditionOf(when: StateCondition): string {
  const { server, status, reachedQueue, answered, retried, rule, error, events } = when;
  const parts = [
    server === undefined
      ? ""
      : `with ${server.map((kind) => (kind === "none" ? "<NOSRV>" : kind === "named" ? "a server's name" : kind === "applet" ? "an applet" : "no server field")).join(" or ")}`,
    status === undefined ? "" : `with status ${status.join(", ")}`,
    reachedQueue === undefined ? "" : reachedQueue ? "with Tw ≥ 0" : "with Tw -1",
    answered === undefined
      ? ""
      : answered === true
        ? "with Tr ≥ 0"
        : answered === false
          ? "with Tr -1"
          : "without Tr",
    retried === undefined ? "" : retried ? "after retries" : "without retries",
    rule === true ? "ended by a rule" : "",
    error === undefined ? "" : `with bc_err ${error.join(", ")}`,
    events === undefined ? "" : `with term_events ${events.join(", ")}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
