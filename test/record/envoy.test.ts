// Envoy lines of all shapes against envoy.md §3–5 and the public samples of its §7.
import { expect, test } from "vitest";
import { explainEnvoy } from "../../src/record/explain-envoy.ts";
import { LOCAL, NOTE, ZONED } from "../../src/record/record.ts";
import { catalogue, teller, tellerOf, texts } from "./teller.ts";

const knowledge: unknown = JSON.parse(texts["envoy/failures.json"]!);
const text = tellerOf("envoy default");
const istio = tellerOf("envoy istio");
const json = tellerOf("envoy json");
const detailed = teller(
  catalogue.recipeOf(
    '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"',
    "given",
    "envoy",
  ),
);

/** A line of the default format from the fields that matter. */
function line(code: string, sent = 0, duration = 3, service = "-", host = "10.0.0.7:80"): string {
  return `[2026-11-23T18:13:07.245Z] "GET /x?y=1 HTTP/1.1" ${code} 0 ${sent} ${duration} ${service} "10.9.9.9,10.1.1.1" "curl/8.5.0" "cf40818c" "shop.example" "${host}"`;
}

/** A JSON line with a host and a start, and what is given. */
function object(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    start_time: "2026-11-23T18:13:25.234Z",
    upstream_host: "10.0.0.7:80",
    ...fields,
  });
}

const BEFORE = "upstream_reset_before_response_started";

test("what a line of the default text format holds", () => {
  const told = text(line("503 UF", 98, 4))!;
  expect(told.rec.clock).toBe(ZONED);
  expect(told.rec.startMs).toBe(Date.UTC(2026, 10, 23, 18, 13, 7, 245));
  expect(told.rec.timeMs).toBe(told.rec.startMs + 4);
  expect([told.client, told.path, told.host, told.peer]).toEqual([
    "10.9.9.9",
    "/x?y=1",
    "shop.example",
    "10.0.0.7:80",
  ]);
  expect(text(line("200 -", 1169, 10, "9", "tcp://10.0.2.1:80"))!.peer).toBe("10.0.2.1:80");
  expect(
    text(line("200 -", 1169, 10, "9", "envoy://connect_originate/192.168.146.38:8080"))!.peer,
  ).toBe("192.168.146.38:8080");
});

/** Default text: code and flags, bytes sent, service time → gist. */
const FLAGS: readonly (readonly [string, number, string, string])[] = [
  ["200 -", 5, "9", "200 none"],
  ["404 -", 5, "9", "404 none"],
  ["500 -", 5, "9", "500 none"],
  ["502 -", 5, "9", "502 upstream-status"],
  ["503 -", 5, "9", "503 upstream-status"],
  ["503 UF", 98, "-", "503 connect-failed"],
  ["503 UF,URX", 91, "-", "503 connect-failed"],
  // Envoy's own page is as long as its words: 167 bytes say "refused", 165 "no route"; 152 could be one of three.
  ["503 UF", 167, "-", "503 connect-refused"],
  ["503 URX,UF", 190, "-", "503 connect-refused"],
  ["503 UF", 165, "-", "503 connect-unreachable"],
  ["503 UF", 152, "-", "503 connect-failed"],
  ["503 UC", 95, "-", "503 disconnect"],
  ["503 UR", 85, "-", "503 disconnect-reset"],
  ["503 LR", 84, "-", "503 unknown-failure"],
  ["503 LR", 109, "-", "503 disconnect-close"],
  ["502 UPE", 87, "-", "502 invalid-response"],
  ["504 UT", 24, "-", "504 response-timeout"],
  ["503 UH", 19, "-", "503 no-upstream"],
  ["503 UO", 81, "-", "503 overflow"],
  // A retry was not allowed: the failure is the other flag.
  ["503 UF,UO", 0, "-", "503 connect-failed"],
  ["404 NR", 0, "-", "404 proxy-config"],
  ["503 NC", 0, "-", "503 proxy-config"],
  ["0 DC", 0, "-", "0 client-abort"],
  ["101 DC", 105, "9", "101 none"],
  ["200 DC", 105, "9", "200 client-abort"],
  ["101 SI", 154, "9", "101 none"],
  ["408 SI", 14, "-", "408 client-abort"],
  ["504 SI", 14, "-", "504 response-timeout"],
  ["503 UAEX", 0, "-", "503 proxy-policy"],
  ["429 RL", 18, "-", "429 proxy-policy"],
  ["400 DPE", 11, "-", "400 proxy-policy"],
  ["302 UAEX", 0, "-", "302 none"],
  ["503 DF", 22, "-", "503 dns-failure"],
  ["503 OM", 16, "-", "503 proxy-resource"],
  // gRPC failures are logged as 200; without headers from the upstream nothing was truncated.
  ["200 UF", 0, "-", "200 connect-failed"],
  ["200 UH", 0, "-", "200 no-upstream"],
  ["200 UT", 0, "-", "200 response-timeout"],
  ["200 UPE", 19, "0", "200 truncated-response masked"],
  ["200 UC", 19, "7", "200 truncated-response masked"],
  ["200 URX", 19, "7", "200 unknown-failure masked"],
  ["500 URX", 680, "59", "500 none"],
  ["503 XNEW", 0, "-", "503 unknown-failure"],
  ["503 UpstreamConnectionFailure,UpstreamRetryLimitExceeded", 0, "-", "503 connect-failed"],
];

test.each(FLAGS)("%s, %i bytes, service time %s", (code, sent, service, gist) => {
  expect(text(line(code, sent, 3, service))!.gist).toBe(gist);
});

/** Details of every age: flags, details → reason, code. */
const DETAILS: readonly (readonly [string, string, string, string])[] = [
  [
    "UF",
    `${BEFORE}{connection failure,TLS error: 268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED}`,
    "tls-failure",
    "UF (CERTIFICATE_VERIFY_FAILED)",
  ],
  [
    "UF",
    `${BEFORE}{connection_failure,delayed_connect_error:_111}`,
    "connect-refused",
    "UF (Connection refused)",
  ],
  [
    "UF",
    `${BEFORE}{connection_failure,delayed_connect_error:_113}`,
    "connect-unreachable",
    "UF (No route to host)",
  ],
  ["UF", `${BEFORE}{connection_failure}`, "connect-failed", "UF"],
  [
    "URX,UF",
    `${BEFORE}{remote_connection_failure|delayed_connect_error:_Connection_refused}`,
    "connect-refused",
    "UF,URX (Connection refused)",
  ],
  [
    "UF",
    `${BEFORE}{remote_connection_failure|immediate_connect_error:_Network_is_unreachable|remote_address:[fdc4:f303:9324::254]:42349}`,
    "connect-unreachable",
    "UF (Network is unreachable)",
  ],
  [
    "UF",
    `${BEFORE}{local_connection_failure|immediate_connect_error:_Cannot_assign_requested_address|remote_address:10.0.0.1:80}`,
    "connect-local",
    "UF (Cannot assign requested address)",
  ],
  ["URX,UF", `${BEFORE}{connection_timeout}`, "connect-timeout", "UF,URX"],
  [
    "UF",
    `${BEFORE}{remote_connection_failure|TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end}`,
    "tls-failure",
    "UF (WRONG_VERSION_NUMBER)",
  ],
  [
    "UF",
    `${BEFORE}{remote_connection_failure|TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_X509_verify_cert:_certificate_verification_error_at_depth_0:_certificate_has_expired:TLS_error_end}`,
    "tls-failure",
    "UF (certificate has expired)",
  ],
  ["UC", `${BEFORE}{connection_termination}`, "disconnect", "UC"],
  // An inner hop of a mesh: the connection was never ready for the request.
  ["UF,URX", `${BEFORE}{connection_termination}`, "connect-failed", "UF,URX"],
  ["UR", `${BEFORE}{remote_reset}`, "disconnect-reset", "UR"],
  ["UR", `${BEFORE}{remote_refused_stream_reset}`, "disconnect-reset", "UR"],
  ["LR", `${BEFORE}{HTTP/1_premature_upstream_half_close}`, "disconnect-close", "LR"],
  ["UPE", `${BEFORE}{protocol_error}`, "invalid-response", "UPE"],
  ["UO", `${BEFORE}{overflow}`, "overflow", "UO"],
  ["-", BEFORE, "disconnect", BEFORE],
  ["UO,URX", "via_upstream", "upstream-status", "UO,URX"],
  ["-", "via_upstream", "upstream-status", "via_upstream"],
  ["UH", "no_healthy_upstream", "no-upstream", "UH"],
  ["UT", "upstream_per_try_timeout", "response-timeout", "UT"],
  ["NC", "cluster_not_found", "proxy-config", "NC"],
  ["-", "direct_response", "proxy-policy", "direct_response"],
  ["-", "reached_concurrency_limit", "overflow", "reached_concurrency_limit"],
  ["UAEX", "ext_authz_error", "proxy-policy", "UAEX"],
  [
    "-",
    "rbac_access_denied_matched_policy[ns[x]-policy[y]]",
    "proxy-policy",
    "rbac_access_denied_matched_policy",
  ],
  ["DC", "downstream_local_disconnect(on_idle_timeout)", "client-abort", "DC"],
  ["DF", "dns_resolution_failure{upstream:no_such_host}", "dns-failure", "DF"],
  ["-", "something_new", "unknown-failure", "something_new"],
];

test.each(DETAILS)("503 %s %s", (flags, details, reason, code) => {
  const told = json(
    object({ response_code: 503, response_flags: flags, response_code_details: details }),
  )!;
  expect([told.reason, told.code, told.rec.masked]).toEqual([reason, code, false]);
});

test("public lines of text formats", () => {
  const gist = (tell: typeof text, one: string): string => {
    const told = tell(one)!;
    return `${told.gist} ${told.pool} ${told.peer}`.trim();
  };
  const rf = (end: string): string => `[2024-07-20T07:06:24.729Z] "GET /x HTTP/1.1" ${end}`;
  const who = '"-" "curl/8.4.0" "2f22e5c6" "localhost:8000"';
  expect(gist(detailed, rf(`504 UT response_timeout 0 24 4497 - ${who} "172.27.0.2:8080"`))).toBe(
    "504 response-timeout  172.27.0.2:8080",
  );
  expect(gist(detailed, rf(`503 UH no_healthy_upstream 0 19 0 - ${who} "-"`))).toBe(
    "503 no-upstream",
  );
  expect(
    gist(
      detailed,
      rf(
        `200 UPE upstream_reset_after_response_started{protocol_error} 0 19 1006 0 ${who} "192.168.5.2:8080"`,
      ),
    ),
  ).toBe("200 truncated-response masked  192.168.5.2:8080");
  expect(gist(detailed, rf(`500 URX via_upstream 0 680 59 59 ${who} "192.168.48.2:8080"`))).toBe(
    "500 none  192.168.48.2:8080",
  );
  expect(
    gist(
      istio,
      '[2022-07-25T21:12:40.137Z] "POST /nchf/v2/release HTTP/2" 502 UPE upstream_reset_before_response_started{protocol_error} - "-" 1267 87 109 - "172.30.254.16" "-" "63430824" "bcmtig-mtls.dyn.nesc.nokia.net:80" "192.168.37.135:8081" inbound|8081|| 127.0.0.6:52673 192.168.37.135:8081 172.30.254.16:0 outbound_.8081_._.ig-charging-service.sps-ig.svc.cluster.local default',
    ),
  ).toBe("502 invalid-response inbound|8081|| 192.168.37.135:8081");
  expect(
    gist(
      istio,
      '[2022-10-18T20:16:39.453Z] "- - -" 0 UF,URX - - "-" 0 0 10000 - "-" "-" "-" "-" "178.170.196.65:9092" PassthroughCluster - 178.170.196.65:9092 10.128.2.32:59026 - - - -',
    ),
  ).toBe("0 connect-failed PassthroughCluster 178.170.196.65:9092");
  expect(
    gist(
      istio,
      '[2021-04-06T10:42:46.533Z] "GET /orion/version HTTP/1.1" 503 UAEX ext_authz_error - "-" 0 0 1 - "172.17.0.1" "curl/7.64.1" "36362423" "192.168.64.15" "-" - - 172.17.0.19:1026 172.17.0.1:0 outbound_.1026_._.orion.default.svc.cluster.local -',
    ),
  ).toBe("503 proxy-policy");
});

test("public lines of JSON formats", () => {
  const gist = (fields: Readonly<Record<string, unknown>>): string => {
    const told = json(object(fields))!;
    return `${told.gist} ${told.rec.tries} ${told.peer}`.trim();
  };
  const refused = "delayed_connect_error:_Connection_refused";
  // The reason belongs to an earlier try; the host is that of the earlier try as well.
  const stale = {
    response_code: "503",
    response_flags: "UH",
    response_code_details: "no_healthy_upstream",
    upstream_transport_failure_reason: refused,
    upstream_request_attempt_count: "3",
  };
  expect(gist(stale)).toBe("503 no-upstream 3");
  expect(
    gist({
      response_code: "200",
      response_flags: "URX,UF",
      response_code_details: `${BEFORE}{remote_connection_failure|${refused}}`,
      bytes_sent: "0",
      grpc_status: "Unavailable",
      upstream_request_attempt_count: "3",
    }),
  ).toBe("200 connect-refused 3 10.0.0.7:80");
  expect(
    gist({
      response_code: "200",
      response_flags: "UR",
      response_code_details: "upstream_reset_after_response_started{remote_reset}",
      upstream_service_time: "1092",
      grpc_status: "Unknown",
    }),
  ).toBe("200 truncated-response masked 1 10.0.0.7:80");
  expect(
    gist({
      response_code: 0,
      response_flags: "DC",
      response_code_details: "downstream_remote_disconnect",
    }),
  ).toBe("0 client-abort 1 10.0.0.7:80");
  expect(
    gist({ response_code: 503, response_flags: "UF", upstream_transport_failure_reason: refused }),
  ).toBe("503 connect-refused 1 10.0.0.7:80");
  // A closed connection does not own the reason of the try before it.
  expect(
    gist({ response_code: 503, response_flags: "UC", upstream_transport_failure_reason: refused }),
  ).toBe("503 disconnect 1 10.0.0.7:80");
});

test("what an upstream says in gRPC", () => {
  const told = json(
    object({
      response_code: 200,
      response_flags: "-",
      response_code_details: "via_upstream",
      grpc_status: "Unavailable",
    }),
  )!;
  expect([told.gist, told.code]).toEqual(["200 upstream-status", "Unavailable"]);
  for (const status of ["OK", "NotFound", null]) {
    expect(
      json(object({ response_code: 200, response_flags: "-", grpc_status: status }))!.reason,
    ).toBe("none");
  }
});

test("retries that went well are masked, and blame no host", () => {
  const good = {
    response_code: 200,
    response_flags: "-",
    response_code_details: "via_upstream",
    upstream_request_attempt_count: 2,
  };
  const told = json(object(good))!;
  expect([told.gist, told.code, told.peer, told.rec.tries]).toEqual([
    "200 unknown-failure masked",
    "- tries=2",
    "",
    2,
  ]);
  const left = json(
    object({
      ...good,
      upstream_transport_failure_reason: "delayed_connect_error:_Connection_refused",
    }),
  )!;
  expect([left.gist, left.code]).toEqual([
    "200 connect-refused masked",
    "- tries=2 (Connection refused)",
  ]);
  expect(json(object({ ...good, response_code: 503 }))!.gist).toBe("503 upstream-status");
});

test("only the line at the end counts", () => {
  for (const type of [
    "UpstreamEnd",
    "UpstreamPoolReady",
    "DownstreamStart",
    "DownstreamPeriodic",
    "TcpUpstreamConnected",
    "DownstreamTunnelSuccessfullyEstablished",
  ]) {
    expect(
      json(object({ response_code: 503, response_flags: "UF", access_log_type: type }))!.rec.kind,
      type,
    ).toBe(NOTE);
  }
  for (const type of ["DownstreamEnd", "TcpConnectionEnd", "NotSet", null]) {
    expect(
      json(object({ response_code: 503, response_flags: "UF", access_log_type: type }))!.reason,
    ).toBe("connect-failed");
  }
});

test("names and addresses as they are meant", () => {
  const told = json(
    object({
      response_code: 200,
      response_flags: "-",
      upstream_cluster: "outbound|80||x.svc;",
      downstream_remote_address: "[2001:db8::1]:4711",
    }),
  )!;
  expect([told.pool, told.client]).toEqual(["outbound|80||x.svc", "2001:db8::1"]);
  const bare = json(
    object({ response_code: 200, response_flags: "-", x_forwarded_for: "2001:db8::1, 10.0.0.1" }),
  )!;
  expect(bare.client).toBe("2001:db8::1");
});

test("how a connection ended, where it is logged", () => {
  const tell = teller(
    catalogue.recipeOf(
      "[%START_TIME%] %RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_DETECTED_CLOSE_TYPE%",
      "given",
      "envoy",
    ),
  );
  expect(tell("[2026-11-23T18:13:07.245Z] 503 UC RemoteReset")!.reason).toBe("disconnect-reset");
  expect(tell("[2026-11-23T18:13:07.245Z] 503 UC Normal")!.reason).toBe("disconnect-close");
  expect(tell("[2026-11-23T18:13:07.245Z] 503 UC -")!.reason).toBe("disconnect");
});

test("times of other shapes", () => {
  const epoch = teller(
    catalogue.recipeOf(
      "%START_TIME(%s.%3f)% %DURATION% %RESPONSE_CODE% %RESPONSE_FLAGS%",
      "given",
      "envoy",
    ),
  );
  expect(epoch("1795457587.189 20 200 -")!.rec.timeMs).toBe(1795457587209);
  const emitted = teller(
    catalogue.recipeOf(
      "%START_TIME% %EMIT_TIME% %DURATION% %RESPONSE_CODE% %RESPONSE_FLAGS%",
      "given",
      "envoy",
    ),
  );
  expect(emitted("2026-11-23T18:13:07.245Z 2026-11-23T18:13:09.000Z 20 200 -")!.rec.timeMs).toBe(
    Date.UTC(2026, 10, 23, 18, 13, 9),
  );
  const local = teller(
    catalogue.recipeOf(
      "%START_TIME_LOCAL(%Y-%m-%dT%H:%M:%S)% %RESPONSE_CODE% %RESPONSE_FLAGS%",
      "given",
      "envoy",
    ),
  );
  expect(local("2026-11-23T18:13:07 200 -")!.rec.clock).toBe(LOCAL);
});

test("a line explained", () => {
  const told = json(
    object({
      response_code: 503,
      response_flags: "UH",
      response_code_details: "no_healthy_upstream",
      upstream_transport_failure_reason: "delayed_connect_error:_Connection_refused",
      upstream_request_attempt_count: 3,
    }),
  )!;
  const said = explainEnvoy(told.field, told.rec, told.names, knowledge);
  expect(said).toContain("no_healthy_upstream: The cluster had no host to send to.");
  expect(said).toContain(
    "the transport failure reason (Connection refused) is left from an earlier try",
  );
  const nested = json(
    object({
      response_code: 503,
      response_flags: "-",
      response_code_details: "via_upstream",
      bytes_sent: 95,
    }),
  )!;
  expect(explainEnvoy(nested.field, nested.rec, nested.names, knowledge).join("\n")).toContain(
    "may be another Envoy",
  );
  const fine = text(line("200 -", 12, 3, "2"))!;
  expect(explainEnvoy(fine.field, fine.rec, fine.names, knowledge)).toEqual([]);
});
