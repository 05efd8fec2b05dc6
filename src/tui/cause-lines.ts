// Causes with their bars, the evidence for and against, and what to do about each.
import type { Cause, Evidence, Incident } from "../incident/index.ts";
import { items, labelled, paragraph } from "./labelled.ts";
import { bar } from "./sparkline.ts";
import { BLANK, span, type Line } from "./spans.ts";
import { fit } from "./text-width.ts";
import { sureness, formatProbability } from "./wording.ts";

const NAME_COLUMNS = 20;

/** The causes in short: bars for the first few, evidence for the likeliest. */
export function causeSummary(incident: Incident, width: number): readonly Line[] {
  const [first, ...others] = incident.causes;
  if (first === undefined) {
    return paragraph("why", "unknown: nothing in the log tells the cause", width, "warn");
  }
  return [
    causeBar("why", first, width),
    ...evidence(first.for.slice(0, 3), "+ ", width),
    ...evidence(first.against.slice(0, 2), "− ", width),
    ...others.slice(0, 2).map((each) => causeBar("", each, width)),
  ];
}

/** Every cause in full. */
export function causePage(incident: Incident, width: number): readonly Line[] {
  if (incident.causes.length === 0) {
    return paragraph("why", "unknown: nothing in the log tells the cause", width, "warn");
  }
  return incident.causes.flatMap((each) => [
    causeBar("why", each, width),
    ...evidence(each.for, "+ ", width),
    ...evidence(each.against, "− ", width),
    ...items("check", each.check, width),
    ...items("fix", each.fix, width),
    ...items("prevent", each.prevent, width),
    ...(each.visitor === "" ? [] : items("visitor", [each.visitor], width)),
    BLANK,
  ]);
}

function causeBar(label: string, cause: Cause, width: number): Line {
  const room = Math.min(20, Math.max(6, width - 50));
  return labelled(
    label,
    span(fit(cause.cause, NAME_COLUMNS) + " ", "strong"),
    span(fit(bar(cause.probability, room), room) + " ", "accent"),
    span(`${formatProbability(cause.probability)} ${sureness(cause)}`),
  );
}

function evidence(list: readonly Evidence[], mark: string, width: number): readonly Line[] {
  return list.flatMap((each) => paragraph("", each.text, width, "plain", mark));
}

/** What to look at first. */
export function nextLines(incident: Incident, width: number): readonly Line[] {
  const texts = incident.next.length > 0 ? incident.next : (incident.causes[0]?.check ?? []);
  return items("next", texts, width, "", "strong");
}
