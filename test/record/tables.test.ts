// The references' own tables, row by row in values of ours: reason, stage and maker of what each row describes.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describe } from "../conformance/describer.ts";
import { KV } from "./nginx/rig.ts";

/** `reason stage maker`, `~` before a masked failure, `-` where nothing failed. */
function verdict(line: string, format: string | null): string {
  const { record, failure } = describe(line, format);
  if (record === null) throw new Error(`a miss: ${line}`);
  if (failure === null) return "-";
  return `${failure.masked ? "~" : ""}${failure.reason} ${failure.stage} ${failure.by}`;
}

function nginxLine(row: string): [string, string] {
  const [status, ua, us, uct, uht, urt, ubr, cs] = row.split(" | ");
  const rest = `ubr="${ubr}" ubs="90" cs="${cs}" bytes=157 ph="app" pp="80" rid=6f pipe=. compl="OK"`;
  const times = `uct="${uct}" uht="${uht}" urt="${urt}" url="0"`;
  return [
    `1795355028.658 c=1/1 pid=31007 st=${status} "GET /x HTTP/1.1" rt=1.001 ua="${ua}" us="${us}" ${times} ${rest}`,
    KV,
  ];
}

const HTTPLOG = "${HAPROXY_HTTP_LOG_FMT}";
const TAILS: Readonly<Record<string, string>> = {
  bc_err: " bc_err=%[bc_err]/%[bc_err_str]/%[bc_err_name]",
  tev: " tev=%[term_events]",
  rule: " rule=%[last_rule_file]:%[last_rule_line]",
};

function haproxyLine(row: string): [string, string] {
  const words = row.split(" ");
  const server = words.find((word) => word.startsWith("<")) ?? "s1";
  const tail = words.find((word) => word.includes("=")) ?? "";
  const middle = words.filter((word) => word !== server && word !== tail).join(" ");
  return [
    `127.0.0.1:60522 [22/Nov/2026:13:53:06.281] fe app/${server} ${middle} 0/0 "GET /x HTTP/1.1"${tail === "" ? "" : ` ${tail}`}`,
    HTTPLOG + (TAILS[tail.replace(/=.*/, "")] ?? ""),
  ];
}

const ENVOY_FIELDS: Readonly<Record<string, string>> = {
  service: "upstream_service_time",
  transport: "upstream_transport_failure_reason",
  sent: "bytes_sent",
  grpc: "grpc_status",
  termination: "connection_termination_details",
  tries: "upstream_request_attempt_count",
};

function envoyLine(row: string): [string, null] {
  const [status, flags, details, ...more] = row.split(" ");
  const fields = more.map((word): [string, string] => {
    const at = word.indexOf("=");
    return [ENVOY_FIELDS[word.slice(0, at)]!, word.slice(at + 1)];
  });
  const line = {
    start_time: "2026-11-23T18:13:25.234Z",
    method: "GET",
    path: "/x",
    upstream_host: "10.0.0.7:80",
    duration: 5,
    response_code: Number(status),
    response_flags: flags,
    response_code_details: details,
    ...Object.fromEntries(fields),
  };
  return [JSON.stringify(line), null];
}

test.each([
  ["nginx", nginxLine],
  ["haproxy", haproxyLine],
  ["envoy", envoyLine],
] as const)("every row of %s", (name, lineOf) => {
  const table = readFileSync(new URL(`tables/${name}.txt`, import.meta.url), "utf8");
  const told = table.split("\n").map((row) => {
    if (row === "" || row.startsWith("#")) return row;
    const [given] = row.split(" => ");
    const [line, format] = lineOf(given!);
    return `${given} => ${verdict(line, format)}`;
  });
  expect(told.join("\n")).toBe(table);
});
