// Logs whose lines resemble each other: real ones again and again, their numbers and words exchanged, some damaged.
import { readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import { readCatalogue, type Recipe } from "../../src/grammar/index.ts";
import { chooseFormats, Names, ReaderShelf } from "../../src/record/index.ts";
import { readCases } from "../conformance/cases.ts";

const GRAMMARS = join(import.meta.dirname, "../../grammars");
const texts = readKnowledge();
/** The lines of all cases by the format that reads them, where its reader promises anything. */
export function linesByFormat(): Map<string, { recipe: Recipe; lines: string[] }> {
  const found = new Map<string, { recipe: Recipe; lines: string[] }>();
  const catalogue = readCatalogue(texts);
  const shelf = new ReaderShelf(texts, new Names());
  for (const proxy of readdirSync(GRAMMARS)) {
    const path = join(GRAMMARS, proxy, "cases.txt");
    if (!existsSync(path)) continue;
    for (const { line, format } of readCases(path)) {
      const given = format === null ? [] : [catalogue.recipeOf(format, format)];
      const bytes = Buffer.from(line);
      const recipe = chooseFormats(bytes, catalogue, shelf.reader, given).formats[0]?.recipe;
      if (recipe === undefined || shelf.reader(recipe).read.quick === undefined) continue;
      const known = found.get(recipe.name);
      if (known === undefined) found.set(recipe.name, { recipe, lines: [line] });
      else known.lines.push(line);
    }
  }
  return found;
}

const HEADS = [
  "Nov 22 13:49:32 lb1 haproxy[2022]: ",
  "Nov 22 13:49:32 lb2 nginx: ",
  "<134>Nov 22 13:49:33 haproxy[1]: ",
  "2026-11-22T13:49:32.879938+00:00 lb1 haproxy[2022]: ",
  "2026-11-22T14:49:32+01:00 lb2 haproxy[2022]: ",
  "2026-11-22T13:45:32Z stdout F ",
  "<30>1 2026-11-22T13:49:32Z h app 1 - - ",
  "Nov 22 13:49:32 [x] ",
  "",
];
const NUMBERS = [
  "0",
  "-1",
  "-",
  "1",
  "200",
  "503",
  "502",
  "499",
  "009",
  "+2",
  "12345",
  "123456789",
  "0.004",
  "00",
  "",
];
const ODD = [...'" -:/,.[]{}|0719+\\\r<>', "é", "\n"];

/** A log: real lines again and again, their numbers and words exchanged, some damaged. */
export const logOf = (
  lines: readonly string[],
): fc.Arbitrary<{ log: string; hasEnvelope: boolean }> => {
  const edit = fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    {
      weight: 5,
      arbitrary: fc.record({ at: fc.nat(60), number: fc.constantFrom(...NUMBERS) }),
    },
    { weight: 3, arbitrary: fc.record({ at: fc.nat(60), from: fc.nat(lines.length - 1) }) },
    { weight: 2, arbitrary: fc.record({ at: fc.nat(400), odd: fc.constantFrom(...ODD) }) },
  );
  const one = fc
    .tuple(fc.nat(lines.length - 1), edit, fc.constantFrom(...HEADS))
    .map(([at, change, head]) => ({ text: changed(lines[at]!, change, lines), head }));
  return fc
    .tuple(fc.array(one, { minLength: 4, maxLength: 40 }), fc.boolean(), fc.boolean())
    .map(([all, hasEnvelope, isUniform]) => ({
      hasEnvelope,
      log: [...all, ...all, ...all]
        .map(({ text, head }) => `${hasEnvelope ? (isUniform ? all[0]!.head : head) : ""}${text}\n`)
        .join(""),
    }));
};

type Edit = { at: number; number?: string; from?: number; odd?: string } | null;

function changed(line: string, edit: Edit, lines: readonly string[]): string {
  if (edit === null) return line;
  if (edit.odd !== undefined) {
    const at = edit.at % (line.length + 1);
    return line.slice(0, at) + edit.odd + line.slice(at + 1);
  }
  if (edit.from !== undefined) {
    const words = line.split(" ");
    const others = lines[edit.from]!.split(" ");
    const at = edit.at % words.length;
    words[at] = others[Math.min(at, others.length - 1)]!;
    return words.join(" ");
  }
  const numbers = [...line.matchAll(/-?[\d.]+/g)];
  const match = numbers[edit.at % Math.max(1, numbers.length)];
  if (match === undefined) return line;
  return line.slice(0, match.index) + edit.number + line.slice(match.index + match[0].length);
}
