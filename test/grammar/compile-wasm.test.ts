// The WebAssembly scanners against the generated JavaScript ones: same verdict, same spans, same place of failure.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileText, compileWasm } from "../../src/grammar/index.ts";
import { catalogue } from "./catalogue-fixture.ts";
import { hostileLine } from "./hostile-lines.ts";

declare const WebAssembly: {
  readonly Memory: new (limits: object) => { readonly buffer: ArrayBuffer };
};

const LINE_AT = 8192;

describe("the WebAssembly scanner", () => {
  const plans = catalogue.listed.flatMap((listed) => {
    const { how } = listed.recipe();
    return how.kind === "text" ? [{ name: listed.name, plan: how.plan }] : [];
  });
  const captures = catalogue.recipeOf("%hr|%{+Q}hr %{+Q}hs [%hr] %hr%hs %tsc", "", "haproxy").how;
  if (captures.kind === "text") plans.push({ name: "captures everywhere", plan: captures.plan });

  it.each(plans.map(({ name }) => name))("agrees with the generated code: %s", (name) => {
    const { plan } = plans.find((entry) => entry.name === name)!;
    const memory = new WebAssembly.Memory({ initial: 1 });
    const bytes = Buffer.from(memory.buffer);
    const scan = compileText(plan).scan;
    const fast = compileWasm(plan, memory, 0);
    const size = 2 * plan.fields.length + 1;
    const fastSpans = new Int32Array(memory.buffer, 0, size);
    const spans = new Int32Array(size);
    fc.assert(
      fc.property(
        hostileLine,
        fc.constantFrom("\n", ' "\n', "\n127.0.0.1 - - [", ", : "),
        (line, behind) => {
          bytes.fill(0, LINE_AT - 4);
          bytes.write(`"[ \n`, LINE_AT - 4, "latin1");
          const end = LINE_AT + bytes.write(line, LINE_AT, "latin1");
          bytes.write(behind, end, "latin1");
          spans.fill(7);
          fastSpans.fill(7);
          const failed = scan(bytes, LINE_AT, end, spans);
          expect(fast(LINE_AT, end)).toBe(failed);
          if (failed < 0) expect([...fastSpans].slice(0, -1)).toEqual([...spans].slice(0, -1));
          else expect(fastSpans[size - 1]).toBe(spans[size - 1]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
