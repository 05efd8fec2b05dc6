// scratch
import { it } from "vitest";
import { analyse } from "../../src/incident/index.ts";
import { knowledge } from "../support/knowledge.ts";
import { Scenario, simulate } from "../support/scenario.ts";
import { FAULTS } from "./faults.ts";
it("x", () => {
  for (const v of ["nginx", "haproxy", "envoy"] as const) {
    const { incidents } = analyse(simulate(new Scenario(), v, FAULTS.flapping, { seed: 7 }).summary(), knowledge);
    for (const i of incidents) console.log(v, JSON.stringify(i.causes, null, 1).slice(0, 1800), i.upstreams[0]);
  }
});
