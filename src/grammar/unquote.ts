// Undoes a configuration file's quoting, keeping for every character where it stood, so that carets
// point into what was pasted.
import { TextError } from "./ast.ts";

/**
 * A text, and where each of its characters stood in the text somebody typed; one offset more than
 * characters.
 */
export interface Sourced {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** The part of a text from `start` to `end`, unchanged. */
export function sourced(text: string, start = 0, end = text.length): Sourced {
  const offsets = Array.from({ length: end - start + 1 }, (_, i) => start + i);
  return { text: text.slice(start, end), offsets };
}

const CONTROL: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Undoes HAProxy's quoting from `start` on (doc, 2.2 "Quoting and escaping"): strong and weak
 * quotes anywhere, a backslash before ` # \ " ' n r t xHH` outside strong ones; a `#` at a word's
 * start ends the text.
 * @throws TextError for a quote that is never closed.
 */
export function unquoteHaproxy(source: string, start = 0): Sourced {
  let text = "";
  const offsets: number[] = [];
  let quote = "";
  let opened = 0;
  // Blanks that are neither quoted nor escaped do not count at the end.
  let solid = 0;
  for (let i = start; i < source.length; i++) {
    const c = source[i]!;
    if (c === quote) quote = "";
    else if (quote === "" && (c === '"' || c === "'")) {
      quote = c;
      opened = i;
    } else if (quote === "" && c === "#" && /\s/.test(source[i - 1] ?? " ")) break;
    else if (c === "\\" && quote !== "'") {
      const escape = /^(?:x([0-9A-Fa-f]{2})|[ #\\"'nrt])/.exec(source.slice(i + 1, i + 4));
      const next = source[i + 1];
      offsets.push(i);
      if (escape === null) text += c;
      else if (escape[1] !== undefined) text += String.fromCharCode(Number.parseInt(escape[1], 16));
      else text += CONTROL[next!] ?? next!;
      i += escape === null ? 0 : escape[0].length;
      solid = text.length;
    } else {
      offsets.push(i);
      text += c;
      if (quote !== "" || !/\s/.test(c)) solid = text.length;
    }
  }
  if (quote !== "") throw new TextError("this quote is never closed", source, opened);
  offsets.push(source.length);
  return { text: text.slice(0, solid), offsets };
}

/** Undoes the quotes of a JSON or YAML string around a whole text: `"a \"b\"\n"`. */
export function unquoteString(source: string): Sourced {
  let text = "";
  const offsets: number[] = [];
  const start = source.indexOf('"') + 1;
  const end = source.lastIndexOf('"');
  for (let i = start; i < end; i++) {
    offsets.push(i);
    if (source[i] !== "\\") text += source[i]!;
    else {
      const next = source[++i]!;
      text += CONTROL[next] ?? (next === '"' || next === "\\" || next === "/" ? next : `\\${next}`);
      if (text.length > offsets.length) offsets.push(i);
    }
  }
  offsets.push(end);
  return { text, offsets };
}

/** A bare text in which control characters are spelled as configurations spell them: `\\t`, `\\n`, `\\r`. */
export function withControls(source: string): Sourced {
  let text = "";
  const offsets: number[] = [];
  for (let i = 0; i < source.length; i++) {
    offsets.push(i);
    const control = source[i] === "\\" ? CONTROL[source[i + 1] ?? ""] : undefined;
    text += control ?? source[i]!;
    if (control !== undefined) i++;
  }
  offsets.push(source.length);
  return { text, offsets };
}
