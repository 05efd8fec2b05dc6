// The message catalogue: which rule wins, what is left of a message in its code, and that nginx's own data is sound.
import { expect, test } from "vitest";
import {
  MessageTable,
  messageRules,
  PROCESS_SCOPE,
  UPSTREAM_SCOPE,
  type MessageRule,
} from "../../src/record/message-table.ts";
import { Names } from "../../src/record/names.ts";
import { knowledge } from "./nginx/rig.ts";

const note = { meaning: "m", source: "s" };
const failure = { ...note, reason: "disconnect", by: "upstream" } as const;

function table(rules: readonly MessageRule[]): {
  find: (
    message: string,
    errno?: number,
    action?: string,
    level?: number,
    scope?: number,
  ) => [number, string];
} {
  const names = new Names();
  const made = new MessageTable(rules, names, ["error", "info"]);
  return {
    find: (message, errno = -1, action = "", level = -1, scope = PROCESS_SCOPE) => {
      const text = action === "" ? message : `${message} while ${action}`;
      const bytes = new TextEncoder().encode(text);
      const end = message.length;
      const found = made.find(
        bytes,
        0,
        end,
        errno,
        level,
        scope,
        action === "" ? -1 : end + 7,
        bytes.length,
      );
      return [found, names.text(made.code)];
    },
  };
}

test("holes, anchors and the first match", () => {
  const { find } = table([
    { message: "Server * is DOWN*", ...failure },
    { message: "Server * is UP", ...failure },
    { message: "*end", ...failure },
    { message: "a*b*c", ...failure },
    { message: "connect() *failed (**", ...failure },
    { message: "*", ...failure },
  ]);
  expect(find("Server be/s1 is DOWN, reason: x")).toEqual([0, "Server is DOWN"]);
  expect(find("Server be/s1 is UP")[0]).toBe(1);
  expect(find("Server be/s1 is UP again")[0]).toBe(5);
  expect(find("the end")[0]).toBe(2);
  expect(find("abc")[0]).toBe(3);
  expect(find("a b b c")[0]).toBe(3);
  expect(find("ac")[0]).toBe(5);
  expect(find("connect() to 10.0.0.1:80 failed (1: x)")).toEqual([4, "connect() failed (1: x)"]);
  expect(find('odd "thing" 5')).toEqual([5, "odd"]);
});

test("numbers, actions, levels and scopes narrow a rule, and the cache keeps them apart", () => {
  const { find } = table([
    { message: "x", errno: [1, 2], ...failure },
    { message: "x", action: ["reading *", "writing"], ...failure },
    { message: "x", level: ["error"], ...failure },
    { message: "x", scope: "upstream", ...failure },
    { message: "x", ...note },
  ]);
  for (let round = 0; round < 2; round++) {
    expect(find("x", 2)[0]).toBe(0);
    expect(find("x", 3, "reading upstream")[0]).toBe(1);
    expect(find("x", -1, "waiting")[0]).toBe(4);
    expect(find("x", -1, "waiting", 0)[0]).toBe(2);
    expect(find("x", -1, "waiting", 1)[0]).toBe(4);
    expect(find("x", -1, "waiting", 1, UPSTREAM_SCOPE)[0]).toBe(3);
  }
});

test("more distinct messages than the cache holds", () => {
  const { find } = table([
    { message: "limiting *", ...failure },
    { message: "*", ...note },
  ]);
  for (let k = 0; k < 10_000; k++) expect(find(`limiting ${k}`)).toEqual([0, "limiting"]);
  expect(find("other")).toEqual([1, ""]);
});

test("nginx's catalogue is sound: every rule can win, and says what it means", () => {
  const rules = messageRules(knowledge);
  expect(rules.length).toBeGreaterThan(120);
  for (const rule of rules) {
    expect(rule.meaning.endsWith("."), rule.message).toBe(true);
    if (rule.reason !== undefined) expect(rule.by, rule.message).toBeDefined();
  }
  const keys = rules.map(({ message, errno, action, level, scope }) =>
    JSON.stringify([message, errno, action, level, scope]),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test("mistakes in the data are named", () => {
  expect(() => messageRules({})).toThrow("no list");
  expect(() => messageRules({ messages: [{ message: "x", ...note, reason: "bad-luck" }] })).toThrow(
    "bad-luck",
  );
  expect(() => new MessageTable([{ message: "x", level: ["loud"], ...note }], new Names())).toThrow(
    "loud",
  );
});
