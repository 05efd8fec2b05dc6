// How a source's bytes are laid out, told by their beginning: lines, or something else that lines are made of.

/**
 * `lines`: what a log is. `documents`: JSON that holds entries in arrays. `objects`: JSON objects that run over several
 * lines. `export`: the export format of a systemd journal.
 */
export type Layout = "lines" | "documents" | "objects" | "export";

/** Keys under which exports keep their entries, an array of objects or arrays. */
export const ENTRY_KEYS: readonly string[] = [
  "hits",
  "events",
  "entries",
  "results",
  "result",
  "data",
  "messages",
  "logs",
  "records",
  "Records",
  "items",
  "rows",
  "streams",
  "values",
  "logEvents",
  "resourceLogs",
  "scopeLogs",
  "logRecords",
];

const WRAPPER = new RegExp(`"(?:${ENTRY_KEYS.join("|")})"\\s*:\\s*\\[\\s*(?:[[{]|\\])`);
const OPEN = 123;

/** Tells the layout by a source's first bytes. Envoy's text lines begin with `[` too, but not with `[{`. */
export function layoutOf(head: Uint8Array): Layout {
  const start = head.findIndex((byte) => byte > 32 && byte < 128);
  const text = Buffer.from(head.subarray(0, 64 << 10))
    .toString("latin1")
    .trimStart();
  const first = head[start];
  if (/^(?:__CURSOR|__REALTIME_TIMESTAMP)=/.test(text)) return "export";
  if (first === 91) return /^[^[]*\[\s*\{/.test(text) ? "documents" : "lines";
  if (first !== OPEN) return "lines";
  const line = text.slice(0, text.includes("\n") ? text.indexOf("\n") : undefined).trimEnd();
  const isOneLine = line.endsWith("}") && !/^\{\s*$/.test(line);
  // A wrapper on one line is all of the file; lines that hold arrays of their own have others below them.
  if (WRAPPER.test(isOneLine ? line : text)) return "documents";
  if (isOneLine) return "lines";
  return /^\s*(?:"|$)/.test(line.slice(line.indexOf("{") + 1)) ? "objects" : "lines";
}
