// The pages of an incident's story as lines of text, whole: the views show a window of them.
import { count, escapeForTerminal } from "../report/index.ts";
import type { Incident } from "../incident/index.ts";
import { causePage, causeSummary, nextLines } from "./cause-lines.ts";
import { damageOf, titleOf, whenOf } from "./headline.ts";
import { labelled, paragraph } from "./labelled.ts";
import type { Model, Tab } from "./model.ts";
import { BLANK, span, type Line } from "./spans.ts";
import { fit, wrap } from "./text-width.ts";
import { timePage } from "./time-lines.ts";
import { scopeLines, stripLines, wherePage } from "./where-lines.ts";

const PEERS_IN_STORY = 8;

/** One page, headline included, at the model's width. */
export function pageLines(model: Model, incident: Incident, tab: Tab): readonly Line[] {
  const width = model.size.columns - 1;
  return [...headline(model, incident, width), BLANK, ...pageBody(model, incident, tab, width)];
}

function pageBody(model: Model, incident: Incident, tab: Tab, width: number): readonly Line[] {
  switch (tab) {
    case "story":
    case "lines":
      return storyPage(model, incident, width);
    case "causes":
      return causePage(incident, width);
    case "where":
      return wherePage(incident, width, model.zone);
    case "time":
      return timePage(model, incident, width);
  }
}

/** What, when and how bad, the first rows of every page. */
export function headline(model: Model, incident: Incident, width: number): readonly Line[] {
  const when = wrap(`${titleOf(model, incident)} · ${whenOf(model, incident)}`, width - 1);
  const damage = wrap(damageOf(model, incident), width - 1);
  return [
    ...when.map((text): Line => [span(" " + text, "strong")]),
    ...damage.map((text): Line => [span(" " + text, incident.ongoing ? "bad" : "plain")]),
  ];
}

function storyPage(model: Model, incident: Incident, width: number): readonly Line[] {
  return [
    ...nextLines(incident, width),
    ...reasonLines(model, incident, width),
    ...causeSummary(incident, width),
    ...scopeLines(incident, width),
    ...stripLines(incident, width, model.zone, PEERS_IN_STORY),
    ...statusLines(incident, width),
  ];
}

/** Each reason in words, with its count and the vendor's codes beside it. */
function reasonLines(model: Model, incident: Incident, width: number): readonly Line[] {
  const all = incident.reasons.reduce((sum, each) => sum + each.count, 0);
  return incident.reasons.flatMap((each, i) => {
    const words = model.words[each.reason];
    const codes = Object.entries(each.codes)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 4)
      .map(([code, times]) => `${escapeForTerminal(code)} ×${count(times)}`)
      .join("  ");
    const counted = `${count(each.count)} of ${count(all)}`;
    return [
      labelled(
        i === 0 ? "reason" : "",
        span(fit(each.reason, 20) + " ", "strong"),
        span(`${counted}  `),
        span(codes, "faint"),
      ),
      ...paragraph("", words.meaning, width),
    ];
  });
}

function statusLines(incident: Incident, width: number): readonly Line[] {
  const statuses = Object.entries(incident.statuses)
    .sort(([, a], [, b]) => b - a)
    .map(([status, times]) => `${status === "0" ? "none" : status} ×${count(times)}`)
    .join("  ");
  return statuses === "" ? [] : paragraph("status", statuses, width);
}
