// Values of JSON formats that are made of words and fields.
import { expect, it } from "vitest";
import { describe as describeLine } from "../conformance/describer.ts";

const FORMAT = JSON.stringify({
  when: "%START_TIME%",
  request: "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%",
  code: "%RESPONSE_CODE%",
  took: "%DURATION% ms",
  flags: "[%RESPONSE_FLAGS%]",
  said: 'because "%RESPONSE_CODE_DETAILS%"',
  upstream: { to: "%UPSTREAM_CLUSTER%=%UPSTREAM_HOST%" },
});

function read(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { record, failure, miss } = describeLine(JSON.stringify(members), FORMAT);
  expect(miss).toBeNull();
  return { ...record, reason: failure?.reason ?? null };
}

const LINE = {
  when: "2026-11-26T22:00:00.123Z",
  request: "GET /refused?a=b HTTP/1.1",
  code: 503,
  took: "12 ms",
  flags: "[UF]",
  said: 'because "upstream_reset_before_response_started{connection_failure}"',
  upstream: { to: "shop=127.0.0.1:81" },
};

it("are taken apart", () => {
  expect(read(LINE)).toMatchObject({
    method: "GET",
    path: "/refused?a=b",
    status: 503,
    durationMs: 12,
    code: "UF",
    reason: "connect-failed",
    pool: "shop",
    peer: "127.0.0.1:81",
  });
});

it("in whatever order the members come, as typed JSON is sorted", () => {
  const sorted = Object.fromEntries(Object.entries(LINE).sort(([a], [b]) => (a < b ? -1 : 1)));
  expect(read(sorted)).toEqual(read(LINE));
});

it("are a miss that names them where they are not made so", () => {
  const { record, miss } = describeLine(JSON.stringify({ ...LINE, took: "12 s" }), FORMAT);
  expect(record).toBeNull();
  expect(miss).toMatchObject({ field: "took" });
});

it("say nothing where only a header is not made so", () => {
  const format = JSON.stringify({ code: "%RESPONSE_CODE%", from: "%REQ(X-A)% %REQ(X-B)%" });
  const { record, miss } = describeLine('{"code":503,"from":"one two three"}', format);
  expect(miss).toBeNull();
  expect(record?.status).toBe(503);
});
