// Printing a tree in its own language and parsing it again gives the same tree.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { FormatItem } from "../../src/grammar/ast.ts";
import { parseEnvoyFormat } from "../../src/grammar/envoy-format.ts";
import { parseFormat } from "../../src/grammar/parse-format.ts";
import { parseHaproxyFormat } from "../../src/grammar/haproxy-format.ts";
import { parseNginxFormat } from "../../src/grammar/nginx-format.ts";

type Draft =
  | { readonly text: string }
  | { readonly name: string; readonly arg?: string; readonly cap?: number };

const words = (alphabet: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet.split("")), minLength: 1, maxLength: 6 });

/** Texts and fields in any order, never two texts in a row. */
function drafts(field: fc.Arbitrary<Draft>, text: fc.Arbitrary<string>): fc.Arbitrary<Draft[]> {
  const items = fc.array(
    fc.oneof(
      field,
      text.map((value) => ({ text: value })),
    ),
    { maxLength: 12 },
  );
  return fc
    .tuple(items, field)
    .map(([list, last]) =>
      [...list, last].filter((item, i, all) => !("text" in item && "text" in (all[i - 1] ?? {}))),
    );
}

function itemsOf(list: readonly Draft[], print: (draft: Draft) => string): FormatItem[] {
  let offset = 0;
  return list.map((draft) => {
    const at = offset;
    offset += print(draft).length;
    if ("text" in draft) return { kind: "text", text: draft.text };
    return {
      kind: "field",
      name: draft.name,
      arg: draft.arg ?? null,
      quoted: false,
      flags: [],
      label: null,
      maxLength: draft.cap ?? null,
      offset: at,
    };
  });
}

test("nginx", () => {
  const field = words("abz_09").map((name) => ({ name }));
  const print = (draft: Draft): string => ("text" in draft ? draft.text : `\${${draft.name}}`);
  const text = words('ab %[](){}",;:\\#\té').filter((value) => !/^\s*["']/.test(value));
  fc.assert(
    fc.property(drafts(field, text), (list) => {
      expect(parseNginxFormat(list.map(print).join("")).items).toEqual(itemsOf(list, print));
    }),
    { numRuns: 300 },
  );
});

test("nginx, as a directive in quotes", () => {
  const field = words("abz_09").map((name) => ({ name }));
  const print = (draft: Draft): string =>
    "text" in draft
      ? draft.text.replace(/["'\\]/g, "\\$&").replace(/\t/g, "\\t")
      : `\${${draft.name}}`;
  fc.assert(
    fc.property(drafts(field, words("ab %[](){}\"',;:\\#\té")), (list) => {
      const head = "log_format x '";
      const source = `${head}${list.map(print).join("")}';`;
      const expected = itemsOf(list, print).map((item) =>
        item.kind === "text" ? item : { ...item, offset: item.offset + head.length },
      );
      expect(parseNginxFormat(source).items).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test("envoy", () => {
  const field = fc.oneof(
    fc.record({ name: words("ABZ_09").map((name) => `X${name}`) }),
    fc.record({
      name: fc.constant("REQ"),
      arg: words("AZ:-_?").filter((arg) => /^[^?]+(?:\?[^?]+)?$/.test(arg)),
    }),
    fc.record({
      name: fc.constantFrom("START_TIME", "CEL", "DYNAMIC_METADATA"),
      arg: words("aZ%(): 3").filter(
        (arg) => !/\)(?:%|:\d+%)/.test(`${arg})`) && !arg.endsWith(")"),
      ),
    }),
    fc.record({
      name: fc.constant("RESP"),
      arg: fc.constant("X-A"),
      cap: fc.integer({ min: 0, max: 999 }),
    }),
  );
  const print = (draft: Draft): string => {
    if ("text" in draft) return draft.text.replaceAll("%", "%%");
    const arg = draft.arg === undefined ? "" : `(${draft.arg})`;
    return `%${draft.name}${arg}${draft.cap === undefined ? "" : `:${draft.cap}`}%`;
  };
  const text = words('ab $%[](){}",;:é');
  fc.assert(
    fc.property(drafts(field, text), (list) => {
      const source = list.map(print).join("");
      expect(parseEnvoyFormat(source, { shape: "text" }).items).toEqual(itemsOf(list, print));
    }),
    { numRuns: 300 },
  );
});

test("any text at all gives a tree or a mistake inside it", () => {
  const hostile = fc.string({
    unit: fc.constantFrom(..."%$[](){}:\"'\\ aRST+Q,;?09\n".split("")),
    maxLength: 20,
  });
  for (const parse of [parseNginxFormat, parseHaproxyFormat, parseEnvoyFormat, parseFormat]) {
    fc.assert(
      fc.property(hostile, (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toMatchObject({ name: "TextError", text });
          const { offset } = error as { offset: number };
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1000 },
    );
  }
});
