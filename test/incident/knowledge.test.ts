// The data of reasons and causes: complete, well-formed, and refused with a clear word when it is not.
import { describe, expect, it } from "vitest";
import { parseKnowledge } from "../../src/incident/index.ts";
import { REASONS } from "../../src/record/index.ts";
import { knowledge, texts } from "../support/knowledge.ts";

const CAUSES =
  "backend-down pool-down rolling-restart crash-loop overload slow-dependency timeout-mismatch keepalive-race header-growth protocol-mismatch bad-response tls-misconfiguration certificate-expired dns-failure stale-address network-partition packet-loss firewall health-check-flapping poison-request route-bug upstream-error proxy-limits proxy-reload maintenance retry-storm client-side unknown".split(
    " ",
  );

describe("the knowledge", () => {
  it("has every cause of the design, with words for each reader", () => {
    expect(knowledge.causes.map(({ cause }) => cause).sort()).toEqual([...CAUSES].sort());
    for (const { cause, check, fix, prevent, visitor, sources } of knowledge.causes) {
      expect([cause, check.length, fix.length, prevent.length].includes(0)).toBe(false);
      expect(visitor).toMatch(/\.$/);
      expect(sources.length).toBeGreaterThan(0);
    }
  });

  it("has every reason, in plain words", () => {
    expect(Object.keys(knowledge.reasons)).toEqual([...REASONS]);
    for (const [reason, { title, phrase, next }] of Object.entries(knowledge.reasons)) {
      expect(title).not.toBe(reason);
      expect(phrase).not.toBe("");
      if (reason !== "none") expect(next.length).toBeGreaterThan(0);
    }
  });

  it("only has blanks that can be filled", () => {
    const all = [
      ...Object.values(knowledge.reasons).flatMap(({ next }) => next),
      ...knowledge.causes.flatMap(({ check, fix, prevent }) => [...check, ...fix, ...prevent]),
    ];
    const names = all.flatMap(({ text }) =>
      [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
    );
    const known = ["peer", "host", "port", "server", "pool", "path", "client", "node", "socket"];
    const curl = ["size_download", "errormsg", "time_total"];
    expect(
      [...new Set(names)].filter((name) => !known.includes(name) && !curl.includes(name)),
    ).toEqual([]);
  });
});

describe("parseKnowledge", () => {
  const broken = (file: keyof typeof texts, from: string, to: string): (() => unknown) => {
    expect(texts[file]).toContain(from);
    return () => parseKnowledge({ ...texts, [file]: texts[file].replace(from, to) });
  };

  it("says which file and entry is at fault", () => {
    expect(() => parseKnowledge({})).toThrow("grammars/reasons.json is missing");
    expect(() => parseKnowledge({ ...texts, "causes.json": "{" })).toThrow(
      /^grammars\/causes\.json: /,
    );
    expect(broken("reasons.json", '"dns-failure": {', '"dns-falure": {')).toThrow(
      "reasons.json: dns-falure: no such reason",
    );
    expect(broken("causes.json", '"cause": "pool-down"', '"cause": "backend-down"')).toThrow(
      /backend-down: given twice|no such cause: pool-down/,
    );
    expect(broken("causes.json", '"feature": "refused"', '"feature": "refusd"')).toThrow(
      "no such feature: refusd",
    );
  });
});
