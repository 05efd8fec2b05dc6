// What Envoy's flags, details and transport failure reason say together: worked out once per distinct combination.
import {
  makerFor,
  reasonFor,
  type DetailEntry,
  type EnvoyEntry,
  type EnvoyKnowledge,
  type FlagEntry,
  type ResetEntry,
  type TransportEntry,
} from "./envoy-knowledge.ts";
import { makerNumber, reasonNumber, type Reason } from "./reasons.ts";

/** Flags beside which the client's own flags (DC, DR) do not count once a status was sent. */
const COMPANION_ORDER = 90;
const UNKNOWN = 255;
const STATUSES = 600;
const LONGEST_CODE = 64;

/** How far the response had come: details say it, or nothing does. */
export type Phase = "before" | "after" | "";

const RESET = /^upstream_reset_(before|after)_response_started(?:\{([^|,}]*)(?:[|,](.*?))?\}?)?$/;

/** Flags are names with commas between; the site's own ones are capitals, too. */
const FLAGS = /^(?:-|[A-Z][A-Za-z0-9_]*(?:, ?[A-Z][A-Za-z0-9_]*)*)$/;
/** Details begin with a word; what follows in brackets may be anything. */
const DETAILS = /^(?:-|[A-Za-z][\w.-]*(?:[{([ :,][^]*)?)$/;

/** The verdict over one combination. */
export class Verdict {
  readonly phase: Phase;
  /** The short form to show: `UF,URX (Connection refused)`, `via_upstream`; "" where nothing is set. */
  readonly code: string;
  /** Short flags, the deciding one first. */
  readonly flags: readonly string[];
  /** What a look at the body's length could add: nothing else tells more than the flag. */
  readonly isFlagOnly: boolean;
  /** False where a flag or detail is set that the data does not know. */
  readonly isUnderstood: boolean;
  /** False where the text under flags, or under details, is not what Envoy writes there. */
  readonly hasFlags: boolean;
  readonly hasDetails: boolean;
  /** The transport failure reason in known words, fresh or stale; null without one. */
  readonly transport: TransportEntry | null;
  readonly #entries: (status: number) => Entries;
  readonly #reasons = new Uint8Array(STATUSES).fill(UNKNOWN);
  readonly #makers = new Uint8Array(STATUSES);

  constructor(made: {
    phase: Phase;
    code: string;
    flags: readonly string[];
    isFlagOnly: boolean;
    isUnderstood: boolean;
    hasFlags: boolean;
    hasDetails: boolean;
    transport: TransportEntry | null;
    entries: (status: number) => Entries;
  }) {
    this.phase = made.phase;
    this.code = made.code;
    this.flags = made.flags;
    this.isFlagOnly = made.isFlagOnly;
    this.isUnderstood = made.isUnderstood;
    this.hasFlags = made.hasFlags;
    this.hasDetails = made.hasDetails;
    this.transport = made.transport;
    this.#entries = made.entries;
  }

  /** The number of the reason for a status; 0 where nothing says that the request failed. */
  reason(status: number): number {
    return this.#reasons[this.#at(status)]!;
  }

  /** The number of who made that failure: the word of the entry that tells most. */
  by(status: number): number {
    return this.#makers[this.#at(status)]!;
  }

  /** The status's place in the tables, which are filled for it. */
  #at(status: number): number {
    const at = status >= 0 && status < STATUSES ? status : 0;
    if (this.#reasons[at] === UNKNOWN) {
      const { reason, from } = this.#entries(at);
      this.#reasons[at] = reasonNumber[reason];
      this.#makers[at] = makerNumber[from[0] === undefined ? "unknown" : makerFor(from[0], at)];
    }
    return at;
  }

  /** The reason and the entries of the data that led to it, for telling it in words. */
  entries(status: number): Entries {
    return this.#entries(status);
  }
}

/** A reason and what it rests on. */
export interface Entries {
  readonly reason: Reason;
  readonly from: readonly EnvoyEntry[];
}

const NOTHING: Entries = { reason: "none", from: [] };

/** Works out verdicts. */
export class EnvoyVerdicts {
  readonly #knowledge: EnvoyKnowledge;
  readonly #flags = new Map<string, FlagEntry>();
  readonly #details = new Map<string, EnvoyEntry>();
  /** Those that stand for all details that begin so. */
  readonly #families: readonly DetailEntry[];
  readonly #resets = new Map<string, ResetEntry>();

  constructor(knowledge: EnvoyKnowledge) {
    this.#knowledge = knowledge;
    for (const entry of knowledge.flags) {
      this.#flags.set(entry.flag, entry);
      this.#flags.set(entry.long, entry);
    }
    for (const entry of knowledge.details) this.#details.set(entry.detail, entry);
    this.#families = knowledge.details.filter(({ detail }) => detail.endsWith("*"));
    for (const entry of knowledge.resets) this.#resets.set(entry.reset, entry);
  }

  /** The verdict over the three fields as logged; `-` and "" are absent. */
  of(flagsText: string, detailsText: string, transportText: string): Verdict {
    const known: FlagEntry[] = [];
    const unknown: string[] = [];
    for (const flag of flagsText === "-" ? [] : flagsText.split(/[,\s]+/)) {
      const entry = this.#flags.get(flag);
      if (entry !== undefined) known.push(entry);
      else if (flag !== "") unknown.push(flag);
    }
    known.sort((a, b) => a.order - b.order || (a.flag < b.flag ? -1 : 1));
    const flags = [...known.map(({ flag }) => flag), ...unknown];
    const details = detailsText === "-" ? "" : detailsText.replaceAll(" ", "_");
    const reset = RESET.exec(details);
    const field = this.#transport(transportText);
    const transport = this.#transport(reset?.[3] ?? "") ?? field;
    const name = details.replace(/[{([].*$/, "");
    const isConnect = known.some(({ flag }) => flag === "UF");
    const shown = isConnect || reset !== null ? transport : null;
    return new Verdict({
      phase: reset === null ? "" : reset[1] === "before" ? "before" : "after",
      code: codeOf(flags, name, shown, reset?.[3] ?? transportText),
      flags,
      isFlagOnly: details === "" && transport === null,
      isUnderstood: unknown.length === 0 && (name === "" || this.#detail(name) !== null),
      hasFlags: flagsText === "" || FLAGS.test(flagsText),
      hasDetails: detailsText === "" || DETAILS.test(detailsText),
      transport,
      entries: (status) => {
        if (reset !== null) return this.#byReset(reset, known, status);
        const detail = this.#detail(name);
        const byDetail = detail === null ? "none" : reasonFor(detail, status);
        if (detail !== null && byDetail !== "none") return { reason: byDetail, from: [detail] };
        return this.#byFlags(known, status, field);
      },
    });
  }

  #byReset(reset: RegExpExecArray, flags: readonly FlagEntry[], status: number): Entries {
    const own = this.#details.get(`upstream_reset_${reset[1]}_response_started`)!;
    const entry = this.#resets.get(reset[2] ?? "");
    if (reset[1] === "after") {
      const whole = entry?.byAfter === undefined ? own : { ...own, by: entry.byAfter };
      return { reason: own.reason, from: entry === undefined ? [own] : [whole, entry] };
    }
    if (entry === undefined) {
      const byFlags = this.#byFlags(
        flags.filter(({ order }) => order < COMPANION_ORDER),
        status,
        null,
      );
      return byFlags.reason === "none" ? { reason: own.reason, from: [own] } : byFlags;
    }
    const transport = this.#transport(reset[3] ?? "");
    const { usesTransport } = entry;
    if (
      transport !== null &&
      (usesTransport === true || usesTransport?.includes(transport.reason))
    ) {
      return { reason: transport.reason, from: [transport, entry] };
    }
    for (const { flag } of flags) {
      const other = entry.ifFlag?.[flag];
      if (other !== undefined) return { reason: other, from: [entry] };
    }
    return { reason: entry.reason, from: [entry] };
  }

  #byFlags(flags: readonly FlagEntry[], status: number, transport: TransportEntry | null): Entries {
    const isClients = ({ by, order }: FlagEntry): boolean => by === "client" && order === 10;
    const decisive = flags.filter(({ order }) => order < COMPANION_ORDER);
    const others = status > 0 ? decisive.filter((flag) => !isClients(flag)) : decisive;
    const flag = others[0] ?? decisive[0] ?? flags[0];
    if (flag === undefined) return NOTHING;
    // Only a connection failure's transport reason is sure to be its own; elsewhere it may be left from an earlier try.
    if (flag.flag === "UF" && transport !== null)
      return { reason: transport.reason, from: [transport, flag] };
    return { reason: reasonFor(flag, status), from: [flag] };
  }

  #detail(name: string): EnvoyEntry | null {
    if (name === "") return null;
    return (
      this.#details.get(name) ??
      this.#families.find(({ detail }) => name.startsWith(detail.slice(0, -1))) ??
      null
    );
  }

  #transport(text: string): TransportEntry | null {
    if (text === "" || text === "-") return null;
    const plain = text.replaceAll("_", " ");
    const words = `${plain}|${text}|`;
    return (
      this.#knowledge.transports.find(({ contains }) =>
        contains.some((part) => words.includes(part)),
      ) ?? null
    );
  }
}

function codeOf(
  flags: readonly string[],
  detail: string,
  transport: TransportEntry | null,
  text: string,
): string {
  const said = flags.length > 0 ? flags.join(",") : detail.slice(0, LONGEST_CODE);
  if (said === "" || transport === null) return said;
  // A TLS error that has no entry of its own still has its library's name.
  const name = transport.isGeneral ? /[: ]([A-Z][A-Z0-9]*_[A-Z0-9_]+)/.exec(text)?.[1] : undefined;
  return `${said} (${name ?? transport.code})`;
}
