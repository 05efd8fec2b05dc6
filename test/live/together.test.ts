// All proxies before the same backends, their logs read in one run: what happened once must be told once.
import { describe, expect, it, onTestFinished } from "vitest";
import type { Backend } from "./backend.ts";
import { findProgram, type Program } from "./find-program.ts";
import { startEnvoy } from "./rig-envoy.ts";
import { startHaproxy } from "./rig-haproxy.ts";
import { startNginx } from "./rig-nginx.ts";
import type { Ejection } from "./rig.ts";
import { play, type Scenario } from "./scenario.ts";
import { report } from "./why502.ts";

/** HAProxy's log needs no zone here: nginx's access log beside it tells. */
const PROXIES = [
  { name: "nginx", start: startNginx, view: "access and error log" },
  { name: "haproxy", start: startHaproxy, view: "httplog behind a syslog head" },
  { name: "envoy", start: startEnvoy, view: "JSON log" },
] as const;

const here = PROXIES.flatMap((proxy) => {
  const program = findProgram(proxy.name satisfies Program);
  return program === null ? [] : [{ ...proxy, program }];
});
const PATIENCE_MS = 45_000;

/** Plays the scenario before all proxies and reads all their logs; the one incident there must be, and what clients saw. */
async function tellTogether(ejection: Ejection, scenario: Scenario) {
  const starts = here.map(
    ({ start, program }) =>
      (backends: readonly Backend[]) =>
        start(program, backends, ejection),
  );
  const runs = await play(starts, scenario);
  if (process.env["KEEP_LOGS"] === undefined) {
    onTestFinished(() => runs.forEach(({ rig }) => rig.remove()));
  }
  const files = runs.flatMap(({ rig }, at) => rig.views[here[at]!.view]!.files);
  const found = await report({ files });
  expect(found.input.misses).toBe(0);
  const tops = found.incidents.filter(({ parent }) => parent === null);
  expect(tops.map(({ proxies }) => [...proxies].sort())).toEqual([["envoy", "haproxy", "nginx"]]);
  const seen = runs.reduce((sum, { failures }) => sum + failures.length, 0);
  expect(tops[0]!.failures).toBe(seen);
  return { found, incident: tops[0]! };
}

const isAlone = here.length < PROXIES.length;

describe.skipIf(isAlone)("nginx, HAProxy and Envoy in one run", { timeout: PATIENCE_MS }, () => {
  it("tell of one refusing backend as one incident", async () => {
    const { incident } = await tellTogether("never", { fault: "refused", failing: "one backend" });
    expect(incident.reasons[0]!.reason).toBe("connect-refused");
    expect(incident.causes[0]!.cause).toBe("backend-down");
  });

  it("tell of a pool that is down as one incident, with HAProxy's words for it", async () => {
    const scenario = { fault: "refused", failing: "all backends" } as const;
    const { found, incident } = await tellTogether("when failing", scenario);
    expect(incident.causes[0]!.cause).toBe("pool-down");
    const texts = found.events.filter(({ proxy }) => proxy === "haproxy").map(({ text }) => text);
    expect(texts.some((text) => text.includes("has no server available!"))).toBe(true);
  });
});
