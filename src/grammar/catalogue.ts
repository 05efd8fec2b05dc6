// The catalogue of known formats: made from grammars/*/formats.json, each planned only when somebody asks for it.
import type { FormatAst, FormatItem, Language } from "./ast.ts";
import type { JsonKey } from "./compile-json.ts";
import { fieldKinds } from "./field-kinds.ts";
import { haproxyNames } from "./haproxy-format.ts";
import { compositeField, type Composite } from "./json-composite.ts";
import { parseFormat } from "./parse-format.ts";
import { fieldName, planText } from "./plan.ts";
import { lastParts, type Recipe } from "./recipe.ts";
import type { FieldKind } from "./scanner.ts";
import { inPieces } from "./time-pieces.ts";
import { strangerKeys, type Stranger } from "./stranger-keys.ts";

/** The grammars folder as text: path below `grammars/` → content. */
export type Texts = Readonly<Record<string, string>>;

interface FormatEntry {
  readonly name: string;
  readonly docs?: string;
  readonly format: string;
  readonly shape?: "text" | "json";
}

/** A known format and how to get its recipe. */
export interface Listed {
  readonly name: string;
  readonly proxy: Language;
  readonly docs: string;
  /** The vendor's own format string; "" for lines that have none. */
  readonly format: string;
  readonly recipe: () => Recipe;
}

/** All formats, in the order in which they are tried. */
export interface Catalogue {
  readonly listed: readonly Listed[];
  /** The recipe of a format string somebody typed. @throws TextError */
  readonly recipeOf: (
    format: string,
    name?: string,
    language?: Language,
    shape?: FormatAst["shape"],
  ) => Recipe;
  /** JSON keys and key=value keys → vendor fields. */
  readonly aliases: Readonly<Record<Language, Readonly<Record<string, string>>>>;
  /** The kind of a vendor field, null where nothing is said. */
  readonly kindOf: Readonly<Record<Language, (name: string) => FieldKind | null>>;
}

const LANGUAGES: readonly Language[] = ["haproxy", "nginx", "envoy"];

/**
 * What no access log is without: an object that has neither of them, read by its keys' meanings, is another program's or
 * a wrapper's (docker's `{"log": …}`), and reading it would make a request of nothing.
 */
const TOLD_BY_ALL: Readonly<Record<Language, readonly string[]>> = {
  nginx: ["status", "upstream_status"],
  haproxy: ["ST", "tsc", "ts"],
  envoy: ["RESPONSE_CODE", "RESPONSE_FLAGS", "RESPONSE_CODE_DETAILS"],
};

/** Further lines of error messages, as they show themselves, and as anything that stands in a file of nothing else. */
export const NGINX_ERROR_MORE = own("nginx error log", "nginx", "nginx-error-more").recipe();
export const NGINX_ERROR_REST = own("nginx error log", "nginx", "nginx-error-rest").recipe();

/** Reads the catalogue from the texts of the grammars folder. */
export function readCatalogue(texts: Texts): Catalogue {
  const kinds = perLanguage<Readonly<Record<string, FieldKind>>>(texts, "fields");
  const aliases = perLanguage<Readonly<Record<string, string>>>(texts, "aliases");
  const names = haproxyNames(texts["haproxy/formats.json"]!);
  const strangers = JSON.parse(texts["strangers.json"] ?? "[]") as Stranger[];
  const kindsOf = {
    nginx: fieldKinds(kinds.nginx),
    haproxy: fieldKinds(kinds.haproxy),
    envoy: fieldKinds(kinds.envoy),
  };
  const recipeOf: Catalogue["recipeOf"] = (format, name = "given format", language, shape) => {
    const ast = parseFormat(format, language ?? null, shape, names);
    return { ...recipeFrom(ast, name, kinds, kindsOf, aliases), format };
  };
  const listed: Listed[] = [];
  for (const proxy of LANGUAGES) {
    const entries = JSON.parse(texts[`${proxy}/formats.json`]!) as FormatEntry[];
    for (const entry of entries) {
      if (entry.shape === "json") continue; // read by their keys' meanings, below
      const name = entry.name.startsWith(proxy) ? entry.name : `${proxy} ${entry.name}`;
      const make = (): Recipe =>
        recipeFrom(
          parseFormat(entry.format, proxy, entry.shape, names),
          name,
          kinds,
          kindsOf,
          aliases,
        );
      listed.push({
        name,
        proxy,
        docs: entry.docs ?? "",
        format: entry.format,
        recipe: once(make),
      });
    }
  }
  listed.push(
    own("nginx error log", "nginx", "nginx-error"),
    own("nginx error log in JSON", "nginx", "nginx-error-json"),
    own("nginx error line without its time", "nginx", "nginx-error-fragment"),
    own("haproxy events", "haproxy", "haproxy-event"),
    own("envoy log", "envoy", "envoy-log"),
    own("envoy events", "envoy", "envoy-event"),
  );
  for (const proxy of ["envoy", "haproxy", "nginx"] as const) {
    const own = Object.entries(aliases[proxy]).map(([key, field]) => ({ key, field }));
    const keys = [...own, ...strangerKeys(strangers, new Set(Object.keys(aliases[proxy])))];
    const how = { kind: "json" as const, keys, kinds: kinds[proxy], needs: TOLD_BY_ALL[proxy] };
    const recipe: Recipe = { name: `${proxy} json`, proxy, escape: "json", how };
    listed.push({ name: recipe.name, proxy, docs: "", format: "", recipe: () => recipe });
  }
  return { listed, recipeOf, aliases, kindOf: kindsOf };
}

function own(name: string, proxy: Language, scanner: string): Listed {
  const escape = scanner === "envoy-event" ? "json" : "none";
  const recipe: Recipe = { name, proxy, escape, how: { kind: "own", scanner } };
  return { name, proxy, docs: "", format: "", recipe: () => recipe };
}

function recipeFrom(
  ast: FormatAst,
  name: string,
  kinds: Readonly<Record<Language, Readonly<Record<string, FieldKind>>>>,
  kindsOf: Readonly<Record<Language, (name: string) => FieldKind | null>>,
  aliases: Readonly<Record<Language, Readonly<Record<string, string>>>>,
): Recipe {
  const { language: proxy, escape } = ast;
  const inText = (items: readonly FormatItem[]): FormatItem[] =>
    proxy === "envoy" ? items.flatMap(inPieces) : [...items];
  if (ast.shape === "json") {
    const keys = ast.keys.flatMap(({ key, items }): JsonKey[] =>
      items.length === 1 && items[0]!.kind === "field"
        ? [{ key, field: fieldName(items[0]!) }]
        : [],
    );
    const composites = ast.keys.flatMap(({ key, items }): Composite[] => {
      if (items.length === 1) return [];
      const plan = planText({ ...ast, items: inText(items) }, kindsOf[proxy]);
      return [{ key, plan, otherwise: aliases[proxy][key.toLowerCase()] ?? null }];
    });
    keys.push(...composites.map(({ key }) => ({ key, field: compositeField(key) })));
    return {
      name,
      proxy,
      escape: "json",
      how: {
        ...{ kind: "json", keys, kinds: kinds[proxy], needs: [], composites },
        written: lastParts(keys.map(({ key }) => key)),
      },
    };
  }
  const plan = planText({ ...ast, items: inText(ast.items) }, kindsOf[proxy]);
  return { name, proxy, escape, how: { kind: "text", plan } };
}

function perLanguage<T>(texts: Texts, file: string): Record<Language, T> {
  return Object.fromEntries(
    LANGUAGES.map((proxy) => [proxy, JSON.parse(texts[`${proxy}/${file}.json`]!) as T]),
  ) as Record<Language, T>;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
