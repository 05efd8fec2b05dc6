// Guesses a log-format whose values stand behind keys: `backend=be server=s1 timers=0/0/1/-1/3004 status=504 flags=sH--`.

const PIECE = /([A-Za-z_][\w.-]*[=:](?! ))?("(?:[^"]*)"|\[[^\]]*\]|[^ ]*)( *)/y;
const STATE = /^[-LcCsSPRIDKU][-RQCHDLT](?:[-NIDVEOU7][-NPDIRU67])?$/;
const NUMBERS = /^[+-]?\d+(?:\/[+-]?\d+)+$/;
const NUMBER = /^[+-]?\d+$/;
const DATE = /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(\.\d+)?$/;
const TEXTS: ReadonlySet<string> = new Set(["r", "hr", "hs", "CC", "CS"]);
const NAMES: ReadonlySet<string> = new Set([
  "ft",
  "f",
  "b",
  "s",
  "ci",
  "HM",
  "HP",
  "HU",
  "HQ",
  "HV",
  "HPO",
  "ID",
  "H",
]);

/**
 * The log-format of such a line, or null where no key holds a termination state.
 * @param aliases keys in lower case → HAProxy's fields.
 */
export function inferKeyedFormat(
  line: string,
  aliases: Readonly<Record<string, string>>,
): string | null {
  const used = new Set<string>();
  let unknown = 0;
  let out = "";
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < line.length) {
    const [whole, key = "", value, gap] = PIECE.exec(line) as unknown as [
      string,
      string?,
      string?,
      string?,
    ];
    if (whole === "") return null;
    const [open, text, close] = unwrapped(value!);
    const role =
      key === "" ? plain(text, used) : keyed(key.slice(0, -1).toLowerCase(), text, aliases, used);
    out += `${key.replaceAll("%", "%%")}${open}${role ?? `%[why502_${open === "" ? "" : "text_"}${++unknown}]`}${close}${gap === "" ? "" : " "}`;
  }
  return used.has("state") && used.size > 3 ? out : null;
}

function unwrapped(value: string): [string, string, string] {
  const open = value[0] === '"' || value[0] === "[" ? value[0] : "";
  return open === "" ? ["", value, ""] : [open, value.slice(1, -1), open === "[" ? "]" : '"'];
}

/** What stands there without a key: a date. */
function plain(text: string, used: Set<string>): string | null {
  return DATE.test(text) && once("date", used) ? "%t" : null;
}

function keyed(
  key: string,
  text: string,
  aliases: Readonly<Record<string, string>>,
  used: Set<string>,
): string | null {
  const parts = text.split("/").length;
  if (NUMBERS.test(text)) {
    if (parts === 5 && /tim|dur/.test(key) && once("timers", used)) return "%TR/%Tw/%Tc/%Tr/%Ta";
    if (parts === 3 && /tim|dur/.test(key) && once("timers", used)) return "%Tw/%Tc/%Tt";
    if (parts === 5 && /conn/.test(key) && once("conns", used)) return "%ac/%fc/%bc/%sc/%rc";
    if (parts === 2 && /queue/.test(key) && once("queues", used)) return "%sq/%bq";
    return null;
  }
  const field = aliases[key];
  // Two letters behind "flags" may be Envoy's.
  const isState = field === "tsc" || field === "ts" || /state|term/.test(key);
  if (STATE.test(text) && (isState || (/flag/.test(key) && text.length === 4)))
    return once("state", used) ? (text.length === 4 ? "%tsc" : "%ts") : null;
  if (field === undefined || field === "tsc" || field === "ts") return null;
  if (DATE.test(text)) return once("date", used) ? "%t" : null;
  if (field === "ci" && /:\d+$/.test(text)) return once("ci", used) ? "%ci:%cp" : null;
  if (field === "b" && /^[^/]+\/[^/]*$/.test(text)) return once("b", used) ? "%b/%s" : null;
  const fits = TEXTS.has(field) || NAMES.has(field) || NUMBER.test(text);
  return fits && /^[A-Za-z]+$/.test(field) && once(field, used) ? `%${field}` : null;
}

/** Notes that a field was found; false where it was before. */
function once(what: string, used: Set<string>): boolean {
  if (used.has(what)) return false;
  used.add(what);
  return true;
}
