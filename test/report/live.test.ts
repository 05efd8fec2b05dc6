// Live lines: each incident is told once when it opens and once when it closes.
import { expect, test } from "vitest";
import { liveChanges, renderLive } from "../../src/report/index.ts";
import { after, analysisOf, crashOne, words } from "../support/report-fixtures.ts";

const VIEW = { width: 120, color: false, unicode: true, zone: "UTC", words };
const open = crashOne({ id: "a", ongoing: true, end: after(20), requests: 31, failures: 9 });
const grown = crashOne({ id: "b", ongoing: true, end: after(26) });
const over = crashOne({ id: "c" });

test("opened, grown, closed: two lines though its id changed", () => {
  expect(liveChanges(null, analysisOf([open])).map((line) => line.kind)).toEqual(["opened"]);
  expect(liveChanges(analysisOf([open]), analysisOf([grown]))).toEqual([]);
  expect(liveChanges(analysisOf([grown]), analysisOf([over])).map((line) => line.kind)).toEqual([
    "closed",
  ]);
  expect(liveChanges(analysisOf([over]), analysisOf([over]))).toEqual([]);
});

test("what began and ended between two looks is told whole", () => {
  expect(liveChanges(null, analysisOf([over])).map((line) => line.kind)).toEqual([
    "opened",
    "closed",
  ]);
});

test("what begins again says so", () => {
  const [line] = liveChanges(analysisOf([over]), analysisOf([{ ...grown, end: after(40) }]));
  expect(line).toMatchObject({ kind: "opened", again: true });
});

test("another upstream, or another time, is another incident", () => {
  const upstreams = open.upstreams.map((upstream) => ({ ...upstream, pool: "search" }));
  const search = { ...open, id: "s", upstreams };
  expect(liveChanges(analysisOf([open]), analysisOf([open, search]))).toHaveLength(1);
  const later = { ...open, id: "l", start: after(300), end: after(310) };
  expect(liveChanges(analysisOf([over]), analysisOf([over, later]))).toMatchObject([
    { kind: "opened", again: false },
  ]);
});

test("consequences get no line of their own", () => {
  expect(liveChanges(null, analysisOf([open, { ...over, id: "x", parent: "a" }]))).toHaveLength(1);
});

test("the lines", () => {
  const [opened] = liveChanges(null, analysisOf([open]));
  expect(renderLive(opened!, VIEW)).toBe(
    "18:13:27 ▲ app → 127.0.0.1:9102 refusing connections since 18:13:25 · 9 of 31 requests · connect-refused",
  );
  const [closed] = liveChanges(analysisOf([open]), analysisOf([over]));
  expect(renderLive(closed!, VIEW)).toBe(
    "18:13:35 ● app → 127.0.0.1:9102 over after 9.9 s · 45 of 160 requests failed (28 %) · backend-down (0.91)",
  );
});
