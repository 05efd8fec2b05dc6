// What an unknown tail behind httplog says about the connection to the server: `bc_err=ERESET tev={,,e1,S5s1,E6E1,M6M1,F3}`.
import { isDigit } from "../grammar/index.ts";
import type { ErrorGroup } from "./haproxy-knowledge.ts";

const SPACE = 32;
const EQUALS = 61;
const COLON = 58;
const OPEN = 123;
const CLOSE = 125;
const COMMA = 44;
const SEMICOLON = 59;
const PIPE = 124;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Keys under which people log errors of the server's side, of connection and TLS. */
const SERVER_SIDE = ["bc_", "be_", "ssl_bc", "sslbc", "backend", "server", "srv"].map(encode);
const CFG = encode(".cfg:");
const ORDERLY = encode("Success/-");

/** Known words, longest first: `SSL_MISMATCH_SNI` before `SSL_MISMATCH`. */
interface Word {
  readonly bytes: Uint8Array;
  readonly error: string;
}

/** Reads tails, one after another; nothing is made per line. */
export class HaproxyTail {
  /** The group of the error with the server; "" where none is told. */
  error = "";
  /** Where term_events stands, -1 for nowhere. */
  eventsStart = -1;
  eventsEnd = -1;
  /** True where the name of a configuration file and a line tell which rule was the last. */
  isRule = false;
  readonly #words: readonly Word[];

  constructor(groups: readonly ErrorGroup[]) {
    this.#words = groups
      .filter(({ error }) => error !== "none" && error !== "other")
      .flatMap(({ error, names, texts }) =>
        [...names, ...texts.filter((text) => text.length > 3)].map((text) => ({
          bytes: encode(text),
          error,
        })),
      )
      .sort((a, b) => b.bytes.length - a.bytes.length);
  }

  /** Looks through `bytes[start, end)`. */
  read(bytes: Uint8Array, start: number, end: number): void {
    this.error = "";
    this.isRule = false;
    this.eventsStart = this.eventsEnd = -1;
    let isServer = false;
    for (let at = start; at < end; at++) {
      const c = bytes[at]!;
      if (c === EQUALS || c === COLON) isServer = isServerKey(bytes, start, at);
      if (c === OPEN) this.#events(bytes, at, end);
      if (c === CFG[0] && startsWith(CFG, bytes, at, end))
        this.isRule = isDigit(bytes[at + CFG.length] ?? 0);
      // A word begins behind whatever is no letter.
      if (at > start && isLetter(bytes[at - 1]!)) continue;
      if (isServer && this.error === "" && isLetter(c)) this.error = this.#errorAt(bytes, at, end);
    }
  }

  #errorAt(bytes: Uint8Array, at: number, end: number): string {
    for (const { bytes: word, error } of this.#words)
      if (startsWith(word, bytes, at, end)) return error;
    // Only versions that log a name as well can tell a reset from a close.
    return startsWith(ORDERLY, bytes, at, end) ? "none" : "";
  }

  /** `{…}` with six commas is term_events, whatever its key. */
  #events(bytes: Uint8Array, start: number, end: number): void {
    let commas = 0;
    let at = start + 1;
    while (at < end && bytes[at] !== CLOSE && bytes[at] !== SPACE)
      if (bytes[at++] === COMMA) commas++;
    if (commas !== 6 || bytes[at] !== CLOSE) return;
    this.eventsStart = start;
    this.eventsEnd = at + 1;
  }
}

/** Whether the word before a `=` or `:` begins as a key of the server's side. */
function isServerKey(bytes: Uint8Array, start: number, at: number): boolean {
  let from = at;
  while (from > start && !isGap(bytes[from - 1]!)) from--;
  return SERVER_SIDE.some((key) => startsWith(key, bytes, from, at));
}

function isGap(c: number): boolean {
  return c === SPACE || c === PIPE || c === COMMA || c === SEMICOLON || c === 34 || c === 91;
}

function startsWith(text: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + text.length > end) return false;
  for (let k = 0; k < text.length; k++) if (bytes[at + k] !== text[k]) return false;
  return true;
}

function isLetter(c: number): boolean {
  return (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
}
