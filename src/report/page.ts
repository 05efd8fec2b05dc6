// Lays styled text into lines of a fixed width; the only way to the terminal, so nothing gets there unescaped.
import { displayWidth, fitStart, padEnd, shorten } from "./display-width.ts";
import { escapeForTerminal, escapeToAscii } from "./escape.ts";

/** What a piece of text is; colour only repeats what the words say. */
export type Style = "plain" | "strong" | "bad" | "warn" | "good" | "faint";

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** Text with its style; a bare string is plain. */
export type Piece = Span | string;

/** How a text is laid out. */
export interface Layout {
  /** Columns of the terminal; no line is wider. */
  readonly width: number;
  readonly color: boolean;
  /** False for terminals that know only ASCII. */
  readonly unicode: boolean;
}

const SGR: Readonly<Record<Style, string>> = {
  plain: "",
  strong: "1",
  bad: "1;31",
  warn: "33",
  good: "32",
  faint: "2",
};

/** A piece of text in a style. */
export function styled(style: Style, text: string): Span {
  return { text, style };
}

const SPACE: Span = { text: " ", style: "plain" };

/** Narrower than this, indents and columns are dropped no further. */
const NARROWEST = 30;

/** Collects lines; escapes, wraps and colours them. */
export class Page {
  readonly width: number;
  readonly unicode: boolean;
  /** Columns before the text of a labelled entry. */
  readonly indent: number;
  readonly #color: boolean;
  #lines: string[] = [];

  constructor(layout: Layout) {
    this.width = Math.max(NARROWEST, Math.floor(layout.width));
    this.unicode = layout.unicode;
    this.#color = layout.color;
    this.indent = this.width < 72 ? 10 : 13;
  }

  /** Text as it will be printed, so that it can be measured. */
  clean(text: string): string {
    return this.unicode ? escapeForTerminal(text) : escapeToAscii(text);
  }

  /** Cleaned text of at most `columns`, cut in its middle. */
  shorten(text: string, columns: number): string {
    return shorten(this.clean(text), columns, this.unicode ? "…" : "...");
  }

  /** Columns that `pieces` take on one line. */
  measure(pieces: readonly Piece[]): number {
    return pieces.reduce((sum, piece) => sum + displayWidth(this.clean(textOf(piece))), 0);
  }

  blank(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== "") this.#lines.push("");
  }

  /** One paragraph, wrapped at spaces; its first line begins at `indent`, the others at `hang`. */
  text(pieces: readonly Piece[], indent = 0, hang = indent): void {
    const lines: Span[][] = [[]];
    let room = this.width - indent;
    for (const word of this.#words(pieces)) {
      const space = lines.at(-1)!.length > 0 ? 1 : 0;
      if (widthOf(word) + space <= room) {
        if (space > 0) lines.at(-1)!.push(SPACE);
        lines.at(-1)!.push(...word);
        room -= widthOf(word) + space;
        continue;
      }
      if (space > 0) {
        lines.push([]);
        room = this.width - hang;
      }
      for (const { text, style } of word) {
        for (let rest = text; rest !== "";) {
          const part = fitStart(rest, room);
          if (part === "") {
            lines.push([]);
            room = this.width - hang;
            continue;
          }
          lines.at(-1)!.push({ text: part, style });
          room -= displayWidth(part);
          rest = rest.slice(part.length);
        }
      }
    }
    lines.forEach((line, i) => this.#print(line, i === 0 ? indent : hang));
  }

  /** A line as it is: cut at its end when too wide, never wrapped. */
  row(pieces: readonly Piece[], indent = 0): void {
    const line: Span[] = [];
    let room = this.width - indent;
    for (const piece of pieces) {
      const text = fitStart(this.clean(textOf(piece)), room);
      room -= displayWidth(text);
      line.push({ text, style: styleOf(piece) });
    }
    this.#print(line, indent);
  }

  /** Two texts at the two ends of a line, or below each other where they do not fit. */
  pair(left: readonly Piece[], right: readonly Piece[], indent: number, hang: number): void {
    const gap = this.width - indent - this.measure(left) - this.measure(right);
    if (gap >= 2) this.text([...left, filler(gap), ...right], indent, hang);
    else {
      this.text(left, indent, hang);
      this.text(right, hang);
    }
  }

  /** A paragraph behind a label. */
  entry(label: string, pieces: readonly Piece[], style: Style = "faint"): void {
    const left = this.width < 72 ? 2 : 4;
    this.text(
      [styled(style, nbsp(padEnd(label, this.indent - left))), ...pieces],
      left,
      this.indent,
    );
  }

  /** A further paragraph below an entry. */
  more(pieces: readonly Piece[], extra = 0): void {
    this.text(pieces, this.indent, this.indent + extra);
  }

  /** Everything laid so far, each line ended. */
  toString(): string {
    const lines = this.#lines.at(-1) === "" ? this.#lines.slice(0, -1) : this.#lines;
    return lines.map((line) => `${line}\n`).join("");
  }

  /** The words of a paragraph; one word may change its style midway. */
  #words(pieces: readonly Piece[]): Span[][] {
    const words: Span[][] = [];
    let open = false;
    for (const piece of pieces) {
      const parts = this.clean(textOf(piece)).split(/ +/);
      parts.forEach((text, i) => {
        if (i > 0) open = false;
        if (text === "") return;
        const span = { text, style: styleOf(piece) };
        if (open) words.at(-1)!.push(span);
        else words.push([span]);
        open = true;
      });
    }
    return words;
  }

  #print(spans: readonly Span[], indent: number): void {
    let line = "";
    let open: Style = "plain";
    for (const { text, style } of spans) {
      if (style !== open && text !== " ") {
        line += this.#switch(open, style);
        open = style;
      }
      line += text.replaceAll("\u00a0", " ");
    }
    line = " ".repeat(indent) + line + this.#switch(open, "plain");
    this.#lines.push(line.replace(/ +$/, ""));
  }

  #switch(from: Style, to: Style): string {
    if (!this.#color || from === to) return "";
    const off = from === "plain" ? "" : "\x1b[0m";
    return to === "plain" ? off : `${off}\x1b[${SGR[to]}m`;
  }
}

/** `text` whose spaces neither wrap nor collapse. */
export function nbsp(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}

function widthOf(word: readonly Span[]): number {
  return word.reduce((sum, span) => sum + displayWidth(span.text), 0);
}

function filler(columns: number): string {
  return "\u00a0".repeat(columns);
}

function textOf(piece: Piece): string {
  return typeof piece === "string" ? piece : piece.text;
}

function styleOf(piece: Piece): Style {
  return typeof piece === "string" ? "plain" : piece.style;
}
