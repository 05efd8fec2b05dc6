// Redispatched requests of HAProxy name the server that answered, not the one that failed: the one that fell silent is found.
import { expect, test } from "vitest";
import { analyse } from "../../src/incident/index.ts";
import { knowledge } from "../support/knowledge.ts";
import { BASE, Scenario } from "../support/scenario.ts";

const FROM = 120;
const UNTIL = 150;

const MOVED = {
  reason: "connect-failed",
  code: "---- rc=+1",
  masked: true,
  blamed: { pool: "app", peer: null },
} as const;

/** Six requests a second to three peers in turn; `fate` says whether a request to this peer is tried at the next one instead. */
function pool(fate: (peer: number, second: number) => boolean): Scenario {
  const scenario = new Scenario();
  for (let k = 0; k < 240 * 6; k++) {
    const second = Math.floor(k / 6);
    const peer = k % 3;
    const isMoved = fate(peer, second);
    scenario.request({
      at: BASE + second * 1000 + (k % 6) * 150,
      proxy: "haproxy",
      pool: "app",
      peer: `app/s${isMoved ? (peer === 2 ? 0 : 2) : peer}`,
      status: 200,
      ...(isMoved ? MOVED : {}),
    });
  }
  return scenario;
}

const isDuring = (second: number): boolean => second >= FROM && second < UNTIL;

test("the peer that answered nothing meanwhile is the one", () => {
  const { incidents } = analyse(pool((peer, s) => peer === 1 && isDuring(s)).summary(), knowledge);
  expect(incidents).toHaveLength(1);
  const [incident] = incidents;
  expect(incident!.scope).toMatchObject({
    kind: "peer",
    values: ["app/s1"],
    explained: 1,
    rateWithout: 0,
  });
  expect(incident!.upstreams[0]).toMatchObject({ peer: "app/s1", failures: 60 });
  expect(incident!.causes[0]!.cause).toBe("backend-down");
  expect(incident!.causes[0]!.for.map(({ text }) => text).join("\n")).toContain(
    "it alone answered 0 of 56 requests that were its share",
  );
});

test("nobody is blamed where no peer fell silent, or several did", () => {
  const now = (s: number): boolean => isDuring(s);
  for (const fate of [
    (peer: number, s: number) => now(s) && (s + peer) % 3 === 0,
    (peer: number, s: number) => now(s) && peer !== 2,
  ]) {
    const { incidents } = analyse(pool(fate).summary(), knowledge);
    expect(incidents[0]!.scope.kind).toBe("pool");
  }
});
