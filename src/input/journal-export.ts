// A systemd journal in its export format: entries of `KEY=value` lines, or binary values with their length, become lines.
//
// Source: systemd.io/JOURNAL_EXPORT_FORMATS.
import type { Readable } from "node:stream";
import { MAX_LINE, type OnLines } from "./assemble.ts";
import { isoOf } from "./text-heads.ts";
import { plainHead } from "./plain-head.ts";

const WANTED: ReadonlySet<string> = new Set([
  "__REALTIME_TIMESTAMP",
  "_HOSTNAME",
  "SYSLOG_IDENTIFIER",
  "_COMM",
  "_PID",
  "MESSAGE",
]);
const LENGTH_BYTES = 8;

/** Takes bytes of an export and hands on one line an entry, a plain head in front; its offset is the entry's. */
export class JournalExport {
  readonly #onLines: OnLines;
  readonly #fields = new Map<string, Buffer>();
  #held: Buffer = Buffer.alloc(0);
  /** Place of `#held` in the source, and of the entry being read. */
  #offset = 0;
  #entry = 0;
  /** A binary value whose bytes are still to come, and how many of them are passed over as too long. */
  #key = "";
  #missing = -1;
  #skip = 0;

  constructor(onLines: OnLines) {
    this.#onLines = onLines;
  }

  push(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk]);
    while (this.#step());
    // A key without an end is no export.
    if (this.#held.length > 4 * MAX_LINE) this.#drop(this.#held.length);
  }

  /** Hands on an entry that no blank line follows. */
  finish(): void {
    this.#flush();
  }

  #step(): boolean {
    if (this.#skip > 0) {
      const gone = Math.min(this.#skip, this.#held.length);
      this.#skip -= gone;
      this.#drop(gone);
      return this.#skip === 0 && this.#held.length > 0;
    }
    if (this.#missing >= 0) return this.#binary();
    const newline = this.#held.indexOf(10);
    if (newline < 0) return false;
    const line = this.#held.subarray(0, newline);
    this.#drop(newline + 1);
    if (line.length === 0) {
      this.#flush();
      this.#entry = this.#offset;
      return true;
    }
    const equals = line.indexOf(61);
    if (equals >= 0) this.#keep(line.toString("latin1", 0, equals), line.subarray(equals + 1));
    else {
      this.#key = line.toString("latin1");
      this.#missing = 0;
    }
    return true;
  }

  /** Behind its key stand eight bytes of length, the value, and a newline. */
  #binary(): boolean {
    if (this.#held.length < LENGTH_BYTES) return false;
    const length = Number(this.#held.readBigUInt64LE());
    if (length > MAX_LINE) {
      this.#missing = -1;
      this.#drop(LENGTH_BYTES);
      this.#skip = length + 1;
      return true;
    }
    if (this.#held.length < LENGTH_BYTES + length + 1) return false;
    this.#keep(this.#key, this.#held.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
    this.#drop(LENGTH_BYTES + length + 1);
    this.#missing = -1;
    return true;
  }

  #keep(key: string, value: Buffer): void {
    if (WANTED.has(key)) this.#fields.set(key, Buffer.from(value));
  }

  #flush(): void {
    if (this.#fields.size === 0) return;
    const text = (key: string): string => this.#fields.get(key)?.toString("latin1") ?? "";
    const message = this.#fields.get("MESSAGE") ?? Buffer.alloc(0);
    for (const [at, byte] of message.entries()) if (byte === 10) message[at] = 32;
    const pid = text("_PID");
    const tag = text("SYSLOG_IDENTIFIER") || text("_COMM");
    const head = plainHead({
      stamp: isoOf(Math.floor(Number(text("__REALTIME_TIMESTAMP") || "NaN") / 1000)),
      host: text("_HOSTNAME"),
      tag: tag === "" || pid === "" ? tag : `${tag}[${pid}]`,
    });
    this.#fields.clear();
    const line = Buffer.concat([Buffer.from(head, "latin1"), message, Buffer.from("\n")]);
    this.#onLines(line, 0, line.length, this.#entry);
  }

  #drop(count: number): void {
    this.#held = this.#held.subarray(count);
    this.#offset += count;
  }
}

/** Reads an export to its end, or until the signal. */
export async function readExport(
  stream: Readable,
  onLines: OnLines,
  signal: AbortSignal,
  forgive: (error: unknown) => string | null = () => null,
): Promise<{ bytes: number; notes: string[] }> {
  let bytes = 0;
  const notes: string[] = [];
  const journal = new JournalExport(onLines);
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      stream.destroy();
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      journal.push(chunk);
    });
    stream.on("error", (error) => {
      const note = forgive(error);
      if (note === null) return reject(error);
      notes.push(note);
      resolve();
    });
    stream.on("end", resolve);
    stream.on("close", resolve);
    stream.resume();
  });
  journal.finish();
  return { bytes, notes };
}

/** The entries in `head` as lines, for a sample; the last one may be cut and is left out. */
export function sampleExport(head: Uint8Array): Uint8Array {
  const lines: Buffer[] = [];
  const journal = new JournalExport((line, start, end) => {
    lines.push(Buffer.from(line.subarray(start, end)));
  });
  journal.push(Buffer.from(head));
  if (lines.length === 0) journal.finish();
  return Buffer.concat(lines);
}
