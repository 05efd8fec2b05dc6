// Child processes that are started, awaited and never left behind.
import { spawn, type ChildProcess } from "node:child_process";
import { connect } from "node:net";

/** A running process. */
export interface Child {
  readonly process: ChildProcess;
  /** What it wrote to stdout and stderr so far. */
  readonly said: () => string;
  /** Exit code, null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends it, by force when it takes too long. */
  readonly stop: () => Promise<void>;
}

/** Zone of all proxies: half an hour off the full hour, and never the one the tests run in. POSIX: no zone files needed. */
export const ZONE = { posix: "IST-5:30", offset: "+05:30" } as const;

const STOP_MS = 3_000;
const RETRY_MS = 20;

/** Starts a program in a folder. */
export function startChild(program: string, args: readonly string[], cwd: string): Child {
  const env = { ...process.env, TZ: ZONE.posix };
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
  }
  const exited = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.once("error", (error) => {
      said += error.message;
      resolve(null);
    });
  });
  const atOurExit = (): void => void child.kill("SIGKILL");
  process.once("exit", atOurExit);
  void exited.then(() => process.off("exit", atOurExit));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await exited;
    clearTimeout(force);
  };
  return { process: child, said: () => said, exited, stop };
}

/** Resolves once the port accepts. @throws with the child's words when it ends before */
export async function untilAccepts(port: number, child: Child): Promise<void> {
  let isOver = false;
  void child.exited.then(() => (isOver = true));
  while (!(await accepts(port))) {
    if (isOver) throw new Error(`${child.process.spawnfile} ended at once: ${child.said()}`);
    // A port tells nobody that it opened.
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
