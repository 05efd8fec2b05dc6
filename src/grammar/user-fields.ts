// What a user says about the keys of a JSON log: the vendor's words get the user's own beside them.
import type { Language } from "./ast.ts";
import type { Texts } from "./catalogue.ts";

/** One `--field FIELD=KEY`: which of our fields the JSON key holds; dots lead into inner objects. */
export interface UserField {
  readonly field: string;
  readonly key: string;
}

type Names = Readonly<Record<string, Partial<Readonly<Record<Language, string>>>>>;

/** The record's fields that a JSON key may be said to hold, from `grammars/record-fields.json`. */
export function recordFieldNames(texts: Texts): readonly string[] {
  return Object.keys(JSON.parse(texts["record-fields.json"]!) as Names);
}

/**
 * The grammars folder as it were if the proxies' own words were the user's: a named key is the only one that holds its
 * field, and whose lines they are is not second-guessed.
 */
export function withUserFields(texts: Texts, fields: readonly UserField[]): Texts {
  if (fields.length === 0) return texts;
  const names = JSON.parse(texts["record-fields.json"]!) as Names;
  const changed: Record<string, string> = { ...texts, "strangers.json": "[]" };
  for (const proxy of ["nginx", "haproxy", "envoy"] as const) {
    const path = `${proxy}/aliases.json`;
    const aliases = new Map(Object.entries(JSON.parse(texts[path]!) as Record<string, string>));
    const told = fields.flatMap(({ field, key }) => {
      const vendor = names[field]?.[proxy];
      return vendor === undefined ? [] : [{ key, vendor }];
    });
    for (const [key, vendor] of [...aliases])
      if (told.some((own) => own.vendor === vendor)) aliases.delete(key);
    for (const { key, vendor } of told) aliases.set(key, vendor);
    changed[path] = JSON.stringify(Object.fromEntries(aliases));
  }
  return changed;
}
