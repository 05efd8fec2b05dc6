// FIFOs, as a shell's `<(zcat access.log.gz)` names them: they can be read only once, and no line of them is lost.
import { execFileSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { writerOf } from "../bench/shapes.ts";
import { requests } from "../bench/traffic.ts";
import { run } from "./run-binary.ts";

const folder = mkdtempSync(join(tmpdir(), "why502-fifo-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A FIFO into which bytes are written as soon as somebody reads it. */
function fifo(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  execFileSync("mkfifo", [path]);
  createWriteStream(path).end(bytes);
  return path;
}

function log(lines: number): Buffer {
  const write = writerOf("haproxy");
  let text = "";
  for (const request of requests(lines, "half", "usual")) text += write(request);
  return Buffer.from(text, "latin1");
}

describe.skipIf(process.platform === "win32")("FIFOs", () => {
  it("are read whole, long and short, plain and packed", async () => {
    const paths = [
      fifo("long", log(9_000)),
      fifo("short", log(3)),
      fifo("packed", gzipSync(log(5_000))),
    ];
    const { code, stdout, stderr } = await run([...paths, "-o", "json", "--tz", "UTC"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { input } = JSON.parse(stdout);
    expect(input.sources.map(({ lines }: { lines: number }) => lines)).toEqual([9_000, 3, 5_000]);
    expect(input).toMatchObject({ lines: 14_003, misses: 0, skipped: 0 });
  });

  it("tell the same as their bytes on standard input", async () => {
    const bytes = log(4_000);
    const flags = ["-o", "json", "--tz", "UTC"];
    const [named, piped] = await Promise.all([
      run([fifo("named", bytes), ...flags]),
      run(["-", ...flags], { input: bytes }),
    ]);
    const [a, b] = [named, piped].map(({ stdout }) => JSON.parse(stdout));
    expect(a.totals).toEqual(b.totals);
    expect(a.incidents.map(({ id }: { id: string }) => id)).toEqual(
      b.incidents.map(({ id }: { id: string }) => id),
    );
  });
});
