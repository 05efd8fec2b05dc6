// The WebAssembly scanner of flat JSON lines against the JavaScript walker: what it takes, both read alike.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileJson, QuickLines, ScanMemory, type QuickFields } from "../../src/grammar/index.ts";

const KEYS = [
  { key: "response_code", field: "RESPONSE_CODE" },
  { key: "status", field: "RESPONSE_CODE" },
  { key: "path", field: "PATH" },
  { key: "a.b", field: "INNER" },
  { key: "an_upstream_with_quite_a_long_name", field: "UPSTREAM" },
];
const QUICK: QuickFields = {
  ...{ key: [], without: [], time: [], isStart: false, duration: [], unit: "ms" },
  ...{ client: [], request: [] },
};
const LINES = [
  `{"status":null,"path":"/a\\"b","an_upstream_with_quite_a_long_name":"10.0.0.1:80","response_code":503,"x":"a long string that is nobody's field"}`,
  `{"status": 502, "path": "-", "a.b": -0.5, "other": true, "response_code": ""}`,
  `{"status":"","response_code":200,"a.b":"x\\\\"}`,
  `{"path":"é/1","status":009,"other":[1,2],"a":{"b":1}}`,
  `{"path":0.010, 0.020,"status":,"x":-}`,
  ` {"x":nul,"status":null,"path":"",  "a.b":nu11} `,
];
const PIECES = [
  ...['"', '\\"', "\\", ",", ", ", ":", "{", "}", "[", "]", " ", "-", "null", "+1", "é", ""],
  ...['"status":1,', ',"path":"/twice"', '"a":{"b":1},', "\r", "\0", "}}", '"}', '","'],
];

/** Both scanners over one memory; `learned` are the lines whose order is known. */
function both(learned: readonly string[], needs: readonly string[] = []) {
  const memory = new ScanMemory();
  const scanner = compileJson(KEYS, () => null, needs);
  const count = scanner.fields.length;
  const { spans, at } = memory.reserve(2 * count + 1)!;
  const lines = QuickLines.forJson(scanner, QUICK, memory, at)!;
  const put = (line: string, behind = "\n"): number => {
    memory.bytes.fill(10, memory.start, memory.start + 2000);
    const end = memory.start + memory.bytes.write(line, memory.start);
    memory.bytes.write(behind, end);
    return end;
  };
  for (const line of learned) lines.order!.learn(memory.start, put(line));
  return (line: string, behind = "\n"): { isTaken: boolean; fast: number[]; slow: number[] } => {
    const end = put(line, behind);
    const isTaken = lines.scan(memory.start, end) < 0;
    const fast = [...spans].slice(0, -1);
    const slow = new Int32Array(spans.length);
    const isRead = scanner.scan(memory.bytes, memory.start, end, slow) < 0;
    return { isTaken, fast, slow: isRead ? [...slow].slice(0, -1) : [] };
  };
}

describe("the WebAssembly scanner of JSON lines", () => {
  it("takes lines whose order it knows, members left out, and strings with escapes", () => {
    const scan = both(LINES.slice(0, 1));
    for (const line of [
      LINES[0]!,
      `{"path":"/\\\\","x":1}`,
      `{"status":1, "response_code":2}`,
      ` { "x": null} `,
    ]) {
      const { isTaken, fast, slow } = scan(line);
      expect(isTaken, line).toBe(true);
      expect(fast).toEqual(slow);
    }
  });

  it.each([
    `{"path":"/","status":1}`,
    `{"status":1,"status":2}`,
    `{"status":{"path":1}}`,
    `{"status":[1]}`,
    `{"status":502, 200,"x":1}`,
    `{"unknown":1}`,
    `{"path":"a"b","x":1}`,
    `{"status":1,}`,
    `{"status":1`,
    `{"status":1} x`,
    `{}`,
    ``,
  ])("leaves %s to the walker", (line) => {
    expect(both(LINES.slice(0, 1))(line).isTaken).toBe(false);
  });

  it("learns a new order where lines contradict the old one, and adds what is new", () => {
    const scan = both([`{"status":1,"path":2}`, `{"path":1,"status":2}`, `{"path":1,"x":2}`]);
    expect(scan(`{"path":1,"x":2,"status":3}`).isTaken).toBe(true);
    expect(scan(`{"status":1,"path":2}`).isTaken).toBe(false);
  });

  it("refuses a line without any of the needed fields", () => {
    const scan = both(LINES.slice(0, 1), ["PATH", "INNER"]);
    expect(scan(`{"path":"","x":1}`).isTaken).toBe(true);
    expect(scan(`{"path":null,"x":1}`).isTaken).toBe(false);
  });

  it("agrees with the walker on hostile lines", () => {
    let taken = 0;
    const edits = fc.array(fc.tuple(fc.nat(160), fc.nat(2), fc.constantFrom(...PIECES)), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        fc.subarray(LINES, { minLength: 1 }),
        fc.array(fc.tuple(fc.constantFrom(...LINES), edits, fc.nat(400)), { minLength: 20 }),
        fc.constantFrom("\n", '"}\n', "}\n", ',"x":1}\n', '{"status":1}\n'),
        (learned, all, behind) => {
          const scan = both(learned);
          for (const [line, changes, cut] of all) {
            let text = line;
            for (const [at, gone, piece] of changes) {
              const from = at % (text.length + 1);
              text = text.slice(0, from) + piece + text.slice(from + gone);
            }
            const { isTaken, fast, slow } = scan(cut < 150 ? text.slice(0, cut) : text, behind);
            if (!isTaken) continue;
            taken++;
            expect(fast).toEqual(slow);
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
