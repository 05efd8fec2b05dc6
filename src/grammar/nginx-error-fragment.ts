// Reads nginx error lines that have lost the time before them: pasted into a ticket, cut by a collector, or kept by a journal.
//
// What is left must be unmistakable: the process's numbers, or the client and the server that nginx names behind a message.
import { bytesOf, indexOf, isAt, isDigit } from "./find-bytes.ts";
import { CLIENT_KEY, SERVER_KEY } from "./nginx-error-context.ts";
import { CID, FAILURE, FIELDS, LEVEL } from "./nginx-error-fields.ts";
import { scanLevel, scanMessage, scanProcess } from "./nginx-error.ts";
import type { Scanner } from "./scanner.ts";

const HASH = 35;
const CLOSE = bytesOf("] ");
const PROGRAM = bytesOf("nginx: ");
const TOLD = ["configuration file ", "the configuration file "].map(bytesOf);

/** The scanner of nginx error lines without their time: what they have of a time stands in an envelope. */
export function nginxErrorFragmentScanner(): Scanner {
  const fields = FIELDS.map((field) =>
    field.name === "time" ? ({ name: "time", kind: "text" } as const) : field,
  );
  return { fields, scan: scanFragment };
}

function scanFragment(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  spans.fill(-1, 0, FAILURE);
  const message = headEnd(bytes, behindClock(bytes, start, end), end, spans);
  if (message < 0 || message >= end) {
    spans[FAILURE] = start;
    return 0;
  }
  scanMessage(bytes, message, end, spans);
  return -1;
}

/** Behind `13:43:48 `, what is left of a time whose date was cut off; else `start`. */
function behindClock(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 9 || bytes[start + 8] !== 32) return start;
  for (let i = 0; i < 8; i++) {
    const c = bytes[start + i]!;
    if (i % 3 === 2 ? c !== 58 : !isDigit(c)) return start;
  }
  return start + 9;
}

/** Where the message begins, or -1. */
function headEnd(bytes: Uint8Array, start: number, end: number, spans: Int32Array): number {
  // `nginx: [emerg] …`: what it tells whoever starts it.
  if (isAt(PROGRAM, bytes, start, end)) {
    const at = start + PROGRAM.length;
    return TOLD.some((text) => isAt(text, bytes, at, end)) ? at : scanLevel(bytes, at, end, spans);
  }
  const leveled = scanLevel(bytes, start, end, spans);
  if (leveled < 0) spans[LEVEL] = spans[LEVEL + 1] = -1;
  const at = scanProcess(bytes, Math.max(start, leveled), end, spans);
  if (at >= 0 && (leveled >= 0 || spans[CID]! >= 0)) return at;
  spans.fill(-1, 0, FAILURE);
  return isMessage(bytes, start, end) ? start : -1;
}

/** True for a text that begins with a letter, has nginx's context, and is no line whose head was damaged. */
function isMessage(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start]! | 32;
  if (first < 97 || first > 122) return false;
  const client = indexOf(CLIENT_KEY, bytes, start, end);
  if (client < start + 2 || bytes[client - 2] !== 44) return false;
  if (indexOf(SERVER_KEY, bytes, client, end) < 0) return false;
  for (let at = indexOf(CLOSE, bytes, start, client); at >= 0;) {
    let i = at + CLOSE.length;
    while (i < client && isDigit(bytes[i]!)) i++;
    if (i > at + CLOSE.length && bytes[i] === HASH) return false;
    at = indexOf(CLOSE, bytes, i, client);
  }
  return true;
}
