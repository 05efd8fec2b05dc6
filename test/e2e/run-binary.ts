// Runs the built program as a user's shell would.
import { spawn } from "node:child_process";
import { join } from "node:path";

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "../..");
const BINARY = join(ROOT, "dist/main.js");

/** What a run left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run. */
export interface RunOptions {
  /** Bytes for standard input, which is then closed; null for none at all. */
  readonly input?: string | Uint8Array | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts the program. Environment: UTC, no colour, nothing of the machine's own. */
export function start(args: readonly string[], options: RunOptions = {}): ReturnType<typeof spawn> {
  const env = { PATH: process.env["PATH"] ?? "", TZ: "UTC", LANG: "C.UTF-8", ...options.env };
  return spawn(process.execPath, [BINARY, ...args], {
    cwd: options.cwd ?? ROOT,
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Runs the program to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = start(args, options);
  // The program may leave before it has read all of its input.
  child.stdin!.on("error", () => {});
  child.stdin!.end(options.input ?? "");
  return ended(child);
}

/** Waits for a started program. */
export function ended(child: ReturnType<typeof spawn>): Promise<Outcome> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout!.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr!.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({
        code,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    );
  });
}
