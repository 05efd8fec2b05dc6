// A line with one field damaged is a miss that names the field, or at least no record that says something else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue, describeAmong } from "../conformance/describer.ts";

const LISTED = catalogue.listed.filter(
  ({ proxy, format }) => proxy === "nginx" && format !== "" && !format.startsWith("{"),
);

/** What variables hold in a healthy line. */
const VALUES: Readonly<Record<string, string>> = {
  remote_addr: "203.0.113.9",
  the_real_ip: "203.0.113.9",
  remote_user: "-",
  time_local: "22/Nov/2026:13:43:48 +0000",
  msec: "1795355028.658",
  request: "GET /x?y HTTP/1.1",
  request_method: "GET",
  request_uri: "/x?y",
  gitlab_filtered_request_uri: "/x?y",
  uri: "/x",
  server_protocol: "HTTP/1.1",
  status: "502",
  body_bytes_sent: "157",
  bytes_sent: "120",
  bytes_received: "88",
  request_length: "92",
  request_time: "0.245",
  session_time: "0.245",
  gzip_ratio: "2.45",
  upstream_addr: "10.0.0.1:80, 10.0.0.2:80",
  upstream_status: "504, 502",
  upstream_response_time: "1.001, 0.244",
  upstream_connect_time: "0.000, -",
  upstream_header_time: "-, -",
  upstream_response_length: "0, 0",
  upstream_bytes_sent: "0, 0",
  upstream_bytes_received: "0, 0",
  upstream_cache_status: "-",
  http_referer: "-",
  gitlab_filtered_http_referer: "-",
  http_user_agent: "curl/8.5.0",
  http_x_forwarded_for: "-",
  host: "shop.example",
  http_host: "shop.example",
  server_name: "shop.example",
  server: "10.0.0.8",
  scheme: "https",
  protocol: "TCP",
};

/** Fields whose values have a shape, what must not be read in their place, and what a record says of them. */
const DAMAGES: Readonly<Record<string, { readonly bad: readonly string[] }>> = {
  time_local: {
    bad: [
      "22/Nvo/2026:13:43:48 +0000",
      "31/Nov/2026:13:43:48 +0000",
      "22/Nov/2026:25:43:48 +0000",
      "22/Nov/2026:13:43:48",
      "22/Nov/20",
    ],
  },
  msec: { bad: ["17953550x8.658", "", "."] },
  status: { bad: ["5O2", "5021", "x", "50 2"] },
  request_time: { bad: ["0.2o5", "0,245"] },
  upstream_status: { bad: ["5o4, 502", "504, 5022"] },
  upstream_connect_time: { bad: ["0.0x0, -"] },
  body_bytes_sent: { bad: ["15x7"] },
};

function lineOf(format: string, values: Readonly<Record<string, string>>): string {
  return format.replace(/\$\{?(\w+)\}?/g, (_, name: string) => values[name] ?? "abc");
}

function fieldsOf(format: string): string[] {
  return [...format.matchAll(/\$\{?(\w+)\}?/g)].map((match) => match[1]!);
}

describe.each(LISTED.map((listed) => [listed.name, listed.format] as const))(
  "%s",
  (name, format) => {
    it("reads its own line", () => {
      const { record, failure } = describeAmong(lineOf(format, VALUES), name);
      expect(record).not.toBeNull();
      if (fieldsOf(format).includes("status")) expect(record!.status).toBe(502);
      expect(failure).not.toBeNull();
    });

    const damages = fieldsOf(format).flatMap((field) =>
      (DAMAGES[field]?.bad ?? []).map((bad) => [field, bad] as const),
    );
    it.each(damages)("refuses $%s %j", (field, bad) => {
      const described = describeAmong(lineOf(format, { ...VALUES, [field]: bad }), name);
      expect(described.record, JSON.stringify(described)).toBeNull();
      expect(described.miss!.field, JSON.stringify(described.miss)).not.toBeNull();
    });

    it("never takes one value for another, wherever it is cut or changed", () => {
      const line = lineOf(format, VALUES);
      fc.assert(
        fc.property(
          fc.nat(line.length - 1),
          fc.constantFrom("", " ", '"', "[", "x", "-"),
          (at, what) => {
            const damaged = line.slice(0, at) + what + line.slice(at + 1);
            const { record } = describeAmong(damaged, name);
            if (record === null) return;
            // Digits that were lost are lost; a shorter number cannot be told from a smaller one.
            expect(["502", "52", "50", "2", "5", "null"]).toContain(String(record.status));
            expect(record.method ?? "GET").toMatch(/^[-xGET[]{1,3}$/);
          },
        ),
        { numRuns: 60, seed: 7 },
      );
    });

    it("is a miss when cut before its status", () => {
      const line = lineOf(format, VALUES);
      const until = format.indexOf("$status");
      if (until < 1) return;
      const cut = lineOf(format.slice(0, until), VALUES);
      for (let end = 1; end < Math.min(cut.length, line.length); end += 3) {
        const { record } = describeAmong(cut.slice(0, end), name);
        expect(record?.status ?? null, cut.slice(0, end)).toBeNull();
      }
    });
  },
);
