// Logs that name no year or no zone, through the built program: what is assumed, and that it is said.
import { mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./run-binary.ts";

const folder = mkdtempSync(join(tmpdir(), "why502-time-"));

interface Source {
  readonly firstTime: string;
  readonly lastTime: string;
  readonly records: number;
  readonly assumptions?: readonly string[];
}

function file(name: string, lines: readonly string[], written: string): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  utimesSync(path, new Date(written), new Date(written));
  return path;
}

async function sources(
  args: readonly string[],
  zone = "UTC",
): Promise<{ all: Source[]; text: string }> {
  const json = await run([...args, "-o", "json"], { env: { TZ: zone } });
  const text = await run([...args, "-o", "text"], { env: { TZ: zone } });
  const { input } = JSON.parse(json.stdout) as { input: { sources: Source[] } };
  return { all: input.sources, text: text.stdout };
}

const down = (stamp: string): string =>
  `${stamp} lb1 haproxy[7]: Server bk/s1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.`;
const haproxy = (time: string): string =>
  `10.0.0.2:51234 [${time}.100] fe bk/s1 0/0/-1/-1/2 503 217 - - SC-- 1/1/0/0/3 0/0 "GET /b HTTP/1.1"`;
const nginx = (time: string): string =>
  `10.0.0.1 - - [${time}] "GET /a HTTP/1.1" 200 157 "-" "curl/8"`;

it("a log of heads without a year runs across New Year, and is never later than its file", async () => {
  const path = file(
    "events.log",
    [down("Dec 31 23:59:59"), down("Jan  1 00:00:01")],
    "2025-01-03T00:00:00Z",
  );
  expect((await sources([path])).all[0]).toMatchObject({
    records: 2,
    firstTime: "2024-12-31T23:59:59.000Z",
    lastTime: "2025-01-01T00:00:01.000Z",
  });
  const summer = file("summer.log", [down("Jun 30 12:00:00")], "2025-01-03T00:00:00Z");
  expect((await sources([summer])).all[0]!.firstTime).toBe("2024-06-30T12:00:00.000Z");
});

it("a log without a year takes that of a dated one beside it", async () => {
  const events = file("copied.log", [down("Dec 20 12:00:00")], "2026-11-25T00:00:00Z");
  const access = file("beside.log", [nginx("20/Dec/2023:12:00:00 +0000")], "2026-11-25T00:00:00Z");
  expect((await sources([events, access])).all[0]!.firstTime).toBe("2023-12-20T12:00:00.000Z");
});

it("the hour that comes twice is told by the order of lines", async () => {
  const lines = ["25/Oct/2026:02:50:00", "25/Oct/2026:02:10:00", "25/Oct/2026:03:10:00"].map(
    haproxy,
  );
  const path = file("dst.log", lines, "2026-10-26T00:00:00Z");
  expect((await sources([path, "--tz", "Europe/Berlin"])).all[0]).toMatchObject({
    firstTime: "2026-10-25T00:50:00.102Z",
    lastTime: "2026-10-25T02:10:00.102Z",
  });
});

it("a zone is taken from a source that prints it, and that is said", async () => {
  const balancer = file("balancer.log", [haproxy("22/Nov/2026:14:43:48")], "2026-11-23T00:00:00Z");
  const access = file("access.log", [nginx("22/Nov/2026:14:43:48 +0530")], "2026-11-23T00:00:00Z");
  const { all, text } = await sources([balancer, access]);
  expect(all[0]!.firstTime).toBe("2026-11-22T09:13:48.102Z");
  expect(text).toMatch(/read as\s+\+0530/);
});

it("a HAProxy log alone is read in this machine's zone, and that is said", async () => {
  const balancer = file("alone.log", [haproxy("22/Nov/2026:14:43:48")], "2026-11-23T00:00:00Z");
  const { all, text } = await sources([balancer], "America/New_York");
  expect(all[0]!.firstTime).toBe("2026-11-22T19:43:48.102Z");
  expect(text).toMatch(/America\/New_York/);
});

it("an event without a time happened about when the line before it was written", async () => {
  const request = (second: number): string =>
    `10.0.0.2:51234 [22/Nov/2026:13:49:${second}.100] fe be/s1 0/0/1/2/3 200 217 - - ---- 1/1/0/0/0 0/0 "GET /b HTTP/1.1"`;
  const lines = [
    "[NOTICE]   (7) : New worker (8) forked",
    request(32),
    request(33),
    '[WARNING]  (8) : Server be/s1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
    request(34),
  ];
  const path = file("raw.log", lines, "2026-11-22T14:00:00Z");
  const { stdout } = await run([path, "--tz", "UTC", "-o", "json"]);
  const { input, events } = JSON.parse(stdout) as {
    input: { records: number };
    events: { kind: string; time: string; timeInferred: boolean }[];
  };
  expect(input.records).toBe(lines.length);
  expect(events).toMatchObject([
    { kind: "server-down", time: "2026-11-22T13:49:33.103Z", timeInferred: true },
  ]);
});
