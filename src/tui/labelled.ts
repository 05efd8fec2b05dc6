// Labelled paragraphs: a word in the margin, the text beside it, wrapped under itself.
import { span, type Line, type Tone } from "./spans.ts";
import { fit, wrap } from "./text-width.ts";

/** Columns of the margin on every page. */
export const MARGIN = 9;

/** A line with its label in the margin; an empty label leaves the margin blank. */
export function labelled(label: string, ...spans: Line): Line {
  return [span(" " + fit(label, MARGIN - 1), "faint"), ...spans];
}

/** A text wrapped to `width` columns beside its label, the first words under `mark` where one is given. */
export function paragraph(
  label: string,
  text: string,
  width: number,
  tone: Tone = "plain",
  mark = "",
): readonly Line[] {
  return wrap(text, width - MARGIN - mark.length).map((row, i) =>
    labelled(
      i === 0 ? label : "",
      span(i === 0 ? mark : " ".repeat(mark.length), tone),
      span(row, tone),
    ),
  );
}

/** Several texts, one below the other, the label at the first. */
export function items(
  label: string,
  texts: readonly string[],
  width: number,
  mark = "",
  tone: Tone = "plain",
): readonly Line[] {
  return texts.flatMap((text, i) => paragraph(i === 0 ? label : "", text, width, tone, mark));
}
