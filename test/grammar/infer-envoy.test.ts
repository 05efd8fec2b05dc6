// Formats of Envoy lines that nobody listed, guessed from one line.
import { describe, expect, it } from "vitest";
import { inferEnvoyFormat, looksLikeEnvoy } from "../../src/grammar/index.ts";
import { catalogue } from "../record/teller.ts";

const guess = (line: string) => inferEnvoyFormat(line, catalogue.aliases.envoy);
const HEAD = `[2024-07-20T07:05:54.173Z] "GET /x HTTP/1.1"`;
const REQUEST = `[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%"`;
const NUMBERS = "%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%";
const QUOTED = `"%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"`;

describe("a guess at an Envoy format", () => {
  it.each([
    [
      "more behind the default",
      `${HEAD} 503 UF 0 24 4497 - "-" "curl" "6d67d674-2122-4a2d-b172-0be70c674371" "a:80" "172.27.0.2:8080" "x y" z`,
      `${REQUEST} %RESPONSE_CODE% %RESPONSE_FLAGS% ${NUMBERS} ${QUOTED} "%REQ(WHY502-1)%" %REQ(WHY502-2)%`,
      false,
    ],
    [
      "details and a transport reason between",
      `${HEAD} 503 UF,URX upstream_reset_before_response_started{connection_timeout} - "-" 0 24 4497 - "10.0.0.1" "curl" "6d67d674-2122" "a:80" "172.27.0.2:8080"`,
      `${REQUEST} %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" ${NUMBERS} ${QUOTED}`,
      true,
    ],
    [
      "other numbers than the four stay nameless",
      `${HEAD} 0 UF route-test-name 1 2 0 0 3 - "x" "agent" "id" "host"`,
      `${REQUEST} %RESPONSE_CODE% %RESPONSE_FLAGS% %REQ(WHY502-1)% %REQ(WHY502-2)% %REQ(WHY502-3)% %REQ(WHY502-4)% %REQ(WHY502-5)% %REQ(WHY502-6)% %REQ(WHY502-7)% "%REQ(WHY502-8)%" "%REQ(WHY502-9)%" "%REQ(WHY502-10)%" "%REQ(WHY502-11)%"`,
      false,
    ],
    [
      "a trace before the request's own number",
      `${HEAD} 503 UF 0 24 4497 - "-" "curl" "80f198ee56343ba8" "6d67d674-2122-4a2d-b172-0be70c674371" "a:80" "web" "172.27.0.2:8080"`,
      `${REQUEST} %RESPONSE_CODE% %RESPONSE_FLAGS% ${NUMBERS} "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(WHY502-1)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%REQ(WHY502-2)%" "%UPSTREAM_HOST%"`,
      true,
    ],
    [
      "no time: it stands in the collector's head",
      `"GET /x HTTP/1.1" 503 UH no_healthy_upstream - "-" 0 19 0 - "10.42.0.1" "curl" "c4c58af1-2066" "localhost" "-" outbound|80||a - 10.42.0.7:8080 10.42.0.1:60667 - -`,
      `"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" ${NUMBERS} ${QUOTED} %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%`,
      true,
    ],
    [
      "the kind of line, which tells single tries from requests",
      `${HEAD} 0 UF 12 10.0.0.1:80 UpstreamEnd 2`,
      `${REQUEST} %RESPONSE_CODE% %RESPONSE_FLAGS% %REQ(WHY502-1)% %REQ(WHY502-2)% %ACCESS_LOG_TYPE% %REQ(WHY502-3)%`,
      false,
    ],
    [
      "a line cut in a quoted value",
      `${HEAD} 503 LR "-" 0 84 1529 - "10.16.6.62" "xxxx" "JdD4Mtb6" "`,
      `${REQUEST} %RESPONSE_CODE% %RESPONSE_FLAGS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" ${NUMBERS} "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(WHY502-1)%`,
      true,
    ],
    [
      "keys behind the default",
      `${HEAD} 200 - 5 0 3 2 "-" "curl" "6d67d674-2122" "a:80" "172.27.0.2:8080" grpc_status=14`,
      `${REQUEST} %RESPONSE_CODE% %RESPONSE_FLAGS% ${NUMBERS} ${QUOTED} grpc_status=%GRPC_STATUS%`,
      true,
    ],
    [
      "a request without quotes",
      `[2024-07-20T07:05:54.173Z] GET /x HTTP/1.1 503 UH no_healthy_upstream 0 19 1 - shop`,
      `[%START_TIME%] %REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL% %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% ${NUMBERS} %REQ(WHY502-1)%`,
      false,
    ],
    [
      "bars",
      `2024-07-20T07:05:54.173Z|GET|/x|HTTP/1.1|503|UF|0|91|12|-|outbound`,
      `%START_TIME%|%REQ(:METHOD)%|%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%|%PROTOCOL%|%RESPONSE_CODE%|%RESPONSE_FLAGS%|${NUMBERS.replaceAll(" ", "|")}|%REQ(WHY502-1)%`,
      false,
    ],
    [
      "no request at all",
      `[2024-07-20T07:05:54.173Z] 503 UF 0 rx 91 tx 12ms "10.0.0.3:41234"`,
      `[%START_TIME%] %RESPONSE_CODE% %RESPONSE_FLAGS% %REQ(WHY502-1)% %REQ(WHY502-2)% %REQ(WHY502-3)% %REQ(WHY502-4)% %REQ(WHY502-5)% "%REQ(WHY502-6)%"`,
      false,
    ],
    [
      "key=value",
      `[05/12/2019T16:14:53+0000 1575562493] method=POST request=/a/b response_flag=UT status=200 total_time_ms=15001 upstream=127.0.0.1:7000 other=1`,
      `[%START_TIME(%d/%m/%YT%H:%M:%S%z %s)%] method=%REQ(:METHOD)% request=%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% response_flag=%RESPONSE_FLAGS% status=%RESPONSE_CODE% total_time_ms=%DURATION% upstream=%UPSTREAM_HOST% other=%REQ(WHY502-1)%`,
      true,
    ],
  ])("%s", (_, line, format, isSure) => {
    expect(guess(line)).toEqual({ format, isSure });
  });

  it.each([
    `127.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET / HTTP/1.1" 502 157 "-" "curl"`,
    `[2026-11-22T13:43:48+00:00] "GET / HTTP/1.1" 502 - 157 1 2 -`,
    `${HEAD} 5x3 UF 0 24 4497 - "-" "curl" "id" "a:80" "172.27.0.2:8080"`,
    `time=2026-11-22T13:43:48.000Z method=GET status=502 path=/x`,
  ])("none of %s", (line) => {
    expect(guess(line)).toBeNull();
  });

  it("knows Envoy's lines by their beginning", () => {
    expect(looksLikeEnvoy(`${HEAD} 503 broken`)).toBe(true);
    expect(looksLikeEnvoy(`[2026-11-22T13:43:48+00:00] "GET / HTTP/1.1" 502`)).toBe(false);
  });
});
