// Notices when another process writes the log: a new pid in HAProxy's syslog head is a reload that nobody logged.
import type { Head } from "../input/index.ts";
import { decodeText, type Names } from "./names.ts";
import { EVENT, Rec } from "./record.ts";

/** The kind of event a sighting is; summary/worker-changes.ts makes reloads of them. */
export const WORKER = "worker";

/** Processes that take turns line by line (nbproc) tell nothing. */
const MOST_SIGHTINGS = 64;
const OPEN = 91;
const SPACE = 32;

/** Watches one source, or a part of one. */
export class WorkerWatch {
  readonly #names: Names;
  readonly #rec = new Rec();
  #pid = -1;
  #sightings = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  /** The process that wrote last, -1 for nobody yet; null once nothing more will be seen. */
  get pid(): number | null {
    return this.#sightings >= MOST_SIGHTINGS ? null : this.#pid;
  }

  /** The event that another process than before wrote this line, or null. */
  see(bytes: Uint8Array, head: Head, timeMs: number): Rec | null {
    const pidAt = head.tagEnd + 1;
    const before = bytes[head.tagEnd];
    if (head.tagStart < 0 || (before !== OPEN && before !== SPACE)) return null;
    let pid = 0;
    let at = pidAt;
    for (; bytes[at]! >= 48 && bytes[at]! <= 57; at++) pid = pid * 10 + bytes[at]! - 48;
    if (at === pidAt || pid === this.#pid || this.#sightings >= MOST_SIGHTINGS) return null;
    this.#pid = pid;
    this.#sightings++;
    const host = head.hostStart < 0 ? "" : decodeText(bytes.subarray(head.hostStart, head.hostEnd));
    const tag = decodeText(bytes.subarray(head.tagStart, head.tagEnd));
    const rec = this.#rec;
    rec.reset();
    rec.kind = EVENT;
    rec.timeMs = timeMs;
    rec.event = Math.max(0, this.#names.internText(WORKER));
    rec.peer = Math.max(0, this.#names.internText(`${host} ${tag}[${pid}]`.trim()));
    return rec.peer === 0 ? null : rec;
  }
}
