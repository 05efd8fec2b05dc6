// The slow twin of compile-text.ts: the same plans, interpreted over a string, one obvious step after another.
import type { Plan, Step } from "../../src/grammar/plan.ts";

/** Spans as [start, end] pairs of character offsets, or the index of the field that failed. */
export type SlowResult =
  { readonly spans: readonly (readonly [number, number])[] } | { readonly failed: number };

const SHAPES: Readonly<Record<string, RegExp>> = {
  int: / *(?:[+-]?\d+|-)/y,
  seconds: /\d+\.\d{3}/y,
  number: /-?\d*(?:\.\d*)?/y,
  epoch: /-?\d*(?:\.\d*)?/y,
  "clf-time": /[^]{2}\/[^]{3}\/[^]{4}:[^]{2}:[^]{5} [^]{5}/y,
  "haproxy-time": /[^]{2}\/[^]{3}\/[^]{4}:[^]{2}:[^]{5}(?:\.\d*)?/y,
  "nginx-time": /[^]{4}\/[^]{2}\/[^]{2} [^]{2}:[^]{5}/y,
};

/** Items between `, ` and ` : `, up to a blank, a comma or the next literal. */
function listUntil(until: string): RegExp {
  const item = `[^ ,${until === "" ? "" : `\\x${until.charCodeAt(0).toString(16).padStart(2, "0")}`}]*`;
  return new RegExp(`${item}(?:(?:, | : )${item})*`, "y");
}

/** Matches a line (latin1 text) against a plan. */
export function scanSlow(plan: Plan, line: string): SlowResult {
  const spans: [number, number][] = plan.fields.map(() => [-1, -1]);
  let i = 0;
  for (let at = 0; at < plan.steps.length; at++) {
    const step = plan.steps[at]!;
    if (step.do === "literal") {
      const text = at === plan.steps.length - 1 ? step.text.trimEnd() : step.text;
      if (!line.startsWith(text, i)) return { failed: Math.max(0, step.before - 1) };
      i += text.length;
      continue;
    }
    const next = fieldEnd(step, line, i);
    if (next === null) return { failed: step.field };
    spans[step.field] = next.absent ? [-1, -1] : [next.start ?? i, next.end];
    if (step.do === "address") {
      const colon = line.slice(i, next.end).lastIndexOf(":");
      if (colon < 0) return { failed: step.field };
      spans[step.field] = [i, i + colon];
      spans[step.port] = [i + colon + 1, next.end];
    }
    i = next.next;
    if (step.do === "field" && step.stop.by === "tail") at++;
    if (step.do === "field" && step.stop.by === "quote" && i === line.length && step.stop.mayBeCut)
      at++;
  }
  while (line[i] === " ") i++;
  return i === line.length ? { spans } : { failed: plan.fields.length - 1 };
}

interface End {
  readonly start?: number;
  readonly end: number;
  readonly next: number;
  readonly absent?: boolean;
}

function fieldEnd(step: Exclude<Step, { do: "literal" }>, line: string, i: number): End | null {
  if (step.do === "address") {
    const stop = step.stop === "" ? -1 : line.indexOf(step.stop, i);
    const end = stop < 0 ? line.length : stop;
    return { end, next: end };
  }
  if (step.do === "captures") {
    const quote = step.quoted ? '"' : "";
    if (!line.startsWith(`${quote}{`, i)) return { end: -1, next: i, absent: true };
    let end = i + quote.length;
    while (
      end < line.length &&
      (line[end] !== "}" ||
        (end + 1 < line.length && line[end + 1] !== " " && line[end + 1] !== step.until))
    )
      end++;
    if (end === line.length) return null;
    end++;
    if (!line.startsWith(quote, end)) return null;
    const next = end + quote.length;
    return {
      start: i + quote.length,
      end,
      next: step.dropSpace && line[next] === " " ? next + 1 : next,
    };
  }
  const { stop, kind } = step;
  switch (stop.by) {
    case "shape": {
      const shape = kind === "list" ? listUntil(stop.until) : SHAPES[kind]!;
      shape.lastIndex = i;
      const match = shape.exec(line);
      if (match === null || (match[0] === "" && kind !== "list")) return null;
      return { end: i + match[0].length, next: i + match[0].length };
    }
    case "end":
      if (kind === "word" && i >= line.length) return null;
      if ((kind === "word" || kind === "user") && line.includes("\t", i)) return null;
      return { end: line.length, next: line.length };
    case "tail": {
      const text = stop.text.trimEnd();
      let end = line.length;
      while (end > i && line[end - 1] === " ") end--;
      const isFound = end - text.length >= i && line.slice(0, end).endsWith(text);
      const isOther = stop.isRequest && line.slice(i, end).includes('" ');
      if (isFound && isOther && !/^ ...P\//.test(line.slice(end - 10))) return null;
      if (isFound) return { end: end - text.length, next: end };
      return text === '"' && !line.slice(i).includes('"')
        ? { end: line.length, next: line.length }
        : null;
    }
    case "quote": {
      let end = i;
      while (end < line.length && line[end] !== '"')
        end += stop.escape === "json" && line[end] === "\\" ? 2 : 1;
      if (end < line.length) return { end, next: end };
      return stop.mayBeCut ? { end: line.length, next: line.length } : null;
    }
    case "literal": {
      const end = line.indexOf(stop.text, i);
      const isClean = ![...stop.without].some((byte) => line.slice(i, end).includes(byte));
      return end < 0 || !isClean ? null : { end, next: end };
    }
    case "byte": {
      let end = i;
      while (end < line.length && line[end] !== stop.text[0] && line[end] !== " ") end++;
      return { end, next: end };
    }
  }
}
