// An error log whose clock is in another zone than its access log's: suspected, told with the zone to ask for, never shifted.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { run } from "./run-binary.ts";

const BEGIN = Date.UTC(2026, 10, 23, 18, 0, 0);
const folder = mkdtempSync(join(tmpdir(), "why502-zones-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** 40 failing requests among good ones; the error log's clock is `ahead` minutes ahead of the access log's. */
function logs(name: string, ahead: number, path: (k: number) => string): [string, string] {
  const access: string[] = [];
  const errors: string[] = [];
  for (let k = 0; k < 400; k++) {
    const at = new Date(BEGIN + k * 1000);
    const request = `GET ${path(k)} HTTP/1.1`;
    const isDead = k >= 200 && k < 240;
    access.push(
      `10.1.1.1 - - [23/Nov/2026:${at.toISOString().slice(11, 19)} +0000] "${request}" ${isDead ? 502 : 200} 157 "-" "curl"`,
    );
    if (!isDead) continue;
    const stamp = new Date(+at + ahead * 60_000).toISOString().replace("T", " ").slice(0, 19);
    errors.push(
      `${stamp.replaceAll("-", "/")} [error] 9#9: *${k} connect() failed (111: Connection refused) while connecting to upstream, client: 10.1.1.1, server: s, request: "${request}", upstream: "http://10.0.0.9:80/", host: "h"`,
    );
  }
  const files: [string, string] = [join(folder, `${name}.access`), join(folder, `${name}.error`)];
  writeFileSync(files[0], `${access.join("\n")}\n`);
  writeFileSync(files[1], `${errors.join("\n")}\n`);
  return files;
}

const distinct = (k: number): string => `/item/${k}`;

interface Found {
  readonly joined: number;
  readonly notes: readonly string[];
}

async function found(files: readonly string[], ...flags: string[]): Promise<Found> {
  const { stdout } = await run([...files, "-o", "json", ...flags]);
  const report = JSON.parse(stdout) as {
    readonly input: { readonly sources: readonly { readonly notes: readonly string[] }[] };
    readonly join: { readonly joined: number };
  };
  return {
    joined: report.join.joined,
    notes: report.input.sources.flatMap(({ notes }) => notes),
  };
}

it.each([
  [120, "2 h earlier: try --tz +02:00", "+02:00"],
  [-330, "5 h 30 min later: try --tz -05:30", "-05:30"],
  [60, "1 h earlier: try --tz +01:00", "+01:00"],
])("%i minutes ahead", async (ahead, said, zone) => {
  const files = logs(`ahead${ahead}`, ahead, distinct);
  const plain = await found(files);
  expect(plain.joined).toBe(0);
  expect(plain.notes).toEqual([expect.stringContaining(said)]);
  // The zone it asks for is the right one.
  expect(await found(files, "--tz", zone)).toEqual({ joined: 40, notes: [] });
});

it("says nothing where the clocks agree, or where any shift would fit", async () => {
  expect(await found(logs("same", 0, distinct))).toEqual({ joined: 40, notes: [] });
  // One request, again and again: it tells no hour from another.
  const many = logs("alike", 0, () => "/health");
  expect((await found(many)).notes).toEqual([]);
  // An error log of other requests.
  const [access] = logs("one", 0, distinct);
  const [, errors] = logs("other", 120, (k) => `/other/${k}`);
  expect(await found([access, errors])).toEqual({ joined: 0, notes: [] });
});
