// scratch
import { it } from "vitest";
import { analyse } from "../../src/incident/index.ts";
import { knowledge } from "../support/knowledge.ts";
import { Scenario, simulate, type View, type Fault, BASE } from "../support/scenario.ts";
const inside = (at: number) => at >= 18 && at < 28;
const faults: Record<string, Fault> = {
  crash: ({ at, pool, peer }) => inside(at) && pool === "app" && peer === 1 ? { reason: "connect-refused", code: "(111)" } : null,
  pooldown: ({ at, pool }) => inside(at) && pool === "auth" ? { reason: at < 18.5 ? "connect-refused" : "no-upstream", status: 503 } : null,
  rolling: ({ at, pool, peer }) => pool === "app" && at >= 18 + 2.5 * peer && at < 20.3 + 2.5 * peer ? { reason: "connect-refused" } : null,
  flap: ({ at, pool, peer }) => inside(at) && pool === "app" && peer === 2 && Math.floor((at - 18) / 1.7) % 2 === 0 ? { reason: "connect-refused" } : null,
  reset: ({ at, pool, peer }) => inside(at) && pool === "app" && peer === 3 ? { reason: "disconnect-reset" } : null,
  header: ({ at, pool, path }) => inside(at) && path === "/app/profile" ? { reason: "header-too-large" } : null,
  poison: ({ at, path }) => inside(at) && path === "/app/import" ? { reason: "disconnect-close" } : null,
  race: ({ at, pool, method, random }) => inside(at) && pool === "app" && random() < (method === "POST" ? 0.4 : 0.02) ? { reason: "disconnect-close" } : null,
  own: ({ at, path }) => inside(at) && path === "/auth/token" ? { reason: "upstream-status" } : null,
  timeout: ({ at, pool, peer }) => inside(at) && pool === "app" && peer === 1 ? { reason: "connect-timeout", durationMs: 1000, status: 504 } : null,
  slow: ({ at, pool, peer, random }) => inside(at) && pool === "search" && random() < 0.7 ? { reason: "response-timeout", durationMs: 2000, status: 504 } : null,
  invalid: ({ at, pool, peer }) => inside(at) && pool === "search" && peer === 1 ? { reason: "invalid-response" } : null,
  truncated: ({ at, pool, peer }) => inside(at) && pool === "search" && peer === 1 ? { reason: "truncated-response", status: 200, masked: true } : null,
  cert: ({ at, pool }) => inside(at) && pool === "auth" ? { reason: at < 18.5 ? "tls-failure" : "no-upstream", code: "upstream SSL certificate verify error: (10:certificate has expired)" } : null,
  two: ({ at, pool, peer, path }) => inside(at) && pool === "app" && peer === 1 ? { reason: "connect-refused" } : inside(at) && path === "/auth/token" ? { reason: "header-too-large" } : null,
  none: () => null,
  noise: ({ random }) => random() < 0.001 ? { reason: "connect-refused" } : null,
  steady: ({ random }) => random() < 0.02 ? { reason: "upstream-status" } : null,
};
const views: View[][] = [["nginx"], ["nginx-combined"], ["nginx-error"], ["haproxy"], ["envoy"], ["envoy-json"], ["nginx", "haproxy", "envoy-json"], ["nginx","haproxy"]];
it("tries", () => {
  for (const [name, fault] of Object.entries(faults)) for (const view of views) {
    const s = new Scenario();
    for (const [i,v] of view.entries()) simulate(s, v, fault, { seed: 7 });
    const t=performance.now();
    const a = analyse(s.summary(), knowledge);
    const ms=performance.now()-t;
    console.log(name.padEnd(9), view.join("+").padEnd(14).slice(0,24), a.incidents.map((i) => `[${((i.start - BASE-7000) / 1000).toFixed(1)}–${((i.end - BASE-7000) / 1000).toFixed(1)} ${i.failures}+${i.masked}/${i.requests} ${i.scope.kind}:${i.scope.values.join(",")} ${i.reasons[0]!.reason} ${i.causes.slice(0, 3).map((c) => c.cause + " " + c.probability.toFixed(2)).join(", ")}${i.ongoing?" ONGOING":""}${i.leftCensored?" LEFT":""}]`).join("\n      "), ms.toFixed(0)+"ms", a.background.failures);
  }
});
