// The verbatim samples of the reference on Envoy, where it is at hand: what each of them becomes.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeLine } from "../../src/record/describe-line.ts";
import { Names } from "../../src/record/names.ts";
import { ReaderShelf } from "../../src/record/reader-shelf.ts";
import { catalogue, texts } from "./teller.ts";

const REFERENCE = new URL("../../../shared/reference/envoy.md", import.meta.url);

/** Sample → status, code, reason, who made it, peer, pool, tries, ms; several lines a sample in their order. */
const EXPECTED: readonly (readonly [string, ...unknown[]])[] = [
  ["S1", 504, "UT", "response-timeout", "proxy", "172.27.0.2:8080", null, 1, 4497],
  ["S2", 503, "UH", "no-upstream", "proxy", null, null, 1, 0],
  ["S3", 503, "UF (Connection refused)", "connect-refused", "proxy", "172.28.0.2:801", null, 1, 0],
  ["S4", 200, "UPE", "truncated-response", "upstream", "192.168.5.2:8080", null, 1, 1006],
  ["S5", 503, "UO", "overflow", "proxy", null, null, 1, 0],
  ["S6", 503, "NC", "proxy-config", "proxy", null, null, 1, 0],
  ["S7", 500, null, null, null, "192.168.48.2:8080", null, 1, 59],
  [
    "S8",
    503,
    "UF,URX (Connection refused)",
    "connect-refused",
    "proxy",
    "10.244.2.4:8080",
    null,
    3,
    63,
  ],
  ["S9", 503, "UH", "no-upstream", "proxy", null, null, 3, 17],
  ["S10", 503, "UF,URX", "connect-timeout", "proxy", "10.244.1.12:8080", null, 3, 30066],
  [
    "S11",
    503,
    "via_upstream",
    "upstream-status",
    "upstream",
    null,
    "outbound|8080||mock-server.default.svc.cluster.local",
    1,
    1077,
  ],
  ["S11", 503, "UC", "disconnect", "proxy", null, "inbound|8080||", 1, 1047],
  ["S12", 504, "UT", "response-timeout", "proxy", null, null, 1, 10016],
  ["S12", 0, "DC", "client-abort", "client", null, null, 1, 9920],
  ["S13", 503, "UO", "overflow", "proxy", null, null, 1, 2],
  ["S14", 200, "UF,URX (Connection refused)", "connect-refused", "proxy", null, null, 3, 65],
  ["S15", 200, "UH", "no-upstream", "proxy", null, null, 1, null],
  ["S16", 200, "UR", "truncated-response", "upstream", null, null, 1, 1216],
  ["S17", 502, "UPE", "invalid-response", "proxy", "192.168.37.135:8081", "inbound|8081||", 1, 109],
  ["S18", 502, "UPE", "invalid-response", "proxy", "192.168.0.225:8888", "inbound", 1, 92],
  ["S19", 503, "UC", "disconnect", "proxy", "10.34.127.167:8080", "inbound|8080||", 1, 120001],
  [
    "S20",
    503,
    "UF,URX (WRONG_VERSION_NUMBER)",
    "tls-failure",
    "proxy",
    "32.194.118.12:80",
    "outbound|80||httpbin.org",
    1,
    792,
  ],
  ["S21", 503, "NC", "proxy-config", "proxy", null, null, 1, 0],
  ["S22", 400, "DPE", "proxy-policy", "client", null, null, 1, 0],
  [
    "S23",
    0,
    "UF,URX",
    "connect-failed",
    "proxy",
    "178.170.196.65:9092",
    "PassthroughCluster",
    1,
    10000,
  ],
  [
    "S24",
    0,
    "UF,URX",
    "connect-failed",
    "proxy",
    "23.21.42.25:443",
    "outbound|443||api.ipify.org",
    1,
    10009,
  ],
  ["S25", 503, "UAEX", "proxy-policy", "policy", null, null, 1, 1],
  [
    "S26",
    503,
    "UAEX",
    "proxy-policy",
    "policy",
    null,
    "outbound|80||cray-smd.services.svc.cluster.local",
    1,
    25001,
  ],
  ["S27", 101, null, null, null, "192.168.5.2:8080", null, 1, 413322],
  ["S28", 101, null, null, null, "192.168.5.2:8080", null, 1, 13342],
  ["S29", 503, "UF (No route to host)", "connect-unreachable", "proxy", null, null, 1, 3060],
  ["S30", 503, "UF,URX", "connect-failed", "proxy", null, null, 1, 55],
  ["S31", 200, "UT", "response-timeout", "proxy", "127.0.0.1:7000", null, 1, 15001],
  ["S32", 503, "LR", "unknown-failure", "proxy", null, null, 1, 1529],
  ["S34", 503, "UF (Network is unreachable)", "connect-unreachable", "proxy", null, null, 1, null],
  ["S35", 404, "NR", "proxy-config", "proxy", null, null, 1, 5],
];

function samples(): [string, string][] {
  const text = readFileSync(REFERENCE, "utf8");
  return [...text.matchAll(/^(S\d+) .*$/gm)].flatMap(([all, name]) =>
    [...all.matchAll(/`((?:\{|\[|"response_code)[^`]*)`/g)].map(([, line]): [string, string] => [
      name!,
      line!,
    ]),
  );
}

describe.skipIf(!existsSync(REFERENCE))("the reference's samples", () => {
  const names = new Names();
  const shelf = new ReaderShelf(texts, names);
  const lines = existsSync(REFERENCE) ? samples() : [];

  it("are all here", () => {
    expect(lines.map(([name]) => name)).toEqual(EXPECTED.map(([name]) => name));
  });

  it.each(EXPECTED.map((row, at) => ({ row, name: `${row[0]} (${at + 1})`, at })))(
    "$name",
    ({ row, at }) => {
      const line = lines[at]![1];
      const { kind, proxy, record, failure } = describeLine(line, {
        catalogue,
        shelf,
        names,
        given: [],
        zone: "UTC",
        nearMs: 0,
      });
      expect([kind, proxy]).toEqual(["request", "envoy"]);
      const { status, peer, pool, tries, durationMs } = record!;
      expect([
        row[0],
        status,
        record!.code,
        failure?.reason ?? null,
        failure?.by ?? null,
        peer,
        pool,
        tries,
        durationMs,
      ]).toEqual(row);
    },
  );
});
