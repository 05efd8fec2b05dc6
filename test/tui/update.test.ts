// What each key and each snapshot does to the model.
import { describe, expect, it } from "vitest";
import { selectedIncident, visibleIncidents } from "../../src/tui/incident-list.ts";
import { listFrame, NOTHING, topFrame, type Model } from "../../src/tui/model.ts";
import { update, type Effect } from "../../src/tui/update.ts";
import type { Snapshot } from "../../src/tui/feed.ts";
import {
  CRASH,
  SLOW,
  smallIncident,
  snapshotOf,
  START,
  startWith,
} from "../support/tui-fixtures.ts";

const SIZE = { columns: 80, rows: 24 };
const TWO = snapshotOf([CRASH, SLOW]);
const MANY = snapshotOf(Array.from({ length: 40 }, (_, n) => smallIncident(n)));
const LIVE: Snapshot["progress"] = {
  bytes: 1,
  totalBytes: null,
  lines: 1,
  done: false,
  live: true,
};

function start(snapshot: Snapshot = TWO): Model {
  return startWith(snapshot, SIZE);
}

/** The model and the effects after these keys, separated by spaces. */
function press(model: Model, keys: string): { model: Model; effects: readonly Effect[] } {
  const effects: Effect[] = [];
  let after = model;
  for (const key of keys.split(" ")) {
    const step = update(after, { kind: "key", key });
    after = step.model;
    effects.push(...step.effects);
  }
  return { model: after, effects };
}

function receive(model: Model, snapshot: Snapshot): Model {
  return update(model, { kind: "snapshot", snapshot }).model;
}

function screens(model: Model): string {
  return model.stack.map((each) => (each.screen === "story" ? each.tab : each.screen)).join(" ");
}

describe("keys", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["enter opens the story", "enter", "list story"],
    ["l opens it too", "l", "list story"],
    ["enter twice goes to the lines", "enter enter", "list story lines"],
    ["escape goes one level back", "enter enter escape", "list story"],
    ["q goes back first", "enter q", "list"],
    ["a number is a tab", "enter 3", "list where"],
    ["tab is the next one", "enter tab", "list causes"],
    ["tabs go round by way of the lines", "enter left", "list story lines"],
    ["and out of the lines again", "enter left right", "list story"],
    ["a number leaves the lines", "enter 5 4", "list time"],
    ["? opens help, on top of what was there", "enter 2 ?", "list causes help"],
    ["? closes it", "? ?", "list"],
    ["escape on the list stays", "escape", "list"],
    ["an unknown key does nothing", "enter x", "list story"],
  ];
  it.each(cases)("%s", (_, keys, expected) => {
    expect(screens(press(start(), keys).model)).toBe(expected);
  });

  it("quits with q on the list only, with Ctrl-C anywhere", () => {
    expect(press(start(), "enter q").effects).toEqual([]);
    expect(press(start(), "enter q q").effects).toEqual([{ kind: "quit" }]);
    expect(press(start(), "enter enter ctrl+c").effects).toEqual([{ kind: "quit" }]);
    expect(press(start(), "/ a ctrl+c").effects).toEqual([{ kind: "quit" }]);
  });

  it("suspends with Ctrl-Z and redraws with Ctrl-L", () => {
    expect(press(start(), "ctrl+z ctrl+l").effects).toEqual([
      { kind: "suspend" },
      { kind: "redraw" },
    ]);
  });

  it("opens nothing where there is no incident", () => {
    expect(screens(press(start(NOTHING), "enter j e G y").model)).toBe("list");
  });
});

describe("moving in the list", () => {
  const at = (keys: string): number =>
    Number(selectedIncident(press(start(MANY), keys).model)!.id.slice(4));
  it.each([
    ["j j k", 1],
    ["down down", 2],
    ["up", 0],
    ["G", 39],
    ["end k", 38],
    ["G g", 0],
    ["pagedown", 7],
    ["ctrl+f ctrl+b", 0],
    ["ctrl+d", 4],
    ["ctrl+d ctrl+u", 0],
    ["e e E", 1],
  ])("%s", (keys, expected) => {
    expect(at(keys)).toBe(expected);
  });

  it("keeps the selected row on the screen", () => {
    const { top } = listFrame(press(start(MANY), "G").model);
    expect(top).toBe(32);
  });
});

describe("e and E inside a story", () => {
  it("go to the next incident and stay on the page", () => {
    const { model } = press(start(), "enter 3 e");
    expect(topFrame(model)).toMatchObject({ incident: SLOW.id, tab: "where" });
    expect(selectedIncident(model)!.id).toBe(SLOW.id);
    expect(screens(model)).toBe("list where");
  });

  it("say where the list ends", () => {
    const { model } = press(start(), "enter e e");
    expect(model.notice).toContain("last incident");
    expect(press(model, "j").model.notice).toBeNull();
  });

  it("carry the lines along", () => {
    const { model } = press(start(), "enter enter e");
    expect(model.stack.map((each) => each.incident)).toEqual([null, SLOW.id, SLOW.id]);
  });
});

describe("the filter", () => {
  const shown = (model: Model): string[] => visibleIncidents(model).map((each) => each.id);

  it("narrows while it is typed", () => {
    const { model } = press(start(), "/ r e p");
    expect(model.typing).toBe(true);
    expect(shown(model)).toEqual([SLOW.id]);
  });

  it("is kept by enter, cleared by escape", () => {
    const kept = press(start(), "/ r e p enter").model;
    expect([kept.typing, kept.filter, screens(kept)]).toEqual([false, "rep", "list"]);
    const cleared = press(kept, "escape").model;
    expect([cleared.filter, shown(cleared).length]).toEqual(["", 2]);
    expect(press(start(), "/ r e p escape").model.filter).toBe("");
  });

  it("takes letters that are keys elsewhere, and edits", () => {
    expect(press(start(), "/ q j space ?").model.filter).toBe("qj ?");
    expect(press(start(), "/ a b backspace").model.filter).toBe("a");
    expect(press(start(), "/ a space b c ctrl+w").model.filter).toBe("a ");
    expect(press(start(), "/ a b ctrl+u").model.filter).toBe("");
    expect(press(start(), "/ backspace").model.typing).toBe(false);
  });

  it("looks into reasons, codes, causes and status, with ! for all others", () => {
    const filtered = (filter: string): string[] => shown({ ...start(), filter });
    expect(filtered("refused")).toEqual([CRASH.id]);
    expect(filtered("response timeout")).toEqual([SLOW.id]);
    expect(filtered("(111")).toEqual([CRASH.id]);
    expect(filtered("backend-down 502")).toEqual([CRASH.id]);
    expect(filtered("504")).toEqual([SLOW.id]);
    expect(filtered("still failing")).toEqual([SLOW.id]);
    expect(filtered("!refused")).toEqual([SLOW.id]);
    expect(filtered("!")).toHaveLength(2);
    expect(filtered("nowhere")).toEqual([]);
  });

  it("moves the cursor along when its row goes", () => {
    const { model } = press(start(), "j / 9 1 0 2");
    expect(selectedIncident(model)!.id).toBe(CRASH.id);
  });
});

describe("sorting", () => {
  const order = (keys: string): readonly string[] => press(start(), keys).model.order;
  it("goes round and reverses", () => {
    expect(order("s")).toEqual([CRASH.id, SLOW.id]);
    expect(order("s S")).toEqual([SLOW.id, CRASH.id]);
    expect(order("s s")).toEqual([CRASH.id, SLOW.id]);
    expect(order("s s s s")).toEqual([CRASH.id, SLOW.id]);
    expect(order("S")).toEqual([SLOW.id, CRASH.id]);
  });

  it("keeps the selected incident selected", () => {
    const { model } = press(start(), "j s S");
    expect(selectedIncident(model)!.id).toBe(SLOW.id);
  });
});

describe("a new snapshot", () => {
  const worse = smallIncident(30);
  const row = (model: Model): number => {
    const index = visibleIncidents(model).findIndex((each) => each.id === listFrame(model).cursor);
    return index - listFrame(model).top;
  };

  it("orders the list freely while nobody has moved in it", () => {
    expect(receive(start(), snapshotOf([worse, CRASH, SLOW])).order[0]).toBe(worse.id);
  });

  it("comes below once somebody has, and is marked as new until seen", () => {
    const moved = press(start(), "j").model;
    const after = receive(moved, snapshotOf([worse, SLOW, CRASH]));
    expect(after.order).toEqual([CRASH.id, SLOW.id, worse.id]);
    expect(after.unseen).toEqual([worse.id]);
    expect(press(after, "k").model.unseen).toEqual([]);
    expect(press(after, "s s s s").model.order[0]).toBe(worse.id);
  });

  it("does not move the row under the cursor, far down in a long list", () => {
    const moved = press(start(MANY), "pagedown pagedown j k k").model;
    const before = row(moved);
    const later = snapshotOf([
      ...Array.from({ length: 5 }, (_, n) => smallIncident(100 + n)),
      ...MANY.analysis!.incidents.filter((_, n) => n !== 2 && n !== 3),
    ]);
    const after = receive(moved, later);
    expect(selectedIncident(after)!.id).toBe(selectedIncident(moved)!.id);
    expect(row(after)).toBe(before);
  });

  it("finds an incident again whose id changed because its start did", () => {
    const open = press(start(), "enter 2").model;
    const earlier = { ...CRASH, id: "0ther00001", start: CRASH.start - 3000 };
    const after = receive(open, snapshotOf([SLOW, earlier]));
    expect(topFrame(after)).toMatchObject({ incident: earlier.id, tab: "causes" });
    expect(after.order).toEqual([earlier.id, SLOW.id]);
  });

  it("leaves the story of an incident that is gone, and says so", () => {
    const open = press(start(), "enter enter").model;
    const after = receive(open, snapshotOf([SLOW]));
    expect(screens(after)).toBe("list");
    expect(after.notice).toContain("no longer there");
  });

  it("waits while paused", () => {
    const live = start(snapshotOf([CRASH], { progress: LIVE }));
    const paused = press(live, "p").model;
    const later = snapshotOf([CRASH, SLOW], { progress: LIVE });
    const waiting = receive(paused, later);
    expect(waiting.snapshot).toBe(live.snapshot);
    expect(press(waiting, "p").model.snapshot).toBe(later);
  });

  it("has nothing to wait for when all is read", () => {
    expect(press(start(), "p").model).toMatchObject({ paused: false });
  });
});

describe("copying", () => {
  it("gives the command that prints the incident", () => {
    expect(press(start(), "y").effects).toEqual([
      {
        kind: "copy",
        text: "why502 /var/log/nginx/access.log /var/log/nginx/error.log --since 2026-11-23T18:13:25Z --until 2026-11-23T18:13:36Z --where 'peer = \"127.0.0.1:9102\"' -o text",
      },
    ]);
  });

  it("gives the raw line on the lines screen", () => {
    const { effects } = press(start(), "enter enter j y");
    expect(effects).toEqual([{ kind: "copy", text: CRASH.examples[1]!.text }]);
  });

  it("quotes what a shell would obey", () => {
    const evil = snapshotOf([CRASH], { names: ["a b.log", "$(rm -rf ~)'.log"] });
    const [effect] = press(start(evil), "y").effects;
    expect((effect as { text: string }).text).toContain(`'a b.log' '$(rm -rf ~)'\\''.log'`);
  });

  it("says when there is nothing to copy", () => {
    expect(press(start(snapshotOf([])), "y").model.notice).toBe("nothing to copy");
    expect(press(start(), "j enter enter y").model.notice).toBe("nothing to copy");
  });
});

describe("scrolling a story", () => {
  it("stops at its end and never before its beginning", () => {
    const small = update(press(start(), "enter 2").model, {
      kind: "resize",
      size: { columns: 60, rows: 15 },
    }).model;
    const bottom = press(small, "G").model;
    expect(topFrame(bottom).top).toBeGreaterThan(0);
    expect(topFrame(press(bottom, "j j j").model).top).toBe(topFrame(bottom).top);
    expect(topFrame(press(bottom, "k").model).top).toBe(topFrame(bottom).top - 1);
    expect(topFrame(press(bottom, "g k").model).top).toBe(0);
    const large = update(bottom, { kind: "resize", size: { columns: 200, rows: 90 } }).model;
    expect(topFrame(large).top).toBe(0);
  });
});

describe("time", () => {
  it("is what the command is made from, whole seconds around the incident", () => {
    const { effects } = press(start(snapshotOf([{ ...CRASH, start: START, end: START }])), "y");
    expect((effects[0] as { text: string }).text).toMatch(/since \S+07Z --until \S+08Z/);
  });
});
