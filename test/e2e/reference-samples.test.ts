// The verbatim samples of the references on nginx and HAProxy, where they are at hand: what each of them becomes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describe as describeLine } from "../conformance/describer.ts";
import { run } from "./run-binary.ts";

const REFERENCES = new URL("../../../shared/reference/", import.meta.url);

/** Sample, kind, status, `reason stage maker` (`~` before a masked one), peer or pool; several lines a sample in their order. */
const EXPECTED = {
  nginx: `
1 error connect-refused connect proxy @ 10.0.6.105:3000
2 event @ [::1]:XXX
3 error no-upstream select proxy @ localhost
4 error connect-local connect proxy @ 127.0.0.1:8081
5 error connect-local connect proxy @ unix:/var/run/php5-fpm.sock
6 error connect-local connect proxy @ unix:/var/run/php-fpm.sock
7 error connect-local connect proxy @ unix:/var/run/o1.fpm.socket
8 error connect-local connect proxy @ Xx.XX.XX.XXX:80
9 error connect-unreachable connect proxy @ 172.17.0.7:2368
10 error connect-unreachable connect proxy @ 172.25.0.2:9000
11 error response-timeout wait proxy @ 10.0.0.101:80
12 error response-timeout wait proxy @ unix:///var/run/php-fpm.sock
13 error disconnect-close wait proxy @ 10.xxx.xx.xxx:8080
14 error disconnect-close wait proxy @ unix:/home/zulip/deployments/uwsgi-socket
15 error disconnect-reset wait proxy @ 85.10.200.69:8080
16 error tls-failure tls proxy @ 85.10.200.69:8443
17 error header-too-large header proxy @ 101.69.46.220:80
17 request 502 unknown-failure unknown unknown @ 101.69.46.220:80
18 error tls-failure tls proxy @ 209.38.212.82:443
19 error tls-failure tls proxy
20 error dns-failure resolve proxy
20 request 502 unknown-failure unknown unknown
21 error
22 error send-failure send proxy @ 100.81.255.198:8000
23 error send-failure send proxy @ 127.0.0.1:8080
24 error invalid-response header proxy
25 error invalid-response header proxy
26 error invalid-response header upstream @ 192.168.6.40:80
27 error disconnect-close wait proxy
28 error disconnect-reset wait proxy
29 error ~truncated-response body upstream @ 127.0.0.1:8090
30 error @ unix:/var/run/php5-fpm.sock
31 error overflow select proxy @ 127.0.0.1:280
32 event
32 miss
33 event
34 error proxy-policy proxy policy
35 error @ 127.0.0.1:443
36 error connect-refused connect proxy @ 172.18.0.3:6443
37 error client-abort client client @ 192.168.20.29:19550
38 error connect-refused connect proxy @ 127.0.0.1:8082
39 error connect-refused connect proxy @ 127.0.0.1:9000
40 error proxy-config proxy proxy
40 miss
41 miss
42 request 200 ~unknown-failure unknown unknown @ 10.0.0.2:443
43 request 499 client-abort client client @ 172.21.47.222:80
44 request 502 unknown-failure unknown unknown
44 error no-upstream select proxy @ test-web_5000
45 request 502 unknown-failure unknown unknown @ 10.46.46.161:9999`,
  haproxy: `
1 request 502 proxy-policy proxy policy @ px-http/srv1
2 request 503 connect-failed connect proxy @ px-http/srv1
3 request 200 @ px-http/srv1
4 request 0 client-abort client client @ px-http
5 request client-abort client client @ px-tcp/srv1
6 request 200 @ proxy-out/cache1
7 event
8 request 400 client-abort client client @ myproxy
9 request 502 disconnect-reset wait proxy @ webserver
10 request 504 response-timeout wait proxy @ http/10.81.15.120
11 request 0 client-abort client client @ project_2171/redgreen.srv.example.com
12 request 503 client-abort client client @ mail-webapp-live-https-servers/mail-webapp-live_052
13 request 503 queue-timeout select proxy @ marketbuker.yandex.ru:29310/sas3-1464-7bd-sas-market-prod--f27-27494.gencfg-c.yandex.net:27494
14 event @ marketbuker.yandex.ru:29310/sas3-…:27494
15 request 0 client-abort client client @ be1:combinator…:8080/sas4-…:17355
16 request 200 client-abort client client @ default_api-service_8080/srv001
17 request connect-failed connect proxy @ bdc5…_443_4_backend/a742b970-…
18 request 503 connect-failed connect proxy
19 request no-upstream select proxy @ app
20 event
21 request 200 @ myapp/node2
22 request 500 unknown-failure unknown proxy @ BE/apache
23 request 500 unknown-failure unknown proxy @ api-test
24 request 400 proxy-policy proxy client @ proxyfront
25 request 408 client-abort client client @ https-edge
26 request 200 @ matrix-well-known-client
27 request 400 client-abort client client @ backend-name/backend-04
28 request 200 ~truncated-response body upstream @ varnish/varnish_local
29 request 503 queue-timeout select proxy @ family_default
30 request 200 client-abort client client @ app/app
30 request 502 disconnect wait proxy @ ssl_offload/http-in
31 miss
32 request 503 no-upstream select proxy @ varnish
33 request 0 disconnect wait proxy @ api-backend/http31
34 event @ west-site1-ingress-local_3480/srv002
35 event @ west-site1-ingress-local_3480/srv002
36 event @ cloudmap_routing_uswest2/srv13
37 event @ jimmy_grpc/consul5
38 event
38 event
39 request 503 connect-failed connect proxy @ api_backend/api1`,
} as const;

/** Pieces of lines, which are nobody's record: a message without its head, a traceback's end, two lines cut short. */
const MISSED = { nginx: ["32", "40", "41"], haproxy: ["31"] } as const;

/** Between which headings the samples stand. */
const PLACES = { nginx: ["## 8. Verbatim", "## 9."], haproxy: ["## 8. Public", "## 9."] } as const;

function samplesOf(proxy: keyof typeof EXPECTED): readonly (readonly [string, string])[] {
  const text = readFileSync(new URL(`${proxy}.md`, REFERENCES), "utf8");
  const [from, to] = PLACES[proxy];
  const part = text.slice(text.indexOf(from), text.indexOf(to));
  return [...part.matchAll(/^(?:\| )?(\d+)(?:\.| \|) (.*)$/gm)].flatMap(([, name, row]) =>
    [...row!.matchAll(/`([^`]{40,})`/g)].map(
      ([, line]) => [name!, line!.replaceAll("\\|", "|")] as const,
    ),
  );
}

function gist(line: string): string {
  const { kind, record, failure } = describeLine(line);
  const told = [kind ?? "miss"];
  if (record?.status !== null && record?.status !== undefined) told.push(String(record.status));
  if (failure !== null) {
    const { masked, reason, stage, by } = failure;
    told.push(`${masked ? "~" : ""}${reason} ${stage} ${by}`);
  }
  const who = record?.peer ?? record?.pool ?? null;
  return who === null ? told.join(" ") : `${told.join(" ")} @ ${who}`;
}

const folder = mkdtempSync(join(tmpdir(), "why502-samples-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!existsSync(REFERENCES)).each(["nginx", "haproxy"] as const)("%s", (proxy) => {
  it("one by one", () => {
    const told = samplesOf(proxy).map(([name, line]) => `${name} ${gist(line)}`);
    expect(`\n${told.join("\n")}`).toBe(EXPECTED[proxy]);
  });

  it("in the main job, a file each", async () => {
    const samples = samplesOf(proxy);
    const files = samples.map(([name, line], at) => {
      const file = join(folder, `${proxy}-${at}-${name}.log`);
      writeFileSync(file, `${line}\n`);
      return file;
    });
    const { stdout } = await run([...files, "-o", "json", "--tz", "UTC", "--min-parse", "0"]);
    const { input } = JSON.parse(stdout) as Report;
    const { lines, records, misses, skipped } = input;
    expect([lines, records + misses + skipped]).toEqual([samples.length, samples.length]);
    const missed = input.sources.filter((source) => source.misses > 0);
    expect(missed.map(({ name }) => /-(\d+)\.log$/.exec(name)![1])).toEqual(MISSED[proxy]);
  });
});

interface Report {
  readonly input: Counts & { readonly sources: readonly (Counts & { readonly name: string })[] };
}

interface Counts {
  readonly lines: number;
  readonly records: number;
  readonly misses: number;
  readonly skipped: number;
}
