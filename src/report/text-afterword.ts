// The end of the text report: failures outside of incidents, the join of nginx's two logs, what the logs cannot tell.
import { count, plural, shareOf } from "./numbers.ts";
import { styled, type Page } from "./page.ts";
import type { Story } from "./text-story.ts";
import { printNotes } from "./text-reading.ts";
import { largestFirst } from "./words.ts";

/** Prints what is left to say once the incidents are told. */
export function printAfterword(page: Page, story: Story): void {
  const { summary, analysis } = story;
  if (analysis.incidents.length > 0) printBackground(page, story);
  const { joined, ambiguous, orphanErrors, orphanRequests } = summary.join;
  if (joined + ambiguous > 0 || (orphanErrors > 0 && summary.totals.requests > 0)) {
    const errors = joined + ambiguous + orphanErrors;
    const parts = [shareOf(joined, errors, "error-log lines joined to their request")];
    if (ambiguous > 0) parts.push(`${count(ambiguous)} ambiguous`);
    if (orphanErrors > 0) parts.push(`${count(orphanErrors)} without a request`);
    if (orphanRequests > 0)
      parts.push(`${plural(orphanRequests, "failed request")} without a line`);
    page.text([styled("faint", "join: "), parts.join(", ")], 0, 2);
  }
  printNotes(page, summary.sources, ({ assumptions }) => assumptions, styled("faint", "assumed: "));
  for (const { missing, why, add } of analysis.gaps) {
    page.blank();
    page.text([styled("strong", `not logged: ${missing}`), why === "" ? "" : ` (${why})`], 0, 2);
    if (add === "") continue;
    page.text([styled("faint", "add:")], 2);
    for (const line of add.split("\n")) page.text([line], 4, 6);
  }
}

function printBackground(page: Page, { summary, analysis }: Story): void {
  const { failures, byReason } = analysis.background;
  const list = largestFirst(byReason).filter(([, n]) => n > 0);
  if (failures === 0 && list.length === 0) {
    page.text([styled("faint", "background: "), "nothing else failed"], 0, 2);
    return;
  }
  const { requests } = summary.totals;
  const all = requests > 0 ? `, of ${count(requests)} in all` : "";
  const much = `${plural(failures, "failure")} outside of incidents${all}`;
  const reasons = list.slice(0, 5).map(([reason, n]) => `${reason} ${count(n)}`);
  page.text([styled("faint", "background: "), `${much}: ${reasons.join(", ")}`], 0, 2);
}
