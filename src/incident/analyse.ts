// From a summary to incidents: bursts, groups, stories. Pure: equal summaries give equal analyses.
import { firstSegment } from "./asked-paths.ts";
import { CONFIG } from "./config.ts";
import { describe } from "./describe.ts";
import { episodesOf } from "./episodes.ts";
import { gapsOf } from "./gaps.ts";
import type { Analysis, Incident } from "./incident.ts";
import type { Knowledge } from "./knowledge.ts";
import {
  groupEpisodes,
  isConsequence,
  isEcho,
  likeness,
  linkables,
  placesOfGroups,
  type Linkable,
} from "./link.ts";
import { matterOf, type Matter } from "./matter.ts";
import { indexed, requestsBetween, sizeOf, type Indexed } from "./rows.ts";
import { relationOf, servicesOf, type Services } from "./services.ts";
import { once } from "../input/index.ts";
import type { Reason } from "../record/index.ts";
import { groupBy, type Exemplar, type Summary } from "../summary/index.ts";

/** Analyses a summary. Incidents come in order of weight: those still lasting first, then by failures. */
export function analyse(summary: Summary, knowledge: Knowledge): Analysis {
  const index = indexed(summary);
  const services = servicesOf(index);
  const episodes = linkables(index, services, episodesOf(index), knowledge);
  const groups = groupEpisodes(episodes, services, knowledge);
  const owned = new Uint8Array(summary.failures.length);
  for (const { episode } of episodes) for (const cell of episode.cells) owned[cell] = 1;
  const strays = straysOf(index, services, knowledge, groups, owned);
  const matters = groups.map((group, at) =>
    matterOf(index, services, knowledge, group, strays[at]!),
  );
  for (const cells of strays) for (const cell of cells) owned[cell] = 1;
  const incidents = matters.map((matter) => describe(matter, baselineOf(matter, owned)));
  return {
    incidents: withParents(incidents, matters, services, knowledge),
    background: backgroundOf(index, owned),
    gaps: gapsOf(summary, knowledge),
  };
}

/** Failures too few to burst by themselves, at an incident's time and of its kind: they are part of it. */
function straysOf(
  index: Indexed,
  services: Services,
  knowledge: Knowledge,
  groups: readonly (readonly Linkable[])[],
  owned: Uint8Array,
): number[][] {
  const { strayMs, rootBeforeMs, link } = CONFIG;
  const spans = groups.map((group) => {
    const failures = group.reduce((sum, { episode }) => sum + episode.failures + episode.masked, 0);
    const reasons = new Map<Reason, number>();
    for (const member of group)
      for (const [reason, n] of member.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + n);
    return {
      from: Math.min(...group.map(({ episode }) => episode.start)) - strayMs,
      to: Math.max(...group.map(({ episode }) => episode.end)) + strayMs,
      of: new Set(group.flatMap((member) => [...member.services])),
      paths: once(() => new Set(group.flatMap((member) => [...member.paths()]))),
      reasons,
      failures,
    };
  });
  const order = spans
    .map((_, at) => at)
    .sort((a, b) => spans[b]!.failures - spans[a]!.failures || a - b);
  const strays: number[][] = groups.map(() => []);
  if (groups.length === 0) return strays;
  const lines = groupBy(index.summary.exemplars, ({ upstream }) => upstream);
  for (const [cell, failure] of index.summary.failures.entries()) {
    if (owned[cell] === 1 || index.counts[cell] === 0) continue;
    const service = services.of[failure.upstream]!;
    const own = new Map([[failure.reason, sizeOf(failure)]]);
    const found = order.find((at) => {
      const span = spans[at]!;
      if (failure.firstMs < span.from - rootBeforeMs || failure.firstMs > span.to) return false;
      // What took the peers out comes before "no peer left", as long before as peers are left out.
      const isRoot = isConsequence(span.reasons, own, knowledge);
      const from = isRoot ? span.from - rootBeforeMs : span.from;
      if (failure.firstMs < from) return false;
      const relation = relationOf(services, span.of, new Set([service]));
      if (relation !== "unknown") return relation === "same";
      // Long before, only failures of the same paths can be meant.
      const isAsked = ({ path }: Exemplar): boolean =>
        path !== null && span.paths().has(firstSegment(path));
      if (failure.firstMs < span.from && !lines.get(failure.upstream)?.some(isAsked)) return false;
      const isAkin = likeness(own, span.reasons, knowledge) >= link.akin;
      return isAkin || isRoot;
    });
    if (found !== undefined) strays[found]!.push(cell);
  }
  return strays;
}

/** The failing rate of the same upstreams outside of any incident. */
function baselineOf({ index, concerned, start, end }: Matter, owned: Uint8Array): number {
  let requests = 0;
  let failures = 0;
  for (const row of concerned) {
    requests += row.requests - requestsBetween(index, row, start, end, true);
    for (let f = row.failuresFrom; f < row.failuresTo; f++) {
      if (index.counts[f] === 1 && owned[f] === 0) failures += sizeOf(index.summary.failures[f]!);
    }
  }
  return requests <= 0 ? 0 : Math.min(1, failures / requests);
}

function backgroundOf({ summary, counts }: Indexed, owned: Uint8Array): Analysis["background"] {
  const byReason = new Map<string, number>();
  let failures = 0;
  for (const [at, cell] of summary.failures.entries()) {
    if (owned[at] === 1 || counts[at] === 0) continue;
    failures += sizeOf(cell);
    byReason.set(cell.reason, (byReason.get(cell.reason) ?? 0) + sizeOf(cell));
  }
  const sorted = [...byReason].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return { failures, byReason: Object.fromEntries(sorted) };
}

/** An incident whose failures follow from another's, begun no earlier, is its symptom. */
function withParents(
  incidents: readonly Incident[],
  matters: readonly Matter[],
  services: Services,
  knowledge: Knowledge,
): Incident[] {
  const parents = incidents.map((incident, at) => {
    const own = matters[at]!;
    const found = incidents
      .map((other, index) => ({ other, matter: matters[index]! }))
      .filter(({ other, matter }) => {
        const isBefore = other.start <= incident.start + CONFIG.link.skewMs;
        if (other === incident || !isBefore || other.end < incident.start) return false;
        if (isEcho(own.primary, matter.primary, knowledge)) return true;
        if (!isConsequence(own.reasons, matter.reasons, knowledge)) return false;
        if (isConsequence(matter.reasons, own.reasons, knowledge)) return false;
        return placesOfGroups(own.members, matter.members, services) === "same";
      })
      .sort((a, b) => b.matter.all - a.matter.all || a.other.start - b.other.start);
    return found[0]?.other.id ?? null;
  });
  return incidents
    .map((incident, at) => ({
      ...incident,
      parent: parents[at]!,
      symptoms: incidents.filter((_, other) => parents[other] === incident.id).map(({ id }) => id),
    }))
    .sort(
      (a, b) =>
        Number(b.ongoing) - Number(a.ongoing) ||
        b.failures + b.masked - a.failures - a.masked ||
        a.start - b.start ||
        (a.id < b.id ? -1 : 1),
    );
}
