// Envoy before some backends: its default text log and the usual JSON one.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Backend } from "./backend.ts";
import { freePort } from "./free-port.ts";
import { LogFile } from "./log-file.ts";
import { makeFolder, removeFolder, startProxy, TIMEOUT_MS, type Rig } from "./rig.ts";

/** Starts Envoy with one worker, so that its round robin is one. */
export async function startEnvoy(program: string, backends: readonly Backend[]): Promise<Rig> {
  const folder = makeFolder("envoy");
  const port = await freePort();
  const [text, json] = [join(folder, "text.log"), join(folder, "json.log")];
  // JSON is YAML.
  const file = join(folder, "envoy.yaml");
  writeFileSync(file, JSON.stringify(configuration(port, text, json, backends)));
  const args = ["-c", file, "--disable-hot-restart", "--concurrency", "1"];
  args.push("--file-flush-interval-msec", "50", "--log-level", "warning");
  const child = await startProxy(program, args, folder, port);
  const logs = [new LogFile(text), new LogFile(json)];
  return {
    url: `http://127.0.0.1:${port}`,
    views: {
      "text log": { files: [text] },
      "JSON log": { files: [json] },
    },
    peers: backends.map((backend) => `127.0.0.1:${backend.port}`),
    untilLogged: async (requests) => {
      for (const log of logs) await log.untilRequests(requests);
    },
    stop: async () => {
      for (const log of logs) log.close();
      await child.stop();
    },
    remove: () => removeFolder(folder),
  };
}

/** Keys and operators as Istio and Envoy Gateway have them. */
const JSON_LOG = {
  start_time: "%START_TIME%",
  method: "%REQ(:METHOD)%",
  path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  protocol: "%PROTOCOL%",
  response_code: "%RESPONSE_CODE%",
  response_flags: "%RESPONSE_FLAGS%",
  response_code_details: "%RESPONSE_CODE_DETAILS%",
  connection_termination_details: "%CONNECTION_TERMINATION_DETAILS%",
  upstream_transport_failure_reason: "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
  bytes_received: "%BYTES_RECEIVED%",
  bytes_sent: "%BYTES_SENT%",
  duration: "%DURATION%",
  upstream_service_time: "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
  x_forwarded_for: "%REQ(X-FORWARDED-FOR)%",
  user_agent: "%REQ(USER-AGENT)%",
  request_id: "%REQ(X-REQUEST-ID)%",
  authority: "%REQ(:AUTHORITY)%",
  upstream_host: "%UPSTREAM_HOST%",
  upstream_cluster: "%UPSTREAM_CLUSTER%",
  route_name: "%ROUTE_NAME%",
  downstream_remote_address: "%DOWNSTREAM_REMOTE_ADDRESS%",
};

const TYPES = "type.googleapis.com/envoy.extensions";

function configuration(port: number, text: string, json: string, backends: readonly Backend[]) {
  const timeout = `${TIMEOUT_MS / 1000}s`;
  const route = { match: { prefix: "/" }, route: { cluster: "app", timeout }, name: "app" };
  const manager = {
    "@type": `${TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    access_log: [fileLog(text), fileLog(json, { log_format: { json_format: JSON_LOG } })],
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes: [route] }] },
    http_filters: [
      {
        name: "envoy.filters.http.router",
        typed_config: { "@type": `${TYPES}.filters.http.router.v3.Router` },
      },
    ],
  };
  const filter = {
    name: "envoy.filters.network.http_connection_manager",
    typed_config: manager,
  };
  const endpoints = backends.map((backend) => ({ endpoint: { address: loopback(backend.port) } }));
  return {
    static_resources: {
      listeners: [{ name: "in", address: loopback(port), filter_chains: [{ filters: [filter] }] }],
      clusters: [
        {
          name: "app",
          type: "STATIC",
          lb_policy: "ROUND_ROBIN",
          connect_timeout: timeout,
          load_assignment: { cluster_name: "app", endpoints: [{ lb_endpoints: endpoints }] },
        },
      ],
    },
  };
}

function fileLog(path: string, format: object = {}) {
  return {
    name: "envoy.access_loggers.file",
    typed_config: {
      "@type": `${TYPES}.access_loggers.file.v3.FileAccessLog`,
      path,
      ...format,
    },
  };
}

function loopback(port: number) {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
