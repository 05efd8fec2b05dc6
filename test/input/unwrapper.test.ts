// Lines out of their envelopes: one for one, offsets those of the outer lines, parts joined, escapes as JSON.parse has them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Unwrapped, Unwrapper, unwrapSample } from "../../src/input/index.ts";

function unwrap(text: string): { text: string; offset: number }[] {
  const out: { text: string; offset: number }[] = [];
  const unwrapper = new Unwrapper((bytes, start, end, offset) => {
    out.push({ text: Buffer.from(bytes.subarray(start, end)).toString(), offset });
  }, "all");
  const bytes = Buffer.from(text);
  unwrapper.read(bytes, 0, bytes.length, 0);
  expect(unwrapper.bytes).toBe(bytes.length);
  return out;
}

const STAMP = "2026-11-22T13:49:32.1Z";
const docker = (log: string, stream = "stdout"): string =>
  `${JSON.stringify({ log, stream, time: STAMP })}\n`;

describe("an unwrapper", () => {
  it("hands on every line with the offset of the one it lay in", () => {
    const first = docker("one\n");
    expect(unwrap(`${first}bare\n\n${docker("two\n")}`)).toEqual([
      { text: `${STAMP} -: one\n`, offset: 0 },
      { text: "bare\n", offset: first.length },
      { text: "\n", offset: first.length + 5 },
      { text: `${STAMP} -: two\n`, offset: first.length + 6 },
    ]);
  });

  it("joins CRI's parts with their end, stream by stream; a part comes out blank", () => {
    const lines = [
      `${STAMP} stdout P one `,
      `${STAMP} stderr P uno `,
      `${STAMP} stdout P two `,
      `${STAMP} stderr F due`,
      `${STAMP} stdout F three`,
      `${STAMP} stdout F four`,
    ];
    const out = unwrap(`${lines.join("\n")}\n`);
    expect(out.map(({ text }) => text)).toEqual([
      "\n",
      "\n",
      "\n",
      `${STAMP} -: uno due\n`,
      `${STAMP} -: one two three\n`,
      `${STAMP} -: four\n`,
    ]);
    expect(out[4]!.offset).toBe(lines.slice(0, 4).join("\n").length + 1);
  });

  it("joins what Docker cut at 16 KiB, and nothing else", () => {
    const long = "x".repeat(16 << 10);
    const out = unwrap(docker(long) + docker("end\n") + docker("no newline") + docker("next\n"));
    expect(out.map(({ text }) => text)).toEqual([
      "\n",
      `${STAMP} -: ${long}end\n`,
      `${STAMP} -: no newline\n`,
      `${STAMP} -: next\n`,
    ]);
  });

  it("keeps the number of lines that one stands for", () => {
    const [line] = unwrap("Nov 22 14:49:36 lb1 ha[1]: message repeated 3 times: [ down]\n");
    expect(line!.text).toBe("Nov 22 14:49:36 lb1 ha[1]: message repeated 3 times: [ down]\n");
  });

  it("puts a text of several lines on one", () => {
    expect(unwrap(docker("one\ntwo\n"))[0]!.text).toBe(`${STAMP} -: one two\n`);
  });

  it("leaves objects alone that wrap no line", () => {
    for (const line of [
      '{"status":502,"path":"/"}\n',
      '{"log":{"file":"x"}',
      '{"log":"x"',
      "{} {}\n",
    ])
      expect(unwrap(line)[0]!.text.trimEnd()).toBe(line.trimEnd());
  });

  it("says what it took off, the innermost first", () => {
    const { envelopes, isNested } = unwrapSample(
      Buffer.from(docker("Nov 22 14:49:36 lb1 haproxy[1]: x\n")),
      "all",
    );
    expect(envelopes).toEqual(["syslog RFC 3164 in JSON"]);
    expect(isNested).toBe(true);
  });
});

it("reads what JSON.parse reads", () => {
  const rest = fc.dictionary(fc.constantFrom("a", "b", "c", "attrs"), fc.jsonValue());
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", minLength: 1 }),
      rest,
      fc.boolean(),
      (log, other, spaced) => {
        const text = JSON.stringify(
          { ...other, log, time: STAMP },
          null,
          spaced ? 1 : 0,
        ).replaceAll("\n", " ");
        const bytes = Buffer.from(text);
        const line = new Unwrapped();
        expect(line.open(bytes, 0, bytes.length, "outermost")).toBe(true);
        const parsed = (JSON.parse(text) as { log: string }).log;
        const cut = parsed.replace(/[\n\r]+$/, "").replaceAll("\n", " ");
        // What follows is not the object's: marks and colours in front of a message are cut off everywhere.
        if (/[\0\u001b\ufeff]|\r$/.test(cut)) return;
        expect(Buffer.from(line.bytes.subarray(line.start, line.end)).toString()).toBe(
          Buffer.from(cut).toString(),
        );
      },
    ),
    { numRuns: 300 },
  );
});

it("survives any bytes", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    '"log"',
    ":",
    '"',
    "\\u12",
    "[",
    "]",
    ",",
    "1",
    "<134>",
    "1 ",
    STAMP,
    " ",
    "\x1b[",
    "m",
    "stdout P ",
    "a | ",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = `${pieces.join("")}\n`;
      expect(unwrap(text)).toHaveLength(text.split("\n").length - 1);
    }),
    { numRuns: 500 },
  );
});
