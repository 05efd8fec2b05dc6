// What the figures were measured on: without it nobody can compare them with theirs.
import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { missing, PEERS, versionOf } from "./peers.ts";

/** The machine, the runtime, the program and its peers, one a line. */
export function describeMachine(): string[] {
  const peers = PEERS.map((peer) => {
    const lacking = missing(peer);
    return lacking.length > 0
      ? `${peer.name}: not here (${lacking.join(", ")})`
      : `${peer.name} ${versionOf(peer)}`.trim();
  });
  return [
    `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${(totalmem() / 2 ** 30).toFixed(0)} GB of memory, ${type()} ${release()}`,
    `node ${process.versions.node}, why502 at ${commit()}`,
    `peers: ${peers.join(" · ")}`,
  ];
}

function commit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    const changed = git("status", "--porcelain", "--", "src", "grammars") === "" ? "" : ", changed";
    return git("rev-parse", "--short", "HEAD") + changed;
  } catch {
    return "an unknown commit";
  }
}
