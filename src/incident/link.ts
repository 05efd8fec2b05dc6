// Episodes that belong together become one incident: additive weights for coincidence, place, reason and consequence.
// Longer than most files: each weight stands beside the reason for it.
//
// reference/algorithms.md §3.2, with three additions: reasons are alike by degree (each proxy has its own words for one
// failure), a different failure at a place not known to be the same weighs against, and so does quiet time between.
import { once } from "../input/index.ts";
import type { Reason } from "../record/index.ts";
import { AskedPaths } from "./asked-paths.ts";
import { CONFIG, quantise } from "./config.ts";
import type { Episode } from "./episodes.ts";
import type { Knowledge } from "./knowledge.ts";
import { sizeOf, type Indexed } from "./rows.ts";
import { relationOf, type Relation, type Services } from "./services.ts";

/** An episode with what linking looks at. */
export interface Linkable {
  readonly episode: Episode;
  readonly services: ReadonlySet<number>;
  readonly reasons: ReadonlyMap<Reason, number>;
  /** The most frequent of them. */
  readonly lead: Reason | null;
  /** What each reason there is has in common with them, and they with themselves. */
  readonly kin: ReadonlyMap<Reason, number>;
  readonly ownKinship: number;
  /** First segments of the paths asked there; empty where no example names one. */
  readonly paths: () => ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
  /** Onsets per second of this key over the log, for how surprising a coincidence is. */
  readonly frequency: number;
}

/** What linking looks at, for each episode. */
export function linkables(
  index: Indexed,
  services: Services,
  episodes: readonly Episode[],
  knowledge: Knowledge,
): Linkable[] {
  const { failures, upstreams, exemplars } = index.summary;
  const perKey = new Map<string, number>();
  for (const { key } of episodes) perKey.set(key, (perKey.get(key) ?? 0) + 1);
  const asked = new AskedPaths(exemplars);
  const seconds = Math.max(86_400, (index.span.to - index.span.from) / 1000);
  return episodes.map((episode) => {
    const of = new Set<number>();
    const rows = new Set<number>();
    const reasons = new Map<Reason, number>();
    const nodes = new Set<string>();
    for (const cell of episode.cells) {
      const failure = failures[cell]!;
      rows.add(failure.upstream);
      reasons.set(failure.reason, (reasons.get(failure.reason) ?? 0) + sizeOf(failure));
    }
    for (const row of rows) {
      of.add(services.of[row]!);
      const { proxy, node } = upstreams[row]!;
      nodes.add(`${proxy} ${node ?? ""}`);
    }
    // Most pairs are told apart without: reading the lines waits.
    const paths = once(() => asked.around(rows, episode.start - 1000, episode.end + 1000));
    const frequency = perKey.get(episode.key)! / seconds;
    const lead = leadOf(reasons);
    const kin = kinOf(reasons, knowledge);
    const ownKinship = product(kin, reasons);
    return { episode, services: of, reasons, lead, kin, ownKinship, paths, nodes, frequency };
  });
}

/** How alike two mixes of reasons are: the cosine under the kinship of reasons, 0 to 1. */
export function likeness(
  a: ReadonlyMap<Reason, number>,
  b: ReadonlyMap<Reason, number>,
  knowledge: Knowledge,
): number {
  const [ofA, ofB] = [kinOf(a, knowledge), kinOf(b, knowledge)];
  return cosine(product(ofA, b), product(ofA, a), product(ofB, b));
}

function cosine(shared: number, own: number, other: number): number {
  const scale = Math.sqrt(own * other);
  return scale === 0 ? 0 : Math.min(1, shared / scale);
}

/** What each reason has in common with a mix of them: reasons of one kin are not at right angles. */
function kinOf(mix: ReadonlyMap<Reason, number>, { reasons }: Knowledge): Map<Reason, number> {
  const out = new Map<Reason, number>();
  for (const other of Object.keys(reasons) as Reason[]) {
    let sum = 0;
    for (const [one, n] of mix) {
      const kin =
        one === other ? 1 : Math.max(reasons[one].akin[other] ?? 0, reasons[other].akin[one] ?? 0);
      sum += n * kin;
    }
    if (sum > 0) out.set(other, sum);
  }
  return out;
}

function product(kin: ReadonlyMap<Reason, number>, mix: ReadonlyMap<Reason, number>): number {
  let sum = 0;
  for (const [reason, n] of mix) sum += n * (kin.get(reason) ?? 0);
  return sum;
}

/** Whether the reasons of one follow from the reasons of the other (no peer left after each refused). */
export function isConsequence(
  follower: ReadonlyMap<Reason, number>,
  first: ReadonlyMap<Reason, number>,
  knowledge: Knowledge,
): boolean {
  return follows(leadOf(follower), first, knowledge);
}

function follows(
  lead: Reason | null,
  first: ReadonlyMap<Reason, number>,
  { reasons }: Knowledge,
): boolean {
  return lead !== null && reasons[lead].follows.some((cause) => first.has(cause));
}

/** Whether one may be another proxy's word for the other: it passes on what an inner proxy made, for the same paths. */
export function isEcho(outer: Linkable, inner: Linkable, { reasons }: Knowledge): boolean {
  const { lead } = outer;
  if (lead === null || !reasons[lead].echoes.some((cause) => inner.reasons.has(cause)))
    return false;
  return [...outer.nodes].every((node) => !inner.nodes.has(node)) && sharePaths(outer, inner);
}

/** The most frequent reason; ties by name. */
export function leadOf(reasons: ReadonlyMap<Reason, number>): Reason | null {
  let best: Reason | null = null;
  for (const [reason, count] of reasons) {
    const most = best === null ? -1 : reasons.get(best)!;
    if (count > most || (count === most && reason < best!)) best = reason;
  }
  return best;
}

/** How much speaks for two episodes being one story (nats). */
function linkWeight(a: Linkable, b: Linkable, services: Services, knowledge: Knowledge): number {
  const { link } = CONFIG;
  const [x, y] = [a.episode, b.episode];
  const apart = Math.abs(x.start - y.start);
  const shared = Math.min(x.end, y.end) - Math.max(x.start, y.start);
  if (apart > link.nearMs && shared < 0) return -Infinity;
  const seconds = Math.max(apart - link.skewMs, 0) / 1000 + 1;
  const chance = 1 - Math.exp(-(a.frequency + b.frequency) * seconds);
  let weight = Math.min(link.onsetMost, -Math.log(chance));
  const all = Math.max(x.end, y.end) - Math.min(x.start, y.start);
  weight += link.overlap * (all > 0 ? Math.max(0, shared) / all : 1);
  if (shared < 0) weight += (link.perQuietMinute * -shared) / 60_000;
  const relation = placesOf(a, b, services);
  const like = cosine(product(a.kin, b.reasons), a.ownKinship, b.ownKinship);
  // That two places both failed in no particular way says nothing.
  const isTelling = relation !== "other" || (isPrecise(a, knowledge) && isPrecise(b, knowledge));
  if (isTelling) weight += link.reasons * (like - 0.5);
  if (relation === "same") weight += link.sameService;
  if (relation === "other") weight += link.otherService;
  const isFollowed =
    follows(b.lead, a.reasons, knowledge) ||
    follows(a.lead, b.reasons, knowledge) ||
    isEcho(a, b, knowledge) ||
    isEcho(b, a, knowledge);
  if (isFollowed && relation !== "other") weight += link.consequence;
  else if (like < link.akin && relation !== "same") weight += link.otherReason;
  if (relation === "unknown" && sharePaths(a, b)) weight += link.samePath;
  weight += nodeWeight(a, b, services);
  return quantise(weight);
}

/** How the places of two groups stand to each other: as their main episodes, unless some of their services are the same. */
export function placesOfGroups(
  a: readonly Linkable[],
  b: readonly Linkable[],
  services: Services,
): Relation {
  const of = (group: readonly Linkable[]): ReadonlySet<number> =>
    new Set(group.flatMap((member) => [...member.services]));
  const relation = relationOf(services, of(a), of(b));
  if (relation !== "unknown") return relation;
  const isShared = a.some((one) => b.some((other) => sharePaths(one, other)));
  return isShared ? "same" : placesOf(primaryOf(a), primaryOf(b), services);
}

/** How two episodes' places stand to each other; places that answer other paths are others, unless they are known better. */
function placesOf(a: Linkable, b: Linkable, services: Services): Relation {
  const relation = relationOf(services, a.services, b.services);
  const isTold = relation === "unknown" && a.paths().size > 0 && b.paths().size > 0;
  return isTold && !sharePaths(a, b) ? "other" : relation;
}

function sharePaths(a: Linkable, b: Linkable): boolean {
  for (const path of a.paths()) if (b.paths().has(path)) return true;
  return false;
}

/** Whether the leading reason says what happened: it does not ask for another field to be logged. */
function isPrecise({ lead }: Linkable, knowledge: Knowledge): boolean {
  return lead !== null && knowledge.reasons[lead].gaps.length === 0;
}

/** Each confined to another node of one proxy: two stories, unless it is one service. */
function nodeWeight(a: Linkable, b: Linkable, services: Services): number {
  if (a.nodes.size !== 1 || b.nodes.size !== 1) return 0;
  const [one] = a.nodes;
  const [other] = b.nodes;
  if (one === other) return 0;
  const isOneProxy = one!.split(" ")[0] === other!.split(" ")[0];
  return isOneProxy && relationOf(services, a.services, b.services) !== "same"
    ? CONFIG.link.otherNode
    : 0;
}

/** Groups linked episodes. An episode joins the group whose main episode it fits best, if it fits some member well. */
export function groupEpisodes(
  episodes: readonly Linkable[],
  services: Services,
  knowledge: Knowledge,
): readonly (readonly Linkable[])[] {
  const { link } = CONFIG;
  const groups: { readonly members: Linkable[]; primary: Linkable }[] = [];
  for (const next of episodes) {
    let best: (typeof groups)[number] | null = null;
    let most = link.leastPrimary - CONFIG.quantum;
    for (const group of groups) {
      const weight = linkWeight(group.primary, next, services, knowledge);
      if (weight <= most) continue;
      const fits =
        weight >= link.least ||
        group.members.some((member) => linkWeight(member, next, services, knowledge) >= link.least);
      if (!fits) continue;
      best = group;
      most = weight;
    }
    if (best === null) groups.push({ members: [next], primary: next });
    else {
      best.members.push(next);
      best.primary = primaryOf([best.primary, next]);
    }
  }
  return joinWide(
    groups.map(({ members }) => members),
    knowledge,
  );
}

/** Three or more groups that begin at one instant for kindred reasons are one: what they share failed. */
function joinWide(groups: readonly Linkable[][], knowledge: Knowledge): readonly Linkable[][] {
  const { link } = CONFIG;
  const out: Linkable[][] = [];
  const taken = new Set<Linkable[]>();
  for (const group of groups) {
    if (taken.has(group)) continue;
    const main = primaryOf(group);
    const alike = groups.filter((other) => {
      if (taken.has(other)) return false;
      const next = primaryOf(other);
      const isTogether = Math.abs(next.episode.start - main.episode.start) <= link.skewMs;
      return isTogether && likeness(main.reasons, next.reasons, knowledge) >= link.akin;
    });
    const joined = alike.length >= link.wide ? alike : [group];
    for (const member of joined) taken.add(member);
    out.push(joined.flat());
  }
  return out;
}

/** The episode with the most failures; of equals the earliest, then the first by key. */
export function primaryOf(group: readonly Linkable[]): Linkable {
  return group.reduce((best, next) => {
    const more = sizeOfEpisode(next.episode) - sizeOfEpisode(best.episode);
    return more > 0 ? next : best;
  });
}

function sizeOfEpisode({ failures, masked }: Episode): number {
  return failures + masked;
}
