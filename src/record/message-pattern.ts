// How a catalogue entry is laid over a message: literal segments around holes.
import { decodeText } from "./names.ts";

const LONGEST_STEM = 64;

/** A rule's text, cut at its holes. */
export interface Pattern {
  readonly segments: readonly Uint8Array[];
  /** Whether the hole behind segment i belongs to the code. */
  readonly kept: readonly boolean[];
  readonly openStart: boolean;
  readonly keepsStart: boolean;
  readonly openEnd: boolean;
}

/** Reads a rule's text. */
export function patternOf(text: string): Pattern {
  const encoder = new TextEncoder();
  const segments: Uint8Array[] = [];
  const kept: boolean[] = [];
  for (const part of text.split(/(\*+)/)) {
    if (part === "") continue;
    if (part.startsWith("*")) {
      if (segments.length > 0) kept[segments.length - 1] = part.length > 1;
    } else {
      segments.push(encoder.encode(part));
      kept.push(false);
    }
  }
  return {
    segments,
    kept,
    openStart: text.startsWith("*"),
    keepsStart: text.startsWith("**"),
    openEnd: text.endsWith("*"),
  };
}

/** Whether a text fits. Where each segment begins is found leftmost, save the last one of a closed pattern, which must end the text. */
export function matches(pattern: Pattern, bytes: Uint8Array, start: number, end: number): boolean {
  const { segments } = pattern;
  let at = start;
  for (let k = 0; k < segments.length; k++) {
    const segment = segments[k]!;
    const isLast = k === segments.length - 1;
    if (isLast && !pattern.openEnd) {
      const from = end - segment.length;
      return (
        from >= at && isAt(segment, bytes, from, end) && (k > 0 || pattern.openStart || from === at)
      );
    }
    const found =
      k === 0 && !pattern.openStart
        ? isAt(segment, bytes, at, end)
          ? at
          : -1
        : indexOf(segment, bytes, at, end);
    if (found < 0) return false;
    at = found + segment.length;
  }
  return true;
}

/** The literal pieces and the holes that belong to the code. */
export function filled(pattern: Pattern, bytes: Uint8Array, start: number, end: number): string {
  const { segments, kept } = pattern;
  let text = "";
  let at = start;
  for (let k = 0; k < segments.length; k++) {
    const segment = segments[k]!;
    const closing = k === segments.length - 1 && !pattern.openEnd;
    const found = closing ? end - segment.length : indexOf(segment, bytes, at, end);
    const isKept = k > 0 ? kept[k - 1] === true : pattern.keepsStart;
    text += isKept ? decodeText(bytes.subarray(at, found)) : " ";
    text += decodeText(segment);
    at = found + segment.length;
  }
  if (kept.at(-1) === true) text += decodeText(bytes.subarray(at, Math.min(end, at + 160)));
  return tidy(text);
}

/** A message nobody described: its beginning, up to the first number, quote or path. */
export function stem(bytes: Uint8Array, start: number, end: number): string {
  const most = Math.min(end, start + LONGEST_STEM);
  let at = start;
  while (at < most) {
    const c = bytes[at]!;
    if ((c >= 48 && c <= 57) || c === 34 || c === 47 || c < 32 || c > 126) break;
    at++;
  }
  return tidy(decodeText(bytes.subarray(start, at)));
}

/** One blank for many, and no dangling punctuation. */
export function tidy(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\s:,"(#]+$/, "")
    .trim();
}

function isAt(segment: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + segment.length > end) return false;
  for (let i = 0; i < segment.length; i++) if (bytes[at + i] !== segment[i]) return false;
  return true;
}

function indexOf(segment: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
  if (from > end) return -1;
  const found = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).indexOf(segment);
  return found < 0 ? -1 : from + found;
}
