// Retries from the lines to the report: attempts per request then and before, and hidden failures counted per peer.
import { describe, expect, it } from "vitest";
import { run } from "./run-binary.ts";

const BEGIN = Date.UTC(2026, 10, 23, 18, 0, 0);
const SECONDS = 240;
const FROM = 120;
const UNTIL = 160;

/** Four requests a second; of those that meet the dead peer between FROM and UNTIL, `line` says how they fared. */
function log(line: (at: Date, peer: number, isDead: boolean) => string): string {
  const lines: string[] = [];
  for (let second = 0; second < SECONDS; second++) {
    for (let k = 0; k < 4; k++) {
      const at = new Date(BEGIN + second * 1000 + k * 200);
      const isDead = k < 2 && second >= FROM && second < UNTIL;
      lines.push(line(at, k % 2, isDead));
    }
  }
  return `${lines.join("\n")}\n`;
}

function nginx(at: Date, peer: number, isDead: boolean): string {
  const dead = "10.0.0.9:80";
  const good = `10.0.0.${peer}:80`;
  const addr = isDead ? `${dead}, ${good}` : good;
  const lists = isDead
    ? 'us="502, 200" uct="-, 0.001" uht="-, 0.003" urt="0.000, 0.003"'
    : 'us="200" uct="0.001" uht="0.003" urt="0.003"';
  return `10.1.1.1 - - [23/Nov/2026:${at.toISOString().slice(11, 19)} +0000] "GET /a HTTP/1.1" 200 5 "-" "curl" "-" "shop" rt=0.003 ua="${addr}" ${lists} c=1`;
}

function haproxy(at: Date, peer: number, isDead: boolean): string {
  const time = `${at.toISOString().slice(11, 23)}`;
  const tries = isDead
    ? "0/0/1000/1/1001 200 9 - - ---- 1/1/0/0/2"
    : "0/0/1/1/2 200 9 - - ---- 1/1/0/0/0";
  return `10.1.1.1:1000 [23/Nov/2026:${time}] fe app/s${peer} ${tries} 0/0 "GET /a HTTP/1.1"`;
}

function envoy(at: Date, peer: number, isDead: boolean): string {
  return JSON.stringify({
    start_time: at.toISOString(),
    method: "GET",
    path: "/a",
    response_code: isDead ? 503 : 200,
    response_flags: isDead ? "UF,URX" : "-",
    response_code_details: isDead
      ? "upstream_reset_before_response_started{connection_timeout}"
      : "via_upstream",
    upstream_host: `10.0.0.${peer}:80`,
    upstream_cluster: "app",
    upstream_request_attempt_count: isDead ? 3 : 1,
    duration: 5,
  });
}

interface Incident {
  readonly failures: number;
  readonly masked: number;
  readonly requests: number;
  readonly retries: {
    readonly attempts: number;
    readonly perRequest: number;
    readonly before: number;
  };
  readonly upstreams: readonly { peer: string; failures: number; masked: number }[];
}

async function incidentOf(input: string): Promise<Incident> {
  const { stdout } = await run(["-o", "json", "--tz", "UTC", "-"], { input });
  const { incidents } = JSON.parse(stdout) as { incidents: readonly Incident[] };
  expect(incidents).toHaveLength(1);
  return incidents[0]!;
}

describe("attempts per request", () => {
  it("of nginx's lists", async () => {
    const incident = await incidentOf(log(nginx));
    expect(incident).toMatchObject({ failures: 0, masked: 80 });
    expect(incident.retries).toEqual({ attempts: 240, perRequest: 1.5, before: 1 });
  });

  it("of HAProxy's counter", async () => {
    const incident = await incidentOf(log(haproxy));
    expect(incident).toMatchObject({ failures: 0, masked: 80 });
    // Two further tries for each second request.
    expect(incident.retries.perRequest).toBeCloseTo(2, 1);
    expect(incident.retries.before).toBe(1);
  });

  it("of Envoy's attempt count", async () => {
    const incident = await incidentOf(log(envoy));
    expect(incident).toMatchObject({ failures: 80, masked: 0 });
    expect(incident.retries.perRequest).toBeCloseTo(2, 1);
  });

  it("stand in the text, which does not say that nothing failed", async () => {
    const { stdout } = await run(["--tz", "UTC", "-"], { input: log(nginx) });
    expect(stdout).toContain("no request failed; 80 attempts did, behind retries or fallbacks");
    expect(stdout).toContain("1.50 attempts per request, 1.00 before");
    expect(stdout).not.toMatch(/\b0 of \d+ requests failed/);
  });
});
