// Envoy's YAML and JSON, and what Kubernetes keeps of log formats.
import { expect, test } from "vitest";
import { readConfig, type Found } from "../../src/config/index.ts";
import { diskOf } from "./disk.ts";

const read = (text: string): Promise<Found> =>
  readConfig([{ path: "/etc/envoy/envoy.yaml", text }], diskOf({}));
const brief = ({ formats }: Found): unknown[] =>
  formats.map(({ name, proxy, format, shape, place }) => [
    name,
    proxy,
    format,
    shape ?? null,
    place.line,
  ]);
const files = ({ logs }: Found): string[] =>
  logs.map(({ patterns, format }) => `${patterns[0]!} ${format?.format ?? "default"}`);

const FILE = "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog";

test("file loggers of listeners, connection managers and TCP proxies", async () => {
  const found = await read(`static_resources:
  listeners:
  - name: front
    access_log:
    - typed_config: { "@type": ${FILE}, path: /l.log, log_format: { text_format: "%RESPONSE_CODE% old" } }
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          stat_prefix: web
          access_log:
          - name: envoy.access_loggers.file
            typed_config:
              "@type": ${FILE}
              path: "/h.log"
              log_format:
                text_format_source:
                  inline_string: |
                    [%START_TIME%] %RESPONSE_CODE%
          - typed_config:
              "@type": ${FILE}
              path: /j.log
              log_format: { json_format: { code: "%RESPONSE_CODE%", in: { flags: "%RESPONSE_FLAGS%" } } }
          - typed_config: { "@type": ${FILE}, path: /d.log }
          - typed_config: { "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog }
          - typed_config: { "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig }
`);
  expect(brief(found)).toEqual([
    ["front", "envoy", "%RESPONSE_CODE% old", "text", 5],
    ["web", "envoy", "[%START_TIME%] %RESPONSE_CODE%\n", "text", 18],
    ["web", "envoy", '{"code":"%RESPONSE_CODE%","in":{"flags":"%RESPONSE_FLAGS%"}}', "json", 23],
    ["web", "envoy", null, null, 24],
  ]);
  expect(files(found)).toEqual([
    "/l.log %RESPONSE_CODE% old",
    "/h.log [%START_TIME%] %RESPONSE_CODE%\n",
    '/j.log {"code":"%RESPONSE_CODE%","in":{"flags":"%RESPONSE_FLAGS%"}}',
    "/d.log default",
  ]);
  expect(found.elsewhere).toEqual([
    "envoy.yaml:25: Envoy logs to /dev/stdout, not to a file: docker logs or kubectl logs have it",
    "envoy.yaml:26: these access logs go to another service (HttpGrpc), not to a file",
  ]);
});

test("a config dump, an older configuration, anchors", async () => {
  const dump = await read(
    JSON.stringify({
      configs: [
        {
          dynamic_listeners: [
            {
              name: "l",
              active_state: {
                listener: {
                  access_log: [
                    {
                      typed_config: {
                        "@type": FILE,
                        path: "/x.log",
                        typed_json_format: { a: "%RESPONSE_CODE%" },
                      },
                    },
                  ],
                },
              },
            },
          ],
        },
      ],
    }),
  );
  expect(brief(dump)).toEqual([["l", "envoy", '{"a":"%RESPONSE_CODE%"}', "json", 1]]);
  const old = await read(`fmt: &f "%RESPONSE_CODE% v2\\n"
access_log:
- name: envoy.file_access_log
  config: { path: /v2.log, format: *f }
`);
  expect(files(old)).toEqual(["/v2.log %RESPONSE_CODE% v2\n"]);
});

test("Istio: mesh configuration in a ConfigMap, providers", async () => {
  const found = await read(`apiVersion: v1
kind: ConfigMap
metadata: { name: istio }
data:
  mesh: |-
    accessLogFile: /dev/stdout
    accessLogEncoding: JSON
    accessLogFormat: '{"code":"%RESPONSE_CODE%"}'
    extensionProviders:
    - name: text
      envoyFileAccessLog: { path: /t.log, logFormat: { text: "%RESPONSE_FLAGS%\\n" } }
    - name: labels
      envoyFileAccessLog: { path: /dev/null, logFormat: { labels: { f: "%RESPONSE_FLAGS%" } } }
`);
  expect(brief(found).map((one) => (one as unknown[]).slice(0, 4))).toEqual(
    [
      ["text", "envoy", "%RESPONSE_FLAGS%\n", "text"],
      ["labels", "envoy", '{"f":"%RESPONSE_FLAGS%"}', "json"],
      ["accessLogFormat", "envoy", '{"code":"%RESPONSE_CODE%"}', "json"],
    ].sort((a, b) => (a[0] === "accessLogFormat" ? -1 : b[0] === "accessLogFormat" ? 1 : 0)),
  );
  expect(files(found)).toEqual(["/t.log %RESPONSE_FLAGS%\n"]);
});

test("Envoy Gateway, ingress-nginx and HAProxy ingress", async () => {
  const found = await read(`kind: EnvoyProxy
metadata: { name: gw }
spec: { telemetry: { accessLog: { settings: [
  { format: { type: Text, text: "%RESPONSE_CODE% gw" }, sinks: [ { type: File, file: { path: /gw.log } } ] },
  { format: { type: JSON, json: { c: "%RESPONSE_CODE%" } } } ] } } }
---
kind: ConfigMap
data:
  log-format-upstream: '$remote_addr "$request" it''s $status'
  log-format-escape-json: "true"
---
kind: ConfigMap
data: { http-log-format: "%ci %ST", tcp-log-format: "%ci %ts" }
---
kind: ConfigMap
data:
  index.html: |
    <html>
    </html>
  nginx.conf: |
    http {
      access_log off; log_format inner '$status';
    }
`);
  expect(brief(found)).toEqual([
    ["gw", "envoy", "%RESPONSE_CODE% gw", "text", 4],
    ["gw", "envoy", '{"c":"%RESPONSE_CODE%"}', "json", 5],
    [
      "log-format-upstream",
      "nginx",
      "log_format log-format-upstream escape=json '$remote_addr \"$request\" it\\'s $status';",
      null,
      9,
    ],
    ["http-log-format", "haproxy", "%ci %ST", null, 13],
    ["tcp-log-format", "haproxy", "%ci %ts", null, 13],
    ["inner", "nginx", "log_format inner '$status';", null, 2],
  ]);
});

test.each([
  ["a: b\n  c: : d\n", /envoy\.yaml:1:4: /],
  ['{ "a": [1,\n', /envoy\.yaml:2:1: /],
])("what is no YAML is told with its place: %j", async (text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});
