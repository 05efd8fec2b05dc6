// Runs one shell command from start to exit and says what it cost: wall clock, processor time, memory; and who else was busy.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { SEARCH_PATH } from "./peers.ts";

/** What a run cost. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time of all its processes and threads. */
  readonly cpuMs: number;
  /** Resident memory of its largest process at its height; null where nothing here can tell. */
  readonly peakMb: number | null;
  /** Share of the machine's processor time that went to others meanwhile. */
  readonly others: number;
}

/** How the figures are come by, for the table's reader. */
export const HOW =
  "wall clock and processor time: bash's `time` around the whole command, all processes of a pipeline; " +
  "memory: GNU time's maximum resident set, that of a pipeline's largest process";

const GNU_TIME = "/usr/bin/time";

/**
 * Runs a command line with its output thrown away.
 * @throws Error when it fails or cannot be run.
 */
export function measure(command: string): Cost {
  const folder = mkdtempSync(join(tmpdir(), "why502-time-"));
  const peak = join(folder, "peak");
  const times = join(folder, "times");
  // The times go to descriptor 3, away from what the command itself says.
  const script = `set -o pipefail; TIMEFORMAT='%3R %3U %3S'; { time { ${command}; } >/dev/null 2>&4; } 4>&2 2>'${times}'`;
  const shell = ["bash", "-c", script];
  const [program, ...args] = existsSync(GNU_TIME)
    ? [GNU_TIME, "-f", "%M", "-o", peak, ...shell]
    : shell;
  const before = machineTime();
  const run = spawnSync(program!, args, { encoding: "utf8", env: ENV });
  const after = machineTime();
  if (run.status !== 0)
    throw new Error(`exit ${run.status ?? run.signal} of ${command}\n${run.stderr.slice(-2000)}`);
  const [wall, user, system] = readFileSync(times, "utf8").trim().split(" ").map(Number);
  const peakMb = existsSync(peak) ? Number(readFileSync(peak, "utf8")) / 1024 : null;
  rmSync(folder, { recursive: true });
  const cpuMs = (user! + system!) * 1000;
  const machineMs = wall! * 1000 * availableParallelism();
  const others = Math.min(1, Math.max(0, (after - before - cpuMs) / machineMs));
  return { wallMs: wall! * 1000, cpuMs, peakMb, others };
}

/**
 * Runs a command line for what it prints.
 * @throws Error when it fails.
 */
export function outputOf(command: string): string {
  const run = spawnSync("bash", ["-c", `set -o pipefail; ${command}`], {
    encoding: "utf8",
    env: ENV,
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0)
    throw new Error(`exit ${run.status ?? run.signal} of ${command}\n${run.stderr.slice(-2000)}`);
  return run.stdout;
}

/** The C locale, which is the peers' fastest, and the zone that the inputs are in. */
const ENV = { ...process.env, PATH: SEARCH_PATH, LC_ALL: "C", NO_COLOR: "1", TZ: "UTC" };

/** Milliseconds that the machine's processors have worked since it was started, for anybody. */
function machineTime(): number {
  if (!existsSync("/proc/stat")) return 0;
  const [user, nice, system, , , irq, softirq, steal] = readFileSync("/proc/stat", "utf8")
    .split("\n")[0]!
    .split(/ +/)
    .slice(1)
    .map(Number);
  const TICKS_PER_SECOND = 100;
  return ((user! + nice! + system! + irq! + softirq! + steal!) * 1000) / TICKS_PER_SECOND;
}
