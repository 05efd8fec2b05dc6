// One line, or one bare code, in words for a terminal: its parts, the reason, who made it, what to look at next.
import {
  stageOf,
  type CodeMeaning,
  type ExplainedLine,
  type Maker,
  type Reason,
} from "../record/index.ts";
import { nbsp, Page, styled, type Layout } from "./page.ts";
import { displayWidth, padEnd } from "./display-width.ts";
import { count } from "./numbers.ts";
import type { Words } from "./words.ts";

/** How to show it, and what to say about reasons. */
export interface ExplainedView extends Layout {
  readonly words: Words;
  /** What to look at next, for a reason at a proxy, with an upstream's names filled in; null for placeholders. */
  readonly next: (
    reason: Reason,
    proxy: string,
    upstream: { readonly pool: string | null; readonly peer: string | null } | null,
  ) => readonly string[];
}

const LONGEST_LINE = 4000;
const LONGEST_VALUE = 28;
const LONGEST_NAME = 24;
const NEXT_STEPS = 3;

const MADE_BY: Readonly<Record<Maker, string>> = {
  proxy: "the proxy, which answered in its own words",
  upstream: "the upstream: it is its own answer",
  client: "the client",
  policy: "a rule of the proxy's configuration",
  unknown: "somebody this does not name",
};

/** The line, or as much of it as anyone looks at, and how long it is. */
function beginningOf(line: string): string {
  if (line.length <= LONGEST_LINE) return line;
  return `${line.slice(0, LONGEST_LINE)}… (${count(line.length)} characters)`;
}

/** A line under which its parts and their story stand. */
export function renderExplainedLine(
  line: string,
  explained: ExplainedLine,
  view: ExplainedView,
): string {
  const page = new Page(view);
  const { described, parts, sentences } = explained;
  const { record, failure, miss } = described;
  page.text([styled("strong", beginningOf(line))]);
  if (miss !== null || record === null) {
    page.entry("", [styled("bad", `not understood: ${miss?.why ?? ""}`)]);
    page.entry("next", [
      "why502 explain LINE --log-format '…' with the format of the proxy's configuration",
    ]);
    return page.toString();
  }
  const when =
    record.time === null ? "" : ` · ${record.time.replace("T", " ").replace("Z", " UTC")}`;
  page.text([`${described.format!} · ${described.kind!}${when}`], 2);
  if (described.certainty !== "certain")
    page.text(
      [`${described.certainty!}: no known format fits; --log-format says which value is what`],
      2,
    );
  partsOf(page, parts);
  page.blank();
  if (failure === null) {
    page.entry(described.kind === "event" ? "event" : "verdict", [
      styled(
        described.kind === "request" ? "good" : "plain",
        sentences[0] ?? "nothing failed here",
      ),
    ]);
    for (const sentence of sentences.slice(1)) page.more([sentence]);
    return page.toString();
  }
  verdict(page, failure.reason, failure.by, view, failure.masked);
  page.entry("why", [sentences[0] ?? ""]);
  for (const sentence of sentences.slice(1)) page.more([sentence], 2);
  outlook(page, failure.reason, described.proxy!, record, view);
  return page.toString();
}

/** A code and each of its meanings. */
export function renderCode(
  text: string,
  meanings: readonly CodeMeaning[],
  view: ExplainedView,
): string {
  const page = new Page(view);
  page.text([styled("strong", text)]);
  for (const meaning of meanings) {
    page.blank();
    page.text(
      [
        `${meaning.proxy} · ${meaning.what}`,
        ...(meaning.code === text ? [] : [` · ${meaning.code}`]),
      ],
      2,
    );
    page.entry("means", [meaning.meaning]);
    for (const other of meaning.otherwise) page.entry("or", [other]);
    if (meaning.reason !== null) verdict(page, meaning.reason, meaning.by, view, false);
    if (meaning.confusedWith !== null) page.entry("not", [meaning.confusedWith]);
    if (meaning.reason !== null) outlook(page, meaning.reason, meaning.proxy, null, view);
    if (meaning.source !== "") page.entry("source", [meaning.source]);
  }
  return page.toString();
}

/** The line taken apart: a value, the vendor's name for it, what it is. */
function partsOf(page: Page, parts: ExplainedLine["parts"]): void {
  const widest = (texts: readonly string[], most: number): number =>
    Math.min(most, Math.max(1, ...texts.map((text) => displayWidth(page.clean(text)))));
  const value = widest(
    parts.map(({ text }) => text),
    page.width < 72 ? 18 : LONGEST_VALUE,
  );
  const name = widest(
    parts.map((part) => part.name),
    page.width < 72 ? 16 : LONGEST_NAME,
  );
  parts.forEach((part, at) => {
    const isLast = at === parts.length - 1;
    const branch = page.unicode ? (isLast ? "└" : "├") : isLast ? "`" : "|";
    const shown = (text: string, columns: number): string =>
      nbsp(padEnd(page.shorten(text === "" ? '""' : text, columns), columns));
    page.text(
      [
        styled("faint", `${branch} `),
        shown(part.text, value),
        " ",
        styled("faint", shown(part.name, name)),
        ` ${part.meaning}`,
      ],
      2,
      2 + 2 + value + 1 + name + 1,
    );
  });
}

function verdict(
  page: Page,
  reason: Reason,
  by: Maker,
  view: ExplainedView,
  masked: boolean,
): void {
  const words = view.words(reason);
  page.entry("reason", [
    styled("bad", words.title),
    ` (${reason}), stage ${stageOf(reason)}${masked ? ", hidden from the client" : ""}: ${words.meaning}`,
  ]);
  page.entry("made by", [MADE_BY[by]]);
}

function outlook(
  page: Page,
  reason: Reason,
  proxy: string,
  upstream: { readonly pool: string | null; readonly peer: string | null } | null,
  view: ExplainedView,
): void {
  const steps = view.next(reason, proxy, upstream).slice(0, NEXT_STEPS);
  if (steps.length > 0) page.entry("next", [steps[0]!]);
  for (const step of steps.slice(1)) page.more([step], 2);
  page.entry("more", [`why502 reasons ${reason}`]);
}
