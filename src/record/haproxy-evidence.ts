// Everything a HAProxy line tells beside its termination state, gathered only for lines that need a judgement.
import type { Field } from "../grammar/index.ts";
import { isAbsent } from "./bytes.ts";
import { firstLogged } from "./field-choice.ts";
import { haproxyField, NOT_LOGGED, numberAt, type HaproxyField } from "./haproxy-fields.ts";
import type { ErrorGroup } from "./haproxy-knowledge.ts";
import { HaproxyTail } from "./haproxy-tail.ts";
import type { Names } from "./names.ts";

/** What stands in the place of a server's name. */
export type ServerKind = "named" | "none" | "applet" | "unknown";

/** The fields a judgement looks at, beside the termination state. */
export const EVIDENCE_FIELDS = [
  "status",
  "queue",
  "connect",
  "response",
  "retries",
  "redispatched",
  "server",
  "both",
  "responseHeaders",
  "serverStatus",
  "errorName",
  "errorText",
  "errorNumber",
  "tlsError",
  "ruleFile",
  "events",
  "tail",
] as const satisfies readonly HaproxyField[];

type EvidenceField = (typeof EVIDENCE_FIELDS)[number];

const LESS = 60;
const PLUS = 43;
const SLASH = 47;

/** One line's evidence; one instance is filled again for each line. */
export class HaproxyEvidence {
  /** Status sent, -1 for none, NOT_LOGGED where the format has no status. */
  status = NOT_LOGGED;
  /** Tw, Tc, Tr as logged; NOT_LOGGED where they are not. */
  queueMs = NOT_LOGGED;
  connectMs = NOT_LOGGED;
  responseMs = NOT_LOGGED;
  /** What the server itself answered; 0 or less where it did not, or where nothing tells. */
  serverStatus = NOT_LOGGED;
  retries = 0;
  /** True when the request went on to another server than the one first chosen. */
  isRedispatched = false;
  server: ServerKind = "unknown";
  answered: boolean | "unknown" = "unknown";
  isRule = false;
  /** The group of the server-side connection error; "" where the line has none. */
  error = "";
  readonly #at: Readonly<Record<EvidenceField, readonly number[]>>;
  readonly #errors: readonly ErrorGroup[];
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #names: Names;
  readonly #tail: HaproxyTail;
  readonly #judged = new Map<number, string>();
  #eventsStart = -1;
  #eventsEnd = -1;

  constructor(fields: readonly Field[], errors: readonly ErrorGroup[], names: Names) {
    this.#names = names;
    this.#errors = errors;
    this.#tail = new HaproxyTail(errors);
    this.#at = Object.fromEntries(
      EVIDENCE_FIELDS.map((what) => [what, haproxyField(fields, what)]),
    ) as unknown as Readonly<Record<EvidenceField, readonly number[]>>;
  }

  /** Fills everything from a scanned line. */
  read(bytes: Uint8Array, spans: Int32Array): void {
    const at = this.#at;
    this.#bytes = bytes;
    this.status = numberAt(bytes, spans, at.status);
    this.queueMs = numberAt(bytes, spans, at.queue);
    this.connectMs = numberAt(bytes, spans, at.connect);
    this.responseMs = numberAt(bytes, spans, at.response);
    this.retries = Math.max(0, numberAt(bytes, spans, at.retries));
    this.isRedispatched = isRedispatched(bytes, spans, at.retries, at.redispatched);
    const server = firstLogged(spans, at.server);
    this.server = serverKind(bytes, spans, server >= 0 ? server : firstLogged(spans, at.both));
    this.serverStatus = numberAt(bytes, spans, at.serverStatus);
    const hasHeaders = this.#hasText(spans, at.responseHeaders);
    if (this.responseMs >= 0 || this.serverStatus > 0 || hasHeaders) this.answered = true;
    else
      this.answered = this.responseMs === NOT_LOGGED && this.serverStatus < 0 ? "unknown" : false;
    this.#readErrors(spans);
  }

  /** What fields of their own tell goes before what stands in an unknown tail. */
  #readErrors(spans: Int32Array): void {
    const at = this.#at;
    const tail = firstLogged(spans, at.tail);
    this.#tail.read(
      this.#bytes,
      tail < 0 ? 0 : spans[2 * tail]!,
      tail < 0 ? 0 : spans[2 * tail + 1]!,
    );
    const events = firstLogged(spans, at.events);
    this.#eventsStart = events < 0 ? this.#tail.eventsStart : spans[2 * events]!;
    this.#eventsEnd = events < 0 ? this.#tail.eventsEnd : spans[2 * events + 1]!;
    // A rule that allows is a last rule too, so term_events is believed first.
    this.isRule =
      this.#eventsEnd - this.#eventsStart < 2
        ? this.#tail.isRule || !isMissing(this.#bytes, spans, at.ruleFile)
        : this.hasEvent("S8") || this.hasEvent("s8");
    this.error = this.#error(spans) || this.#tail.error;
  }

  /** Whether term_events holds a token such as `E6`: a letter for the place, a hex digit for what happened. */
  hasEvent(token: string): boolean {
    const bytes = this.#bytes;
    for (let i = this.#eventsStart; i >= 0 && i + 1 < this.#eventsEnd; i++) {
      if (bytes[i] === token.charCodeAt(0) && bytes[i + 1] === token.charCodeAt(1)) return true;
    }
    return false;
  }

  /** The group of the line's error, judged once per distinct name, text and number. */
  #error(spans: Int32Array): string {
    const at = this.#at;
    const tls = this.#name(spans, at.tlsError);
    const name = this.#name(spans, at.errorName);
    const text = this.#name(spans, at.errorText);
    const number = this.#name(spans, at.errorNumber);
    if (tls <= 0 && name <= 0 && text <= 0 && number <= 0) return "";
    const key = (((tls > 0 ? 1 : 0) * 65536 + name) * 65536 + text) * 65536 + number;
    const known = this.#judged.get(key);
    if (known !== undefined) return known;
    const hasNames = firstLogged(spans, at.errorName) >= 0;
    const words = [tls, name, text, number].map((id) => (id > 0 ? this.#names.text(id) : ""));
    const error = errorOf(this.#errors, words[0]!, words[1]!, words[2]!, words[3]!, hasNames);
    this.#judged.set(key, error);
    return error;
  }

  /** A value as a name; 0 for none, and for a TLS error that is zero. */
  #name(spans: Int32Array, indexes: readonly number[]): number {
    if (isMissing(this.#bytes, spans, indexes)) return 0;
    const at = firstLogged(spans, indexes);
    const start = spans[2 * at]!;
    const end = spans[2 * at + 1]!;
    if (indexes === this.#at.tlsError && isZero(this.#bytes, start, end)) return 0;
    return Math.max(0, this.#names.intern(this.#bytes, start, end));
  }

  /** True for captures that hold anything but separators. */
  #hasText(spans: Int32Array, indexes: readonly number[]): boolean {
    const at = firstLogged(spans, indexes);
    if (at < 0) return false;
    for (let i = spans[2 * at]!; i < spans[2 * at + 1]!; i++) {
      const c = this.#bytes[i]!;
      if (c !== 123 && c !== 124 && c !== 125 && c !== 45 && c !== 32) return true;
    }
    return false;
  }
}

/** Whether another server was tried than the one first chosen: `+` before the retries, or the fetch of its own. */
export function isRedispatched(
  bytes: Uint8Array,
  spans: Int32Array,
  retries: readonly number[],
  flag: readonly number[],
): boolean {
  const retriesAt = firstLogged(spans, retries);
  if (retriesAt >= 0 && bytes[spans[2 * retriesAt]!] === PLUS) return true;
  const flagAt = firstLogged(spans, flag);
  if (flagAt < 0) return false;
  const first = bytes[spans[2 * flagAt]!];
  return first === 49 || first === 116;
}

/** What the server field of a line holds; of `backend/server` in one span its second part. */
export function serverKind(bytes: Uint8Array, spans: Int32Array, at: number): ServerKind {
  if (at < 0) return "unknown";
  const end = spans[2 * at + 1]!;
  let start = spans[2 * at]!;
  for (let i = start; i >= 0 && i < end; i++) if (bytes[i] === SLASH) start = i + 1;
  if (isAbsent(bytes, start, end)) return "none";
  // The angle brackets may have been eaten by a page the line was copied from.
  if (bytes[start] === LESS) return bytes[start + 1] === 78 ? "none" : "applet";
  return "named";
}

/**
 * The group of an error. Its name is trusted most, its number least: numbers shift from release to release. "No error"
 * is only believed of versions that can tell a reset from a close, and those have names too.
 */
function errorOf(
  groups: readonly ErrorGroup[],
  tls: string,
  name: string,
  text: string,
  number: string,
  hasNames: boolean,
): string {
  if (tls !== "") return "tls";
  const found = groups.find((group) => {
    if (name !== "") return group.names.includes(name);
    if (text !== "") return group.texts.some((part) => text.includes(part));
    return group.numbers.includes(Number(number));
  });
  if (found === undefined) return "";
  return found.error !== "none" || hasNames ? found.error : "";
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 48) return false;
  return true;
}

function isMissing(bytes: Uint8Array, spans: Int32Array, indexes: readonly number[]): boolean {
  const at = firstLogged(spans, indexes);
  return at < 0 || isAbsent(bytes, spans[2 * at]!, spans[2 * at + 1]!);
}
