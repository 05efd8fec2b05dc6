// What is not one line an entry: exports of collectors, objects over several lines, a journal's own export.
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  JournalExport,
  layoutOf,
  ObjectJoiner,
  readDocuments,
  readExport,
} from "../../src/input/index.ts";

const LINES = ["one [a]", 'two "b"', "three"];
const json = JSON.stringify;

async function entries(
  text: string | Buffer,
  chunk = Infinity,
): Promise<{ lines: string[]; notes: string[] }> {
  const lines: string[] = [];
  const bytes = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunk) chunks.push(bytes.subarray(at, at + chunk));
  const { notes } = await readDocuments(
    Readable.from(chunks, { objectMode: false }),
    (line, start, end, offset) => {
      expect(offset).toBe(lines.length);
      lines.push(Buffer.from(line.subarray(start, end - 1)).toString());
    },
    new AbortController().signal,
  );
  return { lines, notes };
}

const loki = {
  status: "success",
  data: {
    resultType: "streams",
    result: [
      {
        stream: { pod: "a" },
        values: LINES.slice(0, 2).map((line, at) => [`179535502800000000${at}`, line]),
      },
      { stream: { pod: "b" }, values: [["1795355028000000002", LINES[2]]] },
    ],
    stats: { summary: [{ bytes: 1 }] },
  },
};

/** A title, the document, and the lines that its entries become. */
const DOCUMENTS: readonly (readonly [string, unknown, readonly unknown[]])[] = [
  ["an array", LINES.map((message) => ({ message })), LINES.map((message) => ({ message }))],
  [
    "Kibana",
    {
      took: 1,
      hits: { total: { value: 3 }, hits: LINES.map((message) => ({ _source: { message } })) },
    },
    LINES.map((message) => ({ message })),
  ],
  [
    "Elasticsearch, the log's own fields",
    { hits: { hits: [{ _id: "1", _source: { response_code: 503, path: "/a" } }] } },
    [{ response_code: 503, path: "/a" }],
  ],
  [
    "CloudWatch",
    {
      events: LINES.map((message) => ({ timestamp: 1, message })),
      searchedLogStreams: [],
      nextToken: "x",
    },
    LINES.map((message) => ({ timestamp: 1, message })),
  ],
  [
    "CloudWatch Insights",
    {
      results: LINES.map((value) => [
        { field: "@message", value },
        { field: "@ptr", value: "x" },
      ]),
    },
    LINES.map((line) => ({ "@message": line, "@ptr": "x" })),
  ],
  [
    "Loki",
    loki,
    LINES.map((line, at) => ({
      timestamp: `179535502800000000${at}`,
      line,
      stream: { pod: at < 2 ? "a" : "b" },
    })),
  ],
  [
    "an entry with a list of its own",
    [{ message: "x", items: [{ a: 1 }] }],
    [{ message: "x", items: [{ a: 1 }] }],
  ],
];

describe("documents", () => {
  it.each(DOCUMENTS)("%s", async (_, document, wanted) => {
    for (const space of [0, 2]) {
      const text = json(document, null, space);
      expect(layoutOf(Buffer.from(text))).toBe("documents");
      for (const chunk of [Infinity, 7]) {
        const { lines, notes } = await entries(text, chunk);
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(wanted);
        expect(notes).toEqual([]);
      }
    }
  });

  it("are read one behind another", async () => {
    const page = json({ events: [{ message: "x" }] });
    expect((await entries(`${page}\n${page}\n`)).lines).toEqual([
      '{"message":"x"}',
      '{"message":"x"}',
    ]);
  });

  it("give what lies before a cut, and say so", async () => {
    const { lines, notes } = await entries(
      json(LINES.map((message) => ({ message }))).slice(0, -6),
    );
    expect(lines).toEqual([json({ message: LINES[0] }), json({ message: LINES[1] })]);
    expect(notes).toEqual(["the JSON is damaged or breaks off; every entry before was read"]);
  });

  it("keep the digits of nanoseconds", async () => {
    expect((await entries('[{"timestamp":1795355028123456789,"message":"x"}]')).lines).toEqual([
      '{"timestamp":"1795355028123456789","message":"x"}',
    ]);
  });
});

describe("objects over several lines", () => {
  const pretty =
    LINES.map((path) => json({ status: 502, path, list: [{ a: 1 }] }, null, 2)).join("\n") + "\n";

  function joined(text: string, cut: number): { text: string; offset: number }[] {
    const out: { text: string; offset: number }[] = [];
    const joiner = new ObjectJoiner((bytes, start, end, offset) => {
      out.push({ text: Buffer.from(bytes.subarray(start, end)).toString().trim(), offset });
    });
    const bytes = Buffer.from(text);
    const at = bytes.lastIndexOf(10, cut) + 1;
    joiner.read(bytes, 0, at, 0);
    joiner.read(bytes, at, bytes.length, at);
    joiner.finish();
    return out;
  }

  it("are told from lines and from documents", () => {
    expect(layoutOf(Buffer.from(pretty))).toBe("objects");
    expect(layoutOf(Buffer.from('{"status":502}\n{"status":502}\n'))).toBe("lines");
    expect(layoutOf(Buffer.from('{"status":502,"list":[{"a":1}]}\n'))).toBe("lines");
    expect(layoutOf(Buffer.from("[2026-11-22T13:43:48.000Z] x\n"))).toBe("lines");
    expect(layoutOf(Buffer.from("{a|b} x\n"))).toBe("lines");
  });

  it("come out on one line each, the lines before them blank", () => {
    fc.assert(
      fc.property(fc.nat(pretty.length), (cut) => {
        const out = joined(pretty, cut);
        expect(out).toHaveLength(pretty.split("\n").length - 1);
        const objects = out.filter(({ text }) => text !== "");
        expect(objects.map(({ text }) => (JSON.parse(text) as { path: string }).path)).toEqual(
          LINES,
        );
        expect(objects.map(({ offset }) => pretty[offset])).toEqual(["{", "{", "{"]);
      }),
      { numRuns: 30 },
    );
  });

  it("do not swallow what follows a cut one", () => {
    const out = joined(`{\n "a": 1,\n${pretty}`, 0).filter(({ text }) => text !== "");
    expect(out.map(({ text }) => text.slice(0, 9))).toEqual([
      '{  "a": 1',
      '{   "stat',
      '{   "stat',
      '{   "stat',
    ]);
  });
});

describe("a journal's export", () => {
  const message = Buffer.from("two\nlines \xff", "latin1");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(message.length));
  const first = Buffer.from(
    "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1795355375123456\n_HOSTNAME=lb1\nSYSLOG_IDENTIFIER=nginx\nMESSAGE=one\n_PID=7\n\n",
  );
  const second = Buffer.concat([
    Buffer.from(
      "__CURSOR=s=1;i=3\n__REALTIME_TIMESTAMP=1795355376000000\n_HOSTNAME=lb1\n_COMM=haproxy\nMESSAGE\n",
    ),
    length,
    message,
    Buffer.from("\nPRIORITY=6\n"),
  ]);
  const all = Buffer.concat([first, second]);
  const wanted = [
    ["2026-11-22T13:49:35.123Z lb1 nginx[7]: one\n", 0],
    ["2026-11-22T13:49:36.000Z lb1 haproxy: two lines \xff\n", first.length],
  ];

  it("is told by its cursor", () => {
    expect(layoutOf(all)).toBe("export");
  });

  it("gives a line an entry, whatever the chunks were", async () => {
    for (const size of [1, 3, 50, all.length]) {
      const out: unknown[] = [];
      const chunks: Buffer[] = [];
      for (let at = 0; at < all.length; at += size) chunks.push(all.subarray(at, at + size));
      await readExport(
        Readable.from(chunks, { objectMode: false }),
        (bytes, start, end, offset) => {
          out.push([Buffer.from(bytes.subarray(start, end)).toString("latin1"), offset]);
        },
        new AbortController().signal,
      );
      expect(out).toEqual(wanted);
    }
  });

  it("passes by a value that is too long to be looked at", () => {
    const out: string[] = [];
    const journal = new JournalExport((bytes, start, end) => {
      out.push(Buffer.from(bytes.subarray(start, end)).toString());
    });
    length.writeBigUInt64LE(3n << 20n);
    journal.push(Buffer.concat([Buffer.from("_HOSTNAME=a\nCOREDUMP\n"), length]));
    for (let k = 0; k < 3; k++) journal.push(Buffer.alloc(1 << 20, 10));
    journal.push(Buffer.from("\nMESSAGE=x\n\n"));
    expect(out).toEqual(["a | x\n"]);
  });
});
