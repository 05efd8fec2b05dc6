// Whatever is pressed and whatever arrives, the model stays valid and can be drawn.
import { renderToString } from "ink";
import fc from "fast-check";
import { createElement } from "react";
import { describe, expect, it } from "vitest";
import type { Incident } from "../../src/incident/index.ts";
import { visibleIncidents } from "../../src/tui/incident-list.ts";
import { overviewLayout } from "../../src/tui/layout.ts";
import {
  exampleKey,
  incidentOf,
  initialModel,
  listFrame,
  type Model,
} from "../../src/tui/model.ts";
import { BINDINGS } from "../../src/tui/keys.ts";
import { update, type Message } from "../../src/tui/update.ts";
import { Explorer } from "../../src/tui/views/Explorer.tsx";
import {
  analysisOf,
  CRASH,
  DONE,
  SLOW,
  smallIncident,
  summaryOf,
  WORDS,
} from "../support/tui-fixtures.ts";

const keys = fc.constantFrom(
  ...new Set(BINDINGS.flatMap((each) => each.keys)),
  ..."0x!é漢\u202e\u0000".split(""),
  "backspace",
  "f1",
);

const shares = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 90 });
const counts = fc.array(fc.nat(500), { maxLength: 90 });
const wild = fc.string({ unit: "binary", maxLength: 40 });

const incident: fc.Arbitrary<Incident> = fc
  .record({
    base: fc.constantFrom(CRASH, SLOW, smallIncident(3)),
    number: fc.nat(12),
    minutes: fc.nat(3000),
    seconds: fc.nat(4000),
    ongoing: fc.boolean(),
    leftCensored: fc.boolean(),
    kind: fc.constantFrom("peer", "peers", "pool", "node", "route", "client", "everything", "none"),
    values: fc.array(wild, { maxLength: 3 }),
    name: fc.option(wild),
    strip: shares,
    requests: counts,
    failures: counts,
    examples: fc.array(wild, { maxLength: 5 }),
    bare: fc.boolean(),
  })
  .map((it): Incident => {
    const start = it.base.start + it.minutes * 60_000;
    return {
      ...it.base,
      id: `id${it.number}`,
      start,
      end: start + it.seconds * 1000,
      ongoing: it.ongoing,
      leftCensored: it.leftCensored,
      scope: { ...it.base.scope, kind: it.kind as Incident["scope"]["kind"], values: it.values },
      upstreams: it.bare
        ? []
        : it.base.upstreams.map((each) => ({ ...each, pool: it.name, strip: it.strip })),
      reasons: it.bare ? [] : it.base.reasons,
      causes: it.bare ? [] : it.base.causes,
      timeline: { ...it.base.timeline, requests: it.requests, failures: it.failures },
      examples: it.examples.map((text, i) => ({
        source: "a.log",
        line: i % 2 === 0 ? i : null,
        offset: i,
        text,
      })),
    };
  });

const message: fc.Arbitrary<Message> = fc.oneof(
  { weight: 8, arbitrary: keys.map((key): Message => ({ kind: "key", key })) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        incidents: fc.uniqueArray(incident, { selector: (each) => each.id, maxLength: 9 }),
        empty: fc.boolean(),
        progress: fc.record({
          bytes: fc.nat(),
          totalBytes: fc.option(fc.nat()),
          lines: fc.nat(),
          done: fc.boolean(),
          live: fc.boolean(),
        }),
        names: fc.array(wild, { maxLength: 2 }),
      })
      .map((it): Message => ({
        kind: "snapshot",
        snapshot: {
          summary: it.empty ? null : summaryOf(),
          analysis: it.empty ? null : analysisOf(it.incidents),
          progress: it.progress,
          names: it.names,
        },
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 70 }) })
      .map((size): Message => ({ kind: "resize", size })),
  },
);

function faults(model: Model): string[] {
  const found: string[] = [];
  const visible = visibleIncidents(model);
  const list = listFrame(model);
  if (list.screen !== "list") found.push("no list at the bottom");
  if (list.cursor !== null && !visible.some((each) => each.id === list.cursor)) {
    found.push("the cursor is nowhere");
  }
  const rows = overviewLayout(model).list;
  if (list.top < 0 || list.top > Math.max(0, visible.length - rows))
    found.push("list scrolled out");
  const at = visible.findIndex((each) => each.id === list.cursor);
  if (at >= 0 && (at < list.top || at >= list.top + rows))
    found.push("the cursor is off the screen");
  if (new Set(model.order).size !== model.order.length) found.push("a row twice");
  if (model.order.length !== (model.snapshot.analysis?.incidents.length ?? 0)) {
    found.push("a row too many or too few");
  }
  for (const each of model.stack.slice(1)) {
    if (each.screen === "list") found.push("a second list");
    if (!Number.isInteger(each.top) || each.top < 0) found.push("scrolled out");
    if (each.screen === "help") continue;
    const shown = incidentOf(model, each.incident);
    if (shown === undefined) found.push("the story of nothing");
    else if (
      each.cursor !== null &&
      !shown.examples.some((line) => exampleKey(line) === each.cursor)
    ) {
      found.push("the line of nothing");
    }
  }
  return found;
}

describe("any sequence of messages", () => {
  it("keeps the model valid", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
        let model = initialModel({ columns: 80, rows: 24 }, WORDS, "UTC");
        for (const each of messages) {
          model = update(model, each).model;
          expect(faults(model)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives screens that fit and hold no control characters", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 25 }), (messages) => {
        let model = initialModel({ columns: 80, rows: 24 }, WORDS, "UTC");
        for (const each of messages) model = update(model, each).model;
        const { columns, rows } = model.size;
        const screen = renderToString(
          createElement(Explorer, {
            model,
            ink: { color: false, unicode: false },
            explain: (line: string) => [line],
          }),
          { columns },
        );
        const drawn = screen.split("\n");
        expect(drawn.length).toBeLessThanOrEqual(rows);
        for (const row of drawn) {
          expect(row).toMatch(/^[\x20-\x7e]*$/);
          expect(row.length).toBeLessThanOrEqual(columns);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("the fixtures", () => {
  it("are all read", () => expect(DONE.done).toBe(true));
});
