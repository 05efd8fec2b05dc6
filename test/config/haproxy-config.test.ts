// haproxy.cfg: what sections inherit, HAProxy's quoting, and where its logs go.
import { expect, test } from "vitest";
import { readConfig, type Found } from "../../src/config/index.ts";
import { readCatalogue } from "../../src/grammar/index.ts";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import { diskOf } from "./disk.ts";

const catalogue = readCatalogue(readKnowledge());
const read = (text: string, env: Readonly<Record<string, string>> = {}): Promise<Found> =>
  readConfig([{ path: "/etc/haproxy/haproxy.cfg", text }], diskOf({}, env));
const named = ({ formats }: Found): string[] =>
  formats.map(({ name, format, place }) => `${name} :${place.line} ${format!}`);

test("frontends take what the last defaults say, or those they name", async () => {
  const found = await read(`global
  log /dev/log local0
defaults
  mode http
  option httplog
defaults plain
  option tcplog
defaults again from plain
frontend a
  bind :80
frontend b from plain
  option httplog clf
backend c
  log-format "%ci"
listen d from unknown
  log-format %ci\\ %ST
  no option httplog
listen e
  log-format '%ci %ST'
`);
  expect(named(found)).toEqual([
    "tcplog :7 option tcplog",
    "httplog clf :12 option httplog clf",
    "e :19 log-format '%ci %ST'",
  ]);
});

test("every format found compiles, with variables in their place", async () => {
  const found = await read(
    String.raw`global
  setenv TAG "my shop"
frontend a
  log-format "%ci [%tr] %b/%s %ST \"%HM\" ${"$"}{TAG} ${"$"}{HOSTNAME} ${"$"}{NONE-no} ${"$"}{HAPROXY_HTTP_LOG_FMT} # text"  # comment
  error-log-format '%ci %[fc_err]'
frontend b
  log-format %ci\ [%t]\ %b/%s\ %ST\ "a b"\ x  # comment
log-profile p
  on any format "%ci %ST" sd "[x]"
`,
    { HOSTNAME: "edge1" },
  );
  expect(named(found)).toEqual([
    String.raw`a :4 log-format "%ci [%tr] %b/%s %ST \"%HM\" my shop edge1 no ${"$"}{HAPROXY_HTTP_LOG_FMT} # text"  # comment`,
    "errors of a :5 error-log-format '%ci %[fc_err]'",
    String.raw`b :7 log-format %ci\ [%t]\ %b/%s\ %ST\ "a b"\ x  # comment`,
    'log profile 1 :9 log-format "%ci %ST" ',
  ]);
  for (const { format } of found.formats) expect(catalogue.recipeOf(format!).proxy).toBe("haproxy");
});

test("HAProxy writes no files: where its lines go is told", async () => {
  const found = await read(`global
  log /dev/log local0
  log /dev/log local1 notice
  log stdout format raw local0
  log 10.0.0.9:514 local0
  log ring@buf local0
defaults
  log global
`);
  expect(found.logs).toEqual([]);
  expect(found.elsewhere.map((note) => note.slice(0, 60))).toEqual(
    [
      "haproxy.cfg:3: HAProxy logs to /dev/log, which is syslog and ",
      "haproxy.cfg:4: HAProxy logs to stdout, not to a file: journa",
      "haproxy.cfg:5: HAProxy logs to the syslog server 10.0.0.9:51",
      "haproxy.cfg:6: HAProxy logs to the ring buf: its ring sectio",
    ].map((note) => note.slice(0, 60)),
  );
});

test("a file of defaults alone gives its formats, conditions are read through", async () => {
  const found = await read(".if feature(OPENSSL)\ndefaults\n  option httpslog\n.endif\n");
  expect(named(found)).toEqual(["httpslog :3 option httpslog"]);
});

test("several files are one configuration", async () => {
  const found = await readConfig(
    [
      { path: "/h/10.cfg", text: "defaults\n  option httplog\n" },
      { path: "/h/20.cfg", text: "frontend a\n  bind :80\n" },
    ],
    diskOf({}),
  );
  expect(found.formats.map(({ name, place }) => `${name} ${place.file}`)).toEqual([
    "httplog /h/10.cfg",
  ]);
});

test("a quote that is never closed has its place", async () => {
  await expect(read('frontend a\n  log-format "%ci\n  bind :80\n')).rejects.toMatchObject({
    name: "TextError",
    message: "/etc/haproxy/haproxy.cfg:2:14: this quote is never closed on its line",
  });
});
