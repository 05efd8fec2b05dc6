// The peers: for each program the nearest thing it can do to what why502 does, as a shell command, and how to check it.
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Input } from "./inputs.ts";
import type { Shape } from "./shapes.ts";

/** A program that does a comparable job on some shapes of input. */
export interface Peer {
  readonly name: string;
  /** What must be on PATH. */
  readonly programs: readonly string[];
  /** Arguments that make the first of them say its version; null where it never does. */
  readonly version: readonly string[] | null;
  readonly commands: Partial<Record<Shape, (path: string) => string>>;
  /** What its output counted; must equal the input's failed lines, or all lines. */
  readonly counted: (output: string) => number;
  readonly counts: "failed" | "lines";
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** A file as plain text on stdin, whatever its packing. */
const stdin = (path: string, command: string): string =>
  path.endsWith(".gz") ? `zcat ${quote(path)} | ${command}` : `${command} < ${quote(path)}`;

const sum = (numbers: readonly (string | undefined)[]): number =>
  numbers.reduce((total, text) => total + Number(text ?? 0), 0);
/** The sum of the numbers that lines begin with, as `uniq -c` and the one-liners print them. */
const leading = (output: string): number => sum(output.match(/^ *\d+/gm) ?? []);

/** Failures by server and minute, for awk. */
const AWK: Partial<Record<Shape, readonly [options: string, program: string]>> = {
  haproxy: ["", `$11 ~ /^50[234]$/ {n[$9 " " substr($7, 2, 17)]++}`],
  "haproxy-bare": ["", `$6 ~ /^50[234]$/ {n[$4 " " substr($2, 2, 17)]++}`],
  nginx: [
    `-F'"' `,
    `{split($3, a, " "); if (a[1] ~ /^50[234]$/) {split($1, t, "["); n[$10 " " substr(t[2], 1, 17)]++}}`,
  ],
  combined: ["", `$9 ~ /^50[234]$/ {n[substr($4, 2, 17)]++}`],
  envoy: ["", `$5 ~ /^50[234]$/ {n[$NF " " substr($1, 2, 16)]++}`],
  "nginx-error": [
    "",
    `/\\[error\\]/ && match($0, /upstream: "[^"]*/) {split(substr($0, RSTART), u, "/"); n[u[3] " " $1 " " substr($2, 1, 5)]++}`,
  ],
};

function awk(name: string): Peer["commands"] {
  return Object.fromEntries(
    Object.entries(AWK).map(([shape, [options, program]]) => [
      shape,
      (path: string) =>
        stdin(path, `${name} ${options}${quote(`${program} END {for (k in n) print n[k], k}`)}`),
    ]),
  );
}

/** What `rg` keeps, and what awk cuts out of it. */
const RG: Partial<Record<Shape, readonly [pattern: string, options: string, cut: string]>> = {
  haproxy: [" 50[234] [0-9]+ [^ ]+ [^ ]+ [-A-Za-z]{4} ", "", "$9, substr($7, 2, 17)"],
  "haproxy-bare": [" 50[234] [0-9]+ [^ ]+ [^ ]+ [-A-Za-z]{4} ", "", "$4, substr($2, 2, 17)"],
  nginx: [`" 50[234] [0-9]+ "`, `-F'"' `, `$10, substr($1, index($1, "[") + 1, 17)`],
  combined: [`" 50[234] [0-9]+ "`, "", "substr($4, 2, 17)"],
  envoy: [`HTTP/[0-9.]+" 50[234] `, "", "$NF, substr($1, 2, 16)"],
  "envoy-json": [
    `"response_code":50[234],`,
    `-F'"' `,
    `substr($0, index($0, "start_time") + 13, 16), substr($0, index($0, "upstream_host") + 16, 14)`,
  ],
};

const DUCK_READ = `read_csv('%', columns = {'l': 'varchar'}, delim = '\\x01', quote = '', escape = '', header = false, auto_detect = false)`;
function duck(path: string, query: string): string {
  return `duckdb -noheader -list -separator ' ' -c ${quote(query.replace("%", path))}`;
}
function duckByPattern(status: string, server: string, minute: string): (path: string) => string {
  return (path) =>
    duck(
      path,
      `select count(*), regexp_extract(l, '${server}', 1) s, regexp_extract(l, '${minute}', 1) m from ${DUCK_READ} where regexp_extract(l, '${status}', 1) in ('502', '503', '504') group by all`,
    );
}

/** Every peer, the fastest first. */
export const PEERS: readonly Peer[] = [
  {
    name: "halog -srv",
    programs: ["halog"],
    version: null,
    commands: {
      haproxy: (path) => stdin(path, "halog -srv"),
      "haproxy-bare": (path) => stdin(path, "halog -srv -s -4"),
    },
    // The column tot_req of every server.
    counted: (output) =>
      sum(
        output
          .split("\n")
          .slice(1)
          .map((line) => line.split(" ")[7]),
      ),
    counts: "lines",
  },
  {
    name: "rg|awk|sort|uniq",
    programs: ["rg", "mawk", "sort", "uniq"],
    version: ["--version"],
    commands: Object.fromEntries(
      Object.entries(RG).map(([shape, [pattern, options, cut]]) => [
        shape,
        (path: string) =>
          `rg -zN ${quote(pattern)} ${quote(path)} | mawk ${options}${quote(`{print ${cut}}`)} | sort | uniq -c`,
      ]),
    ),
    counted: leading,
    counts: "failed",
  },
  {
    name: "mawk",
    programs: ["mawk"],
    version: ["-W", "version"],
    commands: awk("mawk"),
    counted: leading,
    counts: "failed",
  },
  {
    name: "gawk",
    programs: ["gawk"],
    version: ["--version"],
    commands: awk("gawk"),
    counted: leading,
    counts: "failed",
  },
  {
    name: "duckdb",
    programs: ["duckdb"],
    version: ["--version"],
    commands: {
      haproxy: duckByPattern(" (\\d\\d\\d) \\d+ - - ", " (be_[^ ]+) ", "\\[(\\d\\d/.{14})"),
      "haproxy-bare": duckByPattern(" (\\d\\d\\d) \\d+ - - ", " (be_[^ ]+) ", "\\[(\\d\\d/.{14})"),
      nginx: duckByPattern(`" (\\d\\d\\d) \\d+ "`, `ua="([^"]*)"`, "\\[(\\d\\d/.{14})"),
      combined: duckByPattern(`" (\\d\\d\\d) \\d+ "`, "^never$", "\\[(\\d\\d/.{14})"),
      envoy: duckByPattern(`" (\\d\\d\\d) [-A-Z]`, ` "([^"]+)"$`, "^\\[(.{16})"),
      "envoy-json": (path) =>
        duck(
          path,
          `select count(*), upstream_host, left(start_time, 16) m from read_json('%', format = 'newline_delimited', columns = {response_code: 'int', upstream_host: 'varchar', start_time: 'varchar'}) where response_code in (502, 503, 504) group by all`,
        ),
    },
    counted: leading,
    counts: "failed",
  },
  {
    name: "jq",
    programs: ["jq", "sort", "uniq"],
    version: ["--version"],
    commands: {
      "envoy-json": (path) =>
        `${stdin(path, `jq -r 'select(.response_code == 502 or .response_code == 503 or .response_code == 504) | "\\(.upstream_host) \\(.start_time[:16])"'`)} | sort | uniq -c`,
    },
    counted: leading,
    counts: "failed",
  },
  {
    name: "agrind",
    programs: ["agrind"],
    version: ["--version"],
    commands: {
      haproxy: (path) =>
        agrind(
          path,
          `parse "]: * [*] * */* * * " as client, t, fe, be, server, timers, status`,
          "be, server",
        ),
      "envoy-json": (path) => agrind(path, "json | response_code as status", "upstream_host"),
    },
    counted: (output) => sum([...output.matchAll(/\b_count=(\d+)/g)].map(([, number]) => number)),
    counts: "failed",
  },
  {
    name: "lnav",
    programs: ["lnav"],
    version: ["-V"],
    // Its HAProxy format does not match lines with one captured header, nor ISO heads; it knows no other of the shapes.
    commands: {
      combined: (path) =>
        `lnav -n -c ${quote(";SELECT count(*), strftime('%H:%M', log_time) m FROM access_log WHERE sc_status IN (502, 503, 504) GROUP BY 2")} ${quote(path)}`,
    },
    counted: leading,
    counts: "failed",
  },
  {
    name: "goaccess",
    programs: ["goaccess"],
    version: ["--version"],
    commands: {
      combined: (path) =>
        `goaccess ${quote(path)} --log-format=COMBINED --no-progress -o ${quote(`${path}.goaccess.json`)} && cat ${quote(`${path}.goaccess.json`)}`,
    },
    counted: (output) => Number(/"valid_requests": (\d+)/.exec(output)?.[1]),
    counts: "lines",
  },
];

function agrind(path: string, parse: string, by: string): string {
  return `agrind -o logfmt -f ${quote(path)} ${quote(`* | ${parse} | where status == 502 || status == 503 || status == 504 | count by ${by}`)}`;
}

/** Where programs are looked for: PATH, and where some of them hide from it. */
export const SEARCH_PATH = [
  process.env["PATH"] ?? "",
  "/usr/sbin",
  "/usr/local/sbin",
  join(homedir(), ".cargo/bin"),
].join(":");

/** The programs of a peer that are not installed. */
export function missing(peer: Peer): string[] {
  return peer.programs.filter(
    (program) =>
      !SEARCH_PATH.split(":").some((folder) => {
        try {
          accessSync(join(folder, program), constants.X_OK);
          return true;
        } catch {
          return false;
        }
      }),
  );
}

/** What a peer says of its version, in a word or two. */
export function versionOf(peer: Peer): string {
  if (peer.version === null) return "";
  const said = execFileSync(peer.programs[0]!, peer.version, {
    encoding: "utf8",
    env: { ...process.env, PATH: SEARCH_PATH },
    stdio: ["ignore", "pipe", "ignore"],
  });
  return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? said.split("\n")[0]!;
}

/** What a correct run of a peer counts on an input. */
export function rightCount(peer: Peer, input: Input): number {
  return peer.counts === "lines" ? input.lines : input.failed;
}
