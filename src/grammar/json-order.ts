// In which order a log writes its JSON members: learned from lines, for wasm-json.ts. Only a guess: what it does not fit is
// read by compile-json.ts.
import { stringEnd } from "./json-string.ts";
import { AREA, MAX_MEMBERS, MEMBER } from "./quick-area.ts";

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const CLOSE = 125;
/** Lines that are learned from; a log that still has others follows no order. */
const LESSONS = 200;

interface Member {
  /** With its quotes and colon. */
  readonly key: Buffer;
  /** The field it holds, -1 for none. */
  readonly field: number;
}

/** The order of one format's members, and its table in the memory. */
export class JsonOrder {
  readonly #bytes: Buffer;
  readonly #at: number;
  readonly #spansAt: number;
  readonly #fieldAt: (bytes: Uint8Array, start: number, end: number) => number;
  #members: Member[] = [];
  #lessons = 0;

  /** @param fieldAt the field that a key holds, by the key's place. */
  constructor(
    bytes: Buffer,
    area: number,
    spansAt: number,
    fieldAt: (bytes: Uint8Array, start: number, end: number) => number,
  ) {
    this.#bytes = bytes;
    this.#at = area + AREA.members;
    this.#spansAt = spansAt;
    this.#fieldAt = fieldAt;
  }

  /** Lets it learn again; what it knows stays. */
  reset(): void {
    this.#lessons = 0;
  }

  /** Learns from a line that begins somewhere behind `start`; from one with nested values nothing. */
  learn(start: number, end: number): void {
    if (this.#lessons++ >= LESSONS) return;
    const line = this.#membersOf(start, end);
    if (line === null) return;
    const members = merged(this.#members, line);
    if (members.length > MAX_MEMBERS) return;
    this.#members = members;
    this.#bytes.writeInt32LE(members.length, this.#at);
    for (const [index, { key, field }] of members.entries()) {
      const at = this.#at + MEMBER.first + MEMBER.bytes * index;
      this.#bytes.writeInt32LE(field < 0 ? -1 : this.#spansAt + 8 * field, at + MEMBER.spans);
      this.#bytes.writeInt32LE(key.length, at + MEMBER.length);
      this.#bytes.set(key, at + MEMBER.key);
    }
  }

  /** The members of a flat object without oddities, else null. */
  #membersOf(start: number, end: number): Member[] | null {
    const bytes = this.#bytes;
    const open = bytes.indexOf(123, start);
    if (open < 0 || open >= end) return null;
    const found: Member[] = [];
    for (let i = open + 1; ;) {
      i = behindBlanks(bytes, i, end);
      const from = i;
      if (bytes[i] !== QUOTE) return null;
      for (i++; i < end && bytes[i] !== QUOTE; i++)
        if (bytes[i] === 92 || bytes[i]! < 32) return null;
      if (i + 1 >= end || bytes[i + 1] !== COLON || i + 2 - from > MEMBER.longestKey) return null;
      const field = this.#fieldAt(bytes, from + 1, i);
      found.push({ key: Buffer.from(bytes.subarray(from, i + 2)), field });
      i = behindBlanks(bytes, i + 2, end);
      if (bytes[i] === QUOTE) i = stringEnd(bytes, i + 1, end) + 1;
      else if (bytes[i] === 123 || bytes[i] === 91) return null;
      else while (i < end && bytes[i] !== COMMA && bytes[i] !== CLOSE) i++;
      i = behindBlanks(bytes, i, end);
      if (i >= end || (bytes[i] !== COMMA && bytes[i] !== CLOSE)) return null;
      if (bytes[i++] === CLOSE) return found;
    }
  }
}

function behindBlanks(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i]! <= 32) i++;
  return i;
}

/** Both orders in one; only the line's where they contradict each other. */
function merged(known: readonly Member[], line: readonly Member[]): Member[] {
  const all = [...known];
  let place = 0;
  for (const member of line) {
    const at = all.findIndex(({ key }) => key.equals(member.key));
    if (at >= 0 && at < place) return [...line];
    if (at < 0) all.splice(place, 0, member);
    place = (at < 0 ? place : at) + 1;
  }
  return all;
}
