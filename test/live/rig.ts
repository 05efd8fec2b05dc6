// What every rig gives: one real proxy before some backends, and its logs.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Backend } from "./backend.ts";
import { startChild, untilAccepts, type Child } from "./child.ts";

/** One way to give a rig's logs to why502. */
export interface View {
  readonly files: readonly string[];
  /** Flags a user would have to add. */
  readonly flags?: readonly string[];
}

/** A real proxy at work. */
export interface Rig {
  readonly url: string;
  readonly views: Readonly<Record<string, View>>;
  /** What the logs call each backend, in their order. */
  readonly peers: readonly string[];
  /** Resolves once so many requests stand in every log. */
  readonly untilLogged: (requests: number) => Promise<void>;
  /** Ends the proxy; the logs stay until {@link Rig.remove}. */
  readonly stop: () => Promise<void>;
  readonly remove: () => void;
}

/** Whether the proxy takes failing backends out of its pool (health checks, or failures counted). */
export type Ejection = "never" | "when failing";

/** Starts a rig before these backends. */
export type StartRig = (
  program: string,
  backends: readonly Backend[],
  ejection: Ejection,
) => Promise<Rig>;

/** Times all proxies give a backend (ms). */
export const TIMEOUT_MS = 1_000;

/** A folder for one run. */
export function makeFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `why502-live-${name}-`));
}

/** Removes what {@link makeFolder} made. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts a proxy and waits for its port. */
export async function startProxy(
  program: string,
  args: readonly string[],
  folder: string,
  port: number,
): Promise<Child> {
  const child = startChild(program, args, folder);
  await untilAccepts(port, child);
  return child;
}
