// Every screen at fixed sizes, as it stands on the terminal.
import { renderToString } from "ink";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/tui/feed.ts";
import { update } from "../../src/tui/update.ts";
import { Explorer } from "../../src/tui/views/Explorer.tsx";
import { expectGolden } from "../support/golden.ts";
import {
  CRASH,
  explainLine,
  SLOW,
  smallIncident,
  snapshotOf,
  startWith,
  summaryOf,
} from "../support/tui-fixtures.ts";

interface Look {
  readonly columns?: number;
  readonly rows?: number;
  readonly color?: boolean;
  readonly unicode?: boolean;
  readonly zone?: string;
}

function screen(snapshot: Snapshot, keys = "", look: Look = {}): string {
  const size = { columns: look.columns ?? 80, rows: look.rows ?? 24 };
  let model = startWith(snapshot, size, look.zone);
  for (const key of keys.split(" ").filter((each) => each !== "")) {
    model = update(model, { kind: "key", key }).model;
  }
  const ink = { color: look.color ?? false, unicode: look.unicode ?? true };
  return renderToString(<Explorer model={model} ink={ink} explain={explainLine} />, {
    columns: size.columns,
  });
}

const TWO = snapshotOf([CRASH, SLOW]);
const MANY = snapshotOf(Array.from({ length: 40 }, (_, n) => smallIncident(n)));
const QUIET = snapshotOf([], {
  summary: summaryOf({
    failures: [],
    totals: {
      requests: 5247,
      failures: 0,
      masked: 0,
      byStatus: { "200": 5247 },
      byReason: {},
      byProxy: { nginx: 5247 },
    },
  }),
});
const READING = snapshotOf([CRASH], {
  progress: { bytes: 12_300_000, totalBytes: 36_000_000, lines: 120_345, done: false, live: false },
});
const [SOURCE] = summaryOf().sources;
const BADLY = snapshotOf([CRASH], {
  summary: summaryOf({
    sources: [
      {
        ...SOURCE!,
        records: 4617,
        misses: 630,
        firstMiss: { line: 214, offset: 49_152, why: "$upstream_addr missing", text: "x" },
      },
    ],
  }),
});
const LIVE = snapshotOf([CRASH], {
  progress: { bytes: 4_100_000, totalBytes: null, lines: 25_641, done: false, live: true },
});

const CASES: readonly (readonly [string, string])[] = [
  ["overview-80x24", screen(TWO)],
  ["overview-120x40", screen(TWO, "", { columns: 120, rows: 40 })],
  ["overview-60x15", screen(TWO, "", { columns: 60, rows: 15 })],
  ["overview-many", screen(MANY, "G k k")],
  ["overview-filter", screen(MANY, "/ 1 . 0 . 3")],
  ["overview-filter-none", screen(MANY, "/ z z z enter")],
  ["overview-quiet", screen(QUIET)],
  ["overview-reading", screen(READING)],
  ["overview-badly-read", screen(BADLY)],
  ["overview-live-ascii", screen(LIVE, "", { unicode: false, zone: "Asia/Kolkata" })],
  ["overview-nothing-yet", screen({ ...READING, summary: null, analysis: null, names: ["-"] })],
  ["story-80x24", screen(TWO, "enter")],
  ["story-120x40", screen(TWO, "enter", { columns: 120, rows: 40 })],
  ["story-60x15", screen(TWO, "enter j", { columns: 60, rows: 15 })],
  ["story-without-causes", screen(TWO, "j enter")],
  ["causes-80x24", screen(TWO, "enter 2")],
  ["where-80x24", screen(TWO, "enter 3")],
  ["time-80x24", screen(TWO, "enter 4")],
  ["lines-80x24", screen(TWO, "enter enter")],
  ["lines-120x40", screen(TWO, "enter enter G", { columns: 120, rows: 40 })],
  ["lines-60x15", screen(TWO, "enter enter j", { columns: 60, rows: 15 })],
  ["lines-none", screen(TWO, "j enter enter")],
  ["help-120x60", screen(TWO, "?", { columns: 120, rows: 60 })],
  ["help-story-80x24", screen(TWO, "enter ?")],
  ["too-small-59x14", screen(TWO, "", { columns: 59, rows: 14 })],
];

describe("screens", () => {
  it.each(CASES)("%s", (name, drawn) => {
    expectGolden(`${drawn}\n`, new URL(`./screens/${name}.golden`, import.meta.url));
  });

  it("never say by colour alone what they say", () => {
    const plain = screen(TWO);
    expect(
      screen(TWO, "", { color: true })
        .replace(/\x1b\[\d+m/g, "")
        .replace(/ +$/gm, ""),
    ).toBe(plain.replace(/ +$/gm, ""));
  });

  it("write out what a log line would do to the terminal", () => {
    const drawn = screen(TWO, "enter enter G", { color: true });
    expect(drawn).toContain("\\x1b[2J\\u202e");
    expect(drawn).not.toContain("\x1b[2J");
  });
});
