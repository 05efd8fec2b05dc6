// The lines of a sample: the first ones and some of all others, so that what a log begins with does not decide alone.
import { behindMarks, BSD_TIME, Head, ISO_TIME, NO_TIME, peel } from "../input/index.ts";
import { signed } from "./may-fit.ts";
import { decodeText } from "./names.ts";
import type { SampleLine } from "./trial.ts";

/** Lines looked at: from the start, and spread over the rest. */
const FIRST_LINES = 200;
const SPREAD_LINES = 200;

/**
 * The lines to look at, blank ones left out.
 * @param isUnwrapped true where every line has a head of ours, which is no part of it.
 */
export function sampleLines(bytes: Uint8Array, isUnwrapped: boolean): SampleLine[] {
  const lines: SampleLine[] = [];
  const head = new Head();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [from, end] of chosen(bounds(bytes))) {
    const start = behindMarks(bytes, from, end);
    let stop = end;
    while (stop > start && bytes[stop - 1] === 13) stop--;
    const isPeeled = peel(bytes, start, stop, head);
    const message = isPeeled ? head.message : start;
    const first = isUnwrapped ? message : start;
    lines.push({
      ...signed(buffer.subarray(first, stop)),
      start: first,
      message,
      end: stop,
      hasZone: isPeeled && head.timeKind === ISO_TIME,
      hasTime: isPeeled && head.timeKind !== NO_TIME,
      program: isPeeled ? programOf(bytes, head) : "",
      covered: false,
      isBare: false,
    });
  }
  return lines;
}

/** Named behind a stamp that no format of a proxy begins with, or behind any stamp and with a process id. */
function programOf(bytes: Uint8Array, { timeKind, tagStart, tagEnd }: Head): string {
  const isWhole = timeKind === BSD_TIME || (timeKind !== NO_TIME && bytes[tagEnd] === 91);
  return tagStart >= 0 && isWhole ? decodeText(bytes.subarray(tagStart, tagEnd)) : "";
}

/** What stands between the words at a line's beginning: lines of one format mostly agree in it. */
export function shapeOf(bytes: Uint8Array, start: number, end: number): string {
  return decodeText(bytes.subarray(start, Math.min(end, start + SHAPED))).replaceAll(
    /[A-Za-z0-9_]+/g,
    "a",
  );
}

const SHAPED = 120;

/** Uncovered lines, one of each shape, the commonest shape first. */
export function commonShapes(bytes: Uint8Array, lines: readonly SampleLine[]): SampleLine[] {
  const shapes = new Map<string, { readonly line: SampleLine; count: number }>();
  for (const line of lines) {
    if (line.covered) continue;
    const shape = shapeOf(bytes, line.message, line.end).slice(0, SHAPE_LENGTH);
    const known = shapes.get(shape);
    if (known === undefined) shapes.set(shape, { line, count: 1 });
    else known.count++;
  }
  return [...shapes.values()].sort((a, b) => b.count - a.count).map(({ line }) => line);
}

const SHAPE_LENGTH = 30;

/** Start and end of every line that is not blank. */
function bounds(bytes: Uint8Array): [number, number][] {
  const found: [number, number][] = [];
  for (let start = 0; start < bytes.length;) {
    let end = bytes.indexOf(10, start);
    if (end < 0) end = bytes.length;
    let content = end;
    while (content > start && bytes[content - 1]! <= 32) content--;
    if (content > start) found.push([start, end]);
    start = end + 1;
  }
  return found;
}

function chosen<T>(all: readonly T[]): readonly T[] {
  if (all.length <= FIRST_LINES + SPREAD_LINES) return all;
  const rest = all.length - FIRST_LINES;
  return [
    ...all.slice(0, FIRST_LINES),
    ...Array.from(
      { length: SPREAD_LINES },
      (_, k) => all[FIRST_LINES + Math.floor((k * rest) / SPREAD_LINES)]!,
    ),
  ];
}

/** A brace alone could be a name that somebody blotted out: `{client-ip}:51893`. */
export function isObject(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  return bytes[at] === 123 && (next === 34 || next === 32 || next === 125);
}
