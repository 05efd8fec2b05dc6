// A stream of lines that share no format: each that tells what it is made of is read, a damaged one among them is not.
import { expect, test } from "vitest";
import { run } from "./run-binary.ts";

const head = (agent: string): string =>
  `192.0.2.1 - - [04/Mar/2026:07:08:09 +0000] "GET /a HTTP/1.1" 502 157 "-" ${agent}`;
const LINES = [
  `${head('"a/1"')} rt=0.012 uct="0.001" urt="0.011" colour=red`,
  `${head('"a/2" "-"')} rt=0.013 uct="0.001" urt="0.012"`,
  `${head('"a/3" "-"')} rt=0.014 uct="0.001" uht="0.002" urt="0.013"`,
  `${head('"a/4"')} rt=0.015 uct="0.001" uht="0.002" urt="0.014" request_id=r4`,
  `${head('"a/5" "-"')} ua="192.0.2.9:80" rt="0.016" uct="0.001" urt="0.015" cc="x"`,
  `${head('"a/6" "-"')} us="502" rt=0.017 urt="0.016"`,
  `${head('"a/7" "-"')} us="502" uct="0.000" rt=0.018 urt="0.017" k=1`,
  `${head('"a/8" "-"')} k=1 us="502" uct="0.000" rt=0.019 urt="0.018"`,
];
const DAMAGED = `${head('"a/9" "-"').replace("502", "5O2")} z=1 rt=0.019 uct="0.000" urt="0.018"`;

test("eight shapes, eight records; a ninth line is damaged and stays a miss", async () => {
  const { stdout } = await run(["-o", "json"], { input: [...LINES, DAMAGED, ""].join("\n") });
  const { input } = JSON.parse(stdout) as { input: { records: number; misses: number } };
  expect(input).toMatchObject({ records: 8, misses: 1 });
});
