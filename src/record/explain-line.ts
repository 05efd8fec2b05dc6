// Explains one raw line: finds its format, reads it, and lets the proxy's own expert put it into words.
import type { Catalogue, Recipe, Texts } from "../grammar/index.ts";
import { Head, peel } from "../input/index.ts";
import { chooseFormats } from "./choose-formats.ts";
import { explainEnvoy } from "./explain-envoy.ts";
import { explainHaproxy } from "./explain-haproxy.ts";
import { explainNginx } from "./explain-nginx.ts";
import { decodeText, type Names } from "./names.ts";
import { EVENT, NOTE, Rec } from "./record.ts";
import type { ReaderShelf } from "./reader-shelf.ts";

/** Sentences about a line, most important first; one that says so where the line is not understood. */
export function explainLine(
  line: string,
  catalogue: Catalogue,
  shelf: ReaderShelf,
  names: Names,
  texts: Texts,
  given: readonly Recipe[],
): readonly string[] {
  const bytes = Buffer.from(line);
  const choice = chooseFormats(bytes, catalogue, shelf.reader, given);
  const recipe = choice.formats[0]?.recipe;
  if (recipe === undefined) return ["no known format fits this line"];
  const reader = shelf.reader(recipe);
  const head = new Head();
  const starts = peel(bytes, 0, bytes.length, head) ? [0, head.message] : [0];
  const rec = new Rec();
  for (const start of starts) {
    if (reader.scanner.scan(bytes, start, bytes.length, reader.spans) >= 0) continue;
    rec.reset();
    if (reader.read(bytes, reader.spans, rec) >= 0) continue;
    break;
  }
  const { fields } = reader.scanner;
  const field = (name: string): string | null => {
    const at = fields.findIndex((known) => known.name === name);
    const start = at < 0 ? -1 : reader.spans[2 * at]!;
    return start < 0 ? null : decodeText(bytes.subarray(start, reader.spans[2 * at + 1]));
  };
  const said = byProxy(recipe, field, rec, names, texts);
  if (said.length > 0) return said;
  if (rec.kind === EVENT) return [`an event: ${names.text(rec.event).replaceAll("-", " ")}`];
  return [rec.kind === NOTE ? "a line that says nothing about failures" : "nothing failed here"];
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
