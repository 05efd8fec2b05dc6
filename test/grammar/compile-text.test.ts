// The generated scanners against lines as the proxies write them, and against their slow twin on hostile ones.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileText, type Plan } from "../../src/grammar/index.ts";
import { catalogue, planOf } from "./catalogue-fixture.ts";
import { hostileLine } from "./hostile-lines.ts";
import { scanSlow } from "./scan-slow.ts";

function scan(
  plan: Plan,
  line: string,
  before = "",
  after = "",
): Record<string, string | null> | string {
  const { fields, scan: match } = compileText(plan);
  const bytes = Buffer.from(`${before}${line}\n${after}`, "latin1");
  const spans = new Int32Array(2 * fields.length + 1);
  const failed = match(bytes, before.length, before.length + line.length, spans);
  if (failed >= 0) return `no match at ${fields[failed]!.name}`;
  return Object.fromEntries(
    fields.map(({ name }, at) => [
      name,
      spans[2 * at]! < 0 ? null : bytes.toString("latin1", spans[2 * at]!, spans[2 * at + 1]!),
    ]),
  );
}

describe("haproxy httplog", () => {
  const plan = planOf("haproxy httplog");

  it("reads a line with one capture block", () => {
    const line = `127.10.3.207:36417 [23/Nov/2026:18:13:07.245] fe_main be_app/app1 0/0/0/13/13 200 1910 - - ---- 1/1/0/0/0 0/0 {shop.example} "GET /app/orders/23?id=337815 HTTP/1.1"`;
    expect(scan(plan, line)).toMatchObject({
      ci: "127.10.3.207",
      cp: "36417",
      tr: "23/Nov/2026:18:13:07.245",
      ft: "fe_main",
      b: "be_app",
      s: "app1",
      TR: "0",
      Ta: "13",
      ST: "200",
      tsc: "----",
      hr: "{shop.example}",
      hs: null,
      r: "GET /app/orders/23?id=337815 HTTP/1.1",
    });
  });

  it("reads lines without captures, with two blocks, and with blanks inside them", () => {
    const head = `10.0.0.1:1 [23/Nov/2026:18:13:07.245] fe be/s1 0/0/0/-1/0 502 209 - - SH-- 1/1/0/0/0 0/0`;
    expect(scan(plan, `${head} "GET / HTTP/1.1"`)).toMatchObject({
      hr: null,
      hs: null,
      tsc: "SH--",
    });
    expect(scan(plan, `${head} {a b|curl/8 #22q#22 x} {} "GET / HTTP/1.1"`)).toMatchObject({
      hr: "{a b|curl/8 #22q#22 x}",
      hs: "{}",
    });
  });

  it("splits an IPv6 address without brackets at its last colon", () => {
    const line = `2001:bad:c0ff:ee:cd97:5710:4515:7c73:52553 [21/Feb/2018:14:31:30.690] fe be/<NOSRV> -1/-1/-1/-1/0 400 0 - - PR-- 1/1/0/0/0 0/0 "<BADREQ>"`;
    expect(scan(plan, line)).toMatchObject({
      ci: "2001:bad:c0ff:ee:cd97:5710:4515:7c73",
      cp: "52553",
      s: "<NOSRV>",
    });
  });

  it("reads padded timers, logasap signs and redispatches", () => {
    const line = `10.0.0.1:1 [23/Nov/2026:18:13:07] fe be/s1 26848/   0/-1/-1/+26849 503 +212 - - SC-- 197/197/1/1/+3 0/0 {|35.162.23.80} {} "GET /hello HTTP/1.1"`;
    expect(scan(plan, line)).toMatchObject({ Tw: "   0", Ta: "+26849", B: "+212", rc: "+3" });
  });

  it("reads a line that was cut inside its request", () => {
    const line = `10.0.0.1:1 [23/Nov/2026:18:13:07.245] fe be/s1 0/0/0/1/1 200 9 - - ---- 1/1/0/0/0 0/0 "GET /aaaaaaaa`;
    expect(scan(plan, line)).toMatchObject({ r: "GET /aaaaaaaa", ST: "200" });
  });

  it("names the field that is damaged", () => {
    const line = `10.0.0.1:1 [23/Nov/2026:18:13:07.245] fe be/s1 0/0/x/1/1 200 9 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`;
    expect(scan(plan, line)).toBe("no match at Tc");
  });
});

describe("captures of HAProxy", () => {
  const read = (format: string, line: string): unknown => {
    const { how } = catalogue.recipeOf(format, "given", "haproxy");
    return how.kind === "text" ? scan(how.plan, line) : null;
  };

  it("end where their own separator says", () => {
    expect(read("%ST|%hr|%hs|%tsc", "200|{a b|c}|{}|----")).toMatchObject({
      hr: "{a b|c}",
      hs: "{}",
    });
    expect(read("%ST|%hr|%hs|%tsc", "200|||----")).toMatchObject({ hr: null, hs: null });
    expect(read("%ST [%hr] %tsc", "200 [{a]b}] ----")).toMatchObject({ hr: "{a]b}", tsc: "----" });
    expect(read("%ST %hr%hs %tsc", "200 {a}{b} ----")).toMatchObject({ hr: "{a}", hs: "{b}" });
  });

  it("keep the blank behind a key of their own", () => {
    const format = "%{+Q}o %tsc hr=%hr hs=%hs rq=%r";
    expect(read(format, 'CR-- hr= hs= rq="<BADREQ>"')).toMatchObject({
      hr: null,
      hs: null,
      r: "<BADREQ>",
    });
    expect(read(format, '---- hr="{a b}" hs="{}" rq="GET / HTTP/1.1"')).toMatchObject({
      hr: "{a b}",
      hs: "{}",
    });
  });

  it("lose their quotes with them", () => {
    const format = "%{+Q}o %hr %hs %tsc %r";
    expect(read(format, '"{a|b}" "{}" ---- "GET / HTTP/1.1"')).toMatchObject({
      hr: "{a|b}",
      hs: "{}",
    });
    expect(read(format, '"{a|b}" ---- "GET / HTTP/1.1"')).toMatchObject({ hr: "{a|b}", hs: null });
    expect(read(format, 'CR-- "<BADREQ>"')).toMatchObject({ hr: null, tsc: "CR--" });
    expect(read(format, '"{a|b} ---- "x"')).toBe("no match at hr");
  });

  it("stand between values with escapes", () => {
    expect(
      read("%{+Q,+E}[var(txn.ua)] %{+E}hr %ST", String.raw`"a\" {b\\c} \\" {b\"} 200`),
    ).toMatchObject({
      "var(txn.ua)": String.raw`a\" {b\\c} \\`,
      hr: String.raw`{b\"}`,
      ST: "200",
    });
  });
});

describe("nginx", () => {
  it("reads combined lines with blanks and quotes in the user's name", () => {
    const line = String.raw`127.0.0.1 - joe \x22x\x22 user [22/Nov/2026:13:43:48 +0000] "GET / HTTP/1.1" 200 5 "-" "a\x22b"`;
    expect(scan(planOf("nginx combined"), line)).toMatchObject({
      remote_user: String.raw`joe \x22x\x22 user`,
      http_user_agent: String.raw`a\x22b`,
    });
  });

  it("reads ingress lines whose upstream fields are lists", () => {
    const line = `172.0.0.0 - - [24/Aug/2020:01:28:53 +0000] "GET https://a.b/c HTTP/2.0" 200 28 "-" "M (x)" 60 0.683 [ns-svc-80] [] 10.0.0.1:443, 10.0.0.2:443 0, 39 0.096, 0.496 502, 200 d0f69894df9d4b231eca7773a6759ba2`;
    expect(scan(planOf("nginx ingress"), line)).toMatchObject({
      proxy_upstream_name: "ns-svc-80",
      upstream_addr: "10.0.0.1:443, 10.0.0.2:443",
      upstream_response_length: "0, 39",
      upstream_response_time: "0.096, 0.496",
      upstream_status: "502, 200",
    });
  });

  it("reads ragged lists after an internal redirect", () => {
    const line = `172.0.0.0 - - [24/Aug/2020:01:28:53 +0000] "GET / HTTP/2.0" 502 28 "-" "M" 60 0.683 [-] [] 127.0.0.1:21001 :  0 :  0.000 :  502 :  abc`;
    expect(scan(planOf("nginx ingress"), line)).toMatchObject({
      upstream_addr: "127.0.0.1:21001 : ",
      upstream_status: "502 : ",
      req_id: "abc",
    });
  });
});

describe("the generated scanner", () => {
  const plans = catalogue.listed.flatMap((listed) => {
    const { how } = listed.recipe();
    return how.kind === "text"
      ? [{ name: listed.name, plan: how.plan, fast: compileText(how.plan) }]
      : [];
  });
  it.each(plans.map(({ name }) => name))("agrees with its slow twin: %s", (name) => {
    const { plan, fast } = plans.find((entry) => entry.name === name)!;
    const spans = new Int32Array(2 * fast.fields.length + 1);
    fc.assert(
      fc.property(hostileLine, (line) => {
        const bytes = Buffer.from(`#${line}\n#`, "latin1");
        const failed = fast.scan(bytes, 1, 1 + line.length, spans);
        const slow = scanSlow(plan, line);
        if ("failed" in slow) expect(failed).toBeGreaterThanOrEqual(0);
        else {
          expect(failed).toBe(-1);
          const got = fast.fields.map((_, at) =>
            spans[2 * at]! < 0 ? [-1, -1] : [spans[2 * at]! - 1, spans[2 * at + 1]! - 1],
          );
          expect(got).toEqual(slow.spans.map((span) => [...span]));
        }
      }),
      { numRuns: 150 },
    );
  });
});
