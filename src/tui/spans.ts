// A screen line as data: runs of text, each with the tone it is said in.

/** What a run of text is for; paint.ts knows how that looks. */
export type Tone = "plain" | "strong" | "faint" | "bad" | "warn" | "good" | "accent";

/** A run of text in one tone. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of the screen. */
export type Line = readonly Span[];

/** A run of text. */
export function span(text: string, tone: Tone = "plain"): Span {
  return { text, tone };
}

/** A line of one tone. */
export function line(text: string, tone: Tone = "plain"): Line {
  return [span(text, tone)];
}

/** An empty line. */
export const BLANK: Line = [];
