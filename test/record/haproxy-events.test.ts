// HAProxy's own messages, from syslog and stderr of real runs, against haproxy.md §5.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { haproxyEventReader, haproxyEventScanner } from "../../src/record/haproxy-events.ts";
import { Names } from "../../src/record/names.ts";
import { EVENT, NOTE, Rec } from "../../src/record/record.ts";
import { describe as describeOne } from "../conformance/describer.ts";
import { texts } from "./teller.ts";

const names = new Names();
const scanner = haproxyEventScanner();
const read = haproxyEventReader(scanner.fields, names, JSON.parse(texts["haproxy/events.json"]!));
const spans = new Int32Array(2 * scanner.fields.length + 1);

/** `server-down app/s1`, `note`, or `miss`. */
function tell(line: string): string {
  const bytes = new TextEncoder().encode(line);
  const rec = new Rec();
  rec.timeMs = 5;
  if (scanner.scan(bytes, 0, bytes.length, spans) >= 0 || read(bytes, spans, rec) >= 0)
    return "miss";
  expect(rec.timeMs).toBe(5);
  if (rec.kind === NOTE) return "note";
  expect(rec.kind).toBe(EVENT);
  return `${names.text(rec.event)} ${names.text(rec.peer > 0 ? rec.peer : rec.pool)}`.trim();
}

const TABLE: readonly (readonly [string, string])[] = [
  [
    'Server nosrv/d1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
    "server-down nosrv/d1",
  ],
  [
    "[WARNING]  (31) : Server west-site1-ingress-local_3480/srv002 is DOWN, reason: Layer7 timeout, check duration: 1000ms.",
    "server-down west-site1-ingress-local_3480/srv002",
  ],
  [
    "[WARNING] 350/091549 (7) : Server bk/s1 is UP, reason: Layer7 check passed, code: 200, check duration: 0ms. 1 active and 1 backup servers online.",
    "server-up bk/s1",
  ],
  [
    "Backup Server bk/s2 is DOWN via hc/h1. 0 active and 0 backup servers left.",
    "server-down bk/s2",
  ],
  ["backend nosrv has no server available!", "no-server nosrv"],
  ["api/b2 changed its IP from 10.0.17.186 to 10.0.26.120 by DNS cache.", "address-change api/b2"],
  // The name is not where the message begins.
  ["Jun 29 api/b2 changed its IP from 10.0.17.186 to 10.0.26.120 by DNS cache.", "miss"],
  ["[ALERT]    (1349) : backend 'nosrv' has no server available!", "no-server nosrv"],
  ["proxy obsl has no server available!", "no-server obsl"],
  [
    "Server kill/k1 is going DOWN for maintenance. 0 active and 0 backup servers left. 1 sessions active, 0 requeued, 0 remaining in queue.",
    "maintenance kill/k1",
  ],
  // DNS took it out, nobody's hand.
  [
    "[WARNING]  (10299) : Server cloudmap_routing_uswest2/srv13 is going DOWN for maintenance (No IP for server ). 199 active and 0 backup servers left.",
    "server-down cloudmap_routing_uswest2/srv13",
  ],
  [
    "Server a/b is going DOWN for maintenance (DNS NX status). 0 active and 0 backup servers left.",
    "server-down a/b",
  ],
  [
    "[WARNING]  (441) : Server west-site1-ingress-local_3480/srv002 was DOWN and now enters maintenance.",
    "maintenance west-site1-ingress-local_3480/srv002",
  ],
  ["Server kill/k1 is UP/READY (leaving forced maintenance).", "server-up kill/k1"],
  ["Server be_dyn/dyn1 ('dyn.test') is UP/READY (resolves again).", "server-up be_dyn/dyn1"],
  ["Server be_dyn/dyn1 administratively READY thanks to valid DNS answer.", "note"],
  [
    "Server kill/k1 enters drain state. 0 active and 0 backup servers online. 0 sessions requeued, 0 total in queue.",
    "drain kill/k1",
  ],
  ["Server kill/k1 is UP (leaving forced drain).", "server-up kill/k1"],
  [
    "Server app/s1 is stopping, reason: Layer7 check conditionally passed, code: 404, check duration: 1ms. 1 active and 0 backup servers online.",
    "drain app/s1",
  ],
  ["be_dyn/dyn1 changed its IP from (none) to 127.0.0.1 by lab/n.", "address-change be_dyn/dyn1"],
  ["app/s1: IP changed from '10.0.0.1' to '10.0.0.2' by 'dns/n1'.", "address-change app/s1"],
  [
    "Health check for server hclog/h1 succeeded, reason: Layer7 check passed, code: 200, check duration: 2ms, status: 1/2 DOWN.",
    "note",
  ],
  [
    "Health check for backup server hclog/h1 failed, reason: Layer7 timeout, check duration: 307ms, status: 0/2 DOWN.",
    "note",
  ],
  ["Proxy fe stopped (cumulated conns: FE: 138, BE: 0).", "stop"],
  ["Proxy http stopped (FE: 0 conns, BE: 0 conns).", "stop"],
  ["[WARNING] 041/152939 (32521) : Stopping frontend http in 0 ms.", "stop"],
  ["[NOTICE]   (1) : New worker (8) forked", "start"],
  ["[NOTICE]   (1) : Reloading HAProxy", "reload"],
  ["[WARNING]  (1) : Former worker (8) exited with code 0 (Exit)", "note"],
  ["[ALERT]    (1) : Current worker (8) exited with code 139 (Segmentation fault)", "worker-death"],
  [
    "Proxy fe reached the configured maximum connection limit. Please check the global 'maxconn' value.",
    "limit",
  ],
  ["Connect() failed for backend app: no free ports.", "limit app"],
  ["[NOTICE]   (2370) : Automatically setting global.maxconn to 9981.", "note"],
  [
    "[WARNING]  (2370) : [/usr/sbin/haproxy.main()] HAProxy was started as root without any 'chroot' directive.",
    "note",
  ],
  ["Nov 22 13:50:55 something else entirely", "miss"],
  ['10.0.0.1 - - [22/Nov/2026:13:46:25 +0000] "GET / HTTP/1.1" 200 12', "miss"],
  ["", "miss"],
];

test.each(TABLE)("%s", (line, told) => {
  expect(tell(line)).toBe(told);
});

test("all messages of the runs are known", () => {
  const lines = readFileSync(new URL("haproxy/events.log", import.meta.url), "latin1")
    .split("\n")
    .filter(Boolean);
  expect(lines.filter((line) => tell(line) === "miss")).toEqual([]);
});

const WORDINGS = readFileSync(new URL("haproxy/wordings.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(/ \| (.*)/s, 2) as [string, string]);

test.each(WORDINGS)("%s: %s", (told, line) => {
  // The head of a daemon is somebody else's to peel.
  const message = line.replace(/^Nov .*?haproxy\[\d+\]: /, "");
  expect(tell(message)).toBe(told.replace(/^- .*/, "note").replace(/ -$/, ""));
});

test.each([
  [
    'Server nosrv/d1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left.',
    'Layer4 connection problem, info: "Connection refused"',
  ],
  [
    "Server a/b is UP, reason: Layer7 check passed, code: 200, check duration: 0ms. 1 active and 1 backup servers online.",
    "Layer7 check passed, code: 200",
  ],
  [
    "Server a/b is DOWN, changed from CLI. 1 active and 0 backup servers left.",
    "Server a/b is DOWN, changed from CLI",
  ],
  [
    "[WARNING]  (10299) : Server a/b is going DOWN for maintenance (No IP for server ). 199 active and 0 backup servers left.",
    "Server a/b is going DOWN for maintenance (No IP for server )",
  ],
  [
    "Proxy http stopped (FE: 0 conns, BE: 0 conns).",
    "Proxy http stopped (FE: 0 conns, BE: 0 conns)",
  ],
])("what %s says", (line, says) => {
  const bytes = new TextEncoder().encode(line);
  const rec = new Rec();
  scanner.scan(bytes, 0, bytes.length, spans);
  read(bytes, spans, rec);
  expect(line.slice(rec.saysStart, rec.saysEnd)).toBe(says);
});

test.each([
  // Days are counted from 0, and the year is the one that is nearest.
  ["[WARNING] 000/000001 (7)", "2027-01-01T00:00:01.000Z"],
  ["[WARNING] 325/134348 (7)", "2026-11-22T13:43:48.000Z"],
  ["[ALERT] 366/134348 (7)", null],
  ["[ALERT]    (7)", null],
])("%s is written at %s", (head, time) => {
  const line = `${head} : Server bk/s1 is DOWN, reason: Layer4 timeout, check duration: 9ms.`;
  expect(describeOne(line).record?.time).toBe(time);
});
