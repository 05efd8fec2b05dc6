// Which entry of a vendor's message catalogue a logged message is: literal pieces with holes, the first match wins.
import { filled, matches, patternOf, stem, tidy, type Pattern } from "./message-pattern.ts";
import { Names } from "./names.ts";
import { MAKERS, REASONS, type Maker, type Reason } from "./reasons.ts";

/** Whom a message is about: the whole process, a request, or a request while talking to an upstream. */
export type MessageScope = "process" | "request" | "upstream";

/** One entry of `grammars/<proxy>/failures.json`: how a message looks, and what it means. */
export interface MessageRule {
  /** Literal text with holes: `*` varies and is left out of the code, `**` varies and belongs to it. */
  readonly message: string;
  /** Only with one of these numbers (Linux, BSD and Windows ones alike). */
  readonly errno?: readonly number[];
  /** Only while doing one of these; same holes. */
  readonly action?: string | readonly string[];
  /** Only at one of these levels. */
  readonly level?: readonly string[];
  /** Only about at least this much: `request` holds for `upstream` too. */
  readonly scope?: MessageScope;
  /** A failure's reason and who made it. */
  readonly reason?: Reason;
  readonly by?: Maker;
  /** The status the client gets where nothing is tried after this. */
  readonly status?: number;
  /** Or an event's kind. With neither, the message is a note. */
  readonly event?: string;
  /** The short form to show instead of the literal pieces; `*`: the message up to its first number, quote or path. */
  readonly code?: string;
  /** One sentence for a reader. */
  readonly meaning: string;
  readonly confusedWith?: string;
  readonly source: string;
}

/** Scopes as numbers, for {@link MessageTable.find}. */
export const PROCESS_SCOPE = 0;
export const REQUEST_SCOPE = 1;
export const UPSTREAM_SCOPE = 2;

const SCOPES: readonly MessageScope[] = ["process", "request", "upstream"];

interface Rule {
  readonly pattern: Pattern;
  readonly actions: readonly Pattern[];
  readonly errno: readonly number[] | null;
  /** Bit n is set when level n is meant. */
  readonly levels: number;
  readonly scope: MessageScope | null;
  /** The code where it does not depend on the message ("" for notes); null where it does. */
  readonly code: string | null;
  readonly isStem: boolean;
}

const LIMIT = 4096;
const VARIANTS = 32;

/**
 * The `messages` of a parsed failures.json.
 * @throws Error naming the entry that is not well-formed: a mistake in our data.
 */
export function messageRules(data: unknown): readonly MessageRule[] {
  const { messages } = data as { messages?: unknown };
  if (!Array.isArray(messages)) throw new Error("failures: no list of messages");
  for (const [at, rule] of (messages as MessageRule[]).entries()) {
    const where = `failures: message ${at} (${rule.message})`;
    if (typeof rule.message !== "string" || rule.message === "")
      throw new Error(`${where}: no text`);
    if (rule.reason !== undefined && !REASONS.includes(rule.reason)) {
      throw new Error(`${where}: no such reason ${String(rule.reason)}`);
    }
    if (rule.reason !== undefined && (rule.by === undefined || !MAKERS.includes(rule.by))) {
      throw new Error(`${where}: it does not say who made the failure`);
    }
    if (rule.reason !== undefined && rule.event !== undefined) {
      throw new Error(`${where}: both a reason and an event`);
    }
    if (!rule.meaning || !rule.source) throw new Error(`${where}: meaning or source missing`);
  }
  return messages as MessageRule[];
}

/** A message catalogue made ready: answers by distinct message, so a repeated one costs a hash. */
export class MessageTable {
  /** The code of the message last found: a number of the names given. */
  code = 0;
  readonly #rules: readonly Rule[];
  readonly #names: Names;
  #seen = new Names(LIMIT);
  readonly #found = new Int16Array(LIMIT * VARIANTS).fill(-2);
  readonly #codes = new Int32Array(LIMIT * VARIANTS);
  readonly #fixed: Int32Array;

  /** @param levels the vendor's level names, in the order of the numbers given to {@link find}; at most nine. */
  constructor(rules: readonly MessageRule[], names: Names, levels: readonly string[] = []) {
    this.#names = names;
    this.#rules = rules.map((rule) => prepare(rule, levels));
    this.#fixed = new Int32Array(rules.length).fill(-1);
  }

  /**
   * The number of the first rule that fits, or -1; sets {@link code}.
   * @param errno -1 without one. @param level number of the level, -1 without one.
   * @param actionStart what was being done, behind the message in the same buffer; -1 without one.
   */
  find(
    bytes: Uint8Array,
    start: number,
    end: number,
    errno = -1,
    level = -1,
    scope = PROCESS_SCOPE,
    actionStart = -1,
    actionEnd = -1,
  ): number {
    let id = this.#seen.intern(bytes, start, actionStart < 0 ? end : actionEnd);
    if (id < 0) {
      this.#seen = new Names(LIMIT);
      this.#found.fill(-2);
      id = this.#seen.intern(bytes, start, actionStart < 0 ? end : actionEnd);
    }
    const slot = id * VARIANTS + (level + 1) * 3 + scope;
    const known = this.#found[slot]!;
    if (known !== -2) {
      this.code = this.#codes[slot]!;
      return known;
    }
    const found = this.#search(bytes, start, end, errno, level, scope, actionStart, actionEnd);
    this.#found[slot] = found;
    this.#codes[slot] = this.code = found < 0 ? 0 : this.#codeOf(found, bytes, start, end);
    return found;
  }

  #search(
    bytes: Uint8Array,
    start: number,
    end: number,
    errno: number,
    level: number,
    scope: number,
    actionStart: number,
    actionEnd: number,
  ): number {
    for (let at = 0; at < this.#rules.length; at++) {
      const rule = this.#rules[at]!;
      if (rule.errno !== null && !rule.errno.includes(errno)) continue;
      if (rule.levels !== 0 && (level < 0 || (rule.levels & (1 << level)) === 0)) continue;
      if (rule.scope !== null && !isInScope(rule.scope, scope)) continue;
      if (rule.actions.length > 0) {
        if (actionStart < 0) continue;
        if (!rule.actions.some((action) => matches(action, bytes, actionStart, actionEnd)))
          continue;
      }
      if (matches(rule.pattern, bytes, start, end)) return at;
    }
    return -1;
  }

  #codeOf(at: number, bytes: Uint8Array, start: number, end: number): number {
    const rule = this.#rules[at]!;
    if (rule.code !== null) {
      if (this.#fixed[at]! < 0) this.#fixed[at] = Math.max(0, this.#names.internText(rule.code));
      return this.#fixed[at]!;
    }
    const text = rule.isStem ? stem(bytes, start, end) : filled(rule.pattern, bytes, start, end);
    return Math.max(0, this.#names.internText(text));
  }
}

function isInScope(wanted: MessageScope, scope: number): boolean {
  return wanted === "request" ? scope >= REQUEST_SCOPE : scope === SCOPES.indexOf(wanted);
}

function prepare(rule: MessageRule, levels: readonly string[]): Rule {
  const pattern = patternOf(rule.message);
  const actions = rule.action === undefined ? [] : [rule.action].flat().map(patternOf);
  let bits = 0;
  for (const level of rule.level ?? []) {
    const number = levels.indexOf(level);
    if (number < 0) throw new Error(`failures: no such level ${level} (${rule.message})`);
    bits |= 1 << number;
  }
  const isNote = rule.reason === undefined && rule.event === undefined;
  const isStem = rule.code === "*" || (rule.code === undefined && pattern.segments.length === 0);
  const varies = isStem || (rule.code === undefined && pattern.kept.includes(true));
  const fixed = rule.code ?? tidy(rule.message.replaceAll("*", " "));
  return {
    pattern,
    actions,
    errno: rule.errno ?? null,
    levels: bits,
    scope: rule.scope ?? null,
    code: isNote ? "" : varies ? null : fixed,
    isStem,
  };
}
