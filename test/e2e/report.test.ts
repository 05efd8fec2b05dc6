// The built program on the samples: what it finds, how it is narrowed, what the shell is told.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ended, ROOT, run, start } from "./run-binary.ts";

async function report(args: readonly string[]): Promise<any> {
  const outcome = await run([...args, "-o", "json"]);
  expect(outcome.stderr).toBe("");
  expect(outcome.code).toBe(0);
  return JSON.parse(outcome.stdout);
}

const ONE = "samples/one-peer-down";
const ACCESS = `${ONE}/nginx-access.log`;

describe("one peer down", () => {
  it("is one incident with its peer, reason and onset, each line accounted for", async () => {
    const found = await report([ONE]);
    expect(found.schema).toBe("why502.report/1");
    for (const source of found.input.sources)
      expect(source.lines).toBe(source.records + source.misses + source.skipped);
    expect(found.input.misses).toBe(0);
    expect(found.join).toEqual({ joined: 45, ambiguous: 0, orphanErrors: 0, orphanRequests: 0 });
    expect(found.incidents).toHaveLength(1);
    const [incident] = found.incidents;
    expect(incident).toMatchObject({
      start: "2026-11-23T18:13:25.000Z",
      failures: 45,
      masked: 0,
      ongoing: false,
      leftCensored: false,
      parent: null,
      scope: { kind: "peer" },
    });
    expect(incident.upstreams[0]).toMatchObject({ peer: "127.0.0.1:9102", failures: 45 });
    expect(incident.reasons).toEqual([
      {
        reason: "connect-refused",
        count: 45,
        share: 1,
        codes: { "connect() failed (111: Connection refused)": 45 },
        following: {},
      },
    ]);
    expect(incident.causes[0].cause).toBe("backend-down");
  });

  it("every example is the line at its place", async () => {
    const found = await report([ONE]);
    for (const { source, line, offset, text } of found.incidents[0].examples) {
      const bytes = readFileSync(join(ROOT, source));
      expect(bytes.toString("latin1").split("\n")[line - 1]).toBe(text);
      expect(bytes.subarray(offset, offset + text.length).toString("latin1")).toBe(text);
    }
  });

  it("without the error log the reason is the parent, not a guess", async () => {
    const found = await report([ACCESS]);
    expect(found.incidents[0].reasons[0].reason).toBe("connect-failed");
    expect(found.gaps.length).toBeGreaterThan(0);
  });

  it("the error log alone tells reason and peer, and says that nobody counted", async () => {
    const found = await report([`${ONE}/nginx-error.log`]);
    expect(found.totals.requests).toBe(0);
    expect(found.incidents[0]).toMatchObject({
      failures: 45,
      reasons: [{ reason: "connect-refused" }],
    });
  });
});

describe("both peers of a pool down", () => {
  it("is one incident through two proxies", async () => {
    const found = await report(["samples/pool-down"]);
    const top = found.incidents.filter(({ parent }: any) => parent === null);
    expect(top).toHaveLength(1);
    expect(top[0].proxies).toEqual(["envoy", "haproxy"]);
    expect(top[0].causes[0].cause).toBe("pool-down");
    expect(found.events.map(({ kind }: any) => kind)).toContain("no-server");
  });
});

describe("a traffic spike without failures", () => {
  it("is no incident, and says what was read", async () => {
    const found = await report(["samples/quiet"]);
    expect(found.incidents).toEqual([]);
    const text = await run(["samples/quiet", "-o", "text"]);
    expect(text.stdout).toMatch(/No failures/);
  });
});

describe("narrowing", () => {
  it("--since, --until and end-…", async () => {
    const half = await report([
      ACCESS,
      "--since",
      "2026-11-23 18:13:30",
      "--until",
      "2026-11-23 18:13:33",
      "--tz",
      "UTC",
    ]);
    expect(half.totals.requests).toBeGreaterThan(100);
    expect(half.totals.requests).toBeLessThan(300);
    expect(half.input.sources[0].skipped).toBe(half.input.sources[0].lines - half.totals.requests);
    const tail = await report([ACCESS, "--since", "end-5s"]);
    expect(tail.totals.requests).toBeGreaterThan(100);
    expect(tail.incidents).toEqual([]);
  });

  it("nothing in the range is said as that", async () => {
    const outcome = await run([ACCESS, "--since", "2027-01-01", "-o", "text"]);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toMatch(
      /^Nothing to judge: no line is left \(--since, --until, --where\)\./,
    );
  });

  it("--where", async () => {
    const peer = await report([ACCESS, "--where", 'peer = "127.0.0.1:9102" and status >= 500']);
    expect(peer.totals).toMatchObject({ requests: 45, failures: 45 });
    const path = await report([ACCESS, "--where", "path ~ /app/ and not method = POST"]);
    expect(path.totals.requests).toBeGreaterThan(300);
  });

  it("--status counts only failures of those statuses", async () => {
    expect((await report([ACCESS, "--status", "504"])).totals).toMatchObject({
      requests: 1786,
      failures: 0,
    });
    expect((await report([ACCESS, "--status", "5xx"])).totals.failures).toBe(45);
  });

  it("--log-format reads what detection would have found", async () => {
    const format = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for" "$host" rt=$request_time ua="$upstream_addr" us="$upstream_status" uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" c=$connection`;
    const given = await report([ACCESS, "--log-format", format]);
    const guessed = await report([ACCESS]);
    expect(given.incidents).toEqual(guessed.incidents);
  });
});

describe("the shell", () => {
  it.each([
    [["--fail-on", "incident"], 3],
    [["--fail-on", "failures>45"], 0],
    [["--fail-on", "failures>44"], 3],
    [["--fail-on", "rate>0.5,failures>1000"], 0],
  ])("%j exits %i", async (args, code) => {
    expect((await run([ACCESS, "-o", "json", ...args])).code).toBe(code);
  });

  it("the same bytes give the same report for any number of workers and order of files", async () => {
    const files = [ACCESS, `${ONE}/nginx-error.log`, "samples/pool-down/envoy.json.gz"];
    const outputs = await Promise.all([
      run([...files, "-o", "json", "--workers", "1"]),
      run([...files, "-o", "json", "--workers", "4"]),
      run([...files, "-o", "json"]),
    ]);
    expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1);
    const turned = JSON.parse((await run([...files.toReversed(), "-o", "json"])).stdout);
    expect(turned.incidents).toEqual(JSON.parse(outputs[0]!.stdout).incidents);
  });

  it("no colour in a pipe, colour when asked, NO_COLOR respected", async () => {
    const [plain, asked, never] = await Promise.all([
      run([ONE, "-o", "text"]),
      run([ONE, "-o", "text", "--color", "always"]),
      run([ONE, "-o", "text"], { env: { NO_COLOR: "1", FORCE_COLOR: "1" } }),
    ]);
    expect(plain.stdout).not.toContain("\u001b");
    expect(asked.stdout).toContain("\u001b[");
    expect(never.stdout).toBe(plain.stdout);
  });

  it("live: an incident is told as it opens; Ctrl-C prints the report so far, marked, and exits 130", async () => {
    const child = start(["-o", "text"]);
    const done = ended(child);
    const opened = new Promise<void>((resolve) => {
      let text = "";
      child.stdout!.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes("▲")) resolve();
      });
    });
    const lines = readFileSync(join(ROOT, ACCESS), "latin1").split("\n");
    child.stdin!.write(`${lines.slice(0, 1100).join("\n")}\n`, "latin1");
    await opened;
    child.kill("SIGINT");
    const { code, stdout } = await done;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^18:13:\d\d ▲ 127\.0\.0\.1:9102 .* since 18:13:25/m);
    expect(stdout).toContain("interrupted");
    expect(stdout).toContain("1 incident");
  }, 20_000);
});
