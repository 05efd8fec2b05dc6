// Whether an Envoy request failed, and for which reason, from the distinct flags, details and transport reason of its line.
import { isAbsent, parseUint } from "./bytes.ts";
import type { EnvoyFields } from "./envoy-fields.ts";
import type { EnvoyKnowledge } from "./envoy-knowledge.ts";
import { EnvoyVerdicts, type Verdict } from "./envoy-verdict.ts";
import { firstLogged } from "./field-choice.ts";
import type { Names } from "./names.ts";
import { makerNumber, REASONS, reasonNumber, stageOf } from "./reasons.ts";
import type { Rec } from "./record.ts";

const R = reasonNumber;
const BY = makerNumber;
const DASH = 45;
const QUOTE = 34;
const OK = 1;
const GATEWAY = 2;
const OTHER = 3;

/** Reasons that become a truncated response when headers had come from the upstream already. */
const BREAKS = new Set(
  (
    [
      "disconnect",
      "disconnect-reset",
      "disconnect-close",
      "invalid-response",
      "response-timeout",
      "unknown-failure",
    ] as const
  ).map((reason) => R[reason]),
);

/** Reasons for which the host of the line, often that of an earlier try, is not to blame. */
const BLAMELESS = new Set(
  REASONS.flatMap((reason, number) => {
    const stage = stageOf(reason);
    const isSelect = stage === "select" || stage === "resolve" || stage === "proxy";
    return isSelect && reason !== "none" ? [number] : [];
  }),
);

/** Judges lines; the healthy ones with a few comparisons. */
export class EnvoyJudge {
  readonly #at: EnvoyFields;
  readonly #names: Names;
  readonly #verdicts: EnvoyVerdicts;
  readonly #knowledge: EnvoyKnowledge;
  /** By the numbers of flags, details and transport reason. */
  readonly #known = new Map<number, Verdict>();
  readonly #codes = new Map<Verdict, number>();
  /** Local replies whose length names the reason: flag and length → reason. */
  readonly #sizes = new Map<string, number>();
  readonly #grpc = new Uint8Array(4096);

  constructor(fields: EnvoyFields, names: Names, knowledge: EnvoyKnowledge) {
    this.#at = fields;
    this.#names = names;
    this.#knowledge = knowledge;
    this.#verdicts = new EnvoyVerdicts(knowledge);
    for (const { bytes, flags, reason } of knowledge.localReplies) {
      if (reason === undefined) continue;
      for (const flag of flags)
        for (const length of bytes) this.#sizes.set(`${flag} ${length}`, R[reason]);
    }
  }

  /**
   * Fills reason, code, masked and tries; `rec.status`, pool and peer are read already.
   * @returns the field that holds what no Envoy writes, or -1.
   */
  read(bytes: Uint8Array, spans: Int32Array, rec: Rec): number {
    const at = this.#at;
    const flags = firstLogged(spans, at.flags);
    const attempts = numberAt(bytes, spans, at.attempts);
    rec.tries = attempts > 1 ? attempts : 1;
    // Without flags Envoy writes a dash, whatever it leaves out elsewhere; in JSON others may have emptied them.
    if (flags >= 0 && spans[2 * flags] === spans[2 * flags + 1]) {
      if (bytes[spans[2 * flags]! - 1] !== QUOTE) return flags;
    }
    const hasFlags = flags < 0 || !isAbsentAt(bytes, spans, flags);
    const status = rec.status;
    const grpc = at.grpc.length === 0 ? 0 : this.#grpcOf(bytes, spans);
    const details = this.#detailsAt(bytes, spans);
    // A connection without a request has no status; only its details may say that it was refused.
    const isPlain = status > 0 || details < 0 || isAbsentAt(bytes, spans, details);
    if (!hasFlags && isPlain && status < 400 && rec.tries === 1 && grpc !== GATEWAY) return -1;
    const verdict = this.#verdict(bytes, spans, flags, details);
    if (!verdict.hasFlags) return flags;
    if (!verdict.hasDetails) return details;
    let reason = verdict.reason(status);
    rec.by = verdict.by(status);
    if (reason === R["proxy-policy"] && status >= 100 && status < 400 && grpc <= OK) reason = 0;
    if (reason === 0) reason = this.#unflagged(bytes, spans, rec, verdict, grpc);
    if (reason === 0) {
      if (rec.tries > 1 || (status < 500 && verdict.flags.includes("URX")))
        this.#retried(rec, verdict);
      return -1;
    }
    if (
      BREAKS.has(reason) &&
      verdict.phase !== "before" &&
      this.#hasStarted(bytes, spans, status)
    ) {
      reason = R["truncated-response"];
      rec.by = BY.upstream;
    } else if (verdict.isFlagOnly) reason = this.#refined(bytes, spans, verdict, reason, status);
    if (reason === R["disconnect"]) reason = this.#closed(bytes, spans);
    rec.reason = reason;
    rec.masked = reason === R["truncated-response"] && status >= 100 && status < 500;
    if (BLAMELESS.has(reason)) rec.peer = 0;
    rec.code = this.#code(bytes, spans, verdict, grpc);
    return -1;
  }

  /** No flag and no detail says that anything failed: what is left are answers of the upstream itself. Sets the maker too. */
  #unflagged(
    bytes: Uint8Array,
    spans: Int32Array,
    rec: Rec,
    verdict: Verdict,
    grpc: number,
  ): number {
    const isGrpc = grpc === GATEWAY && rec.status === 200;
    rec.by = 0;
    if (!isGrpc && (rec.status < 502 || rec.status > 504)) return 0;
    // Envoy flags what fails in its own hands, if flags are logged at all; without a host nobody was asked.
    const isUnflagged = firstLogged(spans, this.#at.flags) >= 0 && rec.peer !== 0;
    const answered =
      verdict.isUnderstood && (isUnflagged || numberAt(bytes, spans, this.#at.serviceTime) >= 0);
    if (!isGrpc && !answered) return R["unknown-failure"];
    rec.by = BY.upstream;
    return R["upstream-status"];
  }

  /**
   * A good end after failed tries. What the tries failed of is only known where a transport failure reason was left on
   * the line; which host they failed at is not.
   */
  #retried(rec: Rec, verdict: Verdict): void {
    if (rec.status < 100 || rec.status >= 500) return;
    const { transport } = verdict;
    const entry = transport ?? this.#knowledge.retried;
    rec.reason = R[entry.reason];
    rec.by = BY[entry.by];
    rec.masked = true;
    rec.answerer = rec.peer;
    rec.peer = 0;
    const text = `${verdict.flags.length > 0 ? verdict.flags.join(",") : "-"} tries=${Math.min(rec.tries, 99)}`;
    rec.code = Math.max(
      0,
      this.#names.internText(transport === null ? text : `${text} (${transport.code})`),
    );
  }

  /** Whether headers had come from the upstream: details say it, else the service time, else a body behind a good status. */
  #hasStarted(bytes: Uint8Array, spans: Int32Array, status: number): boolean {
    if (status < 100 || status >= 500) return false;
    if (numberAt(bytes, spans, this.#at.serviceTime) >= 0) return true;
    return status >= 200 && status < 300 && numberAt(bytes, spans, this.#at.bytesSent) > 0;
  }

  /** The length of Envoy's own error page names the reason where the flag alone does not. */
  #refined(
    bytes: Uint8Array,
    spans: Int32Array,
    verdict: Verdict,
    reason: number,
    status: number,
  ): number {
    if (status !== 503 || verdict.flags.length === 0) return reason;
    const sent = numberAt(bytes, spans, this.#at.bytesSent);
    return (sent > 0 && this.#sizes.get(`${verdict.flags[0]} ${sent}`)) || reason;
  }

  /** FIN or RST, where it is logged. */
  #closed(bytes: Uint8Array, spans: Int32Array): number {
    const at = firstLogged(spans, this.#at.closeType);
    if (at < 0) return R["disconnect"];
    const first = bytes[spans[2 * at]!];
    if (first === 82) return R["disconnect-reset"];
    return first === 78 ? R["disconnect-close"] : R["disconnect"];
  }

  /** The field of the details: how the connection ended where they say nothing; -1 without either. */
  #detailsAt(bytes: Uint8Array, spans: Int32Array): number {
    const details = firstLogged(spans, this.#at.details);
    if (details >= 0 && !isAbsentAt(bytes, spans, details)) return details;
    const termination = firstLogged(spans, this.#at.termination);
    return termination >= 0 ? termination : details;
  }

  #verdict(bytes: Uint8Array, spans: Int32Array, flagsAt: number, detailsAt: number): Verdict {
    const names = this.#names;
    const flags = nameAt(names, bytes, spans, flagsAt);
    const details = nameAt(names, bytes, spans, detailsAt);
    const transport = nameAt(names, bytes, spans, firstLogged(spans, this.#at.transport));
    if (flags < 0 || details < 0 || transport < 0) {
      return this.#verdicts.of(
        textAt(bytes, spans, flagsAt),
        textAt(bytes, spans, detailsAt),
        textAt(bytes, spans, firstLogged(spans, this.#at.transport)),
      );
    }
    const key = (flags * 65536 + details) * 65536 + transport;
    let verdict = this.#known.get(key);
    if (verdict === undefined) {
      verdict = this.#verdicts.of(names.text(flags), names.text(details), names.text(transport));
      this.#known.set(key, verdict);
    }
    return verdict;
  }

  #code(bytes: Uint8Array, spans: Int32Array, verdict: Verdict, grpc: number): number {
    if (verdict.code === "" || (grpc === GATEWAY && verdict.flags.length === 0)) {
      // Nothing but the status itself was said.
      const at = grpc === GATEWAY ? this.#at.grpc : this.#at.status;
      const index = firstLogged(spans, at);
      return Math.max(0, nameAt(this.#names, bytes, spans, index));
    }
    let code = this.#codes.get(verdict);
    if (code === undefined) {
      code = Math.max(0, this.#names.internText(verdict.code));
      this.#codes.set(verdict, code);
    }
    return code;
  }

  /** 0: not logged, OK, GATEWAY (unavailable, deadline exceeded) or OTHER; worked out once per distinct value. */
  #grpcOf(bytes: Uint8Array, spans: Int32Array): number {
    const index = firstLogged(spans, this.#at.grpc);
    if (index < 0 || isAbsent(bytes, spans[2 * index]!, spans[2 * index + 1]!)) return 0;
    const id = nameAt(this.#names, bytes, spans, index);
    if (id > 0 && id < this.#grpc.length && this.#grpc[id] !== 0) return this.#grpc[id]!;
    const text = textAt(bytes, spans, index);
    const entry = this.#knowledge.grpc.find(
      ({ number, names }) => names.includes(text) || String(number) === text,
    );
    const kind = entry !== undefined ? GATEWAY : /^(?:0|OK|Ok)$/.test(text) ? OK : OTHER;
    if (id > 0 && id < this.#grpc.length) this.#grpc[id] = kind;
    return kind;
  }
}

function isAbsentAt(bytes: Uint8Array, spans: Int32Array, at: number): boolean {
  return isAbsent(bytes, spans[2 * at]!, spans[2 * at + 1]!);
}

/** The name of a field's value; 0 for none, -1 where the table is full. */
function nameAt(names: Names, bytes: Uint8Array, spans: Int32Array, at: number): number {
  if (at < 0) return 0;
  const start = spans[2 * at]!;
  const end = spans[2 * at + 1]!;
  return start < 0 || (end === start + 1 && bytes[start] === DASH)
    ? 0
    : names.intern(bytes, start, end);
}

function textAt(bytes: Uint8Array, spans: Int32Array, at: number): string {
  return at < 0 ? "" : String.fromCharCode(...bytes.subarray(spans[2 * at]!, spans[2 * at + 1]!));
}

function numberAt(bytes: Uint8Array, spans: Int32Array, indexes: readonly number[]): number {
  const at = firstLogged(spans, indexes);
  return at < 0 ? -1 : parseUint(bytes, spans[2 * at]!, spans[2 * at + 1]!);
}
