// Failing lines of two real runs, each state with its status, reason, stage and maker, counted; and the same whether their
// log-format is given or has to be found out.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describe } from "../conformance/describer.ts";

const HTTPLOG =
  "${HAPROXY_HTTP_LOG_FMT} | rule=%[last_rule_file]:%[last_rule_line] bc_err=%[bc_err]/%[bc_err_str]";
const FORMATS = {
  "2.6": HTTPLOG,
  "3.4": `${HTTPLOG}/%[bc_err_name] tev=%[term_events] srvst=%[server_status] reused=%[bc_reused] we=%[waiting_entity] le=%[last_entity] sslbc=%[ssl_bc_err_str]`,
};

/** Count, state, status (`tcp` without one), reason, stage, maker. */
const TABLE: Readonly<Record<keyof typeof FORMATS, readonly string[]>> = {
  "2.6": [
    "1 ---- 502 upstream-status answered upstream",
    "1 ---- 503 upstream-status answered upstream",
    "1 ---- 504 upstream-status answered upstream",
    "2 ---- rc=+1 200 connect-failed connect proxy",
    "2 CD-- 200 client-abort client client",
    "2 CR-- 400 client-abort client client",
    "1 DH-- 502 admin-kill proxy proxy",
    "1 KH-- 502 admin-kill proxy proxy",
    "1 LR-- 503 proxy-policy proxy policy",
    "5 PH-- 502 invalid-response header proxy",
    "1 PH-- 502 proxy-policy proxy policy",
    "1 PH-- 504 proxy-policy proxy policy",
    "1 PR-- 0 proxy-policy proxy client",
    "3 PR-- 400 proxy-policy proxy client",
    "1 PR-- 403 proxy-policy proxy policy",
    "1 PR-- 503 proxy-policy proxy policy",
    "1 PT-- 500 proxy-policy proxy policy",
    "1 SC tcp connect-failed connect proxy",
    "3 SC-- 503 connect-failed connect proxy",
    "3 SC-- 503 no-upstream select proxy",
    "2 SD-- 200 truncated-response body upstream",
    "6 SH-- 502 disconnect wait proxy",
    "2 cR-- 408 client-abort client client",
    "5 sC-- 503 connect-timeout connect proxy",
    "1 sD-- 200 truncated-response body upstream",
    "5 sH-- 504 response-timeout wait proxy",
    "5 sQ-- 503 queue-timeout select proxy",
  ],
  "3.4": [
    "1 ---- 502 upstream-status answered upstream",
    "1 ---- 503 upstream-status answered upstream",
    "1 ---- 504 upstream-status answered upstream",
    "2 ---- rc=+1 200 connect-failed connect proxy",
    "2 CC-- 0 client-abort client client",
    "1 CD-- 400 client-abort client client",
    "2 CH-- 400 client-abort client client",
    "2 CL-- 200 client-abort client client",
    "1 CQ-- 0 client-abort client client",
    "2 CR-- 400 client-abort client client",
    "1 DC-- 500 admin-kill proxy proxy",
    "1 KC-- 500 admin-kill proxy proxy",
    "1 LR-- 503 proxy-policy proxy policy",
    "1 PH-- 502 disconnect-close wait proxy",
    "5 PH-- 502 invalid-response header proxy",
    "1 PH-- 502 proxy-policy proxy policy",
    "1 PH-- 504 proxy-policy proxy policy",
    "1 PR-- 0 proxy-policy proxy client",
    "3 PR-- 400 proxy-policy proxy client",
    "1 PR-- 403 proxy-policy proxy policy",
    "1 PR-- 503 proxy-policy proxy policy",
    "1 PT-- 500 proxy-policy proxy policy",
    "1 SC tcp connect-failed connect proxy",
    "2 SC-- 503 connect-refused connect proxy",
    "3 SC-- 503 no-upstream select proxy",
    "2 SD-- 200 truncated-response body upstream",
    "1 SH-- 502 disconnect-close wait proxy",
    "4 SH-- 502 disconnect-reset wait proxy",
    "2 cR-- 408 client-abort client client",
    "3 sC-- 503 connect-timeout connect proxy",
    "1 sD-- 200 truncated-response body upstream",
    "2 sH-- 504 response-timeout wait proxy",
    "4 sQ-- 503 queue-timeout select proxy",
  ],
};

function linesOf(version: string): string[] {
  return readFileSync(new URL(`haproxy/${version}.log`, import.meta.url), "latin1")
    .split("\n")
    .filter(Boolean);
}

function failureOf(line: string, format: string | null): string | null {
  const { record, failure } = describe(line, format);
  if (record === null) throw new Error(`a miss: ${line}`);
  if (failure === null) return null;
  const { code, reason, stage, by } = failure;
  return `${code ?? ""} ${record.status ?? "tcp"} ${reason} ${stage} ${by}`;
}

test.each(["2.6", "3.4"] as const)("failing lines of HAProxy %s", (version) => {
  const counts = new Map<string, number>();
  for (const line of linesOf(version)) {
    const told = failureOf(line, null);
    if (told !== null) counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  expect([...counts].map(([told, count]) => `${count} ${told}`).sort(byText)).toEqual(
    [...TABLE[version]].sort(byText),
  );
});

test.each(["2.6", "3.4"] as const)(
  "HAProxy %s: a format that is found out tells as much as the given one",
  (version) => {
    for (const line of linesOf(version)) {
      expect(failureOf(line, null), line).toBe(failureOf(line, FORMATS[version]));
    }
  },
);

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
