// What a bare code means, without a line around it: everything that the proxies' data knows by that name.
import type { Texts } from "../grammar/index.ts";
import { PLAIN, type CodeMeaning, type Codes } from "./code-meaning.ts";
import { EnvoyCodes } from "./envoy-codes.ts";
import { HaproxyCodes } from "./haproxy-codes.ts";
import { MessageCodes } from "./nginx-codes.ts";
import type { Reason } from "./reasons.ts";

const MOST_WORDS = 4;

/** Looks codes up. */
export class CodeBook {
  readonly #codes: Codes;
  readonly #haproxy: HaproxyCodes;
  readonly #envoy: EnvoyCodes;
  readonly #messages: MessageCodes;

  constructor(texts: Texts) {
    const data = (path: string): unknown => JSON.parse(texts[path]!);
    this.#codes = data("codes.json") as Codes;
    this.#haproxy = new HaproxyCodes(data("haproxy/failures.json"), this.#codes);
    this.#envoy = new EnvoyCodes(data("envoy/failures.json"));
    this.#messages = new MessageCodes(data("nginx/failures.json"), data("haproxy/events.json"));
  }

  /** Meanings of one word: a state, flags, a detail, an errno, a status, a length, a check's result. */
  word(text: string): CodeMeaning[] {
    const bytes = /^\d{2,4}$/.test(text) ? Number(text) : -1;
    return [
      ...this.#status(text),
      ...this.#envoy.flags(text),
      ...this.#haproxy.state(text),
      ...this.#envoy.detail(text),
      ...this.#haproxy.check(text),
      ...this.#errno(text),
      ...this.#envoy.length(bytes),
      ...this.#haproxy.length(bytes),
      ...this.#envoy.grpc(text),
    ];
  }

  /** Meanings of a few codes with blanks between them; none where one of them is no code. */
  words(text: string): CodeMeaning[] {
    const words = text.split(/\s+/);
    if (words.length < 2 || words.length > MOST_WORDS) return [];
    const together = this.#envoy.together(words);
    if (together.length > 0) return together;
    const found = words.map((word) => this.word(word));
    return found.every(({ length }) => length > 0) ? found.flat() : [];
  }

  /** Meanings of a message, whole or in part, that stands in no line. */
  message(text: string): CodeMeaning[] {
    const wanted = text.toLowerCase();
    const errno = this.#codes.errnos.find((one) => one.text.toLowerCase() === wanted);
    if (errno !== undefined) return this.#errno(errno.name);
    const found = this.#messages.message(text);
    if (found.length > 0) return found;
    const others = [...this.#haproxy.check(text), ...this.#envoy.transport(text)];
    return others.length > 0 ? others : this.#messages.containing(text);
  }

  /** Every code that means a reason, by proxy; `detail` says when it does. */
  ofReason(reason: Reason): CodeMeaning[] {
    const statuses = this.#codes.statuses
      .filter((one) => one.reason === reason && reason !== "unknown-failure")
      .flatMap(({ status }) => this.#status(status).filter((one) => one.reason === reason));
    return [
      ...this.#messages.ofReason(reason),
      ...statuses,
      ...this.#haproxy.ofReason(reason),
      ...this.#envoy.ofReason(reason),
    ];
  }

  #status(text: string): CodeMeaning[] {
    return this.#codes.statuses
      .filter(({ status }) => status === text)
      .map(({ proxy, reason, by, meaning }) => ({
        ...PLAIN,
        proxy,
        what: "status",
        code: text,
        reason,
        by,
        meaning,
      }));
  }

  #errno(text: string): CodeMeaning[] {
    const given = /^\d+$/.test(text) ? Number(text) : null;
    const errno = this.#codes.errnos.find(
      ({ name, numbers }) => name === text || (given !== null && numbers.includes(given)),
    );
    if (errno === undefined) return this.#haproxy.error(text, null);
    const number = given ?? errno.numbers[0]!;
    return [
      this.#messages.errno(errno, number),
      ...this.#envoy.transport(`delayed connect error: ${number}`),
      ...this.#haproxy.error(text, errno.name),
    ];
  }
}
