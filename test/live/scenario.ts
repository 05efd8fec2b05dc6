// One run: healthy traffic through proxies, then backends behind them fail, then all is well again.
import { Backend, type Fault } from "./backend.ts";
import type { Rig } from "./rig.ts";
import { send, type Seen } from "./traffic.ts";

/** Requests each second, and how many of them before, during and after the fault: enough after it to prove its end. */
const PER_SECOND = 50;
const BEFORE = 100;
const DURING = 60;
const AFTER = 150;
const BACKENDS = 3;

/** What happened at one proxy, as its client knows it. */
export interface Run {
  readonly rig: Rig;
  readonly requests: number;
  readonly failures: readonly Seen[];
  /** What the logs call the backend that fails, where it is one. */
  readonly peer: string;
}

/** Which backends fail, and how; `null`: nothing does. */
export interface Scenario {
  readonly fault: Fault | null;
  readonly failing: "one backend" | "all backends";
}

/** Plays a scenario to its end, through each proxy at the same time. The caller removes the rigs. */
export async function play(
  starts: readonly ((backends: readonly Backend[]) => Promise<Rig>)[],
  { fault, failing }: Scenario,
): Promise<Run[]> {
  const backends = await Promise.all(Array.from({ length: BACKENDS }, () => Backend.start()));
  const victims = failing === "all backends" ? backends : backends.slice(1, 2);
  const rigs: Rig[] = [];
  try {
    for (const start of starts) rigs.push(await start(backends));
    const seen: Seen[][] = rigs.map(() => []);
    const sendAll = (count: number): Promise<unknown> =>
      Promise.all(
        rigs.map(async ({ url }, at) => seen[at]!.push(...(await send(url, count, PER_SECOND)))),
      );
    await sendAll(BEFORE);
    if (fault !== null) await Promise.all(victims.map((backend) => backend.fail(fault)));
    await sendAll(DURING);
    await Promise.all(victims.map((backend) => backend.heal()));
    await sendAll(AFTER);
    return await Promise.all(
      rigs.map(async (rig, at) => {
        const requests = seen[at]!.length;
        await rig.untilLogged(requests);
        const failures = seen[at]!.filter(({ failed }) => failed);
        return { rig, requests, failures, peer: rig.peers[1]! };
      }),
    );
  } finally {
    await Promise.all(rigs.map((rig) => rig.stop()));
    await Promise.all(backends.map((backend) => backend.stop()));
  }
}
