// A log piped live: the incident is told while it lasts, the report comes when the pipe ends.
import { spawn } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { Backend } from "./backend.ts";
import { findProgram } from "./find-program.ts";
import { LogFile } from "./log-file.ts";
import { startNginx } from "./rig-nginx.ts";
import { send, type Seen } from "./traffic.ts";
import { PROGRAM } from "./why502.ts";

const PER_SECOND = 30;
const ROUND = 15;
const ROUNDS = 20;
const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const nginx = findProgram("nginx");

describe.skipIf(nginx === null)("tail -F access.log | why502 -o text", () => {
  it("tells of the fault while it lasts, and reports at the end", { timeout: 60_000 }, async () => {
    const backends = [await Backend.start(), await Backend.start(), await Backend.start()];
    undo.push(() => Promise.all(backends.map((backend) => backend.stop())));
    const rig = await startNginx(nginx!, backends, "never");
    undo.push(rig.remove, rig.stop);
    const why502 = spawn(process.execPath, [PROGRAM, "-o", "text"], { stdio: "pipe" });
    undo.push(() => why502.kill("SIGKILL"));
    const ended = new Promise((resolve) => why502.once("close", resolve));
    let out = "";
    let err = "";
    why502.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    why502.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    // Should it end too early, its exit code tells, not the broken pipe.
    why502.stdin.on("error", () => {});
    const access = rig.views["access and error log"]!.files[0]!;
    const tail = new LogFile(access, (bytes) => why502.stdin.write(bytes));

    const seen: Seen[] = await send(rig.url, 60, PER_SECOND);
    expect(out).toBe("");
    await backends[1]!.fail("refused");
    // Traffic goes on until the program speaks; how long that may take is the test's question.
    for (let round = 0; round < ROUNDS && !out.includes("▲"); round++) {
      seen.push(...(await send(rig.url, ROUND, PER_SECOND)));
    }
    const toldAfter = seen.filter(({ failed }) => failed).length;
    const told = out;
    await backends[1]!.heal();
    seen.push(...(await send(rig.url, 90, PER_SECOND)));
    await tail.untilRequests(seen.length);
    tail.close();
    why502.stdin.end();

    expect(await ended).toBe(0);
    expect(err).toBe("");
    expect(told).toMatch(/^\d\d:\d\d:\d\d ▲ .*$/m);
    expect(told).toContain(`127.0.0.1:${backends[1]!.port}`);
    expect(toldAfter).toBeLessThanOrEqual(30);
    const report = out.slice(told.length);
    expect(report).toContain(`127.0.0.1:${backends[1]!.port}`);
    expect(report).toContain(String(seen.filter(({ failed }) => failed).length));
  });
});
