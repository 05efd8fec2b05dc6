// Bare codes: what each kind means, and that every code of the data is found and belongs to a reason's page.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodeBook, REASONS, type CodeMeaning } from "../../src/record/index.ts";
import { readKnowledge } from "../../src/cli/knowledge.ts";

const book = new CodeBook(readKnowledge());
const brief = (meanings: readonly CodeMeaning[]): string[] =>
  meanings.map(({ proxy, what, reason, by }) => `${proxy} ${what}: ${reason ?? "-"} by ${by}`);

describe("a word", () => {
  it.each<[string, string[]]>([
    ["SH--", ["haproxy termination state: disconnect by proxy"]],
    ["sH", ["haproxy termination state: response-timeout by proxy"]],
    ["sQ", ["haproxy termination state: queue-timeout by proxy"]],
    ["SC", ["haproxy termination state: connect-failed by proxy"]],
    ["SCVN", ["haproxy termination state: connect-failed by proxy"]],
    ["CD--", ["haproxy termination state: client-abort by client"]],
    ["PR", ["haproxy termination state: proxy-policy by policy"]],
    ["UF,URX", ["envoy response flag: connect-failed by proxy"]],
    ["UpstreamConnectionFailure", ["envoy response flag: connect-failed by proxy"]],
    [
      "UT",
      [
        "envoy response flag: response-timeout by proxy",
        "haproxy termination state: admin-kill by proxy",
      ],
    ],
    ["via_upstream", ["envoy response code detail: - by upstream"]],
    [
      "upstream_reset_before_response_started{connection_failure}",
      ["envoy response code detail: connect-failed by proxy"],
    ],
    [
      "upstream_reset_before_response_started{connection_failure|delayed_connect_error:_111}",
      ["envoy response code detail: connect-refused by proxy"],
    ],
    ["connection_termination", ["envoy reset reason: disconnect by proxy"]],
    ["delayed_connect_error:_111", ["envoy transport failure reason: connect-refused by proxy"]],
    [
      "111",
      [
        "nginx error number: connect-refused by proxy",
        "envoy transport failure reason: connect-refused by proxy",
        "haproxy connection error (bc_err): connect-refused by proxy",
      ],
    ],
    ["L4CON", ["haproxy health-check result: connect-failed by proxy"]],
    ["L7STS", ["haproxy health-check result: upstream-status by proxy"]],
    ["009", ["nginx status: invalid-response by upstream"]],
    ["499", ["nginx status: client-abort by client"]],
    [
      "502",
      [
        "nginx status: unknown-failure by unknown",
        "haproxy status: unknown-failure by unknown",
        "envoy status: unknown-failure by unknown",
      ],
    ],
    ["209", ["haproxy length of HAProxy's own page: - by proxy"]],
    ["DEADLINE_EXCEEDED", ["envoy gRPC status: upstream-status by upstream"]],
    ["hello", []],
    ["ZZ", []],
    ["", []],
  ])("%s", (code, meanings) => {
    expect(brief(book.word(code))).toEqual(meanings);
  });

  it("of two proxies has both meanings", () => {
    expect(book.word("DC").map(({ proxy }) => proxy)).toContain("envoy");
    expect(book.word("ECONNRESET").map(({ proxy }) => proxy)).toEqual([
      "nginx",
      "envoy",
      "haproxy",
    ]);
    expect(book.word("95").every(({ proxy }) => proxy === "envoy")).toBe(true);
  });
});

describe("several words", () => {
  it.each([
    [
      "UF,URX upstream_reset_before_response_started{connection_termination}",
      "envoy response flags and details: connect-failed by proxy",
    ],
    [
      "503 UC upstream_reset_before_response_started{connection_termination}",
      "envoy response flags and details: disconnect by proxy",
    ],
    ["502 - via_upstream", "envoy response flags and details: upstream-status by upstream"],
    ["503 SC--", "nginx status: unknown-failure by unknown"],
    ["UF hello", undefined],
  ])("%s", (text, first) => {
    expect(brief(book.words(text))[0]).toBe(first);
  });
});

describe("a message", () => {
  it.each([
    ["no live upstreams", "nginx error-log message: no-upstream by proxy"],
    [
      "no live upstreams while connecting to upstream",
      "nginx error-log message: no-upstream by proxy",
    ],
    [
      "connect() failed (111: Connection refused)",
      "nginx error-log message: connect-refused by proxy",
    ],
    [
      'connect() failed (113: Host is unreachable) while connecting to upstream, client: 172.17.0.1, server: x, request: "GET / HTTP/1.1"',
      "nginx error-log message: connect-unreachable by proxy",
    ],
    [
      "upstream prematurely closed connection while reading upstream",
      "nginx error-log message: truncated-response by upstream",
    ],
    ["Connection refused", "nginx error number: connect-refused by proxy"],
    // No rule for all messages is its meaning.
    [
      "nginx[1234]: upstream timed out (110: x) while reading response header from upstream",
      undefined,
    ],
    ["Layer4 timeout", "haproxy health-check result: connect-timeout by proxy"],
    [
      "TLS error: 268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED",
      "envoy transport failure reason: tls-failure by proxy",
    ],
    ["has no server available", "haproxy event: - by unknown"],
  ])("%s", (text, first) => {
    expect(brief(book.message(text))[0]).toBe(first);
  });
});

describe("every reason", () => {
  it.each(REASONS.filter((reason) => reason !== "none"))(
    "%s has codes that say when and why",
    (reason) => {
      const codes = book.ofReason(reason);
      expect(codes.length).toBeGreaterThan(0);
      for (const { reason: own, meaning, code } of codes) {
        expect(own).toBe(reason);
        expect(meaning).toMatch(/\w/);
        expect(code).not.toBe("");
      }
    },
  );
});

it("every state and flag of the data is found by its name", () => {
  const data = (
    proxy: string,
  ): Record<string, { states: string[]; flag: string; detail: string }[]> =>
    JSON.parse(
      readFileSync(join(import.meta.dirname, `../../grammars/${proxy}/failures.json`), "utf8"),
    ) as never;
  const words = [
    ...data("haproxy")["states"]!.flatMap(({ states }) => states),
    ...data("envoy")["flags"]!.map(({ flag }) => flag),
  ];
  expect(words.filter((word) => book.word(word).length === 0)).toEqual([]);
});

it("nothing makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      book.word(text);
      book.message(text);
    }),
    { numRuns: 300 },
  );
});

it("a timeout's number is one of several failures, by what nginx was doing", () => {
  const [nginx] = book.word("110");
  expect(nginx).toMatchObject({ proxy: "nginx", reason: null });
  expect(nginx!.either!.map(({ detail, reason, by }) => `${detail}: ${reason} by ${by}`)).toEqual([
    "while connecting to upstream: connect-timeout by proxy",
    "while SSL handshaking to upstream: tls-failure by proxy",
    "while sending request to upstream: send-failure by proxy",
    "while reading response header from upstream: response-timeout by proxy",
    "while reading upstream: truncated-response by upstream",
  ]);
  expect(book.word("111")[0]!.either).toEqual([]);
});
