// The small parts: the key table, key names, frames, bursts of snapshots, curves, and the text of a row.
import type { Key } from "ink";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../src/report/index.ts";
import { coalesce } from "../../src/tui/coalesce.ts";
import { frameChanges } from "../../src/tui/frame-stream.ts";
import { formatBytes, formatDurationShort } from "../../src/tui/format.ts";
import { actionFor, BINDINGS, bindingsOn } from "../../src/tui/keys.ts";
import { keyNames } from "../../src/tui/key-names.ts";
import { asciiOnly, paint } from "../../src/tui/paint.ts";
import { seriesOf } from "../../src/tui/series.ts";
import { bar, condense, sparkline, stretch } from "../../src/tui/sparkline.ts";
import { span } from "../../src/tui/spans.ts";
import { clipboardSequence } from "../../src/tui/terminal-session.ts";
import { clip, clipStart, fit, wrap } from "../../src/tui/text-width.ts";
import { timeAxis } from "../../src/tui/time-axis.ts";
import { START, summaryOf } from "../support/tui-fixtures.ts";

describe("the key table", () => {
  it("gives each key one meaning on each screen", () => {
    for (const screen of ["list", "story", "lines", "help"] as const) {
      const keys = bindingsOn(screen).flatMap((each) => each.keys);
      expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    }
  });

  it("has a way out of every screen", () => {
    expect(actionFor("q", "list")).toBe("leave");
    for (const screen of ["story", "lines", "help"] as const) {
      expect(actionFor("escape", screen)).toBe("back");
      expect(actionFor("ctrl+c", screen)).toBe("quit");
    }
  });

  it("says in words what each key does", () => {
    expect(BINDINGS.filter((each) => each.label === "" || each.keys.length === 0)).toEqual([]);
  });
});

describe("key names", () => {
  const none = { ctrl: false, meta: false, shift: false } as Key;
  it.each<[string, string, Partial<Key>, readonly string[]]>([
    ["an arrow", "", { upArrow: true }, ["up"]],
    ["the backspace key", "", { delete: true }, ["backspace"]],
    ["Ctrl-F", "f", { ctrl: true }, ["ctrl+f"]],
    ["Shift-Tab", "", { tab: true, shift: true }, ["shift+tab"]],
    ["a letter", "j", {}, ["j"]],
    ["typed fast", "/ap\r", {}, ["/", "a", "p", "enter"]],
    ["Ctrl-C within a chunk", "jj\x03", {}, ["j", "j", "ctrl+c"]],
    ["Alt and a letter", "j", { meta: true }, []],
    ["an unknown sequence", "[200~", {}, []],
  ])("%s", (_, input, key, names) => {
    expect(keyNames(input, { ...none, ...key })).toEqual(names);
  });
});

/** A terminal that knows what frames are made of: move, erase a line, erase all, text. */
function applied(screen: readonly string[], bytes: string): string[] {
  const rows = [...screen];
  let row = 0;
  for (const [, move, erase, text] of bytes.matchAll(
    /\x1b\[(?:(\d*)(?:;1)?H|(2J|2K|0m|\?2026[hl]))|([^\x1b]+)/g,
  )) {
    if (move !== undefined) row = Math.max(1, Number(move)) - 1;
    else if (erase === "2J") rows.length = 0;
    else if (erase === "2K") rows[row] = "";
    else if (text !== undefined) rows[row] = text;
  }
  return Array.from(rows, (each) => each ?? "");
}

describe("frames", () => {
  const frame = fc.array(fc.constantFrom("", "a", "bb", "row"), { maxLength: 8 });
  it("end as the newest frame, whatever stood there", () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1 }), (frames) => {
        let screen: string[] = ["noise", "noise"];
        let before: readonly string[] | null = null;
        for (const after of frames) {
          screen = applied(screen, frameChanges(before, after));
          before = after;
        }
        const filled = (rows: readonly string[]): string[] =>
          Array.from({ length: 8 }, (_, i) => rows[i] ?? "");
        expect(filled(screen)).toEqual(filled(frames.at(-1)!));
      }),
    );
  });

  it("cost nothing where nothing changed, and one row where one did", () => {
    expect(frameChanges(["a", "b"], ["a", "b"])).toBe("");
    expect(frameChanges(["a", "b"], ["a", "c"])).toBe(
      "\x1b[?2026h\x1b[2;1H\x1b[2Kc\x1b[0m\x1b[?2026l",
    );
  });
});

describe("a burst", () => {
  it("becomes the first and then the newest, in its pace", () => {
    const handled: number[] = [];
    const timers: (() => void)[] = [];
    const pace = coalesce<number>(
      (value) => handled.push(value),
      100,
      (run) => {
        timers.push(run);
        return () => timers.splice(timers.indexOf(run), 1);
      },
    );
    for (let i = 0; i < 50; i++) pace.push(i);
    expect(handled).toEqual([0]);
    timers.shift()!();
    expect(handled).toEqual([0, 49]);
    timers.shift()!();
    expect([handled.length, timers.length]).toEqual([2, 0]);
    pace.push(50);
    pace.push(51);
    pace.stop();
    expect([handled.at(-1), timers.length]).toEqual([50, 0]);
  });
});

describe("a painted row", () => {
  const spans = fc.array(fc.string({ unit: "binary" }).map((text) => span(text, "bad")));
  it("never is wider than it may be, nor holds a control", () => {
    fc.assert(
      fc.property(spans, fc.nat(50), fc.boolean(), (line, width, unicode) => {
        const row = paint(line, width, { color: false, unicode });
        expect(displayWidth(row)).toBeLessThanOrEqual(width);
        expect(row).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it("is as wide in ASCII as in Unicode", () => {
    const text = "▸ app → 10.0.0.1 · ▁▂█ – 漢字…";
    expect(asciiOnly(text)).toBe("> app > 10.0.0.1 . _.# - ????~");
    expect(displayWidth(asciiOnly(text))).toBe(displayWidth(text));
  });

  it("is inverted to the edge when selected, and plain without colour", () => {
    const line = [span("ab", "strong")];
    expect(paint(line, 4, { color: true, unicode: true }, true)).toBe(
      "\x1b[7m\x1b[1mab\x1b[0m\x1b[7m  \x1b[0m",
    );
    expect(paint(line, 4, { color: false, unicode: true }, true)).toBe("ab");
  });
});

describe("text", () => {
  it("is cut by columns", () => {
    expect(clip("漢字漢字", 5)).toBe("漢字…");
    expect(clipStart("/var/log/nginx/access.log", 12)).toBe("…/access.log");
    expect(fit("漢", 4)).toBe("漢  ");
    expect(wrap("one two threefourfive", 7)).toEqual(["one two", "threefo", "urfive"]);
    expect(wrap("漢字", 1)).toEqual(["漢", "字"]);
  });

  it("loses nothing when wrapped", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 2, max: 20 }),
        (text, width) => {
          const lines = wrap(text, width);
          expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it("goes to the clipboard whatever it holds", () => {
    expect(clipboardSequence("é\x07\x1b")).toBe("\x1b]52;c;w6kHGw==\x07");
  });
});

describe("figures", () => {
  it.each([
    [0, "0 s"],
    [400, "0.4 s"],
    [9900, "9.9 s"],
    [10_000, "10 s"],
    [185_000, "3m05s"],
    [7_800_000, "2h10m"],
    [273_600_000, "3d4h"],
  ])("%d ms", (ms, text) => expect(formatDurationShort(ms)).toBe(text));

  it("of bytes", () => {
    expect([0, 999, 1234, 36_000_000, 2.5e12].map(formatBytes)).toEqual([
      "0 B",
      "999 B",
      "1.2 kB",
      "36 MB",
      "2.5 TB",
    ]);
  });
});

describe("curves", () => {
  it("show the smallest count and nothing for none", () => {
    expect(sparkline([0, 1, 1000, 500])).toBe(" ▁█▄");
    expect(sparkline([])).toBe("");
    expect(bar(1, 4)).toBe("████");
    expect(bar(0.001, 4)).toBe("▏");
    expect(bar(0, 4)).toBe("");
  });

  it("keep every failure when they are condensed", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99)), fc.integer({ min: 1, max: 30 }), (values, columns) => {
        const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
        expect(sum(condense(values, columns))).toBe(sum(values));
      }),
    );
    expect(stretch([1, 2], 5)).toEqual([1, 1, 1, 2, 2]);
  });

  it("count all of the log, however few the columns", () => {
    for (const columns of [1, 7, 45, 60, 500]) {
      const series = seriesOf(summaryOf(), columns)!;
      expect(series.requests.length).toBeLessThanOrEqual(columns);
      expect(series.failures.reduce((a, b) => a + b, 0)).toBe(45);
    }
  });

  it("stand on an axis that fits and names its ends", () => {
    expect(timeAxis(START, START + 45_000, 60, "UTC")).toBe(
      "18:13:07         :20          :30           :40     18:13:52",
    );
    expect(timeAxis(START, START + 86_400_000 * 3, 60, "UTC")).toMatch(
      /^11-23 18:13 .* 11-26 18:13$/,
    );
    fc.assert(
      fc.property(fc.nat(1e10), fc.nat(300), (length, columns) => {
        expect(
          timeAxis(START, START + length, columns, "Europe/Berlin").length,
        ).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
