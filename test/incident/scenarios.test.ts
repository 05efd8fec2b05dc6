// One fault, one incident, whatever the proxies call it: each fault through the eyes of each log.
import { describe, expect, it } from "vitest";
import { analyse, type Analysis } from "../../src/incident/index.ts";
import { knowledge } from "../support/knowledge.ts";
import { BASE, Scenario, simulate, type Fault, type View } from "../support/scenario.ts";
import { FAULTS } from "./faults.ts";

const START = BASE + 7_000 + 18_000;
const VIEWS: readonly (readonly View[])[] = [
  ["nginx"],
  ["nginx-combined"],
  ["nginx-error"],
  ["haproxy"],
  ["envoy"],
  ["envoy-json"],
  ["nginx", "haproxy"],
  ["nginx", "haproxy", "envoy-json"],
];

function see(fault: Fault, views: readonly View[], seed = 7): Analysis {
  const scenario = new Scenario();
  for (const view of views) simulate(scenario, view, fault, { seed });
  return analyse(scenario.summary(), knowledge);
}

const EXPECTED: readonly (readonly [keyof typeof FAULTS, readonly string[], string])[] = [
  ["crash", ["backend-down"], "connect-refused"],
  ["poolDown", ["pool-down"], "connect-refused"],
  ["allRefuse", ["pool-down"], "connect-refused"],
  ["rolling", ["rolling-restart"], "connect-refused"],
  ["reset", ["backend-down"], "disconnect-reset"],
  ["header", ["header-growth"], "header-too-large"],
  ["own", ["upstream-error"], "upstream-status"],
  ["connectTimeout", ["network-partition"], "connect-timeout"],
  ["slow", ["slow-dependency"], "response-timeout"],
  ["invalid", ["bad-response"], "invalid-response"],
  ["truncated", ["bad-response"], "truncated-response"],
  ["expired", ["certificate-expired"], "tls-failure"],
  ["plainText", ["tls-misconfiguration"], "tls-failure"],
  ["local", ["proxy-limits"], "connect-local"],
  ["statusOnly", ["unknown"], "unknown-failure"],
  ["overflow", ["overload", "proxy-limits"], "queue-timeout"],
];

describe.each(VIEWS.map((views) => [views.join(" + "), views] as const))("in %s", (_, views) => {
  it.each(EXPECTED)("%s is one incident, of cause %s", (name, causes, lead) => {
    for (const seed of [7, 8, 9]) {
      const { incidents } = see(FAULTS[name], views, seed);
      expect(incidents).toHaveLength(1);
      const [incident] = incidents;
      expect(incident!.reasons[0]!.reason).toBe(lead);
      expect(causes).toContain(incident!.causes[0]!.cause);
      expect(incident!.start - START).toBeGreaterThanOrEqual(-1500);
      expect(incident!.start - START).toBeLessThanOrEqual(2500);
      expect(incident!.ongoing).toBe(false);
      expect(incident!.leftCensored).toBe(false);
    }
  });

  it.each([
    ["two", "header-too-large", "connect-refused"],
    ["twoExpired", "tls-failure", "connect-refused"],
    ["twoOwn", "upstream-status", "disconnect-reset"],
  ] as const)("keeps %s faults at different places apart", (name, one, other) => {
    const { incidents } = see(FAULTS[name], views);
    expect(incidents.map(({ parent }) => parent)).toEqual([null, null]);
    expect(incidents.map(({ reasons }) => reasons[0]!.reason).sort()).toEqual([one, other].sort());
  });
});

// An error log alone counts no requests: nobody can tell a part from the whole there, or one path from all.
const COUNTED = VIEWS.filter((views) => !views.includes("nginx-error"));

describe.each(COUNTED.map((views) => [views.join(" + "), views] as const))(
  "with requests counted, in %s",
  (_, views) => {
    it("tells a poison request from a crash", () => {
      const [incident, ...more] = see(FAULTS.poison, views).incidents;
      expect(more).toEqual([]);
      expect(["poison-request", "route-bug"]).toContain(incident!.causes[0]!.cause);
      expect(incident!.attribution.some(({ where }) => where["path"] === "/app/import")).toBe(true);
    });

    it("tells the keep-alive race from resets", () => {
      const [incident, ...more] = see(FAULTS.keepalive, views).incidents;
      expect(more).toEqual([]);
      expect(incident!.causes[0]!.cause).toBe("keepalive-race");
    });
  },
);

describe("an incident", () => {
  it("says who failed, how much, and how the others fared", () => {
    const [incident] = see(FAULTS.crash, ["nginx"]).incidents;
    expect(incident!.scope).toMatchObject({
      kind: "peer",
      values: ["127.0.0.1:9102"],
      explained: 1,
      rateWithout: 0,
    });
    expect(incident!.baselineRate).toBe(0);
    expect(incident!.upstreams.map(({ peer }) => peer).sort()).toEqual(
      [9101, 9102, 9103, 9104].map((port) => `127.0.0.1:${port}`),
    );
    expect(incident!.upstreams[0]).toMatchObject({
      peer: "127.0.0.1:9102",
      failures: incident!.failures,
    });
    expect(incident!.failures).toBe(
      incident!.upstreams.reduce((sum, { failures }) => sum + failures, 0),
    );
    const texts = incident!.causes[0]!.for.map(({ text }) => text).join("\n");
    expect(texts).toContain(
      `${incident!.failures} of ${incident!.failures} failures were refused connections on 127.0.0.1:9102`,
    );
    expect(texts).toMatch(/the other 3 peers: 0 of \d+ failed/);
    expect(incident!.next[0]).toContain("ss -ltn 'sport = :9102'");
  });

  it("has a timeline of whole seconds, at most sixty steps, with quiet around", () => {
    const { timeline, failures, peak } = see(FAULTS.crash, ["haproxy"]).incidents[0]!;
    expect(timeline.requests.length).toBeLessThanOrEqual(60);
    expect(timeline.stepMs % 1000).toBe(0);
    expect(timeline.start % 1000).toBe(0);
    expect(timeline.failures.reduce((a, b) => a + b, 0)).toBe(failures);
    expect(timeline.failures[0]).toBe(0);
    expect(timeline.failures.at(-1)).toBe(0);
    expect(timeline.requests.every((count, at) => count >= timeline.failures[at]!)).toBe(true);
    expect(peak.failures).toBe(Math.max(...timeline.failures));
  });

  it("keeps at most five examples, of each reason first", () => {
    const { examples, reasons } = see(FAULTS.poolDown, ["haproxy"]).incidents[0]!;
    expect(reasons).toHaveLength(1);
    expect(examples).toHaveLength(5);
    expect(new Set(examples.map(({ text }) => text.slice(-3)))).toEqual(new Set(["502"]));
  });

  it("counts what only followed under the reason it began with, and says so", () => {
    const { reasons, failures } = see(FAULTS.poolDown, ["nginx"]).incidents[0]!;
    expect(reasons).toMatchObject([{ reason: "connect-refused", count: failures }]);
    const followed = reasons[0]!.following["no-upstream"]!;
    expect(followed).toBeGreaterThan(failures / 2);
    expect(followed).toBeLessThan(failures);
    expect(Object.keys(reasons[0]!.codes).sort()).toEqual(["connect-refused", "no-upstream"]);
  });

  it("counts failures as requests where only an error log was given", () => {
    const [incident] = see(FAULTS.crash, ["nginx-error"]).incidents;
    expect(incident).toMatchObject({ requests: incident!.failures, rate: 1 });
  });

  it("is masked where no client saw a failure", () => {
    const [incident] = see(FAULTS.truncated, ["haproxy"]).incidents;
    expect(incident!.failures).toBe(0);
    expect(incident!.masked).toBeGreaterThanOrEqual(5);
  });

  it("names the only one of several nodes that fails", () => {
    const scenario = new Scenario();
    for (let i = 0; i < 3000; i++) {
      const at = BASE + i * 20;
      const node = `lb${i % 3}`;
      const fails = i % 3 === 1 && i > 1500 && i < 2000;
      scenario.request({
        at,
        proxy: "haproxy",
        node,
        pool: "app",
        peer: `s${i % 4}`,
        ...(fails ? { status: 503, reason: "connect-timeout", durationMs: 1000 } : {}),
      });
    }
    const { incidents } = analyse(scenario.summary(), knowledge);
    expect(incidents).toHaveLength(1);
    expect(incidents[0]!.scope).toMatchObject({ kind: "node", values: ["lb1"] });
  });

  it("tells overload from a slow dependency by the requests that come", () => {
    const fault: Fault = ({ at, pool, random }) =>
      at >= 20 && at < 28 && pool === "app" && random() < 0.4
        ? { reason: "response-timeout", durationMs: 2000, status: 504 }
        : null;
    const busy = (at: number): number => (at >= 18 && at < 28 ? 2.4 : 1);
    const slow = (at: number): number => (at >= 18 && at < 28 ? 20 : 1);
    const overload = simulate(new Scenario(), "nginx", fault, { load: busy, slow }).summary();
    const dependency = simulate(new Scenario(), "nginx", fault, { slow }).summary();
    expect(analyse(overload, knowledge).incidents[0]!.causes[0]!.cause).toBe("overload");
    expect(analyse(dependency, knowledge).incidents[0]!.causes[0]!.cause).toBe("slow-dependency");
  });

  it("is a connect timeout, not a pool that is down, when vague failures took a second each", () => {
    const [incident] = see(FAULTS.vagueTimeout, ["envoy"]).incidents;
    expect(incident!.causes[0]!.cause).toBe("network-partition");
  });

  it("recognises a peer that comes and goes", () => {
    for (const views of COUNTED.filter(([view]) => view !== "nginx-combined")) {
      const [incident, ...more] = see(FAULTS.flapping, views).incidents;
      expect(more).toEqual([]);
      expect(["crash-loop", "health-check-flapping"]).toContain(incident!.causes[0]!.cause);
    }
  });

  it("believes HAProxy's word that a name was lost", () => {
    const scenario = new Scenario();
    simulate(scenario, "haproxy", () => null);
    scenario.event(
      START - 400,
      "server-down",
      "be_dyn/dyn1",
      "Server be_dyn/dyn1 is going DOWN for maintenance (DNS NX status).",
      "be_dyn",
    );
    for (let i = 0; i < 450; i++) {
      const at = BASE + 7_000 + i * 100;
      const lost = at >= START && at < START + 10_000;
      const rest = { proxy: "haproxy", node: "lb1", pool: "be_dyn" } as const;
      scenario.request(
        lost
          ? { at, ...rest, status: 503, reason: "no-upstream", durationMs: 0 }
          : { at, ...rest, peer: "be_dyn/dyn1" },
      );
    }
    const { incidents } = analyse(scenario.summary(), knowledge);
    expect(incidents).toHaveLength(1);
    expect(incidents[0]!.causes[0]!.cause).toBe("dns-failure");
  });
});

describe("gaps", () => {
  it("name the fields to add, ready to paste", () => {
    const { gaps } = see(FAULTS.statusOnly, ["nginx"]);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]!.add).toMatch(/^log_format .*\$upstream_connect_time/);
    expect(see(FAULTS.crash, ["nginx"]).gaps).toEqual([]);
  });
});
