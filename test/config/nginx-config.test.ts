// nginx.conf: every way to write a format, where its logs go, and mistakes with their place.
import { expect, test } from "vitest";
import { readConfig, type Found } from "../../src/config/index.ts";
import { diskOf } from "./disk.ts";

const read = (text: string, others: Readonly<Record<string, string>> = {}): Promise<Found> =>
  readConfig(
    [{ path: "/etc/nginx/nginx.conf", text }],
    diskOf({ "/etc/nginx/nginx.conf": text, ...others }),
  );

/** Path and format of each access log. */
const logs = ({ logs: found }: Found): string[] =>
  found
    .filter(({ format }) => format !== null)
    .map(({ patterns, format }) => `${patterns[0]!} ${format!.name}`);

test("formats are found in their own words, with their place", async () => {
  const text = `http {
  log_format  main escape=json '$remote_addr "$request" '
              "$status"; # the usual
  access_log /var/log/nginx/a.log main buffer=32k;
}`;
  const found = await read(text);
  expect(found.formats).toEqual([
    {
      name: "main",
      proxy: "nginx",
      format: `log_format  main escape=json '$remote_addr "$request" '
              "$status";`,
      place: { file: "/etc/nginx/nginx.conf", line: 2, column: 3 },
    },
  ]);
  expect(logs(found)).toEqual(["/var/log/nginx/a.log main"]);
});

test("includes are read where they stand, relative to the main file", async () => {
  const found = await read(
    "http { include conf.d/*.conf; include /opt/x.conf; include gone.conf; }",
    {
      "/etc/nginx/conf.d/b.conf": "access_log /b.log f;",
      "/etc/nginx/conf.d/a.conf": "log_format f '$status'; include conf.d/deep/c.inc;",
      "/etc/nginx/conf.d/deep/c.inc": "server { access_log /c.log f; }",
      "/opt/x.conf": "server { access_log /x.log; }",
    },
  );
  expect(logs(found)).toEqual(["/c.log f", "/b.log f", "/x.log combined"]);
  expect(found.notes).toContain("nginx.conf:1 includes gone.conf, which is not there");
});

test("includes in a circle end with a sentence", async () => {
  await expect(read("include nginx.conf;")).rejects.toThrow(/include each other without end/);
});

test("a format is known to its own module only, and before it is defined", async () => {
  const found = await read(
    "stream { access_log /s.log f; log_format f '$protocol'; } http { access_log /h.log f; log_format f '$status'; }",
  );
  expect(found.formats.map(({ format }) => format)).toEqual([
    "log_format f '$protocol';",
    "log_format f '$status';",
  ]);
  expect(found.logs.map(({ format }) => format?.format)).toEqual([
    "log_format f '$protocol';",
    "log_format f '$status';",
    undefined,
  ]);
});

test("Lua, quotes, comments and braces in words hide nothing and open nothing", async () => {
  const found = await read(String.raw`http {
  init_by_lua_block {
    -- it's a comment with } and "
    --[==[ } ' ]==]
    local t = { a = "}", b = '\'}', c = [[ } ]] }
  }
  map $uri $x { "~^/(?<n>[a-z]{2})$" 1; "a;b}" 2; default 0; }
  server { server_name ~^a\{2\}; if ($x = "{") { return 444; } location ~ \.php$ { access_log "/var/log/with blank.log"; } }
  set $y "\"; access_log /no.log;";
  # access_log /neither.log;
  access_log /var/log/${"$"}{host}x.log;
}`);
  expect(logs(found)).toEqual(["/var/log/with blank.log combined", "/var/log/*x.log combined"]);
});

test("relative paths are looked for under every prefix nginx may have", async () => {
  const { logs: found } = await readConfig(
    [
      {
        path: "/opt/nginx/conf/nginx.conf",
        text: "http { access_log logs/a.log; error_log e.log; }",
      },
    ],
    diskOf({}),
  );
  expect(found[0]!.patterns.slice(0, 2)).toEqual([
    "/opt/nginx/logs/a.log",
    "/opt/nginx/conf/logs/a.log",
  ]);
  expect(found[1]!.format).toBeNull();
});

test("without a directive the compiled-in logs are meant", async () => {
  const found = await read("http { server { } }");
  expect(found.logs.map(({ patterns }) => patterns[0])).toEqual([
    "/var/log/nginx/access.log",
    "/var/log/nginx/error.log",
  ]);
});

test("what the logs cannot show is told", async () => {
  const found = await read(`access_log off;
access_log syslog:server=10.0.0.1 combined;
access_log /dev/stdout;
access_log /a.log combined if=$loggable;
access_log /b.log elsewhere;
error_log /e.log crit;
proxy_next_upstream off;`);
  expect(found.notes).toEqual([
    "nginx.conf:1: some requests are not logged at all (access_log off)",
    "nginx.conf:4: only some requests are logged (if=$loggable)",
    "nginx.conf:5: the format elsewhere is not defined here: name the main nginx.conf as well",
    "nginx.conf:6: error_log at level crit leaves out why requests failed: those lines have level error",
    "nginx.conf:7: nothing is retried on another server (proxy_next_upstream off)",
  ]);
  expect(found.elsewhere).toEqual([
    "nginx.conf:2: access_log goes to syslog, not to a file: syslog:server=10.0.0.1",
    "nginx.conf:3: access_log goes to the standard output of the process: docker logs, kubectl logs or journalctl have it",
  ]);
});

test("servers belong to the one group they are in, and to none where that is in doubt", async () => {
  const { pools } = await read(`http {
  upstream app { server 10.0.0.1:9101 weight=2; server 10.0.0.2; server unix:/run/app.sock; server app.example:80; }
  upstream api { server [::1]:8080; server 10.0.0.3:80; server 10.0.0.4:80; }
  upstream old { server 10.0.0.3; }
  server { location / { proxy_pass http://10.0.0.4/x; } }
}`);
  expect(pools).toEqual({
    "10.0.0.1:9101": "app",
    "10.0.0.2:80": "app",
    "unix:/run/app.sock": "app",
    "[::1]:8080": "api",
  });
});

test.each([
  ['http {\n  log_format a "x;\n}', "/etc/nginx/nginx.conf:2:16: this quote is never closed"],
  ["http {\n  server {\n }", "/etc/nginx/nginx.conf:1:6: this { is never closed"],
  ["http { a b }", "/etc/nginx/nginx.conf:1:11: a semicolon is missing before the }"],
  ["http { }\n}", "/etc/nginx/nginx.conf:2:1: this } closes nothing"],
  ["user x;\n{ }", "/etc/nginx/nginx.conf:2:1: this { has no directive before it"],
  ["user x;\nuser y", '/etc/nginx/nginx.conf:2:1: "user" is not ended by a semicolon'],
  ["http { content_by_lua_block { }", "/etc/nginx/nginx.conf:1:6: this { is never closed"],
  ["http { content_by_lua_block { x", "/etc/nginx/nginx.conf:1:29: this Lua block is never closed"],
  ["http { log_format x; }", "/etc/nginx/nginx.conf:1:20: this log_format has no text"],
  ["hello", "/etc/nginx/nginx.conf:1:1: this is no configuration that why502 knows"],
  ["# only\n", "/etc/nginx/nginx.conf:1:1: this configuration is empty"],
])("a mistake has its place: %j", async (text, message) => {
  await expect(read(text)).rejects.toMatchObject({ name: "TextError", message });
});
