// JSON around a line, as Docker, journald and log collectors write it: finds the line, its time and its host, byte by byte.
import { ROOT, type KeyNode } from "./envelope-keys.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const COMMA = 44;
const COLON = 58;

/** Values found in one object, as spans of its bytes; -1 where absent. Reused line after line. */
export class JsonEnvelope {
  /** The line: the inside of a string, or an object, or a list of byte values. */
  textStart = -1;
  textEnd = -1;
  textKind: "string" | "object" | "bytes" = "string";
  timeStart = -1;
  timeEnd = -1;
  hostStart = -1;
  hostEnd = -1;
  tagStart = -1;
  tagEnd = -1;
  pidStart = -1;
  pidEnd = -1;
  streamStart = -1;
  streamEnd = -1;
  /** True where the writer says that the line goes on in its next one. */
  isPart = false;
  /** Ranks of what was found: the smallest wins. */
  #textRank = Infinity;
  #timeRank = Infinity;
  #hostRank = Infinity;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;

  /**
   * Looks into the object at `bytes[start, end)`.
   * @returns false where this is no whole object, or none that wraps a line.
   */
  find(bytes: Uint8Array, start: number, end: number): boolean {
    this.textStart = this.timeStart = this.hostStart = this.tagStart = -1;
    this.pidStart = this.streamStart = -1;
    this.isPart = false;
    this.#textRank = this.#timeRank = this.#hostRank = Infinity;
    this.#bytes = bytes;
    this.#end = end;
    const behind = this.#object(start, ROOT);
    return behind >= 0 && this.#blank(behind) >= end && this.textStart >= 0;
  }

  /** Reads an object whose keys `node` tells the meaning of; null where none has any. @returns behind it, or -1 */
  #object(start: number, node: KeyNode | null): number {
    const b = this.#bytes;
    let i = this.#blank(start + 1);
    if (b[i] === CLOSE) return i + 1;
    while (i < this.#end && b[i] === QUOTE) {
      const keyEnd = this.#string(i);
      if (keyEnd < 0) return -1;
      const known = node === null ? undefined : meaning(node, b, i + 1, keyEnd - 1);
      i = this.#blank(keyEnd);
      if (b[i] !== COLON) return -1;
      i = this.#blank(i + 1);
      const behind = this.#value(i, known);
      if (behind < 0) return -1;
      i = this.#blank(behind);
      if (b[i] === CLOSE) return i + 1;
      if (b[i] !== COMMA) return -1;
      i = this.#blank(i + 1);
    }
    return -1;
  }

  #value(start: number, known: KeyNode | undefined): number {
    switch (this.#bytes[start]) {
      case QUOTE: {
        const behind = this.#string(start);
        if (behind >= 0 && known !== undefined) this.#keep(known, start + 1, behind - 1, "string");
        return behind;
      }
      case OPEN: {
        const behind = this.#object(start, known?.inside ?? null);
        if (behind >= 0 && known?.object !== undefined && known.object < this.#textRank)
          this.#keepText(known.object, start, behind, "object");
        return behind;
      }
      case OPEN_LIST:
        return this.#list(start, known);
      default: {
        const behind = this.#word(start);
        if (behind > start && known !== undefined && known.role === "time")
          this.#keep(known, start, behind, "string");
        return behind > start ? behind : -1;
      }
    }
  }

  /** A list: of byte values where it is a journal's text, of one string where Kibana lists fields. */
  #list(start: number, known: KeyNode | undefined): number {
    const b = this.#bytes;
    let i = this.#blank(start + 1);
    if (b[i] === CLOSE_LIST) return i + 1;
    let first = true;
    const isNumber = b[i]! >= 48 && b[i]! <= 57;
    while (i < this.#end) {
      const behind = this.#value(i, first && !isNumber ? known : undefined);
      if (behind < 0) return -1;
      first = false;
      i = this.#blank(behind);
      if (b[i] === CLOSE_LIST) {
        if (isNumber && known?.role === "text") this.#keep(known, start + 1, i, "bytes");
        return i + 1;
      }
      if (b[i] !== COMMA) return -1;
      i = this.#blank(i + 1);
    }
    return -1;
  }

  #keep(known: KeyNode, start: number, end: number, kind: JsonEnvelope["textKind"]): void {
    if (known.role === "text") {
      if (end > start && (known.rank < this.#textRank || this.textKind === "object"))
        this.#keepText(known.rank, start, end, kind);
    } else if (known.role === "time") {
      if (known.rank >= this.#timeRank) return;
      this.#timeRank = known.rank;
      this.timeStart = start;
      this.timeEnd = end;
    } else if (known.role === "host") {
      if (known.rank >= this.#hostRank || end === start) return;
      this.#hostRank = known.rank;
      this.hostStart = start;
      this.hostEnd = end;
    } else if (known.role === "tag") {
      this.tagStart = start;
      this.tagEnd = end;
    } else if (known.role === "pid") {
      this.pidStart = start;
      this.pidEnd = end;
    } else if (known.role === "stream") {
      this.streamStart = start;
      this.streamEnd = end;
    } else if (known.role === "part") this.isPart = this.#bytes[start] === 116; /* true */
  }

  #keepText(rank: number, start: number, end: number, kind: JsonEnvelope["textKind"]): void {
    this.#textRank = rank;
    this.textStart = start;
    this.textEnd = end;
    this.textKind = kind;
  }

  /** Behind the closing quote of the string at `start`; -1 where it is not closed. */
  #string(start: number): number {
    const b = this.#bytes;
    for (let i = start + 1; i < this.#end; i++) {
      const c = b[i]!;
      if (c === BACKSLASH) i++;
      else if (c === QUOTE) return i + 1;
    }
    return -1;
  }

  /** Behind a number, `true`, `false` or `null`. */
  #word(start: number): number {
    let i = start;
    for (; i < this.#end; i++) {
      const c = this.#bytes[i]!;
      if (c <= 32 || c === COMMA || c === CLOSE || c === CLOSE_LIST) break;
    }
    return i;
  }

  #blank(start: number): number {
    let i = start;
    while (i < this.#end && this.#bytes[i]! <= 32) i++;
    return i;
  }
}

/** What a key means among its siblings. */
function meaning(node: KeyNode, b: Uint8Array, start: number, end: number): KeyNode | undefined {
  const candidates = node.byLength[end - start];
  if (candidates === undefined) return undefined;
  for (const { key, node: found } of candidates) {
    let k = 0;
    while (k < key.length && b[start + k] === key[k]) k++;
    if (k === key.length) return found;
  }
  return undefined;
}

const SHORT: Readonly<Record<number, number>> = {
  98: 8,
  102: 12,
  110: 10,
  114: 13,
  116: 9,
};

/**
 * Writes the inside of a JSON string to `out` from `at` on, escapes undone; there must be room for as many bytes as the
 * string has. Half a surrogate pair becomes U+FFFD.
 * @returns where it ends
 */
export function unescapeJson(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  let o = at;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c !== BACKSLASH) {
      out[o++] = c;
      continue;
    }
    const escaped = bytes[++i]!;
    if (escaped !== 117 /* u */) {
      out[o++] = SHORT[escaped] ?? escaped;
      continue;
    }
    let code = hex4(bytes, i + 1, end);
    i += 4;
    if (code >= 0xd800 && code < 0xdc00 && bytes[i + 1] === BACKSLASH && bytes[i + 2] === 117) {
      const low = hex4(bytes, i + 3, end);
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i += 6;
      }
    }
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    o = putUtf8(code, out, o);
  }
  return o;
}

function putUtf8(code: number, out: Uint8Array, at: number): number {
  let o = at;
  if (code < 0x80) out[o++] = code;
  else if (code < 0x800) {
    out[o++] = 0xc0 | (code >> 6);
    out[o++] = 0x80 | (code & 63);
  } else {
    if (code < 0x10000) out[o++] = 0xe0 | (code >> 12);
    else {
      out[o++] = 0xf0 | (code >> 18);
      out[o++] = 0x80 | ((code >> 12) & 63);
    }
    out[o++] = 0x80 | ((code >> 6) & 63);
    out[o++] = 0x80 | (code & 63);
  }
  return o;
}

/** Four hexadecimal digits; U+FFFD where they are none. */
function hex4(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < start + 4; i++) {
    const c = i < end ? bytes[i]! : 0;
    const digit =
      c >= 48 && c <= 57 ? c - 48 : (c | 32) >= 97 && (c | 32) <= 102 ? (c | 32) - 87 : -1;
    if (digit < 0) return 0xfffd;
    value = 16 * value + digit;
  }
  return value;
}
