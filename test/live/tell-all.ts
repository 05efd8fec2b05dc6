// The tests every proxy goes through: each fault once, and none.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAULTS, type Backend, type Fault } from "./backend.ts";
import { findProgram, type Program } from "./find-program.ts";
import type { Rig, StartRig } from "./rig.ts";
import { play, type Run } from "./scenario.ts";
import { expectBooks, expectFault, type Told } from "./tell.ts";
import { report } from "./why502.ts";

/** For each fault what each view of the logs can tell. */
export type Expected = Readonly<Record<Fault, Readonly<Record<string, Told>>>>;

const PATIENCE_MS = 30_000;

/** Defines the tests of one proxy; they are skipped, with the reason on stderr, where it is not installed. */
export function tellAll(name: Program, start: StartRig, expected: Expected): void {
  const program = findProgram(name);
  const views = Object.keys(expected.refused);
  const playOne = async (fault: Fault | null): Promise<Run> => {
    const begin = (backends: readonly Backend[]): Promise<Rig> =>
      start(program!, backends, "never");
    return (await play([begin], { fault, failing: "one backend" }))[0]!;
  };

  describe.skipIf(program === null)(`${name}, when nothing fails`, () => {
    const run = played(() => playOne(null));
    it.each(views)("gives no incident: %s", async (viewed) => {
      const view = run().rig.views[viewed]!;
      const found = await report(view);
      expectBooks(found, view, run());
      expect(run().failures).toEqual([]);
      expect(found.totals).toMatchObject({ failures: 0, masked: 0 });
      expect(found.incidents).toEqual([]);
    });
  });

  describe.skipIf(program === null).each(FAULTS)(`${name}, backend: %s`, (fault) => {
    const run = played(() => playOne(fault));
    it("fails in the client's eyes", () => {
      expect(run().failures.length).toBeGreaterThanOrEqual(12);
    });
    it.each(views)("is told from the %s", async (viewed) => {
      const view = run().rig.views[viewed]!;
      const found = await report(view);
      expectBooks(found, view, run());
      expectFault(found, run(), expected[fault][viewed]!);
    });
  });
}

/** Plays a scenario before the tests around the call, and removes its rig after them unless KEEP_LOGS is set. */
function played(scenario: () => Promise<Run>): () => Run {
  let run: Run | null = null;
  beforeAll(async () => {
    run = await scenario();
  }, PATIENCE_MS);
  afterAll(() => {
    if (process.env["KEEP_LOGS"] === undefined) run?.rig.remove();
  });
  return () => run!;
}
