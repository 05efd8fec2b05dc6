// Real faults through the built program: each is found once, with its reason, its likeliest cause and its start.
import { describe, expect, it } from "vitest";
import { run } from "./run-binary.ts";

interface Told {
  readonly start: string;
  readonly firstFailure: string;
  readonly ongoing: boolean;
  readonly parent: string | null;
  readonly failures: number;
  readonly masked: number;
  readonly reasons: readonly { readonly reason: string; readonly following: object }[];
  readonly causes: readonly { readonly cause: string }[];
}

async function told(folder: string, ...args: string[]): Promise<readonly Told[]> {
  const outcome = await run([`test/e2e/faults/${folder}`, ...args, "-o", "json"]);
  expect(outcome.code).toBe(0);
  const report = JSON.parse(outcome.stdout);
  expect(report.input.misses).toBe(0);
  return report.incidents.filter(({ parent }: Told) => parent === null);
}

/** Folder, flags, when the fault began, the leading reason, and the causes that are right. */
const FAULTS: readonly (readonly [string, readonly string[], string, string, readonly string[]])[] =
  [
    [
      "hanging-pool",
      [],
      "2026-11-25T22:47:45.537Z",
      "response-timeout",
      ["slow-dependency", "overload"],
    ],
    [
      "poison-path",
      [],
      "2026-11-25T22:50:19.161Z",
      "disconnect-close",
      ["poison-request", "route-bug"],
    ],
    ["keepalive-race", [], "2026-11-25T22:48:30.660Z", "disconnect", ["keepalive-race"]],
    ["invalid-header", [], "2026-11-25T22:52:03.305Z", "invalid-response", ["bad-response"]],
    ["log-ends-in-it", [], "2026-11-25T22:48:46.130Z", "connect-refused", ["backend-down"]],
    [
      "overload",
      [],
      "2026-11-23T18:14:55.413Z",
      "response-timeout",
      ["overload", "slow-dependency"],
    ],
  ];

describe("a real fault", () => {
  it.each(FAULTS)("%s %j", async (folder, flags, began, reason, causes) => {
    const incidents = await told(folder, ...flags);
    expect(incidents).toHaveLength(1);
    const [incident] = incidents;
    expect(incident!.reasons[0]!.reason).toBe(reason);
    expect(causes).toContain(incident!.causes[0]!.cause);
    const late = Date.parse(incident!.start) - Date.parse(began);
    expect(late).toBeGreaterThanOrEqual(-1500);
    expect(late).toBeLessThanOrEqual(2500);
    expect(incident!.ongoing).toBe(folder === "log-ends-in-it");
  });

  it("two at once at different pools are two", async () => {
    const incidents = await told("two-faults", "--tz", "America/New_York");
    expect(incidents.map(({ reasons }) => reasons[0]!.reason).sort()).toEqual([
      "connect-failed",
      "upstream-status",
    ]);
  });

  it("timeouts lead where they took the peers out, and say how many only followed", async () => {
    const [incident] = await told("hanging-pool");
    expect(incident!.reasons).toHaveLength(1);
    expect(incident!.reasons[0]!.following).toEqual({ "no-upstream": 91 });
  });

  it("an overload began when answers grew slow, and the first failure has its own time", async () => {
    const [incident] = await told("overload");
    expect(incident!.firstFailure).toBe("2026-11-23T18:15:04.000Z");
  });

  it("answers that are only slow are none", async () => {
    expect(await told("slow-answers")).toEqual([]);
  });
});
