// How fast lines are scanned: the generated JavaScript against the generated WebAssembly, on as many lines of each shape as fit the scanning memory.
import { readFileSync } from "node:fs";
import { bench, describe } from "vitest";
import { compileText, compileWasm, ScanMemory } from "../../src/grammar/index.ts";
import { Head, peel } from "../../src/input/index.ts";
import { planOf } from "../grammar/catalogue-fixture.ts";
import { prepareInput } from "./inputs.ts";
import type { Shape } from "./shapes.ts";

const FORMATS: readonly (readonly [Shape, string])[] = [
  ["haproxy", "haproxy httplog"],
  ["combined", "nginx combined"],
  ["envoy", "envoy default"],
];

for (const [shape, name] of FORMATS) {
  const { path } = await prepareInput({
    shape,
    lines: 20_000,
    failing: "quiet",
    spread: "usual",
    packed: false,
  });
  const text = readFileSync(path);
  const lines: (readonly [number, number])[] = [];
  const memory = new ScanMemory();
  const head = new Head();
  const length = Math.min(memory.length, text.length);
  memory.bytes.set(text.subarray(0, length), memory.start);
  for (let at = memory.start; ;) {
    const end = memory.bytes.indexOf(10, at);
    if (end < 0 || end >= memory.start + length) break;
    lines.push([peel(memory.bytes, at, end, head) ? head.message : at, end]);
    at = end + 1;
  }
  const plan = planOf(name);
  const { scan, fields } = compileText(plan);
  const spans = new Int32Array(2 * fields.length + 1);
  const fast = compileWasm(plan, memory.memory, memory.reserve(spans.length)!.at);

  describe(`${name}, ${lines.length} lines`, () => {
    bench("generated JavaScript", () => {
      for (const [start, end] of lines) scan(memory.bytes, start, end, spans);
    });
    bench("generated WebAssembly", () => {
      for (const [start, end] of lines) fast(start, end);
    });
  });
}
