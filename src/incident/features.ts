// Features of an incident, each between 0 and 1, with a sentence that can be checked: reference/algorithms.md §6.1.
import type { Reason } from "../record/index.ts";
import { groupBy, type EventItem } from "../summary/index.ts";
import { CONFIG } from "./config.ts";
import { computedFeatures } from "./computed-features.ts";
import type { FeatureRule, Knowledge } from "./knowledge.ts";
import { leadOf } from "./link.ts";
import type { Load } from "./load.ts";
import type { FailureKind } from "./failure-groups.ts";
import type { Matter } from "./matter.ts";
import type { Observed } from "./observed.ts";
import type { PeersView } from "./peers.ts";
import { stemOf } from "./services.ts";
import { waitsOf } from "./time-features.ts";
import type { Slice } from "./attribution.ts";

/** A feature's value, and what to say when it is there and when it is not. */
export interface Feature {
  readonly value: number;
  readonly says: string;
  readonly denies: string | null;
}

/** Evaluates all features of the knowledge. A feature that these logs cannot tell is missing from the map. */
export function featuresOf(
  matter: Matter,
  knowledge: Knowledge,
  peers: PeersView | null,
  slices: readonly Slice[],
  load: Load | null,
): ReadonlyMap<string, Feature> {
  const events = eventsNear(matter);
  const computed = computedFeatures({
    matter,
    waits: waitsOf(matter),
    peers,
    slices,
    load,
    events,
  });
  const leads = leadsOf(matter);
  const features = new Map<string, Feature>();
  for (const [name, rule] of Object.entries(knowledge.features)) {
    const feature = evaluate(matter, rule, computed, leads);
    if (feature !== null) features.set(name, feature);
  }
  return features;
}

function evaluate(
  matter: Matter,
  rule: FeatureRule,
  computed: ReadonlyMap<string, Observed>,
  leads: Leads,
): Feature | null {
  if ("computed" in rule) {
    const seen = computed.get(rule.computed);
    if (seen === undefined) return null;
    return {
      value: ramp(seen.value, rule.from ?? 0, rule.to ?? 1),
      says: seen.says,
      denies: seen.denies,
    };
  }
  if ("share" in rule) return shareFeature(matter, rule, leads);
  return eventFeature(matter, rule);
}

interface Tally {
  n: number;
  all: number;
  readonly codes: Map<string, number>;
}

/**
 * Share of the root failures with one of these reasons or codes; shrunk, so that few failures prove little. Proxies that
 * see one fault say it in words of their own: the one whose words say it most clearly is the witness.
 */
function shareFeature(
  matter: Matter,
  rule: Extract<FeatureRule, { share: unknown }>,
  leads: Leads,
): Feature {
  const { reasons, codes } = rule.share;
  // A share of a reason that only follows from others is a share of everything.
  const isOfAll =
    reasons !== undefined &&
    reasons.some((reason) => !matter.roots.has(reason) && matter.reasons.has(reason));
  const tallies = new Map<string, Tally>();
  for (const kind of matter.kinds) {
    const { proxy, reason, code, count } = kind;
    if (!isOfAll && !matter.roots.has(reason)) continue;
    let tally = tallies.get(proxy);
    if (tally === undefined) tallies.set(proxy, (tally = { n: 0, all: 0, codes: new Map() }));
    tally.all += count;
    if (!matches(kind, reasons, codes)) continue;
    tally.n += count;
    if (code !== "") tally.codes.set(code, (tally.codes.get(code) ?? 0) + count);
  }
  let witness = "";
  let share = -1;
  const told = reasons === undefined ? [] : toldOtherwise(matter, reasons, leads);
  for (const [proxy, tally] of tallies) {
    if (told.includes(proxy)) continue;
    const own = shrunk(tally);
    if (own > share) [witness, share] = [proxy, own];
  }
  const { n, all, codes: found } = tallies.get(witness) ?? { n: 0, all: 0, codes: new Map() };
  const blanks = {
    n: String(n),
    all: tallies.size > 1 ? `${all} ${witness}` : String(all),
    where: whereOf(matter),
    code: mostFrequent(found),
  };
  return {
    value: ramp(share, rule.from ?? 0.3, rule.to ?? 0.8),
    says: fill(rule.says, blanks),
    denies: rule.denies === undefined ? null : fill(rule.denies, blanks),
  };
}

/** The most frequent root reason of each proxy. */
type Leads = readonly (readonly [proxy: string, lead: Reason])[];

function leadsOf({ kinds, roots }: Matter): Leads {
  const byProxy = groupBy(
    kinds.filter(({ reason }) => roots.has(reason)),
    ({ proxy }) => proxy,
  );
  return [...byProxy].map(([proxy, own]) => {
    const counts = new Map<Reason, number>();
    for (const { reason, count } of own) counts.set(reason, (counts.get(reason) ?? 0) + count);
    return [proxy, leadOf(counts)!] as const;
  });
}

/**
 * Proxies whose vague word ("no connection came about") another proxy says more precisely, as a reason that is not one of
 * these: they are no witness for it.
 */
function toldOtherwise(
  { knowledge }: Matter,
  reasons: readonly Reason[],
  leads: Leads,
): readonly string[] {
  const known = knowledge.reasons;
  return leads
    .filter(
      ([, lead]) =>
        reasons.includes(lead) &&
        known[lead].gaps.length > 0 &&
        leads.some(
          ([, other]) =>
            !reasons.includes(other) &&
            known[other].gaps.length === 0 &&
            (known[lead].akin[other] ?? 0) >= CONFIG.link.akin,
        ),
    )
    .map(([proxy]) => proxy);
}

function shrunk({ n, all }: Tally): number {
  const { shrink } = CONFIG.causes;
  return n === 0 ? 0 : (n + shrink) / (all + 2 * shrink);
}

function matches(
  kind: FailureKind,
  reasons?: readonly Reason[],
  codes?: readonly string[],
): boolean {
  if (reasons !== undefined && !reasons.includes(kind.reason)) return false;
  if (codes === undefined) return true;
  const code = kind.code.toLowerCase();
  return codes.some((part) => code.includes(part));
}

function eventFeature(
  matter: Matter,
  rule: Extract<FeatureRule, { events: unknown }>,
): Feature | null {
  const { summary } = matter.index;
  if (summary.events.length === 0) return null;
  const found = eventsNear(matter).filter(
    (event) =>
      rule.events.includes(event.kind) &&
      (rule.text === undefined ||
        rule.text.some((part) => event.text.toLowerCase().includes(part))) &&
      (rule.where === "anywhere" || concerns(matter, event)) &&
      (rule.when !== "before" || event.time <= matter.firstFailure + CONFIG.link.skewMs),
  );
  const first = found[0];
  const blanks = {
    n: String(found.length),
    event: first?.kind.replaceAll("-", " ") ?? "",
    whom: first === undefined ? "" : (first.peer ?? first.pool ?? first.proxy),
    text: (first?.says || first?.text || "").replace(/\s+/g, " ").slice(0, 90),
    where: whereOf(matter),
  };
  return {
    value: found.length > 0 ? 1 : 0,
    says: fill(rule.says, blanks),
    denies: rule.denies === undefined ? null : fill(rule.denies, blanks),
  };
}

/** Events from shortly before an incident's start until shortly after its end. */
function eventsNear({ index, start, end }: Matter): readonly EventItem[] {
  const { eventsBeforeMs, eventsAfterMs } = CONFIG.causes;
  return index.summary.events.filter(
    ({ time }) => time >= start - eventsBeforeMs && time <= end + eventsAfterMs,
  );
}

/** Whether an event is about an upstream that failed, or about no upstream in particular. */
function concerns(matter: Matter, { pool, peer }: EventItem): boolean {
  if (pool === null && peer === null) return true;
  const stem = pool === null ? null : stemOf(pool);
  for (const row of matter.concerned) {
    const { upstream } = row;
    if (peer !== null && (upstream.peer === peer || upstream.peer === `${pool}/${peer}`))
      return true;
    if (stem !== null && upstream.pool !== null && stemOf(upstream.pool) === stem) return true;
  }
  return false;
}

/** ` on 127.0.0.1:9102`, ` in app`, or nothing. */
function whereOf({ index, failing }: Matter): string {
  const rows = [...failing].map((row) => index.rows[row]!.upstream);
  const peers = new Set(rows.map(({ peer }) => peer));
  const pools = new Set(rows.map(({ pool }) => pool));
  const [peer] = peers;
  const [pool] = pools;
  if (peers.size === 1 && peer != null) return ` on ${peer}`;
  return pools.size === 1 && pool != null ? ` in ${pool}` : "";
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  let best = "";
  let most = 0;
  for (const [name, count] of counts) {
    if (count > most || (count === most && name < best)) [best, most] = [name, count];
  }
  return best;
}

/** Replaces `{name}` blanks; unknown ones stay. */
export function fill(text: string, blanks: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => blanks[name] ?? whole);
}

/** 0 below `from`, 1 above `to`, straight between. */
function ramp(x: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (x - from) / (to - from)));
}
