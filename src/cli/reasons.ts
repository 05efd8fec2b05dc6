// `why502 reasons [NAME]` and `why502 causes [NAME]`: the taxonomy, with every code that belongs to it.
import { parseKnowledge, type Knowledge } from "../incident/index.ts";
import { CodeBook, REASONS, stageOf, type Reason } from "../record/index.ts";
import { renderCause, renderCauses, renderReason, renderReasons } from "../report/index.ts";
import { EXIT } from "./exit-codes.ts";
import { explainedView } from "./explained-view.ts";
import type { Options } from "./flags.ts";
import { readKnowledge } from "./knowledge.ts";
import { nearestName } from "./nearest-name.ts";
import { UsageError } from "./usage-error.ts";

const NAMES = REASONS.filter((reason) => reason !== "none");

/** Prints reasons. @throws UsageError for a name that is none. */
export function showReasons(options: Options): number {
  const texts = readKnowledge();
  const knowledge = parseKnowledge(texts);
  const book = new CodeBook(texts);
  const view = explainedView(options, knowledge);
  const wanted = options.files.map((name) => known(name, NAMES, "reason") as Reason);
  if (options.output === "json") {
    const objects = (wanted.length > 0 ? wanted : NAMES).map((reason) =>
      asObject(reason, knowledge, book),
    );
    return print(`${JSON.stringify(wanted.length === 1 ? objects[0] : objects, null, 2)}\n`);
  }
  if (wanted.length === 0) return print(renderReasons(NAMES, view));
  const pages = wanted.map((reason) =>
    renderReason(reason, book.ofReason(reason), knowledge.reasons[reason].causes, view),
  );
  return print(pages.join("\n"));
}

/** Prints causes. @throws UsageError for a name that is none. */
export function showCauses(options: Options): number {
  const knowledge = parseKnowledge(readKnowledge());
  const view = explainedView(options, knowledge);
  const names = knowledge.causes.map(({ cause }) => cause);
  const wanted = options.files.map((name) => known(name, names, "cause"));
  const chosen = knowledge.causes.filter(
    ({ cause }) => wanted.length === 0 || wanted.includes(cause),
  );
  const reasonsOf = (cause: string): Reason[] =>
    NAMES.filter((reason) => knowledge.reasons[reason].causes.includes(cause));
  if (options.output === "json") {
    const objects = chosen.map(({ cause, lookalikes, check, fix, prevent, visitor, sources }) => ({
      ...{ cause, reasons: reasonsOf(cause), lookalikes, check, fix, prevent, visitor, sources },
    }));
    return print(`${JSON.stringify(wanted.length === 1 ? objects[0] : objects, null, 2)}\n`);
  }
  if (wanted.length === 0) {
    return print(
      renderCauses(
        chosen.map(({ cause }) => ({ cause, reasons: reasonsOf(cause) })),
        view,
      ),
    );
  }
  return print(chosen.map((one) => renderCause(one, reasonsOf(one.cause), view)).join("\n"));
}

function asObject(reason: Reason, knowledge: Knowledge, book: CodeBook): object {
  const { title, meaning, causes } = knowledge.reasons[reason];
  const codes = book
    .ofReason(reason)
    .map(({ proxy, what, code, detail, by, meaning: says, confusedWith, source }) => ({
      ...{ proxy, what, code, when: detail, by, meaning: says, confusedWith, source },
    }));
  return { reason, stage: stageOf(reason), title, meaning, causes, codes };
}

function known(name: string, names: readonly string[], what: string): string {
  if (names.includes(name)) return name;
  const near = nearestName(name, names) ?? names.find((one) => one.includes(name)) ?? null;
  const hint = near === null ? `why502 ${what}s lists them` : `did you mean ${near}?`;
  throw new UsageError(`there is no ${what} called ${name}`, name, 0, hint);
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.done;
}
