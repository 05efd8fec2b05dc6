// Events told together: a server that went and came back, and what was logged again and again.
import { expect, test } from "vitest";
import { storyOf } from "../../src/report/event-story.ts";
import type { EventItem } from "../../src/summary/index.ts";

const event = (time: number, kind: string, peer: string | null, says = ""): EventItem => ({
  time,
  proxy: "haproxy",
  kind,
  pool: "app",
  peer,
  text: says,
  says,
  count: 1,
  isTimeInferred: false,
});

function told(events: readonly EventItem[]): string[] {
  return storyOf(events).map(
    ({ event: { time, kind }, count, last, back }) =>
      `${time} ${kind} ×${count} until ${last}, back ${back ?? "never"}`,
  );
}

test("down and up of one server are one story; another server's are its own", () => {
  expect(
    told([
      event(1, "server-down", "app/s1", "Layer4 timeout"),
      event(2, "server-down", "app/s2"),
      event(3, "no-server", null),
      event(5, "server-up", "app/s1"),
      event(9, "server-up", "app/s1"),
    ]),
  ).toEqual([
    "1 server-down ×1 until 1, back 5",
    "2 server-down ×1 until 2, back never",
    "3 no-server ×1 until 3, back never",
    "9 server-up ×1 until 9, back never",
  ]);
});

test("a server that flaps is told turn by turn", () => {
  const turns = [1, 3, 5].flatMap((time) => [
    event(time, "server-down", "app/s1"),
    event(time + 1, "server-up", "app/s1"),
  ]);
  expect(told(turns)).toEqual(
    [1, 3, 5].map((t) => `${t} server-down ×1 until ${t}, back ${t + 1}`),
  );
});

test("the same words again and again are counted; other words begin anew", () => {
  expect(
    told([
      event(1, "ejection", "app/s1", "upstream server temporarily disabled"),
      event(2, "ejection", "app/s1", "upstream server temporarily disabled"),
      event(3, "ejection", "app/s1", "something else"),
    ]),
  ).toEqual(["1 ejection ×2 until 2, back never", "3 ejection ×1 until 3, back never"]);
});
