// Envoy with formats of somebody's own: what it writes with them is read back with the very strings it was given.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Backend } from "./backend.ts";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { makeFolder, removeFolder, startProxy } from "./rig.ts";
import { PROGRAM } from "./why502.ts";

const TYPES = "type.googleapis.com/envoy.extensions";
const COALESCE = `%COALESCE({"operators":[{"command":"REQ","param":"x-nothing"},{"command":"UPSTREAM_CLUSTER"}]})%`;
const TYPED = `[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %DURATION% %UPSTREAM_HOST% %ACCESS_LOG_TYPE% %UPSTREAM_REQUEST_ATTEMPT_COUNT%\n`;

/** Name → format, as a configuration has it. */
const FORMATS = {
  "epoch and long flags": `%START_TIME(%s.%3f)% %REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH):200% %PROTOCOL% %RESPONSE_CODE% %RESPONSE_FLAGS_LONG% %DURATION% %UPSTREAM_HOST% %UPSTREAM_REQUEST_ATTEMPT_COUNT% %RESPONSE_CODE_DETAILS%\n`,
  "blanks in the time, COALESCE, %%": `[%START_TIME_LOCAL(%Y/%m/%dT%H:%M:%S%z %s)%] "%REQ(:METHOD)% %PATH(NQ:ORIG_OR_PATH)%" %RESPONSE_CODE% "${COALESCE}" %RESPONSE_FLAGS% %DURATION% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %UPSTREAM_CLUSTER% %UPSTREAM_HOST% 100%%\n`,
  "CEL with parentheses, EMIT_TIME": `%START_TIME% %REQ(:PATH)% %RESPONSE_CODE% [%CEL(request.path + "(x)")%] %RESPONSE_FLAGS% %DURATION% %EMIT_TIME% "%REQ(USER-AGENT)%" %UPSTREAM_HOST%\n`,
  "empty values left out": `%START_TIME% %REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %RESPONSE_FLAGS% %REQ(X-NOTHING)% %UPSTREAM_HOST% "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%" %DURATION%\n`,
  "metadata and filter state": `%START_TIME(%Y-%m-%d %H:%M:%S)% %REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %RESPONSE_FLAGS% %DURATION% %UPSTREAM_HOST% %DYNAMIC_METADATA(a.b:c):10% %FILTER_STATE(x:PLAIN)% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%\n`,
  "a mesh's, with the authority first": `[%START_TIME%] "%REQ(:AUTHORITY)%" "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n`,
  "keys and values": `start_time=%START_TIME% method=%REQ(:METHOD)% path="%REQ(:PATH)%" code=%RESPONSE_CODE% flags=%RESPONSE_FLAGS% details=%RESPONSE_CODE_DETAILS% duration=%DURATION% upstream=%UPSTREAM_HOST% cluster=%UPSTREAM_CLUSTER% authority=%REQ(:AUTHORITY)%\n`,
  tabs: `%START_TIME%\t%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%\t%REQ(:METHOD)%\t%REQ(:AUTHORITY)%\t%REQ(:PATH)%\t%PROTOCOL%\t%RESPONSE_CODE%\t%RESPONSE_FLAGS%\t%DURATION%\t%REQUEST_DURATION%\t%RESPONSE_DURATION%\t%UPSTREAM_HOST%\n`,
  "a word before all": `ACCESS [%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% "%UPSTREAM_HOST%"\n`,
  "bars, gRPC": `%START_TIME(%FT%T%z)%|%REQ(:METHOD)%|%REQ(:PATH)%|%RESPONSE_CODE%|%RESPONSE_FLAGS%|%DURATION%|%UPSTREAM_HOST%|%TRAILER(GRPC-STATUS)%|%GRPC_STATUS%\n`,
} as const;

const NESTED = {
  when: { start: "%START_TIME%", took: "%DURATION%" },
  req: { verb: "%REQ(:METHOD)%", line: "%REQ(:METHOD)% %REQ(:PATH)%", where: "%REQ(:PATH)%" },
  answer: { n: "%RESPONSE_CODE%", f: "%RESPONSE_FLAGS%", why: "%RESPONSE_CODE_DETAILS%" },
  up: { h: "%UPSTREAM_HOST%", tries: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%" },
  fixed: 7,
  list: ["a", "%BYTES_SENT%"],
};

const FLAT = {
  start_time: "%START_TIME%",
  method: "%REQ(:METHOD)%",
  path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  protocol: "%PROTOCOL%",
  response_code: "%RESPONSE_CODE%",
  response_flags: "%RESPONSE_FLAGS%",
  bytes_sent: "%BYTES_SENT%",
  duration: "%DURATION%",
  authority: "%REQ(:AUTHORITY)%",
  upstream_host: "%UPSTREAM_HOST%",
};

const DOTTED = {
  "@timestamp": "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
  "url.path": "%REQ(:PATH)%",
  "http.request.method": "%REQ(:METHOD)%",
  "http.response.status_code": "%RESPONSE_CODE%",
  "event.duration": "%DURATION% ms",
  "proxy.flags": "[%RESPONSE_FLAGS%]",
  "server.address": "%UPSTREAM_HOST%",
};

/** Name → JSON format. */
const OBJECTS: Readonly<Record<string, object>> = {
  "nested typed JSON": NESTED,
  "flat JSON": FLAT,
  "JSON with dotted keys and words in its values": DOTTED,
};

/** What every format must tell of each request, the reason where it can: a format without details says less. */
const TOLD: Readonly<Record<string, { status: number; reasons: readonly (string | null)[] }>> = {
  "/good": { status: 200, reasons: [null] },
  "/refused": { status: 503, reasons: ["connect-refused", "connect-failed"] },
  "/none": { status: 503, reasons: ["no-upstream"] },
  "/nc": { status: 503, reasons: ["proxy-config"] },
  "/direct": { status: 503, reasons: ["proxy-policy", "unknown-failure"] },
};

interface Line {
  readonly kind: string;
  readonly record: Record<string, unknown> | null;
  readonly failure: { reason: string } | null;
  readonly miss: unknown;
}

const program = findProgram("envoy");

describe.skipIf(program === null)("formats of somebody's own", () => {
  const folder = makeFolder("envoy-formats");
  const file = (name: string): string => join(folder, `${name.replace(/\W+/g, "-")}.log`);
  const since = Date.now();
  let good: Backend;
  let goodPort = 0;
  let badPort = 0;

  beforeAll(async () => {
    good = await Backend.start();
    goodPort = good.port;
    badPort = await freePort();
    const port = await freePort();
    const config = join(folder, "envoy.json");
    writeFileSync(config, JSON.stringify(configuration(port, goodPort, badPort, file)));
    const args = ["-c", config, "--disable-hot-restart", "--concurrency", "1"];
    args.push("--file-flush-interval-msec", "20", "--log-path", file("app"), "--log-level", "info");
    const child = await startProxy(program!, args, folder, port);
    for (const path of Object.keys(TOLD))
      await fetch(`http://127.0.0.1:${port}${path}`).then((answer) => answer.text());
    // Stopped in good order, Envoy writes what it still holds.
    await child.stop();
  }, 60_000);
  afterAll(async () => {
    await good.stop();
    removeFolder(folder);
  });

  const explained = (name: string, format: string | null): Line[] => {
    const args = [PROGRAM, "explain", "-o", "json"];
    if (format !== null) args.push("--log-format", format);
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      input: readFileSync(file(name)),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
  };

  it.each([
    ...Object.entries(FORMATS),
    ...Object.entries(OBJECTS).map(([name, format]) => [name, JSON.stringify(format)] as const),
  ])("%s", (name, format) => {
    const lines = explained(name, format.replaceAll("\n", "\\n"));
    expect(lines.map(({ miss }) => miss)).toEqual(lines.map(() => null));
    expect(lines.map(({ record }) => record!["path"])).toEqual(Object.keys(TOLD));
    for (const { record, failure, kind } of lines) {
      const { status, reasons } = TOLD[record!["path"] as string]!;
      expect(kind).toBe("request");
      expect(record).toMatchObject({ proxy: "envoy", status });
      expect(reasons).toContain(failure?.reason ?? null);
      const end = Date.parse(record!["time"] as string);
      expect(end).toBeGreaterThan(since - 2_000);
      expect(end - Date.parse(record!["start"] as string)).toBeGreaterThanOrEqual(
        record!["durationMs"] as number,
      );
      if (record!["path"] === "/good") expect(record!["peer"]).toBe(`127.0.0.1:${goodPort}`);
      if (record!["path"] === "/refused") expect(record!["peer"]).toBe(`127.0.0.1:${badPort}`);
    }
  });

  it("upstream lines between the requests' own are told apart", () => {
    const lines = explained("upstream", TYPED.replaceAll("\n", "\\n"));
    const ends = lines.filter(({ failure }) => failure !== null);
    expect(ends.map(({ record }) => record!["path"])).toEqual([
      "/refused",
      "/none",
      "/nc",
      "/direct",
    ]);
    expect(ends[0]!.record).toMatchObject({ status: 503, tries: 3 });
    expect(lines.length).toBeGreaterThan(Object.keys(TOLD).length);
  });

  it("health checks and ejections are events", () => {
    expect(
      explained("health", null).map(({ record }) => [record!["event"], record!["peer"]]),
    ).toContainEqual(["check-failure", `127.0.0.1:${badPort}`]);
    expect(explained("outlier", null)[0]!.record).toMatchObject({
      event: "ejection",
      pool: "bad",
      peer: `127.0.0.1:${badPort}`,
    });
  });

  it("Envoy's own log tells of its start and stop, and no line of it is lost", () => {
    const lines = explained("app", null);
    expect(lines.map(({ miss }) => miss)).toEqual(lines.map(() => null));
    const events = lines.map(({ record }) => record!["event"]);
    expect(events).toContain("start");
    expect(events).toContain("stop");
  });
});

function configuration(
  port: number,
  goodPort: number,
  badPort: number,
  file: (name: string) => string,
): object {
  const logs = Object.entries(FORMATS).map(([name, format]) =>
    textLog(file(name), format, name === "empty values left out"),
  );
  const retry_policy = { retry_on: "connect-failure", num_retries: 2 };
  const route = (prefix: string, cluster: string, more: object = {}): object => ({
    match: { prefix },
    route: { cluster, ...more },
  });
  const manager = {
    "@type": `${TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    access_log: [
      ...logs,
      ...Object.entries(OBJECTS).map(([name, json_format]) =>
        fileLog(file(name), { log_format: { json_format } }),
      ),
      textLog(file("upstream"), TYPED),
    ],
    route_config: {
      validate_clusters: false,
      virtual_hosts: [
        {
          name: "all",
          domains: ["*"],
          routes: [
            route("/good", "good"),
            route("/refused", "bad", { retry_policy }),
            route("/none", "none"),
            route("/nc", "nowhere"),
            { match: { prefix: "/direct" }, direct_response: { status: 503 } },
          ],
        },
      ],
    },
    http_filters: [
      {
        name: "envoy.filters.http.router",
        typed_config: {
          "@type": `${TYPES}.filters.http.router.v3.Router`,
          upstream_log: [textLog(file("upstream"), TYPED)],
        },
      },
    ],
  };
  const checks = {
    timeout: "0.5s",
    interval: "30s",
    unhealthy_threshold: 1,
    healthy_threshold: 1,
    tcp_health_check: {},
    event_log_path: file("health"),
    always_log_health_check_failures: true,
  };
  const ejection = {
    consecutive_local_origin_failure: 2,
    split_external_local_origin_errors: true,
    enforcing_consecutive_local_origin_failure: 100,
    max_ejection_percent: 100,
  };
  const filter = { name: "envoy.filters.network.http_connection_manager", typed_config: manager };
  return {
    static_resources: {
      listeners: [{ name: "in", address: loopback(port), filter_chains: [{ filters: [filter] }] }],
      clusters: [
        cluster("good", [goodPort]),
        cluster("bad", [badPort], { outlier_detection: ejection }),
        cluster("none", []),
        cluster("checked", [badPort], { health_checks: [checks] }),
      ],
    },
    cluster_manager: { outlier_detection: { event_log_path: file("outlier") } },
  };
}

function cluster(name: string, ports: readonly number[], more: object = {}): object {
  const lb_endpoints = ports.map((port) => ({ endpoint: { address: loopback(port) } }));
  const load_assignment = { cluster_name: name, endpoints: [{ lb_endpoints }] };
  return { name, type: "STATIC", connect_timeout: "1s", load_assignment, ...more };
}

function textLog(path: string, format: string, omit = false): object {
  const log_format = {
    text_format_source: { inline_string: format },
    omit_empty_values: omit,
  };
  return fileLog(path, { log_format });
}

function fileLog(path: string, more: object): object {
  return {
    name: "envoy.access_loggers.file",
    typed_config: { "@type": `${TYPES}.access_loggers.file.v3.FileAccessLog`, path, ...more },
  };
}

function loopback(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
