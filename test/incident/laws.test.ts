// Laws of the whole room: the same in gives the same out, time is only an offset, counts add up, and it is fast.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse, type Analysis, type Incident } from "../../src/incident/index.ts";
import type { Summary } from "../../src/summary/index.ts";
import { knowledge } from "../support/knowledge.ts";
import { BASE, Scenario, seeded, simulate } from "../support/scenario.ts";
import { FAULTS } from "./faults.ts";

const NAMES = Object.keys(FAULTS) as (keyof typeof FAULTS)[];
const BLOCK = 600_000;

function shifted(summary: Summary, by: number): Summary {
  const move = (times: Float64Array): Float64Array => times.map((time) => time + by);
  return {
    ...summary,
    sources: summary.sources.map((source) => ({
      ...source,
      firstTime: source.firstTime! + by,
      lastTime: source.lastTime! + by,
    })),
    traffic: { ...summary.traffic, time: move(summary.traffic.time) },
    latency: { ...summary.latency, time: move(summary.latency.time) },
    failures: summary.failures.map((cell) => ({
      ...cell,
      time: cell.time + by,
      firstMs: cell.firstMs + by,
      lastMs: cell.lastMs + by,
      firstStartMs: cell.firstStartMs + by,
    })),
    exemplars: summary.exemplars.map((exemplar) => ({ ...exemplar, time: exemplar.time + by })),
    events: summary.events.map((event) => ({ ...event, time: event.time + by })),
  };
}

/** Everything an incident says but its id, with times as offsets from `from`. */
function relative({ incidents }: Analysis, from: number): unknown {
  return incidents.map(({ id, parent, symptoms, ...incident }: Incident) => ({
    ...incident,
    start: incident.start - from,
    firstFailure: incident.firstFailure - from,
    end: incident.end - from,
    peak: { ...incident.peak, time: incident.peak.time - from },
    timeline: { ...incident.timeline, start: incident.timeline.start - from },
    bursts: incident.bursts.map((burst) => ({
      ...burst,
      start: burst.start - from,
      end: burst.end - from,
    })),
    isSymptom: parent !== null,
    ids: id.length + symptoms.length,
  }));
}

const summaries = fc
  .record({
    name: fc.constantFrom(...NAMES),
    view: fc.constantFrom(
      "nginx",
      "nginx-combined",
      "nginx-error",
      "haproxy",
      "envoy",
      "envoy-json",
    ),
    seed: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ name, view, seed }) => simulate(new Scenario(), view, FAULTS[name], { seed }).summary());

describe("analyse", () => {
  it("shifting all times shifts incidents and nothing else", () => {
    fc.assert(
      fc.property(summaries, fc.integer({ min: -3000, max: 3000 }), (summary, blocks) => {
        const by = blocks * BLOCK;
        expect(relative(analyse(shifted(summary, by), knowledge), by)).toEqual(
          relative(analyse(summary, knowledge), 0),
        );
      }),
      { numRuns: 40, seed: 502 },
    );
  });

  it("gives every failure to one incident or to the background", () => {
    fc.assert(
      fc.property(summaries, (summary) => {
        const { incidents, background } = analyse(summary, knowledge);
        const told = incidents.reduce((sum, { failures, masked }) => sum + failures + masked, 0);
        const all = summary.failures.reduce(
          (sum, { visible, masked }) => sum + visible + masked,
          0,
        );
        expect(told + background.failures).toBe(all);
        for (const incident of incidents) {
          const byReason = incident.reasons.reduce((sum, { count }) => sum + count, 0);
          expect(byReason).toBe(incident.failures + incident.masked);
          expect(incident.requests).toBeGreaterThanOrEqual(incident.failures);
          expect(incident.rate).toBeLessThanOrEqual(1);
          expect(incident.start).toBeLessThanOrEqual(incident.end);
          expect(incident.id).toMatch(/^[0-9a-f]{10}$/);
          const shares = incident.upstreams.reduce((sum, { failures }) => sum + failures, 0);
          expect(shares).toBe(incident.failures > 0 ? incident.failures : incident.masked);
          const hidden = incident.upstreams.reduce((sum, { masked }) => sum + masked, 0);
          expect(shares + hidden).toBe(incident.failures + incident.masked);
          expect(incident.retries?.perRequest ?? 1).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 60, seed: 502 },
    );
  });

  it("gives the same bytes twice", () => {
    const summary = simulate(new Scenario(), "haproxy", FAULTS.two).summary();
    expect(JSON.stringify(analyse(summary, knowledge))).toBe(
      JSON.stringify(analyse(summary, knowledge)),
    );
  });

  it("finds nothing in nothing", () => {
    expect(analyse(new Scenario().summary(), knowledge)).toEqual({
      incidents: [],
      background: { failures: 0, byReason: {} },
      gaps: [],
    });
  });

  it("keeps episodes of one key that lie within a minute together, and later ones apart", () => {
    const scenario = new Scenario();
    for (let second = 0; second < 3600; second++) {
      const isDown =
        (second >= 600 && second < 900 && second % 45 < 5) || (second >= 2400 && second < 2430);
      for (let i = 0; i < 5; i++) {
        const rest = { at: BASE + second * 1000 + i * 200, pool: "app", peer: "10.0.0.1:80" };
        scenario.request(isDown ? { ...rest, status: 502, reason: "connect-refused" } : rest);
      }
    }
    const { incidents } = analyse(scenario.summary(), knowledge);
    expect(incidents).toHaveLength(2);
    const flaps = incidents.find(({ bursts }) => bursts.length > 1)!;
    expect(flaps.bursts.length).toBeGreaterThanOrEqual(6);
    expect(flaps.causes[0]!.cause).toBe("crash-loop");
  });

  it("takes two million failures of a day in 100,000 cells", () => {
    const random = seeded(11);
    const cells: Summary["failures"][number][] = [];
    const upstreams: Summary["upstreams"][number][] = [];
    const columns: { upstream: number; time: number; requests: number }[] = [];
    for (let peer = 0; peer < 20; peer++) {
      upstreams.push({ proxy: "haproxy", node: "lb1", pool: `pool${peer % 5}`, peer: `s${peer}` });
    }
    upstreams.sort((a, b) => (a.pool! + a.peer! < b.pool! + b.peer! ? -1 : 1));
    for (let upstream = 0; upstream < 20; upstream++) {
      for (let second = 0; second < 86_400; second += 17) {
        const time = BASE + second * 1000;
        columns.push({ upstream, time, requests: 60 });
        if (random() < 0.98) {
          const times = { time, firstMs: time, lastMs: time + 900, firstStartMs: time };
          const visible = 10 + Math.floor(random() * 20);
          cells.push({
            upstream,
            ...times,
            reason: "connect-refused",
            code: "SC--",
            status: 503,
            visible,
            masked: 0,
            uncounted: false,
          });
        }
      }
    }
    const summary: Summary = {
      ...new Scenario()
        .note(BASE, "haproxy")
        .note(BASE + 86_400_000, "haproxy")
        .summary(),
      upstreams,
      failures: cells,
      traffic: {
        stepMs: 1000,
        upstream: Uint32Array.from(columns, (column) => column.upstream),
        time: Float64Array.from(columns, (column) => column.time),
        requests: Uint32Array.from(columns, (column) => column.requests),
        retried: new Uint32Array(columns.length),
        unlisted: new Uint32Array(columns.length),
      },
    };
    expect(cells.length).toBeGreaterThan(95_000);
    const { incidents, background } = analyse(summary, knowledge);
    const told = incidents.reduce((sum, { failures }) => sum + failures, background.failures);
    expect(told).toBe(cells.reduce((sum, { visible }) => sum + visible, 0));
  });
});
