// Bare codes of Envoy: response flags, response code details, reset and transport failure reasons, lengths, gRPC statuses.
import { PLAIN, type CodeMeaning } from "./code-meaning.ts";
import { envoyKnowledge, type EnvoyEntry } from "./envoy-knowledge.ts";
import { EnvoyVerdicts } from "./envoy-verdict.ts";
import type { Reason } from "./reasons.ts";

/** Looks Envoy's codes up. */
export class EnvoyCodes {
  readonly #envoy: ReturnType<typeof envoyKnowledge>;
  readonly #verdicts: EnvoyVerdicts;

  /** @param knowledge the parsed `grammars/envoy/failures.json`. */
  constructor(knowledge: unknown) {
    this.#envoy = envoyKnowledge(knowledge);
    this.#verdicts = new EnvoyVerdicts(this.#envoy);
  }

  /** Flags, details, reset and transport reasons that mean a reason. */
  ofReason(reason: Reason): CodeMeaning[] {
    const { flags, details, resets, transports } = this.#envoy;
    const all: readonly (readonly [string, string, EnvoyEntry])[] = [
      ...flags.map((entry) => ["response flag", entry.flag, entry] as const),
      ...details.map((entry) => ["response code detail", entry.detail, entry] as const),
      ...resets.map((entry) => ["reset reason", entry.reset, entry] as const),
      ...transports.map((entry) => ["transport failure reason", entry.code, entry] as const),
    ];
    return all.flatMap(([what, code, entry]) => {
      const statuses = Object.entries(entry.byStatus ?? {}).filter(([, one]) => one === reason);
      if (entry.reason !== reason && statuses.length === 0) return [];
      const when =
        entry.reason === reason
          ? null
          : `with status ${statuses.map(([status]) => status).join(", ")}`;
      return [{ ...envoyMeaning(what, code, entry), reason, detail: when }];
    });
  }

  /** `503 UF,URX upstream_reset_before_response_started{…}`: what stands side by side in a line, judged together. */
  together(words: readonly string[]): CodeMeaning[] {
    const [status, ...rest] = /^\d{3}$/.test(words[0] ?? "") ? words : ["0", ...words];
    const [flags, details = "", ...more] = rest;
    if (flags === undefined || details === "") return [];
    if (flags !== "-" && this.flags(flags).length === 0) return [];
    const verdict = this.#verdicts.of(flags, details, more.join(" "));
    const { reason, from } = verdict.entries(Number(status));
    const [entry, ...others] = from;
    if (entry === undefined || !verdict.isUnderstood) return [];
    return [
      {
        ...envoyMeaning("response flags and details", verdict.code, entry),
        reason: reason === "none" ? null : reason,
        detail: details,
        otherwise: others.map(({ meaning }) => meaning),
      },
    ];
  }

  /** `UF,URX`, or the long names. */
  flags(text: string): CodeMeaning[] {
    const words = text.split(",");
    const entries = words.map((word) =>
      this.#envoy.flags.find(({ flag, long }) => flag === word || long === word),
    );
    if (entries.includes(undefined)) return [];
    const verdict = this.#verdicts.of(text, "", "");
    const { reason, from } = verdict.entries(0);
    const decisive = from[0] ?? entries[0]!;
    const others = entries.filter((entry) => entry !== decisive);
    return [
      {
        ...envoyMeaning("response flag", verdict.code, decisive),
        reason: reason === "none" ? null : reason,
        otherwise: others.map((entry) => `${entry!.flag}: ${entry!.meaning}`),
      },
    ];
  }

  /** `via_upstream`, `upstream_reset_before_response_started{connection_failure|…}`, `connection_termination`. */
  detail(text: string): CodeMeaning[] {
    if (!/^[a-z][\w.]*(?:[{[(].*)?$/.test(text)) return this.transport(text);
    const verdict = this.#verdicts.of("-", text, "");
    if (verdict.isUnderstood) {
      const { reason, from } = verdict.entries(0);
      const name = text.replace(/[{[(].*$/, "");
      const [entry] =
        from.length > 0 ? from : this.#envoy.details.filter(({ detail }) => detail === name);
      if (entry === undefined) return [];
      return [
        {
          ...envoyMeaning("response code detail", text, entry),
          reason: reason === "none" ? null : reason,
          detail: /\{(.*?)\}?$/.exec(text)?.[1] ?? null,
          otherwise: [
            ...from.slice(1).map(({ meaning }) => meaning),
            ...Object.entries(entry.byStatus ?? {}).map(
              ([status, other]) => `with status ${status}: ${other}`,
            ),
          ],
        },
      ];
    }
    const reset = this.#envoy.resets.find((entry) => entry.reset === text);
    if (reset !== undefined) return [envoyMeaning("reset reason", text, reset)];
    return this.transport(text);
  }

  /** `delayed_connect_error:_111`, `TLS_error: … CERTIFICATE_VERIFY_FAILED`. */
  transport(text: string): CodeMeaning[] {
    const { transport } = this.#verdicts.of("UF", "", text);
    if (transport === null) return [];
    return [
      { ...envoyMeaning("transport failure reason", transport.code, transport), detail: text },
    ];
  }

  /** The length of an answer that Envoy writes itself. */
  length(bytes: number): CodeMeaning[] {
    return this.#envoy.localReplies
      .filter((reply) => reply.bytes.includes(bytes))
      .map((reply) => {
        const flags = reply.flags.join(",");
        const { reason, from } = this.#verdicts.of(flags, "", "").entries(503);
        return {
          ...PLAIN,
          proxy: "envoy",
          what: "length of Envoy's own answer",
          code: `${bytes} bytes, ${flags}`,
          reason: reply.reason ?? (reason === "none" ? null : reason),
          by: from[0]?.by ?? "proxy",
          meaning: reply.meaning,
          source: reply.source,
        };
      });
  }

  /** `Unavailable`, `DEADLINE_EXCEEDED`. */
  grpc(text: string): CodeMeaning[] {
    return this.#envoy.grpc
      .filter(({ names }) => names.includes(text))
      .map(({ like, meaning, confusedWith, source }) => ({
        ...PLAIN,
        proxy: "envoy" as const,
        what: "gRPC status",
        code: text,
        reason: "upstream-status" as const,
        by: "upstream" as const,
        detail: `as ${like}`,
        meaning,
        confusedWith,
        source,
      }));
  }
}

function envoyMeaning(what: string, code: string, entry: EnvoyEntry): CodeMeaning {
  return {
    ...PLAIN,
    proxy: "envoy",
    what,
    code,
    reason: entry.reason === "none" ? null : entry.reason,
    by: entry.by,
    meaning: entry.meaning,
    confusedWith: entry.confusedWith ?? null,
    source: entry.source,
  };
}
