// The sentences under an nginx line: that they name who made the status, by which field, and each attempt.
import { expect, test } from "vitest";
import { explainNginx } from "../../src/record/explain-nginx.ts";
import { COMBINED, KV, knowledge, rigLines, Teller } from "./nginx/rig.ts";

const access = Teller.access(KV);
const errors = Teller.errors();

function ofAccess(path: string, nth = 0): string[] {
  const line = rigLines("kv.log").filter((entry) => entry.line.includes(` ${path} HTTP`))[nth]!
    .line;
  const told = access.tell(line)!;
  return explainNginx(told.text, told.rec, access.names, knowledge);
}

function ofError(mark: string): string[] {
  const line = rigLines("error.log").find(
    (entry) => entry.mark === mark && entry.line.includes("[error]"),
  )!.line;
  const told = errors.tell(line)!;
  return explainNginx(told.text, told.rec, errors.names, knowledge);
}

test("access lines", () => {
  expect(ofAccess("/refused/x?q=1")).toEqual([
    '502 made by nginx: upstream_header_time is "-", no header ever came from the upstream',
    'upstream_connect_time is "-": the connection (TLS included) was not made and failed at once, as a refused one does',
    "attempt 1 of 1 on 127.0.0.1:21001; no retry",
    "the error log has a line of the same second that says more",
  ]);
  expect(ofAccess("/up502/x?q=1")).toEqual([
    "502 was sent by the upstream itself: upstream_header_time is 0.001, so a whole response header came",
    "attempt 1 of 1 on 127.0.0.1:21011; no retry",
  ]);
  expect(ofAccess("/gtmo")).toEqual([
    '504 made by nginx: upstream_header_time is "-", no header ever came from the upstream',
    "the connection was made (0.000 s), but no header came after 1.001 s: proxy_read_timeout",
    "attempt 1 of 2 on 127.0.0.1:21005: response-timeout (504)",
    "attempt 2 of 2 on 127.0.0.1:21014: answered (200)",
    "the client was spared: it saw a good status all the same",
    "the error log has a line of the same second that says more",
  ]);
  expect(ofAccess("/dnsnx")[0]).toContain("before it picked a server");
  expect(ofAccess("/hang/abort")[0]).toContain("the client closed the connection");
  expect(ofAccess("/garbage/x?q=1")[0]).toContain("no HTTP status line");
  expect(ofAccess("/gdown")[0]).toContain("names the group");
  expect(ofAccess("/bighdr/x?q=1")).toContain(
    "4096 bytes came, but no header nginx could accept: too big or malformed",
  );
  expect(ofAccess("/ok/x?q=1")).toEqual([]);
  expect(ofAccess("/fcgi")[0]).toContain("came from the application");
});

test("a format that cannot tell says which field would", () => {
  const combined = Teller.access(COMBINED);
  const told = combined.tell(
    '127.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET / HTTP/1.1" 502 157 "-" "-"',
  )!;
  expect(explainNginx(told.text, told.rec, combined.names)[0]).toContain("upstream_header_time");
});

test("error lines", () => {
  expect(ofError("refused")).toEqual([
    "Nothing listens at the upstream's address, or a firewall rejects it: the process is down, restarting, or on another port.",
    "the server is 127.0.0.1:21001",
    "not to be confused with a timeout: a refusal comes back at once",
  ]);
  expect(ofError("partialclose").at(-1)).toContain("the status had been sent already");
  expect(ofError("auth/").join(" ")).toContain("subrequest (/authsub");
  expect(ofError("gmax").join(" ")).toContain("the group is gmax");
});
