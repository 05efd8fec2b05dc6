// scratch
import { it } from "vitest";
import { analyse } from "../../src/incident/index.ts";
import { knowledge } from "../support/knowledge.ts";
import { Scenario, simulate, type View, type Fault, BASE } from "../support/scenario.ts";
import { FAULTS } from "./faults.ts";
const views: View[][] = [["nginx"], ["nginx-combined"], ["nginx-error"], ["haproxy"], ["envoy"], ["envoy-json"], ["nginx", "haproxy"], ["nginx", "haproxy", "envoy-json"]];
const twos: Record<string, Fault> = {
  twoCert: ({ at, pool, peer }) => at < 18 || at >= 28 ? null : pool === "app" && peer === 1 ? { reason: "connect-refused" } : pool === "auth" ? (at < 18.4 ? { reason: "tls-failure", code: "certificate has expired" } : { reason: "no-upstream" }) : null,
  twoOwn: ({ at, pool, peer, path }) => at < 18 || at >= 28 ? null : pool === "app" && peer === 1 ? { reason: "disconnect-reset" } : path === "/search/q" ? { reason: "upstream-status" } : null,
  twoSlow: ({ at, pool, peer, random }) => at < 18 || at >= 28 ? null : pool === "app" && peer === 1 ? { reason: "connect-refused" } : pool === "search" && random() < .6 ? { reason: "response-timeout", durationMs: 2000 } : null,
};
it("sweep", () => {
  for (const perSecond of [12, 40, 120]) for (const [name, fault] of Object.entries({ ...FAULTS, ...twos })) {
    const out: string[] = [];
    for (const view of views) {
      let frag = 0, miss = 0, ongoing = 0, left = 0; const causes = new Map<string, number>();
      for (let seed = 1; seed <= 12; seed++) {
        const s = new Scenario();
        for (const v of view) simulate(s, v, fault, { seed, perSecond });
        const a = analyse(s.summary(), knowledge);
        const tops = a.incidents.filter(i => i.parent === null);
        const want = name.startsWith("two") ? 2 : 1;
        if (tops.length > want) frag++; if (tops.length < want) miss++;
        if (tops.some(i => i.ongoing)) ongoing++; if (tops.some(i => i.leftCensored)) left++;
        const c = tops[0]?.causes[0]?.cause ?? "-"; causes.set(c, (causes.get(c) ?? 0) + 1);
      }
      out.push(`   ${view.join("+").padEnd(26)} frag ${frag} miss ${miss} ongoing ${ongoing} left ${left} ${[...causes].map(([c, n]) => c + ":" + n).join(" ")}`);
    }
    console.log(perSecond, name + "\n" + out.join("\n"));
  }
}, 600000);
it("many", () => {
  const s = new Scenario();
  for (let peer = 0; peer < 300; peer++) for (let k = 0; k < 12; k++) {
    const t = BASE + peer * 7000 + k * 6_000_000;
    for (let i = 0; i < 20; i++) s.request({ at: t + i * 500 - 60000, pool: "p" + peer, peer: "x:1" });
    for (let i = 0; i < 20; i++) s.request({ at: t + i * 500, pool: "p" + peer, peer: "x:1", status: 502, reason: "connect-refused" });
    for (let i = 0; i < 60; i++) s.request({ at: t + i * 500 + 20000, pool: "p" + peer, peer: "x:1" });
  }
  const sum = s.summary(); const t = performance.now(); const a = analyse(sum, knowledge);
  console.log("MANY", a.incidents.length, (performance.now() - t).toFixed(0) + "ms");
}, 600000);
