// An example whose line is read when somebody asks for its words: of the thousands that are kept, few are looked at.
import type { Reason, Reread } from "../record/index.ts";
import { textOf, wordsOf, type LineWords } from "./kept-line.ts";
import type { Sample } from "./sample-columns.ts";
import type { Exemplar } from "./summary.ts";

/** An {@link Exemplar} over a kept line. */
export class KeptExemplar implements Exemplar {
  readonly upstream: number;
  readonly reason: Reason;
  readonly role: Exemplar["role"];
  readonly source: string;
  readonly line: number | null;
  readonly time: number;
  readonly offset: number;
  readonly status: number;
  readonly #sample: Sample;
  readonly #reread: () => Reread;
  #known: LineWords | null = null;

  constructor(
    upstream: number,
    reason: Reason,
    role: Exemplar["role"],
    source: string,
    line: number | null,
    sample: Sample,
    reread: () => Reread,
  ) {
    this.upstream = upstream;
    this.reason = reason;
    this.role = role;
    this.source = source;
    this.line = line;
    this.time = sample.timeMs;
    this.offset = sample.offset;
    this.status = sample.status;
    this.#sample = sample;
    this.#reread = reread;
  }

  get text(): string {
    return textOf(this.#sample.kept);
  }

  get client(): string | null {
    return this.#words.client;
  }

  get method(): string | null {
    return this.#words.method;
  }

  get path(): string | null {
    return this.#words.path;
  }

  get host(): string | null {
    return this.#words.host;
  }

  /** All of it, as plain data. */
  toJSON(): Exemplar {
    const { upstream, reason, role, time, source, line, offset, status } = this;
    const { text, client, method, path, host } = this;
    return {
      upstream,
      reason,
      role,
      time,
      source,
      line,
      offset,
      text,
      client,
      method,
      path,
      host,
      status,
    };
  }

  get #words(): LineWords {
    return (this.#known ??= wordsOf(this.#sample.kept, this.#reread));
  }
}
