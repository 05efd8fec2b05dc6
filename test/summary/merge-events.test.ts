// Events logged twice: the same change a second apart is one, a change there and back is two.
import { expect, test } from "vitest";
import type { EventRow } from "../../src/summary/event-table.ts";
import { mergeEvents } from "../../src/summary/merge-events.ts";

const row = (timeMs: number, kind: string, peer = "be/s1"): EventRow => ({
  timeMs,
  proxy: 1,
  kind,
  pool: "be",
  peer,
  text: kind,
  says: "",
  count: 1,
  isTimeInferred: false,
});
const told = (rows: readonly EventRow[]): string[] =>
  mergeEvents(rows).map(({ timeMs, kind, count }) => `${timeMs} ${kind} ${count}`);

test("syslog and stderr, stamped in two seconds", () => {
  expect(told([row(1000, "server-down"), row(2000, "server-down")])).toEqual([
    "1000 server-down 2",
  ]);
});

test("down, up and down again stays three", () => {
  const rows = [row(1000, "server-down"), row(1400, "server-up"), row(1900, "server-down")];
  expect(told(rows)).toEqual(["1000 server-down 1", "1400 server-up 1", "1900 server-down 1"]);
});

test("other servers, later times and what may happen often are left alone", () => {
  expect(told([row(1000, "server-down"), row(1000, "server-down", "be/s2")])).toHaveLength(2);
  expect(told([row(1000, "server-down"), row(2001, "server-down")])).toHaveLength(2);
  expect(told([row(1000, "limit"), row(1500, "limit")])).toHaveLength(2);
});
