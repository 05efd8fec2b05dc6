// Error-log messages of nginx that stand in no line, and HAProxy's own messages, whole or in part.
import { PLAIN, type CodeMeaning, type Codes } from "./code-meaning.ts";
import { messageRules, type MessageRule } from "./message-table.ts";
import type { Reason } from "./reasons.ts";
import { matches, patternOf, type Pattern } from "./message-pattern.ts";

/** Shorter texts are found in too many messages. */
const SHORTEST_PART = 6;
const MOST = 4;

/** Looks messages up. */
export class MessageCodes {
  readonly #nginx: readonly MessageRule[];
  readonly #events: readonly MessageRule[];
  /** Of each of nginx's rules. */
  readonly #patterns: readonly {
    readonly pattern: Pattern;
    readonly actions: readonly Pattern[];
  }[];

  /** @param failures the parsed `grammars/nginx/failures.json`. @param events the parsed `grammars/haproxy/events.json`. */
  constructor(failures: unknown, events: unknown) {
    this.#nginx = messageRules(failures);
    this.#events = messageRules(events);
    this.#patterns = this.#nginx.map((rule) => ({
      pattern: patternOf(rule.message),
      actions: rule.action === undefined ? [] : [rule.action].flat().map(patternOf),
    }));
  }

  /** An errno as the error log has it: what it means by itself, and what during other work. */
  errno(errno: Codes["errnos"][number], number: number): CodeMeaning {
    const rules = this.#nginx.filter(
      (rule) => rule.errno?.includes(number) === true && rule.reason !== undefined,
    );
    const same = rules.find(({ reason }) => reason === errno.reason);
    const either = errno.message === undefined ? [] : this.#during(errno, number);
    return {
      ...PLAIN,
      proxy: "nginx",
      what: "error number",
      code: `${number}: ${errno.text}`,
      reason: errno.reason,
      by: same?.by ?? (errno.reason === null ? "unknown" : "proxy"),
      detail: errno.name,
      meaning: errno.meaning,
      otherwise: [...either, ...rules]
        .filter(({ reason }) => reason !== errno.reason)
        .map((rule) => `${placeOf(rule)}: ${rule.reason!}. ${rule.meaning}`),
      either: either.map((rule) => ({
        ...nginxMeaning(rule),
        code: `${number}: ${errno.text}`,
        detail: placeOf(rule),
      })),
      source: "errno(3)",
    };
  }

  /** What the message that goes with an errno means, by what nginx was doing. */
  #during({ message, text }: Codes["errnos"][number], number: number): MessageRule[] {
    const bytes = new TextEncoder().encode(`${message} (${number}: ${text})`);
    return this.#nginx.filter(
      ({ action, reason }, at) =>
        action !== undefined &&
        reason !== undefined &&
        this.#patterns[at]!.pattern.segments.length > 0 &&
        matches(this.#patterns[at]!.pattern, bytes, 0, bytes.length),
    );
  }

  /** Messages that mean a reason. */
  ofReason(reason: Reason): CodeMeaning[] {
    return this.#nginx
      .filter((rule) => rule.reason === reason)
      .map((rule) => ({
        ...nginxMeaning(rule),
        detail: rule.action === undefined ? null : placeOf(rule),
      }));
  }

  /** Messages that contain a text. */
  containing(text: string): CodeMeaning[] {
    if (text.length < SHORTEST_PART) return [];
    const wanted = text.toLowerCase();
    const holds = ({ message }: MessageRule): boolean => message.toLowerCase().includes(wanted);
    return [
      ...this.#nginx.filter(holds).map(nginxMeaning),
      ...this.#events.filter(holds).map(eventMeaning),
    ].slice(0, MOST);
  }

  /** `connect() failed (111: Connection refused) while connecting to upstream`, with more behind it or less. */
  message(text: string): CodeMeaning[] {
    const bare = text.replace(/, (?:client|server|request|upstream|host): .*$/s, "");
    const parts = bare.split(" while ");
    const action = parts.length > 1 ? parts.slice(1).join(" while ") : null;
    const errno = Number(/\((\d+): /.exec(bare)?.[1] ?? -1);
    const message = new TextEncoder().encode(parts[0]!);
    const doing = new TextEncoder().encode(action ?? "");
    const rules = this.#nginx.filter((rule, at) => {
      const { pattern, actions } = this.#patterns[at]!;
      // What takes every message says nothing about this one.
      if (pattern.segments.length === 0 && (action === null || actions.length === 0)) return false;
      if (rule.errno !== undefined && !rule.errno.includes(errno)) return false;
      if (action !== null && actions.length > 0) {
        if (!actions.some((one) => matches(one, doing, 0, doing.length))) return false;
      }
      return matches(pattern, message, 0, message.length);
    });
    const told = action === null ? rules : rules.slice(0, 1);
    const seen = new Set<string>();
    const distinct = told.filter((rule) => {
      const key = `${rule.reason ?? rule.event ?? ""} ${rule.meaning}`;
      return seen.has(key) ? false : seen.add(key);
    });
    // A rule without a condition is what is meant where the text has none.
    const first = distinct.findIndex(
      (rule) => rule.reason !== undefined && rule.action === undefined,
    );
    const best = distinct[Math.max(0, first)];
    if (best === undefined) return [];
    const others = distinct.filter((rule) => rule !== best).slice(0, 4);
    return [
      {
        ...nginxMeaning(best),
        code: text.length > 120 ? `${text.slice(0, 119)}…` : text,
        detail: errno < 0 ? null : String(errno),
        otherwise: others.map(
          (rule) => `${placeOf(rule)}: ${rule.reason ?? rule.event ?? "a note"}. ${rule.meaning}`,
        ),
      },
    ];
  }
}

function nginxMeaning(rule: MessageRule): CodeMeaning {
  return {
    ...PLAIN,
    proxy: "nginx",
    what: "error-log message",
    code: rule.code ?? textOf(rule),
    reason: rule.reason ?? null,
    by: rule.by ?? "unknown",
    meaning: rule.meaning,
    confusedWith: rule.confusedWith ?? null,
    source: rule.source,
  };
}

function eventMeaning(rule: MessageRule): CodeMeaning {
  return { ...nginxMeaning(rule), proxy: "haproxy", what: "event" };
}

/** The message with its holes as dots, and its error numbers where it takes only some. */
function textOf({ message, errno }: MessageRule): string {
  const text = message.replaceAll(/\*+/g, "…");
  return errno === undefined ? text : text.replace(/\(…$/, `(${errno.join(", ")}: …)`);
}

/** When an nginx rule holds. */
function placeOf({ action, scope, message }: MessageRule): string {
  if (action !== undefined) return `while ${[action].flat()[0]!.replaceAll("*", "")}`;
  if (scope === "process") return "without a request";
  return message.replaceAll("*", "").replace(/ ?\($/, "").trim();
}
