// The one table of flags: parsing, --help and "did you mean" all read it. Flat data, so it may be long.

/** A flag of the command line. */
export interface Flag {
  readonly name: string;
  /** Its one-letter form, where it is common enough for one. */
  readonly letter?: string;
  /** What its value is called in help; absent for a switch. */
  readonly value?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  readonly group: string;
  /** One line, for `-h` and `--help`. */
  readonly help: string;
  /** More to say, for `--help` only. */
  readonly more?: string;
  /** An example of a value, for messages. */
  readonly example?: string;
}

/** Every flag, in the order of help. */
export const FLAGS = [
  {
    name: "since",
    letter: "S",
    value: "TIME",
    group: "Which lines",
    help: "leave out what was logged before TIME",
    more:
      "TIME is 2026-11-22 18:13:25, 2026-11-22, 18:13, yesterday, today, now, -1h, '2 hours ago', @1795355028, " +
      "RFC 3339, or a time pasted from the log; end-15m counts back from the log's last line, all others from now",
    example: "yesterday",
  },
  {
    name: "until",
    letter: "U",
    value: "TIME",
    group: "Which lines",
    help: "leave out what was logged after TIME",
    example: "'2026-11-22 19:00'",
  },
  {
    name: "where",
    value: "FILTER",
    group: "Which lines",
    help: "only requests that FILTER is true for",
    more: `for example --where 'peer = "127.0.0.1:9102"'`,
    example: "'status >= 500'",
  },
  {
    name: "status",
    value: "CODES",
    group: "Which lines",
    help: "only failures with these statuses: 502,504 or 5xx",
    example: "502,504",
  },
  {
    name: "log-format",
    value: "STRING",
    group: "Reading",
    help: "the log's format, as the proxy's configuration has it",
    more: "an nginx log_format, a HAProxy log-format or an Envoy access-log format: whose it is shows by itself; not needed for the usual formats",
    example: `'$remote_addr "$request" $status $upstream_addr'`,
  },
  {
    name: "field",
    value: "FIELD=KEY",
    group: "Reading",
    help: "the key of a JSON log that holds a field of ours",
    more:
      "dots lead into inner objects; may be given several times. The fields: time, start, durationMs, client, request, method, path, host, " +
      "protocol, status, bytesOut, requestId, pool, peer, attempts, frontend, route, code, detail, userAgent, referer",
    example: "status=response.code",
  },
  {
    name: "config",
    value: "FILE",
    group: "Reading",
    help: "the proxy's configuration: its formats and log files",
    more:
      "nginx.conf with what it includes, haproxy.cfg, Envoy's or Kubernetes' YAML or JSON, or a folder of them; may be given several " +
      "times. Without a FILE to read, the log files that it names are read",
    example: "/etc/nginx/nginx.conf",
  },
  {
    name: "tz",
    value: "ZONE",
    group: "Reading",
    help: "zone of times that name none, and of the report",
    more: "an IANA name, an offset such as +02:00, or local",
    example: "Europe/Berlin",
  },
  {
    name: "min-parse",
    value: "PERCENT",
    group: "Reading",
    help: "exit 4 when fewer lines were understood (default 50)",
    example: "90",
  },
  {
    name: "workers",
    value: "N",
    group: "Reading",
    help: "threads that read files (default: 1, long logs: all)",
    example: "4",
  },
  {
    name: "output",
    letter: "o",
    value: "FORM",
    choices: ["text", "json"],
    group: "Output",
    help: "text or json: prints instead of opening the explorer",
    example: "json",
  },
  {
    name: "fail-on",
    value: "CONDITION",
    group: "Output",
    help: "exit 3 when met: incident, failures>N, rate>0.01",
    more: "several with commas between: any of them",
    example: "incident,rate>0.01",
  },
  {
    name: "color",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    group: "Output",
    help: "auto, always or never; NO_COLOR is honoured",
    example: "never",
  },
  { name: "no-color", group: "Output", help: "the same as --color never" },
  { name: "ascii", group: "Output", help: "no characters beyond ASCII" },
  {
    name: "width",
    value: "N",
    group: "Output",
    help: "columns of the report (the terminal's, else 80)",
    example: "100",
  },
  { name: "help", letter: "h", group: "Other", help: "-h is this in short, --help in full" },
  { name: "version", letter: "V", group: "Other", help: "print the version" },
] as const satisfies readonly Flag[];

/** The name of a flag. */
export type FlagName = (typeof FLAGS)[number]["name"];
