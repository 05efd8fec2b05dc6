// `--config` from outside: the logs a configuration names, its formats for other files, and what it says when there are none.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run-binary.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "why502-config-"));
  mkdirSync(join(folder, "logs"));
  const write = (name: string, text: string | Uint8Array): void =>
    writeFileSync(join(folder, name), text);
  write(
    "nginx.conf",
    `http {
  log_format odd escape=json '$msec|$status|$upstream_addr|$upstream_status|'
                             '$request|$upstream_connect_time|$upstream_header_time';
  upstream shop { server 127.0.0.1:9101; server 127.0.0.1:9102; }
  access_log ${folder}/logs/$host.log odd;
  error_log off.log;
}`,
  );
  write(
    "haproxy.cfg",
    "global\n log /dev/log local0\ndefaults\n option httplog\nfrontend a\n bind :80\n",
  );
  write("logs/a.log", "1795355028.658|502|127.0.0.1:9101|502|GET /a HTTP/1.1|-|-\n");
  write("logs/a.log.1", "1795355027.658|200|127.0.0.1:9102|200|GET /a HTTP/1.1|0.001|0.002\n");
  write("logs/a.log.2.gz", gzipSync("1795355026.658|502|127.0.0.1:9101|502|GET /a HTTP/1.1|-|-\n"));
  write("other.log", "1795355028.658|502|127.0.0.1:9101|502|GET /a HTTP/1.1|-|-\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const why502 = (...args: readonly string[]): ReturnType<typeof run> => run(args, { cwd: folder });
const sourcesOf = (stdout: string): string[] =>
  (
    JSON.parse(stdout) as {
      input: { sources: { name: string; format: string; records: number }[] };
    }
  ).input.sources.map(
    ({ name, format, records }) => `${name.replace(/^.*\//, "")} ${format} ${records}`,
  );

test("without a file the logs of the configuration are read, rotated ones too", async () => {
  const { code, stdout, stderr } = await why502("--config", "nginx.conf", "-o", "json");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(sourcesOf(stdout)).toEqual([
    "a.log nginx odd (nginx.conf:2) 1",
    "a.log.1 nginx odd (nginx.conf:2) 1",
    "a.log.2.gz nginx odd (nginx.conf:2) 1",
  ]);
  // The lines name the server only; the configuration knows whose it is.
  const inPool = await why502("--config", "nginx.conf", "--where", 'pool = "shop"', "-o", "json");
  expect(sourcesOf(inPool.stdout).map((text) => text.at(-1))).toEqual(["1", "1", "1"]);
});

test("with a file its formats are tried on it; a pipe is a file", async () => {
  const named = await why502("--config", "nginx.conf", "other.log", "-o", "json");
  expect(sourcesOf(named.stdout)).toEqual(["other.log nginx odd (nginx.conf:2) 1"]);
  const piped = await run(["--config", "nginx.conf", "-o", "json"], {
    cwd: folder,
    input: "1795355028.658|502|127.0.0.1:9101|502|GET /a HTTP/1.1|-|-\n",
  });
  expect(sourcesOf(piped.stdout)).toEqual(["- nginx odd (nginx.conf:2) 1"]);
});

test("without a log that is there it says where the lines are", async () => {
  const { code, stderr } = await why502("--config", "haproxy.cfg");
  expect(code).toBe(4);
  expect(stderr).toMatch(
    /^why502: haproxy\.cfg names no log file that is there\nhint: haproxy\.cfg:2: HAProxy logs to/,
  );
  expect(stderr).toMatch(/name the log: why502 --config haproxy\.cfg FILE\n$/);
});

test("several configurations, one of them missing", async () => {
  const both = await why502("--config", "nginx.conf", "--config", "haproxy.cfg", "-o", "json");
  expect(both.code).toBe(0);
  expect(both.stderr).toContain("haproxy.cfg:2: HAProxy logs to /dev/log");
  // Whoever names a log knows where it is.
  const named = await why502("--config", "haproxy.cfg", "other.log", "-o", "json");
  expect(named.stderr).not.toContain("/dev/log");
  const missing = await why502("--config", "gone.conf");
  expect([missing.code, missing.stderr.split("\n")[0]]).toEqual([
    4,
    "why502: gone.conf: no such file or folder",
  ]);
});

test("formats --config lists what was found", async () => {
  const { code, stdout } = await why502("formats", "--config", "nginx.conf");
  expect(code).toBe(0);
  expect(stdout.replaceAll(folder, "")).toMatchInlineSnapshot(`
    "nginx odd (nginx.conf:2)
        log_format odd escape=json '$msec|$status|$upstream_addr|$upstream_status|'
                                 '$request|$upstream_connect_time|$upstream_header_time';
    /logs/a.log
        nginx odd (nginx.conf:2)
    /logs/a.log.1
        nginx odd (nginx.conf:2)
    /logs/a.log.2.gz
        nginx odd (nginx.conf:2)
    "
  `);
});
