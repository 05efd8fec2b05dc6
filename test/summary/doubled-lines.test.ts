// Failing lines filed twice by two log rules are noticed; lines that merely look alike are not.
import { expect, test } from "vitest";
import { doubledSources } from "../../src/summary/doubled-lines.ts";
import type { Exemplar } from "../../src/summary/summary.ts";

const exemplar = (text: string): Exemplar => ({
  upstream: 0,
  reason: "disconnect",
  role: "failure",
  time: 0,
  source: "haproxy.log",
  line: 1,
  offset: 0,
  text,
  client: null,
  method: null,
  path: null,
  host: null,
  status: 502,
});
const line = (port: number): string =>
  `Nov 22 13:50:28 lb haproxy[1]: 10.0.0.1:${port} [22/Nov/2026:13:50:28.883] fe be/s1 0/0/0/-1/0 502 209 - - SH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`;
const ports = [1, 2, 3, 4];

test("each line twice", () => {
  const found = doubledSources([...ports, ...ports].map((port) => exemplar(line(port))));
  expect([...found]).toEqual(["haproxy.log"]);
});

test("stamped apart, the message is still the same", () => {
  const later = ports.map((port) => exemplar(line(port).replace(":28 lb", ":29 lb")));
  expect(doubledSources([...ports.map((port) => exemplar(line(port))), ...later]).size).toBe(1);
});

test("each line once, one twin, or few lines", () => {
  expect(doubledSources([...ports, 5, 6, 6].map((port) => exemplar(line(port)))).size).toBe(0);
  expect(doubledSources([1, 1, 2, 2].map((port) => exemplar(line(port)))).size).toBe(0);
});
