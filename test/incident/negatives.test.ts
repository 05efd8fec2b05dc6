// What must give no incident: the negative controls N1–N14 of algorithms.md §8.
import { describe, expect, it } from "vitest";
import { analyse, type Incident } from "../../src/incident/index.ts";
import { knowledge } from "../support/knowledge.ts";
import { BASE, Scenario, seeded, simulate, type Fault, type Request } from "../support/scenario.ts";

const quiet: Fault = () => null;

/** A day of one request a second, or as many as `rate` says, with a fault. */
function day(
  of: (at: number, random: () => number) => Partial<Request>,
  perSecond = 0.5,
  hours = 24,
): readonly Incident[] {
  const scenario = new Scenario();
  const random = seeded(3);
  for (let second = 0; second < hours * 3600; second++) {
    if (random() >= perSecond) continue;
    const at = BASE + second * 1000;
    scenario.request({ at, pool: "app", peer: `10.0.0.${second % 3}:80`, ...of(at, random) });
  }
  return analyse(scenario.summary(), knowledge).incidents;
}

const failure = { status: 502, reason: "disconnect" } as const;

describe("no incident", () => {
  it("N1: a steady background of 2 %", () => {
    expect(day((_, random) => (random() < 0.02 ? failure : {}))).toEqual([]);
  });

  it("N1 in a short log", () => {
    const fault: Fault = ({ random }) => (random() < 0.02 ? { reason: "connect-refused" } : null);
    expect(
      analyse(simulate(new Scenario(), "nginx", fault, { seconds: 120 }).summary(), knowledge)
        .incidents,
    ).toEqual([]);
  });

  it("N2: five times the traffic, and no failures", () => {
    const load = (at: number): number => (at > 18 && at < 28 ? 5 : 1);
    expect(
      analyse(simulate(new Scenario(), "haproxy", quiet, { load }).summary(), knowledge).incidents,
    ).toEqual([]);
  });

  it("N3: an application that says 502 now and then", () => {
    expect(
      day((_, random) => (random() < 0.005 ? { status: 502, reason: "upstream-status" } : {})),
    ).toEqual([]);
  });

  it("N4: answers that only get slower", () => {
    expect(
      analyse(
        simulate(new Scenario(), "envoy", quiet, { slow: (at) => 1 + at }).summary(),
        knowledge,
      ).incidents,
    ).toEqual([]);
  });

  it("N5: ten times the load by day at 1e-4", () => {
    const scenario = new Scenario();
    const random = seeded(5);
    for (let second = 0; second < 43_200; second += 2) {
      const count = 1 + Math.round(5 * (1 + Math.sin(second / 6000)));
      for (let i = 0; i < count; i++) {
        scenario.request({
          at: BASE + second * 1000,
          pool: "app",
          peer: "10.0.0.1:80",
          ...(random() < 1e-4 ? failure : {}),
        });
      }
    }
    expect(analyse(scenario.summary(), knowledge).incidents).toEqual([]);
  });

  it("N6: a drain without failures", () => {
    const scenario = simulate(new Scenario(), "haproxy", quiet);
    scenario.event(
      BASE + 20_000,
      "maintenance",
      "be_app/app1",
      "Server be_app/app1 is going DOWN for maintenance",
      "be_app",
    );
    expect(analyse(scenario.summary(), knowledge).incidents).toEqual([]);
  });

  it("N7: scanners and unknown addresses", () => {
    expect(
      day((_, random) => (random() < 0.3 ? { status: 404, reason: "proxy-config" } : {}), 0.5, 1),
    ).toEqual([]);
  });

  it("N8: clients that leave", () => {
    const fault: Fault = ({ at }) =>
      at > 18 && at < 28 ? { reason: "client-abort", status: 499 } : null;
    for (const view of ["nginx", "haproxy", "envoy"] as const) {
      expect(analyse(simulate(new Scenario(), view, fault).summary(), knowledge).incidents).toEqual(
        [],
      );
    }
  });

  it("N9: two retried failures that nobody saw", () => {
    const scenario = simulate(new Scenario(), "nginx", quiet);
    for (const at of [18_000, 18_000, 19_000, 20_000]) {
      scenario.request({
        at: BASE + 7_000 + at,
        peer: "127.0.0.1:9201",
        status: 200,
        reason: "connect-refused",
        masked: true,
      });
    }
    expect(analyse(scenario.summary(), knowledge).incidents).toEqual([]);
  });

  it("N10: clumps of two, hourly", () => {
    expect(
      day((at) => (at % 3_600_000 < 4000 && (at / 1000) % 3600 < 2 ? failure : {}), 1),
    ).toEqual([]);
  });

  it("N11: a reload without failures", () => {
    const scenario = simulate(new Scenario(), "nginx", quiet);
    scenario.event(
      BASE + 20_000,
      "reload",
      null,
      "signal 1 (SIGHUP) received, reconfiguring",
      null,
      "nginx",
    );
    expect(analyse(scenario.summary(), knowledge).incidents).toEqual([]);
  });

  it("N12: two failures in a row, at an upstream with little traffic", () => {
    expect(
      day(
        (at) =>
          Math.floor((at - BASE) / 3_600_000) === 9 && (at / 60_000) % 60 < 1 ? failure : {},
        0.02,
      ),
    ).toEqual([]);
  });

  it("N13: a dead virtual host asked since the log began is never said to have started", () => {
    const incidents = day(
      (_, random) => (random() < 0.1 ? { pool: "dead", ...failure } : {}),
      0.5,
      1,
    );
    expect(incidents.length).toBeLessThanOrEqual(1);
    for (const incident of incidents)
      expect(incident).toMatchObject({ leftCensored: true, ongoing: true });
  });

  it("N14: limits of the proxy's own", () => {
    const fault: Fault = ({ at, random }) =>
      at > 18 && random() < 0.5 ? { reason: "proxy-policy", status: 503 } : null;
    expect(
      analyse(simulate(new Scenario(), "nginx", fault).summary(), knowledge).incidents,
    ).toEqual([]);
  });
});
