// The text of -h and --help, made from the flag table.
import { FLAGS, type Flag } from "./flag-table.ts";

const INTRO = `why502 explains bursts of 502s (and 503s, 504s, gRPC failures) from the logs of
nginx, HAProxy and Envoy: since when, which upstream, for which reason, and why.
`;

const USAGE = `Usage: why502 [FLAGS] FILE…     files and folders, gzip or not, all together
       … | why502 [FLAGS]       a pipe; - is stdin among files
       why502 formats [FILE…]   the known formats, or how files are read
       why502 explain [LINE…]   what lines and codes say; else lines from stdin
       why502 reasons [NAME]    why requests fail, and each proxy's codes for it
       why502 causes [NAME]     what is behind it, and what to do
`;

const EXAMPLES = `Examples:
  why502 access.log error.log             on a terminal: opens the explorer
  why502 /var/log/nginx/*.log* -S yesterday
  why502 --config /etc/nginx/nginx.conf   the logs that it names
  tail -F access.log | why502             live: incidents as they open and close
  why502 logs/ -o json | jq .incidents
  why502 access.log --log-format '$msec "$request" $status $upstream_addr'
`;

const AFTERWORD = `Exit codes:
  0  done
  1  runtime error
  2  mistake on the command line
  3  --fail-on was met
  4  input unreadable, empty, or understood below --min-parse
  130, 143  interrupted; the report so far is printed and says so

Environment:
  NO_COLOR, FORCE_COLOR, TERM, COLUMNS, LANG and LC_ALL are honoured.
`;

const HELP_WIDTH = 80;
const FLAG_COLUMNS = 26;

/** The help text, at most 80 columns wide. */
export function renderHelp(length: "short" | "full"): string {
  const full = length === "full";
  const groups = [...new Set(FLAGS.map((flag) => flag.group))];
  const flags = groups.map((group) => {
    const lines = FLAGS.filter((flag) => flag.group === group).flatMap((flag) =>
      flagLines(flag, full),
    );
    return `${group}:\n${lines.join("\n")}\n`;
  });
  const parts = full
    ? [INTRO, USAGE, EXAMPLES, ...flags, AFTERWORD]
    : [USAGE, flags.join(""), "why502 --help says more.\n"];
  return parts.join("\n");
}

function flagLines(flag: Flag, full: boolean): string[] {
  const letter = flag.letter === undefined ? "    " : `-${flag.letter}, `;
  const value = flag.value === undefined ? "" : ` ${flag.value}`;
  const head = `  ${letter}--${flag.name}${value}`;
  const more = full ? wrapped(flag.more ?? "", HELP_WIDTH - FLAG_COLUMNS) : [];
  const indent = " ".repeat(FLAG_COLUMNS);
  return [
    `${head.padEnd(FLAG_COLUMNS - 1)} ${flag.help}`,
    ...more.map((line) => `${indent}${line}`),
  ];
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else if (word !== "") lines.push(word);
  }
  return lines;
}
