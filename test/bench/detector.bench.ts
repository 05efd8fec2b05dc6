// How fast bursts are found: one series a second wide over an hour and over a day, healthy and with an outage.
import { bench, describe } from "vitest";
import type { Series } from "../../src/incident/bins.ts";
import { detect } from "../../src/incident/detector.ts";
import { BASE } from "../support/scenario.ts";
import { random } from "./traffic.ts";

function series(seconds: number, outage: boolean): Series {
  const rnd = random(502);
  const at = Array.from({ length: seconds }, (_, second) => second);
  const isOut = (second: number): boolean =>
    outage && second > seconds / 2 && second < seconds / 2 + 60;
  const d = Float64Array.from(at, () => 100 + Math.floor(rnd() * 100));
  const r = d.map((requests, second) =>
    isOut(second) ? Math.floor(requests / 3) : rnd() < 0.02 ? 1 : 0,
  );
  return {
    stepMs: 1000,
    time: Float64Array.from(at, (second) => BASE + second * 1000),
    d,
    r,
    minErr: r.map((errors, second) => (errors > 0 ? BASE + second * 1000 : Infinity)),
    maxErr: r.map((errors, second) => (errors > 0 ? BASE + second * 1000 + 999 : -Infinity)),
    virtual: null,
  };
}

for (const [span, seconds] of [
  ["an hour", 3600],
  ["a day", 86_400],
] as const) {
  const healthy = series(seconds, false);
  const broken = series(seconds, true);
  describe(`${span} by seconds`, () => {
    bench("healthy", () => void detect(healthy, { hOn: 20, dataStart: BASE }));
    bench("with an outage of a minute", () => void detect(broken, { hOn: 20, dataStart: BASE }));
  });
}
