// JSON access logs whose keys nobody has listed, and JSON that is no proxy's.
import { describe, expect, it } from "vitest";
import { describeLine } from "../../src/record/describe-line.ts";
import { Names } from "../../src/record/names.ts";
import { ReaderShelf } from "../../src/record/reader-shelf.ts";
import { catalogue, texts } from "./teller.ts";

const names = new Names();
const shelf = new ReaderShelf(texts, names);
const describeObject = (line: object) =>
  describeLine(JSON.stringify(line), {
    catalogue,
    shelf,
    names,
    given: [],
    zone: "UTC",
    nearMs: 0,
  });

const time = "2026-11-22T13:43:48.123Z";

describe("keys by their meaning", () => {
  it.each([
    {
      title: "nested as a typed Envoy format may have them",
      line: {
        ts: time,
        request: {
          method: "GET",
          path: "/x",
          headers: { host: "a.example", "user-agent": "curl" },
        },
        response: {
          code: 503,
          flags: "UF,URX",
          code_details: "upstream_reset_before_response_started{connection_failure}",
        },
        upstream: { host: "10.0.0.1:80", cluster: "app" },
        duration: 12,
      },
      expected: {
        proxy: "envoy",
        status: 503,
        path: "/x",
        host: "a.example",
        peer: "10.0.0.1:80",
        pool: "app",
        durationMs: 12,
        start: time,
      },
    },
    {
      title: "as the Elastic schema has them",
      line: {
        "@timestamp": time,
        http: { request: { method: "GET" }, response: { status_code: 502, body: { bytes: 157 } } },
        url: { path: "/x" },
        source: { address: "10.1.1.1" },
        user_agent: { original: "curl" },
      },
      expected: {
        proxy: "nginx",
        status: 502,
        method: "GET",
        path: "/x",
        client: "10.1.1.1",
        userAgent: "curl",
        time,
      },
    },
    {
      title: "as Google Cloud's agents want them",
      line: {
        time,
        httpRequest: { requestMethod: "GET", requestUrl: "/x", status: 502, remoteIp: "10.1.1.1" },
        upstream_addr: "10.0.0.1:80",
      },
      expected: {
        proxy: "nginx",
        status: 502,
        method: "GET",
        path: "/x",
        client: "10.1.1.1",
        peer: "10.0.0.1:80",
      },
    },
    {
      title: "in any spelling",
      line: { StartTime: time, ResponseCode: "503", "Response-Flags": "UH", RequestPath: "/x" },
      expected: { proxy: "envoy", status: 503, path: "/x" },
    },
    {
      title: "with a time in milliseconds",
      line: { timestamp: Date.parse(time), status: 502, uri: "/x", request_time: 0.012 },
      expected: { proxy: "nginx", status: 502, time, durationMs: 12 },
    },
    {
      title: "of Envoy without flags: who said 503 is not known",
      line: {
        start_time: time,
        response_code: 503,
        upstream_host: "10.0.0.1:80",
        upstream_cluster: "a",
        duration: 3,
      },
      expected: { proxy: "envoy", status: 503, reason: "unknown-failure" },
    },
  ])("$title", ({ line, expected }) => {
    const { record, failure } = describeObject(line);
    expect({ ...record, reason: failure?.reason }).toMatchObject(expected);
  });
});

describe("JSON of other programs is a miss that says whose it looks like", () => {
  it.each([
    [
      "Caddy's access log",
      { level: "info", ts: 1795355028.6, logger: "http.log.access", status: 502 },
    ],
    ["Caddy's access log", { ts: 1795355028.6, logger: "http.log.access.log0", status: 502 }],
    ["Traefik's access log", { DownstreamStatus: 502, StartUTC: time, RequestPath: "/" }],
    ["an application's own log", { level: "error", time, msg: "failed", status: 502, path: "/x" }],
  ])("%s", (name, line) => {
    expect(describeObject(line).miss?.why).toContain(`looks like ${name}`);
  });

  it("but not where a proxy's own field stands beside", () => {
    const line = { level: "info", msg: "access", time, status: 502, upstream_addr: "10.0.0.1:80" };
    expect(describeObject(line).record).toMatchObject({ proxy: "nginx", peer: "10.0.0.1:80" });
  });
});
