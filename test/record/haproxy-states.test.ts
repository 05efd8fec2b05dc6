// The data about termination states: complete, and consistent with what the reasons promise.
import { expect, test } from "vitest";
import { HaproxyEvidence } from "../../src/record/haproxy-evidence.ts";
import { haproxyKnowledge } from "../../src/record/haproxy-knowledge.ts";
import { HaproxyStates, packState } from "../../src/record/haproxy-states.ts";
import { Names } from "../../src/record/names.ts";
import { texts } from "./teller.ts";

const knowledge = haproxyKnowledge(JSON.parse(texts["haproxy/failures.json"]!));

test("every letter has a rule in every phase, whatever the line tells", () => {
  const states = new HaproxyStates(knowledge);
  const nothing = new HaproxyEvidence([], knowledge.errors, new Names());
  nothing.read(new Uint8Array(0), new Int32Array(0));
  for (const who of "-CcSsPLRIDUK") {
    for (const phase of "-RQCHDLT") {
      const rule = states.rule(packState(who.charCodeAt(0), phase.charCodeAt(0)), nothing);
      expect(rule, who + phase).not.toBeNull();
    }
  }
});

test("the last rule of a state has no condition, and no rule stands behind it", () => {
  const byState = new Map<string, boolean[]>();
  for (const { states, when } of knowledge.states) {
    for (const state of states)
      byState.set(state, [...(byState.get(state) ?? []), when === undefined]);
  }
  for (const [state, open] of byState) expect(open.indexOf(true), state).toBe(open.length - 1);
});

test("clients are to blame for C and c, nobody else is", () => {
  for (const { states, by, reason } of knowledge.states) {
    const isClient = states.every((state) => /^[Cc]/.test(state));
    if (isClient) expect([by, ["client-abort", "none"].includes(reason)]).toEqual(["client", true]);
    else expect(reason).not.toBe("client-abort");
  }
});

test("conditions name error groups that exist", () => {
  const groups = new Set(knowledge.errors.map(({ error }) => error));
  for (const { when } of knowledge.states)
    for (const error of when?.error ?? []) expect(groups).toContain(error);
});

test("mistakes in the data are named", () => {
  const bad = { ...knowledge, states: [{ ...knowledge.states[0], states: ["XX"] }] };
  expect(() => haproxyKnowledge(bad)).toThrow("XX");
});
