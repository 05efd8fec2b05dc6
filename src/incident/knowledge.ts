// What we know of reasons and causes, read from grammars/reasons.json and grammars/causes.json and checked.
import { REASONS, type Proxy, type Reason } from "../record/index.ts";

/** A step to take, for some proxies only, and only where its blanks (`{peer}` `{host}` `{port}` `{pool}` …) can be filled. */
export interface Step {
  readonly text: string;
  readonly proxies?: readonly Proxy[];
}

/** A field missing from a log, which leaves these reasons vague. */
export interface GapRule {
  readonly proxy: Proxy;
  readonly missing: string;
  readonly why: string;
  /** Ready to paste. */
  readonly add: string;
}

/** One reason in words. */
export interface ReasonKnowledge {
  /** A noun: `refused connections`. */
  readonly title: string;
  /** What the upstream did, to be read after its name: `refused the connection`. */
  readonly phrase: string;
  /** The same while it lasts. */
  readonly ongoing?: string;
  readonly meaning: string;
  readonly next: readonly Step[];
  /** Likely causes, the likeliest first. */
  readonly causes: readonly string[];
  /** Reasons another proxy (or another format) may give for the same failure, and how alike they are (0 to 1). */
  readonly akin: Readonly<Record<string, number>>;
  /** Reasons this one follows from, on the same upstream. */
  readonly follows: readonly Reason[];
  /** Reasons of an inner proxy that an outer one passes on as this one. */
  readonly echoes: readonly Reason[];
  /** What to log so that the reason becomes clear. */
  readonly gaps: readonly GapRule[];
}

/** What a feature looks at: computed in code, a share of the failures, or events nearby. */
export type FeatureRule =
  | { readonly computed: string; readonly from?: number; readonly to?: number }
  | {
      readonly share: { readonly reasons?: readonly Reason[]; readonly codes?: readonly string[] };
      readonly from?: number;
      readonly to?: number;
      readonly says: string;
      readonly denies?: string;
    }
  | {
      readonly events: readonly string[];
      readonly text?: readonly string[];
      readonly where?: "failing" | "anywhere";
      /** `before`: only what happened before the first failure, or at once with it, can have caused it. */
      readonly when?: "before";
      readonly says: string;
      readonly denies?: string;
    };

/** How much a feature speaks for a cause; `both`: its absence speaks against it as much. */
export interface Weight {
  readonly feature: string;
  readonly weight: number;
  readonly both?: boolean;
}

/** One cause: how it looks, what else looks like it, what to do about it. */
export interface CauseKnowledge {
  readonly cause: string;
  /** ln of how common it is. */
  readonly prior: number;
  /** Conditions: of each group one feature must be at least half there. */
  readonly gates: readonly (readonly string[])[];
  readonly weights: readonly Weight[];
  readonly lookalikes: readonly { readonly cause: string; readonly tell: string }[];
  readonly check: readonly Step[];
  readonly fix: readonly Step[];
  readonly prevent: readonly Step[];
  readonly visitor: string;
  readonly sources: readonly string[];
}

/** Everything the analysis knows beyond its summary. */
export interface Knowledge {
  readonly reasons: Readonly<Record<Reason, ReasonKnowledge>>;
  readonly features: Readonly<Record<string, FeatureRule>>;
  readonly causes: readonly CauseKnowledge[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads `reasons.json` and `causes.json` out of the texts of the grammars folder.
 * @throws Error naming the file and the entry that is not well-formed: a mistake in our data.
 */
export function parseKnowledge(texts: Readonly<Record<string, string>>): Knowledge {
  const reasons = parseReasons(textOf(texts, "reasons.json"));
  const { features, causes } = parseCauses(textOf(texts, "causes.json"));
  const names = new Set(causes.map(({ cause }) => cause));
  for (const [reason, known] of Object.entries(reasons)) {
    for (const cause of known.causes) {
      if (!names.has(cause)) fail("reasons.json", reason, `no such cause: ${cause}`);
    }
  }
  return { reasons, features, causes };
}

function parseReasons(text: string): Record<Reason, ReasonKnowledge> {
  const file = "reasons.json";
  const data = parsed(file, text);
  const out: Partial<Record<Reason, ReasonKnowledge>> = {};
  for (const name of Object.keys(data)) {
    if (!REASONS.includes(name as Reason)) fail(file, name, "no such reason");
  }
  for (const reason of REASONS) {
    const entry = object(file, reason, data[reason]);
    const akin = object(file, reason, entry["akin"] ?? {}) as Record<string, number>;
    const follows = list<Reason>(file, reason, entry["follows"] ?? []);
    const echoes = list<Reason>(file, reason, entry["echoes"] ?? []);
    for (const other of [...Object.keys(akin), ...follows, ...echoes]) {
      if (!REASONS.includes(other as Reason)) fail(file, reason, `no such reason: ${other}`);
    }
    out[reason] = {
      title: string(file, reason, entry, "title"),
      phrase: string(file, reason, entry, "phrase"),
      ...(entry["ongoing"] === undefined
        ? {}
        : { ongoing: string(file, reason, entry, "ongoing") }),
      meaning: string(file, reason, entry, "meaning"),
      next: steps(file, reason, entry["next"] ?? []),
      causes: list<string>(file, reason, entry["causes"] ?? []),
      akin,
      follows,
      echoes,
      gaps: list<GapRule>(file, reason, entry["gaps"] ?? []),
    };
  }
  return out as Record<Reason, ReasonKnowledge>;
}

function parseCauses(text: string): {
  features: Record<string, FeatureRule>;
  causes: CauseKnowledge[];
} {
  const file = "causes.json";
  const data = parsed(file, text);
  const features = object(file, "features", data["features"]) as Record<string, FeatureRule>;
  for (const [name, rule] of Object.entries(features)) {
    const kinds = ["computed", "share", "events"].filter((kind) => kind in rule);
    if (kinds.length !== 1) fail(file, name, "a feature is one of computed, share, events");
    if (!("computed" in rule)) string(file, name, rule as unknown as Json, "says");
    if ("share" in rule) {
      for (const reason of rule.share.reasons ?? []) {
        if (!REASONS.includes(reason)) fail(file, name, `no such reason: ${reason}`);
      }
    }
  }
  const causes = list<Json>(file, "causes", data["causes"]).map((entry, at): CauseKnowledge => {
    const cause = string(file, `causes[${at}]`, entry, "cause");
    const weights = list<Weight>(file, cause, entry["weights"]);
    const gates = list<readonly string[]>(file, cause, entry["gates"]);
    for (const feature of [...weights.map((weight) => weight.feature), ...gates.flat()]) {
      if (!(feature in features)) fail(file, cause, `no such feature: ${feature}`);
    }
    if (weights.some(({ weight }) => !Number.isFinite(weight)))
      fail(file, cause, "a weight is a number");
    if (typeof entry["prior"] !== "number") fail(file, cause, "prior is a number");
    return {
      cause,
      prior: entry["prior"],
      gates,
      weights,
      lookalikes: list(file, cause, entry["lookalikes"] ?? []),
      check: steps(file, cause, entry["check"]),
      fix: steps(file, cause, entry["fix"]),
      prevent: steps(file, cause, entry["prevent"]),
      visitor: string(file, cause, entry, "visitor"),
      sources: list(file, cause, entry["sources"]),
    };
  });
  const names = causes.map(({ cause }) => cause);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) fail(file, twice, "given twice");
  if (!names.includes("unknown")) fail(file, "unknown", "missing");
  for (const { cause, lookalikes } of causes) {
    for (const other of lookalikes) {
      if (!names.includes(other.cause)) fail(file, cause, `no such cause: ${other.cause}`);
    }
  }
  return { features, causes };
}

function textOf(texts: Readonly<Record<string, string>>, file: string): string {
  const text = texts[file];
  if (text === undefined) throw new Error(`grammars/${file} is missing`);
  return text;
}

function parsed(file: string, text: string): Json {
  try {
    return object(file, "", JSON.parse(text));
  } catch (error) {
    throw new Error(`grammars/${file}: ${(error as Error).message}`);
  }
}

function steps(file: string, entry: string, value: unknown): Step[] {
  return list<unknown>(file, entry, value).map((step) => {
    if (typeof step === "string") return { text: step };
    string(file, entry, object(file, entry, step), "text");
    return step as Step;
  });
}

function string(file: string, entry: string, from: Json, name: string): string {
  const value = from[name];
  if (typeof value !== "string" || value === "") return fail(file, entry, `${name} is a text`);
  return value;
}

function list<T>(file: string, entry: string, value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as T[]) : fail(file, entry, "a list is missing");
}

function object(file: string, entry: string, value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail(file, entry, "an object is missing");
  }
  return value as Json;
}

function fail(file: string, entry: string, why: string): never {
  throw new Error(`grammars/${file}: ${entry}: ${why}`);
}
