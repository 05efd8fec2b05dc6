// A pipe that never pauses and never brings much: what it tells must not wait for a full buffer.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ended, ROOT, start } from "./run-binary.ts";

/** Lines each so often (ms): a quiet site under `tail -F`, without a pause long enough to be taken for the end, for ten seconds. */
const LINES = 1;
const EVERY_MS = 40;

it("a steady trickle is explained while it lasts", { timeout: 20_000 }, async () => {
  const path = join(ROOT, "samples/one-peer-down/nginx-access.log");
  const lines = readFileSync(path, "latin1").split("\n");
  const from = lines.findIndex((line) => line.includes('" 502 ')) - 50;
  const child = start(["-o", "text"]);
  const done = ended(child);
  let told = false;
  child.stdout!.on("data", (chunk: Buffer) => (told ||= chunk.toString().includes("▲")));
  let fed = 0;
  for (let at = from; !told && at < from + 250; at += LINES) {
    const text = `${lines.slice(at, at + LINES).join("\n")}\n`;
    child.stdin!.write(text, "latin1");
    fed += text.length;
    // The pace of the log, not a wait for something.
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  child.stdin!.end();
  expect(told).toBe(true);
  expect(fed).toBeLessThan(64 * 1024);
  expect((await done).code).toBe(0);
});
