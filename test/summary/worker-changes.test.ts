// Process ids: a new one that replaces the old is a reload, several side by side are none.
import { expect, test } from "vitest";
import type { EventRow } from "../../src/summary/event-table.ts";
import { workerChanges } from "../../src/summary/worker-changes.ts";

const seen = (seconds: number, peer: string): EventRow => ({
  timeMs: seconds * 1000,
  proxy: 1,
  kind: "worker",
  pool: null,
  peer,
  text: "a line",
  says: "",
  count: 1,
  isTimeInferred: false,
});
const told = (rows: readonly EventRow[]): string[] =>
  workerChanges(rows).map(({ timeMs, kind, text }) => `${timeMs / 1000} ${kind} ${text}`);

test("the old process still ends what it had begun", () => {
  expect(
    told([
      seen(0, "lb1 haproxy[10]"),
      seen(100, "lb1 haproxy[20]"),
      seen(101, "lb1 haproxy[10]"),
      seen(102, "lb1 haproxy[20]"),
      seen(500, "lb1 haproxy[20]"),
    ]),
  ).toEqual(["100 reload lb1 haproxy[20] took over from lb1 haproxy[10]: reloaded or restarted"]);
});

test("the order of the rows does not matter, and hosts do not replace each other", () => {
  const rows = [seen(100, "lb2 haproxy[20]"), seen(0, "lb1 haproxy[10]")];
  expect(told(rows)).toEqual([]);
  const reload = [seen(200, "lb2 haproxy[30]"), ...rows];
  expect(told(reload)).toEqual(told([...reload].reverse()));
  expect(told(reload)).toHaveLength(1);
});

test("processes side by side are no reload", () => {
  const rows = Array.from({ length: 400 }, (_, at) => seen(at, `lb1 haproxy[${10 + (at % 2)}]`));
  expect(told(rows)).toEqual([]);
});

test("other events stay", () => {
  expect(told([{ ...seen(5, "be/s1"), kind: "server-down" }])).toEqual(["5 server-down a line"]);
});
