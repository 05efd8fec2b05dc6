// The shape of grammars/envoy/failures.json: response flags, response code details, reset and transport reasons.
import { onceFor } from "../input/index.ts";
import { MAKERS, REASONS, type Maker, type Reason } from "./reasons.ts";

/** What every entry says. */
export interface EnvoyEntry {
  readonly reason: Reason;
  readonly by: Maker;
  /** Other reasons for some statuses: `504`, or a class as `5xx`. */
  readonly byStatus?: Readonly<Record<string, Reason>>;
  /** Who made it where it is not `by`, for some of those statuses. */
  readonly madeByStatus?: Readonly<Record<string, Maker>>;
  readonly meaning: string;
  readonly confusedWith?: string;
  readonly source: string;
}

/** A response flag. The smaller `order` decides where several are set; 90 and above decide only alone. */
export interface FlagEntry extends EnvoyEntry {
  readonly flag: string;
  readonly long: string;
  readonly order: number;
}

/** A response code detail without what it carries in brackets; `http1.*` stands for all that begin so. */
export interface DetailEntry extends EnvoyEntry {
  readonly detail: string;
}

/** A reset reason, from the braces of `upstream_reset_before_response_started{…}`. */
export interface ResetEntry extends EnvoyEntry {
  readonly reset: string;
  readonly flag: string;
  /** True where the transport failure reason may name the cause; a list allows only these reasons. */
  readonly usesTransport?: true | readonly Reason[];
  /** Who broke an answer that had begun, where it was not the upstream. */
  readonly byAfter?: Maker;
  /** Another reason where this flag stands beside it. */
  readonly ifFlag?: Readonly<Record<string, Reason>>;
}

/** A transport failure reason: any of these texts in it, blanks instead of underscores. */
export interface TransportEntry extends EnvoyEntry {
  readonly contains: readonly string[];
  /** The short form to show. */
  readonly code: string;
  /** Where the text itself names the error: that is shown instead of the code. */
  readonly isGeneral?: true;
}

/** The length of a body that Envoy writes itself. */
export interface LocalReply {
  readonly bytes: readonly number[];
  readonly flags: readonly string[];
  /** Only where this length leaves no doubt. */
  readonly reason?: Reason;
  readonly meaning: string;
  readonly source: string;
}

/** A gRPC status that says what a gateway status says. */
export interface GrpcEntry {
  readonly number: number;
  readonly names: readonly string[];
  readonly like: number;
  readonly meaning: string;
  readonly confusedWith: string;
  readonly source: string;
}

/** The parsed file. */
export interface EnvoyKnowledge {
  readonly flags: readonly FlagEntry[];
  readonly details: readonly DetailEntry[];
  readonly resets: readonly ResetEntry[];
  readonly transports: readonly TransportEntry[];
  readonly grpc: readonly GrpcEntry[];
  /** A good end behind failed tries. */
  readonly retried: EnvoyEntry;
  readonly localReplies: readonly LocalReply[];
}

/**
 * Checks and types the parsed data.
 * @throws Error naming the entry that is not well-formed: a mistake in our data.
 */
export function envoyKnowledge(data: unknown): EnvoyKnowledge {
  return checked(data as object);
}

const checked = onceFor((data: object): EnvoyKnowledge => {
  const knowledge = data as EnvoyKnowledge;
  const { flags, details, resets, transports, retried } = knowledge;
  for (const entry of [...flags, ...details, ...resets, ...transports, retried]) {
    const where = `envoy failures: ${JSON.stringify(entry).slice(0, 60)}`;
    const reasons = [entry.reason, ...Object.values(entry.byStatus ?? {})];
    for (const reason of reasons) {
      if (!REASONS.includes(reason)) throw new Error(`${where}: no such reason ${reason}`);
    }
    for (const by of [entry.by, ...Object.values(entry.madeByStatus ?? {})]) {
      if (!MAKERS.includes(by)) throw new Error(`${where}: no such maker ${by}`);
    }
    if (!entry.meaning || !entry.source) throw new Error(`${where}: meaning or source missing`);
  }
  return knowledge;
});

/** An entry's reason for a status. */
export function reasonFor(entry: EnvoyEntry, status: number): Reason {
  return ofStatus(entry.byStatus, status) ?? entry.reason;
}

/** Who made a failure that this entry and the status tell of. */
export function makerFor(entry: EnvoyEntry, status: number): Maker {
  return ofStatus(entry.madeByStatus, status) ?? entry.by;
}

/** What a table says of a status itself, or else of its class. */
function ofStatus<T>(
  table: Readonly<Record<string, T>> | undefined,
  status: number,
): T | undefined {
  return table?.[String(status)] ?? table?.[`${Math.floor(status / 100)}xx`];
}
