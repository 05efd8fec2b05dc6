// The taxonomy for a terminal: all reasons, or one with every code that means it; causes with what to do about them.
import type { CauseKnowledge } from "../incident/index.ts";
import { stageOf, type CodeMeaning, type Reason } from "../record/index.ts";
import { padEnd } from "./display-width.ts";
import { nbsp, Page, styled, type Layout } from "./page.ts";
import type { ExplainedView } from "./text-explained.ts";

const PROXIES = ["nginx", "haproxy", "envoy"] as const;
const NAME_COLUMNS = 20;
const CODE_COLUMNS = 26;

/** Every reason in a line. */
export function renderReasons(reasons: readonly Reason[], view: ExplainedView): string {
  const page = new Page(view);
  for (const reason of reasons) {
    const { title, meaning } = view.words(reason);
    page.text(
      [styled("strong", nbsp(padEnd(reason, NAME_COLUMNS))), ` ${title}: ${meaning}`],
      0,
      NAME_COLUMNS + 1,
    );
  }
  page.blank();
  page.text(["why502 reasons NAME names the codes of each proxy that mean it, and what to do."]);
  return page.toString();
}

/** One reason: what it means, each proxy's codes for it, what to look at, what may be behind it. */
export function renderReason(
  reason: Reason,
  codes: readonly CodeMeaning[],
  causes: readonly string[],
  view: ExplainedView,
): string {
  const page = new Page(view);
  const { title, meaning } = view.words(reason);
  page.text([styled("strong", reason), ` · ${title}`]);
  page.entry("means", [meaning]);
  page.entry("stage", [stageOf(reason)]);
  const steps = new Map(PROXIES.map((proxy) => [proxy, view.next(reason, proxy, null)]));
  const shared = steps
    .get("nginx")!
    .filter((step) => [...steps.values()].every((all) => all.includes(step)));
  for (const proxy of PROXIES) {
    const own = codes.filter((code) => code.proxy === proxy);
    if (own.length === 0) continue;
    page.blank();
    page.text([proxy], 2);
    for (const code of own) codeOf(page, code);
    listed(
      page,
      "next",
      steps.get(proxy)!.filter((step) => !shared.includes(step)),
    );
  }
  page.blank();
  listed(page, "next", shared);
  if (causes.length > 0)
    page.entry("causes", [causes.join(", "), "; why502 causes NAME says what to do"]);
  const sources = [...new Set(codes.map(({ source }) => source).filter((source) => source !== ""))];
  if (sources.length > 0) page.entry("sources", [sources.join(", ")]);
  return page.toString();
}

function listed(page: Page, label: string, texts: readonly string[]): void {
  for (const [at, text] of texts.entries()) {
    if (at === 0) page.entry(label, [text]);
    else page.more([text], 2);
  }
}

function codeOf(page: Page, code: CodeMeaning): void {
  const when = code.detail === null ? "" : ` (${code.detail})`;
  const by = code.by === "proxy" ? "" : ` Made by: ${code.by}.`;
  const not = code.confusedWith === null ? "" : ` Not ${code.confusedWith}.`;
  const shown = page.shorten(code.code, CODE_COLUMNS);
  page.text(
    [styled("strong", nbsp(padEnd(shown, CODE_COLUMNS))), ` ${code.meaning}${when}${by}${not}`],
    4,
    4 + CODE_COLUMNS + 1,
  );
}

/** Every cause with the reasons it shows itself by. */
export function renderCauses(
  causes: readonly { readonly cause: string; readonly reasons: readonly string[] }[],
  layout: Layout,
): string {
  const page = new Page(layout);
  for (const { cause, reasons } of causes) {
    page.text(
      [styled("strong", nbsp(padEnd(cause, CODE_COLUMNS))), ` ${reasons.join(", ")}`],
      0,
      CODE_COLUMNS + 1,
    );
  }
  page.blank();
  page.text(["why502 causes NAME says how it is told from others, and what to do."]);
  return page.toString();
}

/** One cause: what else looks like it, what to check, fix and prevent. */
export function renderCause(
  known: CauseKnowledge,
  reasons: readonly string[],
  layout: Layout,
): string {
  const page = new Page(layout);
  page.text([styled("strong", known.cause)]);
  if (reasons.length > 0) page.entry("reasons", [reasons.join(", ")]);
  for (const { cause, tell } of known.lookalikes) page.entry("not", [`${cause}: ${tell}`]);
  for (const part of ["check", "fix", "prevent"] as const) {
    const texts = known[part].map(({ text, proxies }) => {
      const whose = proxies === undefined ? "" : `${proxies.join(", ")}: `;
      // Names that an incident would fill in.
      return whose + text.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
    });
    listed(page, part, texts);
  }
  if (known.visitor !== "") page.entry("visitors", [known.visitor]);
  if (known.sources.length > 0) page.entry("sources", [known.sources.join(", ")]);
  return page.toString();
}
