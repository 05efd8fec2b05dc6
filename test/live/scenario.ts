// One run: healthy traffic through a proxy, then one of its three backends fails, then all is well again.
import { Backend, type Fault } from "./backend.ts";
import type { Rig, StartRig } from "./rig.ts";
import { send, type Seen } from "./traffic.ts";

/** Requests each second, and how many of them before, during and after the fault: enough after it to prove its end. */
const PER_SECOND = 50;
const BEFORE = 100;
const DURING = 60;
const AFTER = 150;
const BACKENDS = 3;

/** What happened, as the client knows it. */
export interface Run {
  readonly rig: Rig;
  readonly requests: number;
  readonly failures: readonly Seen[];
  /** What the logs call the backend that failed. */
  readonly peer: string;
}

/** Plays a scenario (`null`: nothing fails) to its end. The caller removes the rig. */
export async function play(start: StartRig, program: string, fault: Fault | null): Promise<Run> {
  const backends = await Promise.all(Array.from({ length: BACKENDS }, () => Backend.start()));
  const failing = backends[1]!;
  try {
    const rig = await start(program, backends);
    try {
      const seen = await send(rig.url, BEFORE, PER_SECOND);
      if (fault !== null) await failing.fail(fault);
      seen.push(...(await send(rig.url, DURING, PER_SECOND)));
      await failing.heal();
      seen.push(...(await send(rig.url, AFTER, PER_SECOND)));
      await rig.untilLogged(seen.length);
      const failures = seen.filter(({ failed }) => failed);
      return { rig, requests: seen.length, failures, peer: rig.peers[1]! };
    } finally {
      await rig.stop();
    }
  } finally {
    await Promise.all(backends.map((backend) => backend.stop()));
  }
}
