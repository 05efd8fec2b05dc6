// Explains one raw line: its parts and what they mean, and what the proxy's own expert reads out of them.
import type { Recipe, Texts } from "../grammar/index.ts";
import { describe, describeLine } from "./describe-line.ts";
import type { Described } from "./described.ts";
import { explainEnvoy } from "./explain-envoy.ts";
import { explainHaproxy } from "./explain-haproxy.ts";
import { explainNginx } from "./explain-nginx.ts";
import { FieldMeanings } from "./field-meanings.ts";
import type { Names } from "./names.ts";
import { EVENT, NOTE, type Rec } from "./record.ts";
import { understand, type Describer } from "./understand.ts";

/** One part of a line. */
export interface LinePart {
  /** The vendor's name of the field, with its sigil. */
  readonly name: string;
  readonly text: string;
  /** "" where nobody knows more than the name says. */
  readonly meaning: string;
}

/** A line in words. */
export interface ExplainedLine {
  readonly described: Described;
  /** In the line's order; none for a line that was not understood. */
  readonly parts: readonly LinePart[];
  /** Most important first; one that says so where the line is not understood. */
  readonly sentences: readonly string[];
}

/** Explains one raw line. @param texts the grammars folder. */
export function explainLine(
  line: string | Uint8Array,
  with_: Describer,
  texts: Texts,
): ExplainedLine {
  const understood = understand(line, with_);
  if (understood === null) {
    const described = describeLine(line, with_);
    return { described, parts: [], sentences: ["no known format fits this line"] };
  }
  const { rec, fields, format } = understood;
  const meanings = new FieldMeanings(texts, format.recipe);
  const parts = fields.all().map(({ name, text }) => ({
    name: meanings.shown(name),
    text,
    meaning: meanings.of(name),
  }));
  const said = byProxy(format.recipe, (name) => fields.raw(name), rec, with_.names, texts);
  const plain =
    rec.kind === EVENT
      ? `an event: ${with_.names.text(rec.event).replaceAll("-", " ")}`
      : rec.kind === NOTE
        ? "a line that says nothing about failures"
        : "nothing failed here";
  return {
    described: describe(understood, with_),
    parts,
    sentences: said.length > 0 ? said : [plain],
  };
}

function byProxy(
  recipe: Recipe,
  field: (name: string) => string | null,
  rec: Rec,
  names: Names,
  texts: Texts,
): readonly string[] {
  const knowledge: unknown = JSON.parse(texts[`${recipe.proxy}/failures.json`]!);
  switch (recipe.proxy) {
    case "nginx":
      return explainNginx(field, rec, names, knowledge);
    case "haproxy":
      return explainHaproxy(field, rec, names, knowledge);
    case "envoy":
      return explainEnvoy(field, rec, names, knowledge, JSON.parse(texts["envoy/events.json"]!));
  }
}
