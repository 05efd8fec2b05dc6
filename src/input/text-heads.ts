// Heads of lines that are rarer than syslog's: other stamps of journalctl, facility words, labels, pods, counts of bytes.
//
// By regular expression, as no stream of bare lines comes here: only lines that lie in an envelope, or that nobody could read.
// Longer than most files: one head after another, each beside what it looks like.

/** What a head told; "" and null for nothing. */
export interface TextHead {
  readonly name: string;
  readonly length: number;
  /** A time in the canonical spelling of ISO 8601 or RFC 3164; "" for none. */
  readonly stamp: string;
  readonly host: string;
  readonly tag: string;
  /** How many lines this one stands for, a bracket closing behind its text. */
  readonly times: number;
}

/** Where a head may stand. */
export interface HeadPlace {
  /** True at a line's first byte. */
  readonly isFirst: boolean;
  /** True right behind a stamp that neither host nor tag followed. */
  readonly isBehindStamp: boolean;
}

/** The most bytes of a line in which a head is looked for. */
export const LONGEST_HEAD = 600;

type Told = Partial<Pick<TextHead, "stamp" | "host" | "tag" | "times">>;

interface Kind {
  readonly name: string;
  readonly where?: keyof HeadPlace;
  readonly pattern: RegExp;
  readonly tell: (match: RegExpExecArray) => Told;
}

const FACILITY =
  "(?:kern|user|mail|daemon|auth|authpriv|syslog|lpr|news|uucp|cron|ftp|ntp|local[0-7])\\." +
  "(?:emerg|panic|alert|crit|critical|err|error|warning|warn|notice|info|debug)";
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
/** What lines of proxies and of their envelopes begin with: an address, a date, a bracket, a brace, a priority. */
const BEGINNING =
  '\\d{1,3}(?:\\.\\d{1,3}){3}[ :]|\\d{4}[-/]\\d\\d[-/]\\d\\d[ T]|[A-Z][a-z]{2} [ \\d]\\d \\d\\d:|\\[[\\dA-Z]|\\{"|<\\d';
const ELEMENT = '\\[[^\\s\\]="]+(?: [^\\s\\]="]+="(?:[^"\\\\]|\\\\.)*")*\\]';

const KINDS: readonly Kind[] = [
  {
    name: "octet count",
    where: "isFirst",
    pattern: /^\d{2,5} (?=<\d{1,3}>)/,
    tell: () => ({}),
  },
  {
    name: "indentation",
    where: "isFirst",
    pattern: new RegExp(`^[ \\t]+(?=${BEGINNING})`),
    tell: () => ({}),
  },
  {
    // As mails and issues quote text.
    name: "quote marks",
    where: "isFirst",
    pattern: new RegExp(`^(?:> ?)+(?=${BEGINNING})`),
    tell: () => ({}),
  },
  {
    // `less -N`, `cat -n`
    name: "line number",
    where: "isFirst",
    pattern: new RegExp(`^ *\\d+[ \\t]+(?=${BEGINNING})`),
    tell: () => ({}),
  },
  {
    // `grep -n`, or from several files; a dash stands before lines of context.
    name: "grep",
    where: "isFirst",
    pattern: new RegExp(`^(?:[\\w./@+-]*[a-z][\\w./@+-]*:(?:\\d+[:-])?|\\d+[:-])(?=${BEGINNING})`),
    tell: () => ({}),
  },
  {
    name: "journal",
    pattern:
      /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([A-Z]{1,5}|[+-]\d\d:?\d*) (?:(\S+) (\S+\[\d+\]): )?/,
    tell: ([, date, time, zone, host, tag]) => ({
      stamp: `${date}T${time}${zoneOf(zone!)}`,
      host: host ?? "",
      tag: tag ?? "",
    }),
  },
  {
    name: "journal",
    pattern: /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)\.\d+ (?:(\S+) )?(?=\S+(?:\[\d+\])?: )/,
    tell: ([, stamp, host]) => ({ stamp: stamp!, host: host ?? "" }),
  },
  {
    // Liferay Cloud: `Jun 29 10:07:46.585 build-214 [web-5d9x2] `
    name: "pod",
    where: "isFirst",
    pattern: /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)\.\d+ [\w.-]+ \[([a-z0-9][a-z0-9.-]*)\] /,
    tell: ([, stamp, host]) => ({ stamp: stamp!, host: host! }),
  },
  {
    // gcloud's letter for the severity
    name: "severity",
    where: "isFirst",
    pattern: /^[DIWEF] (?=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/,
    tell: () => ({}),
  },
  {
    // HAProxy ALOHA's access log
    name: "words before an object",
    pattern: /^\[ACCESS\] \d+ (?=\{"[\w.@-]+" ?:)/,
    tell: () => ({}),
  },
  {
    name: "journal",
    pattern: /^(\d{10}\.\d{3,9}) (\S+) (\S+\[\d+\]): /,
    tell: ([, seconds, host, tag]) => ({
      stamp: isoOf(1000 * Number(seconds)),
      host: host!,
      tag: tag!,
    }),
  },
  {
    name: "journal",
    pattern: /^\[ *\d+\.\d+\] (\S+) (\S+\[\d+\]): /,
    tell: ([, host, tag]) => ({ host: host!, tag: tag! }),
  },
  {
    name: "syslog with a year",
    pattern: /^([A-Z][a-z]{2}) ([ \d]\d) (\d{4}) (\d\d:\d\d:\d\d(?:\.\d+)?) /,
    tell: ([, month, day, year, time]) => {
      const number = MONTHS.indexOf(month!) / 3 + 1;
      const date = `${year}-${String(number).padStart(2, "0")}-${day!.replace(" ", "0")}`;
      return { stamp: `${date}T${time}` };
    },
  },
  {
    name: "time",
    pattern:
      /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)([.,]\d+)?(?: ?(Z|UTC|[+-]\d\d:?\d\d))?[ \t]+(?:\| +(?=\S)|(?=[^\s[]|\[(?:NOTICE|WARNING|ALERT|DIAG|EMERG)\] ))/,
    tell: ([, date, time, fraction, zone]) => ({
      stamp: `${date}T${time}${(fraction ?? "").replace(",", ".")}${zone === undefined ? "" : zoneOf(zone)}`,
    }),
  },
  {
    name: "TAI64N",
    where: "isFirst",
    pattern: /^@4([0-9a-f]{15})([0-9a-f]{8}) /,
    // Ten seconds: what the programs that write these labels add.
    tell: ([, seconds, nanos]) => ({
      stamp: isoOf(
        (Number.parseInt(seconds!, 16) - 10) * 1000 + Math.floor(Number.parseInt(nanos!, 16) / 1e6),
      ),
    }),
  },
  {
    name: "facility",
    pattern: new RegExp(`^[<[(]?${FACILITY}[>\\])]?:? +`),
    tell: () => ({}),
  },
  {
    // socklog: the sender's address first
    name: "host and facility",
    where: "isFirst",
    pattern: new RegExp(`^([\\w.:-]+): ${FACILITY}: +`),
    tell: ([, host]) => ({ host: host! }),
  },
  {
    name: "host and facility",
    where: "isBehindStamp",
    pattern: new RegExp(`^(\\S+) [<[(]?${FACILITY}[>\\])]?:? +(?:([^\\s:[]+(?:\\[\\d+\\])?): )?`),
    tell: ([, host, tag]) => ({ host: host!, tag: tag ?? "" }),
  },
  {
    name: "syslog RFC 5424",
    where: "isBehindStamp",
    pattern: new RegExp(
      `^(\\S+) (\\S+) (?:\\d+|-) (?:\\S+) (?:-|(?:${ELEMENT})+)(?: (?:\\ufeff|\\u00ef\\u00bb\\u00bf)?|$)`,
    ),
    tell: ([, host, tag]) => ({ host: host!, tag: tag! }),
  },
  {
    name: "labels",
    where: "isBehindStamp",
    pattern: /^\{(?:[\w.]+="(?:[^"\\]|\\.)*"(?:, *)?)*\} /,
    tell: ([labels]) => ({ host: labelled(labels) }),
  },
  {
    // `[nginx] 2026/11/22 …`, `[web-5d9x2] 10.0.0.1 - - …`: supervisors, kubetail. A level is nobody's name.
    name: "name in brackets",
    where: "isFirst",
    pattern: new RegExp(
      `^\\[(?!(?:emerg|alert|crit|error|warn|warning|notice|info|debug)\\])([a-z][\\w./-]*)\\] +(?=${BEGINNING})`,
    ),
    tell: ([, host]) => ({ host: host! }),
  },
  {
    name: "container",
    pattern: /^([\w.@-]+) +\| /,
    tell: ([, host]) => ({ host: host! }),
  },
  {
    name: "pod",
    where: "isFirst",
    pattern:
      /^(?:[a-z0-9][a-z0-9-]* )??((?=[a-z0-9.-]*[a-z])[a-z0-9]+(?:\.[a-z0-9]+)*(?:-[a-z0-9.]+)+) ([a-z][a-z0-9]*(?:-[a-z0-9]+)*) (?=\S)/,
    tell: ([, pod]) => ({ host: pod! }),
  },
  {
    name: "pod",
    where: "isFirst",
    pattern: /^[a-z0-9][a-z0-9-]*\/([a-z0-9][a-z0-9.-]*)\[[a-z0-9-]+\]: /,
    tell: ([, pod]) => ({ host: pod! }),
  },
  {
    name: "syslog",
    where: "isBehindStamp",
    pattern:
      /^(?:([\w.-]+) )?([A-Za-z][\w./-]*) \[pid:(\d+)\](?:emerg|alert|crit|err|warning|notice|info|debug) +/,
    tell: ([, host, tag, pid]) => ({ host: host ?? "", tag: `${tag!}[${pid!}]` }),
  },
  {
    name: "log stream",
    where: "isBehindStamp",
    // HAProxy begins a message of its own with the name of a server.
    pattern: /^([A-Za-z][\w.-]*\/[\w./$-]+(?:\[[^\]\s]*\][\w-]*)?) (?=\S)(?!changed its )/,
    tell: ([, stream]) => ({ host: stream! }),
  },
  {
    name: "syslog",
    where: "isBehindStamp",
    // Sender and daemon may both have written the host.
    pattern: /^(?:([\w.-]+) (?:\1 )?)?([A-Za-z][\w./-]*(?:\[\d+\])?): /,
    tell: ([, host, tag]) => ({ host: host ?? "", tag: tag! }),
  },
  {
    name: "CEE cookie",
    pattern: /^@cee: ?(?=\{)/,
    tell: () => ({}),
  },
  {
    name: "repeated",
    pattern: /^message repeated (\d+) times: \[ ?/,
    tell: ([, times]) => ({ times: Number(times) }),
  },
  {
    name: "tag",
    pattern: /^([A-Za-z][\w./-]*\[\d+\]): /,
    tell: ([, tag]) => ({ tag: tag! }),
  },
  {
    name: "words before an object",
    where: "isBehindStamp",
    pattern: /^[^\s{"[\]]+(?: +[^\s{"[\]]+){0,7} +(?=\{"[\w.@-]+" ?:)/,
    tell: () => ({}),
  },
];

/** The head that `text`, a line's beginning, opens with; null for none. */
export function findTextHead(text: string, place: HeadPlace): TextHead | null {
  for (const { name, where, pattern, tell } of KINDS) {
    if (where !== undefined && !place[where]) continue;
    const match = pattern.exec(text);
    if (match === null) continue;
    return {
      stamp: "",
      host: "",
      tag: "",
      times: 1,
      ...tell(match),
      name,
      length: match[0].length,
    };
  }
  return null;
}

/** An offset or `Z` as ISO has it; "" for letters that several zones share. */
function zoneOf(text: string): string {
  if (/^(?:UTC|GMT|Z)$/.test(text)) return "Z";
  return /^[+-]\d/.test(text) ? text : "";
}

function labelled(labels: string): string {
  for (const key of ["pod", "host", "hostname", "instance", "node_name", "container"]) {
    const match = new RegExp(`[{, ]${key}="([^"\\s]*)"`).exec(labels);
    if (match !== null) return match[1]!;
  }
  return "";
}

/** ms since the epoch as ISO 8601 UTC; "" where no calendar has it. */
export function isoOf(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : "";
}
