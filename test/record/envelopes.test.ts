// One line in every envelope, nested ones too: the record is that of the bare line, the node is the envelope's.
import { describe, expect, it } from "vitest";
import { describe as describeOne } from "../conformance/describer.ts";

const ACCESS = '10.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl/8"';
const ERROR =
  "2026/11/22 14:43:48 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, " +
  'client: 10.0.0.1, server: _, request: "GET /a HTTP/1.1", upstream: "http://127.0.0.1:9001/a", host: "x"';
/** Ends at 13:49:35 UTC, an hour east of it. */
const HAPROXY =
  '10.0.0.2:51234 [22/Nov/2026:14:49:32.100] fe bk/s1 0/0/-1/-1/3002 503 217 - - SC-- 1/1/0/0/3 0/0 "GET /b HTTP/1.1"';
const ENVOY = JSON.stringify({
  start_time: "2026-11-22T13:43:48.000Z",
  method: "GET",
  path: "/c",
  response_code: 503,
  response_flags: "UF",
  duration: 3,
  upstream_host: "10.1.1.1:80",
});
const SYSLOG = "Nov 22 14:49:36 lb1 haproxy[7603]: ";
const json = JSON.stringify;
const docker = (log: string): string =>
  json({ log: `${log}\n`, stream: "stdout", time: "2026-11-22T13:49:35.123456789Z" });
const journal = (message: unknown): string =>
  json({
    __REALTIME_TIMESTAMP: "1795355375123456",
    _HOSTNAME: "lb2",
    SYSLOG_IDENTIFIER: "haproxy",
    MESSAGE: message,
    _PID: "12",
  });
const RFC5424 = `<134>1 2026-11-22T13:49:35.879938+00:00 lb9 haproxy 7603 - [ex@1 a="b\\]c" d="]"][b@2] `;

/** Title, the line, the line within, the node. */
const ENVELOPES: readonly (readonly [string, string, string, string | null])[] = [
  ["RFC 3164", `${SYSLOG}${HAPROXY}`, HAPROXY, "lb1"],
  ["RFC 3164, day padded", `Nov  2 14:49:36 lb1 haproxy[7603]: ${HAPROXY}`, HAPROXY, "lb1"],
  ["RFC 3164 without host", `<134>Nov 22 14:49:36 haproxy[7603]: ${HAPROXY}`, HAPROXY, null],
  ["RFC 5424, brackets in its data", `${RFC5424}${HAPROXY}`, HAPROXY, "lb9"],
  [
    "RFC 5424 without host",
    `<134>1 2026-11-22T13:49:36.8+00:00 - haproxy 7603 - - ${HAPROXY}`,
    HAPROXY,
    null,
  ],
  ["HAProxy priority", `<134>${HAPROXY}`, HAPROXY, null],
  ["HAProxy short", `<6>${HAPROXY}`, HAPROXY, null],
  ["HAProxy timed", `<6>2026-11-22T13:49:36.879951+00:00 ${HAPROXY}`, HAPROXY, null],
  ["HAProxy iso", `2026-11-22T13:49:36.879954+00:00 ${HAPROXY}`, HAPROXY, null],
  ["indentation", `    ${ERROR}`, ERROR, null],
  ["grep of several files", `/var/log/nginx/access.log.1:${ACCESS}`, ACCESS, null],
  ["quoted in a mail", `> > ${ACCESS}`, ACCESS, null],
  ["grep -n", `8812:${HAPROXY}`, HAPROXY, null],
  ["kail", `shop/web-5d9f[nginx]: ${ACCESS}`, ACCESS, "web-5d9f"],
  [
    "pid in a field of its own",
    `2026-11-22 14:49:36.657 lb3 haproxy [pid:28229]info  ${HAPROXY}`,
    HAPROXY,
    "lb3",
  ],
  ["blanks behind it", `${SYSLOG}${HAPROXY}  `, HAPROXY, "lb1"],
  ["words before an object", `2026-11-22T13:49:36Z 0 access ${ENVOY}`, ENVOY, null],
  ["octet count", `160 <134>${SYSLOG}${HAPROXY}`, HAPROXY, "lb1"],
  [
    "rsyslog ISO",
    `2026-11-22T14:49:36.364695+01:00 hermes haproxy[1143164]: ${HAPROXY}`,
    HAPROXY,
    "hermes",
  ],
  [
    "rsyslog ISO without colon",
    `2026-11-22T14:49:36.364695+01:00 hermes haproxy[1143164] ${HAPROXY}`,
    HAPROXY,
    "hermes",
  ],
  [
    "facility and severity, stamped twice",
    `2026-11-22T14:49:36.638+01:00 local1.info 2026-11-22T14:49:36+01:00 mslb01h haproxy 3307 - - ${HAPROXY}`,
    HAPROXY,
    "mslb01h",
  ],
  [
    "facility behind the host",
    `2026-11-22T14:49:36.638+01:00 lb7 local1.info haproxy[7]: ${HAPROXY}`,
    HAPROXY,
    "lb7",
  ],
  ["busybox", `Nov 22 14:49:36 lb1 local0.info haproxy[1]: ${HAPROXY}`, HAPROXY, "lb1"],
  ["syslog with a year", `Nov 22 2026 13:43:48 gw nginx: ${ACCESS}`, ACCESS, "gw"],
  ["nginx's own", `<190>Nov 22 13:43:48 vm nginx: ${ACCESS}`, ACCESS, "vm"],
  ["nginx's own without host", `<190>Nov 22 13:43:48 nginx: ${ACCESS}`, ACCESS, null],
  ["nginx's own, an error", `<187>Nov 22 14:43:48 vm ngx: ${ERROR}`, ERROR, "vm"],
  ["journal short-iso", `2026-11-22T14:49:36+0100 lb1 haproxy[1]: ${HAPROXY}`, HAPROXY, "lb1"],
  [
    "journal short-iso-precise",
    `2026-11-22T14:49:36.123456+0100 lb1 haproxy[1]: ${HAPROXY}`,
    HAPROXY,
    "lb1",
  ],
  ["journal short-precise", `Nov 22 14:49:36.123456 lb1 haproxy[1]: ${HAPROXY}`, HAPROXY, "lb1"],
  ["journal short-full", `Sun 2026-11-22 13:49:36 UTC lb1 haproxy[1]: ${HAPROXY}`, HAPROXY, "lb1"],
  ["journal short-unix", `1795355376.123456 lb1 haproxy[1]: ${HAPROXY}`, HAPROXY, "lb1"],
  ["journal JSON", journal(HAPROXY), HAPROXY, "lb2"],
  ["journal JSON, bytes", journal([...Buffer.from(HAPROXY)]), HAPROXY, "lb2"],
  ["journal JSON around RFC 5424", journal(`${RFC5424}${HAPROXY}`), HAPROXY, "lb9"],
  ["docker", docker(ACCESS), ACCESS, null],
  ["docker around an object", docker(ENVOY), ENVOY, null],
  ["docker around syslog", docker(`${SYSLOG}${HAPROXY}`), HAPROXY, "lb1"],
  ["CRI", `2026-11-22T13:43:48.123456789Z stdout F ${ACCESS}`, ACCESS, null],
  ["CRI around local time", `2026-11-22T13:43:48.123456789Z stderr F ${ERROR}`, ERROR, null],
  ["kubectl", `[pod/web-5d9/nginx] ${ACCESS}`, ACCESS, "web-5d9"],
  [
    "kubectl with timestamps",
    `[pod/web-5d9/nginx] 2026-11-22T13:43:48.1Z ${ACCESS}`,
    ACCESS,
    "web-5d9",
  ],
  [
    "kubectl around CRI",
    `[pod/web-5d9/nginx] 2026-11-22T13:43:48.1Z stdout F ${ACCESS}`,
    ACCESS,
    "web-5d9",
  ],
  ["stern", `web-5d9f8b7c6-abcde nginx ${ACCESS}`, ACCESS, "web-5d9f8b7c6-abcde"],
  [
    "stern of all namespaces",
    `default web-5d9f8b7c6-abcde nginx ${ACCESS}`,
    ACCESS,
    "web-5d9f8b7c6-abcde",
  ],
  ["compose", `web-1  | ${ACCESS}`, ACCESS, "web-1"],
  ["docker logs --details", ` web-1  | ${ERROR}`, ERROR, "web-1"],
  ["compose with timestamps", `web-1  | 2026-11-22T13:43:48.1Z ${ERROR}`, ERROR, "web-1"],
  [
    "compose with the times of another tool",
    `web-1  | 2026-11-22 14:43:48.051 | ${ACCESS}`,
    ACCESS,
    "web-1",
  ],
  [
    "Liferay Cloud",
    `Nov 22 14:49:36.585 build-214 [web-5d9f8b7c6-abcde] ${HAPROXY}`,
    HAPROXY,
    "web-5d9f8b7c6-abcde",
  ],
  ["gcloud", `E 2026-11-22T13:43:48.100029880Z ${ACCESS}`, ACCESS, null],
  ["a name in brackets", `[web] ${ERROR}`, ERROR, "web"],
  ["a pod in brackets", `[web-5d9f8b7c6-abcde] ${ACCESS}`, ACCESS, "web-5d9f8b7c6-abcde"],
  ["socklog", `10.1.4.1: local0.info: Nov 22 14:49:36 haproxy[1]: ${HAPROXY}`, HAPROXY, "10.1.4.1"],
  ["compose in colours", `\x1b[36mweb-1  | \x1b[0m${ACCESS}`, ACCESS, "web-1"],
  ["compose in colours, the bar too", `\x1b[36mweb-1  |\x1b[0m ${ACCESS}`, ACCESS, "web-1"],
  ["a swarm's service", `web.1.x2k@node1    | ${ACCESS}`, ACCESS, "web.1.x2k_node1"],
  ["logcli", `2026-11-22T13:43:48Z {app="web", pod="web-1"} ${ACCESS}`, ACCESS, "web-1"],
  ["logcli without labels", `2026-11-22T13:43:48Z {} ${ACCESS}`, ACCESS, null],
  [
    "logcli, one object a line",
    json({ labels: { pod: "web-3" }, line: ACCESS, timestamp: "2026-11-22T13:43:48Z" }),
    ACCESS,
    "web-3",
  ],
  [
    "fluent-bit",
    json({ log: ACCESS, kubernetes: { pod_name: "web-7", host: "n1" }, stream: "stdout" }),
    ACCESS,
    "web-7",
  ],
  [
    "gcloud text",
    json({ textPayload: ACCESS, resource: { labels: { pod_name: "web-8" } } }),
    ACCESS,
    "web-8",
  ],
  [
    "gcloud object",
    json({ jsonPayload: JSON.parse(ENVOY) as object, timestamp: "2026-11-22T13:43:48Z" }),
    ENVOY,
    null,
  ],
  [
    "Kibana",
    json({ _index: "f", _source: { message: ACCESS, host: { name: "w4" } } }),
    ACCESS,
    "w4",
  ],
  [
    "Kibana fields",
    json({ _index: "f", fields: { message: [ACCESS], "host.name": ["w4"] } }),
    ACCESS,
    "w4",
  ],
  ["Splunk", json({ preview: false, result: { _raw: ACCESS, host: "w5" } }), ACCESS, "w5"],
  [
    "aws logs tail",
    `2026-11-22T13:43:48.123000+00:00 nginx/web/0123abcd ${ACCESS}`,
    ACCESS,
    "nginx/web/0123abcd",
  ],
  ["multilog", `@400000006a1b8fc412345678 ${ACCESS}`, ACCESS, null],
  ["a CEE cookie", `Nov 22 13:43:48 gw envoy[1]: @cee: ${ENVOY}`, ENVOY, "gw"],
  ["what a truncated file begins with", `${"\0".repeat(300)}${ACCESS}`, ACCESS, null],
  ["a byte-order mark", `\ufeff${ACCESS}`, ACCESS, null],
];

describe("an envelope", () => {
  it.each(ENVELOPES)("%s", (_, outer, inner, node) => {
    const bare = describeOne(inner, null, "+01:00");
    expect(bare.record).not.toBeNull();
    const wrapped = describeOne(outer, null, "+01:00");
    expect(wrapped).toEqual({ ...bare, record: { ...bare.record, node } });
  });
});

it("a stamp with a zone tells the zone of a line without one", () => {
  for (const outer of [docker(`${SYSLOG}${HAPROXY}`), journal(HAPROXY), `${RFC5424}${HAPROXY}`])
    expect(describeOne(outer, null, "America/New_York").record?.time).toBe(
      "2026-11-22T13:49:35.102Z",
    );
});

it("a line that names no time was written when its envelope says", () => {
  const format = '$remote_addr "$request" $status "$upstream_addr" end';
  const line = '10.0.0.1 "GET /a HTTP/1.1" 502 "127.0.0.1:9001" end';
  expect(describeOne(docker(line), format).record).toMatchObject({
    time: "2026-11-22T13:49:35.123Z",
    status: 502,
  });
  expect(describeOne(`Nov 22 13:43:48 vm nginx: ${line}`, format).record?.time).toBe(
    "2026-11-22T13:43:48.000Z",
  );
});
