// How a line and a code are laid out, on invented content: 80 and 60 columns, with and without more than ASCII.
import { expect, it, test } from "vitest";
import type { CodeMeaning, ExplainedLine } from "../../src/record/index.ts";
import { renderCode, renderExplainedLine, type ExplainedView } from "../../src/report/index.ts";
import { expectGolden } from "../support/golden.ts";

const view: ExplainedView = {
  width: 80,
  color: false,
  unicode: true,
  words: () => ({
    title: "refused connections",
    phrase: "refused",
    meaning: "nothing listens there",
  }),
  next: (_reason, proxy, upstream) => [
    `on ${upstream?.peer ?? "HOST:PORT"}: is the process up?`,
    `a second step for ${proxy} that is long enough to be wrapped onto a second line of the terminal`,
  ],
};

const LINE =
  '127.0.0.1 "GET /a\u001b[31m HTTP/1.1" 502 ua="10.0.0.1:80" agent="a very long name of a client\'s program"';

function explained(change: Partial<ExplainedLine["described"]> = {}): ExplainedLine {
  return {
    described: {
      format: "nginx odd (nginx.conf:2)",
      certainty: "certain",
      proxy: "nginx",
      kind: "request",
      record: {
        proxy: "nginx",
        node: null,
        time: "2026-11-22T13:43:48.658Z",
        start: null,
        durationMs: null,
        client: "127.0.0.1",
        method: "GET",
        path: "/a",
        host: null,
        protocol: "HTTP/1.1",
        status: 502,
        bytesOut: null,
        requestId: null,
        pool: null,
        peer: "10.0.0.1:80",
        attempts: [],
        tries: 1,
        frontend: null,
        route: null,
        code: "502",
        userAgent: null,
        referer: null,
        event: null,
        level: null,
        message: null,
      },
      failure: {
        reason: "connect-refused",
        stage: "connect",
        by: "proxy",
        detail: null,
        code: "502",
        masked: true,
      },
      miss: null,
      ...change,
    },
    parts: [
      { name: "$remote_addr", text: "127.0.0.1", meaning: "who asked" },
      { name: "$request", text: "GET /a\u001b[31m HTTP/1.1", meaning: "the request line" },
      {
        name: "$http_user_agent",
        text: "a very long name of a client's program",
        meaning: "the client's program, and more words than fit beside it",
      },
      { name: "$own", text: "", meaning: "" },
    ],
    sentences: [
      "502 was made by nginx, and the sentence that says so goes on beyond the end of the line",
      "attempt 1 of 1",
    ],
  };
}

const CODE: CodeMeaning = {
  proxy: "haproxy",
  what: "termination state",
  code: "SH",
  reason: "disconnect",
  by: "proxy",
  detail: null,
  meaning: "The server went away.",
  confusedWith: "PH, where it did not",
  otherwise: ["with bc_err reset: disconnect-reset. It was a reset."],
  source: "src/http_ana.c",
};

test.each([
  ["wide", view],
  ["narrow", { ...view, width: 60, unicode: false }],
])("%s", (name, layout) => {
  const pages = [
    renderExplainedLine(LINE, explained(), layout),
    renderExplainedLine(LINE, explained({ failure: null }), layout),
    renderExplainedLine(
      "no line \u0007",
      {
        described: {
          format: null,
          certainty: null,
          proxy: null,
          kind: null,
          record: null,
          failure: null,
          miss: { offset: 0, why: "no known format fits this line", field: null },
        },
        parts: [],
        sentences: [],
      },
      layout,
    ),
    renderCode(
      "SH--",
      [
        CODE,
        { ...CODE, proxy: "envoy", reason: null, confusedWith: null, otherwise: [], source: "" },
      ],
      layout,
    ),
  ];
  const text = pages.join("\n");
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(layout.width);
  expectGolden(text, new URL(`explained/${name}.golden`, import.meta.url));
});

it("shows the beginning of an endless line, and its length", () => {
  const line = "x".repeat(1_000_000);
  const missed = explained({ record: null, failure: null });
  const text = renderExplainedLine(line, missed, view);
  expect(text.length).toBeLessThan(6000);
  expect(text.replace(/\s+/g, " ")).toContain("… (1,000,000 characters)");
});
