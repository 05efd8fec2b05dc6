// The data beside the grammars: every listed format parses, every field and alias it names is known.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Language } from "../../src/grammar/ast.ts";
import { aliases as haproxyAliases } from "../../src/grammar/compiled/haproxy-format.js";
import { compileText } from "../../src/grammar/compile-text.ts";
import { fieldKinds } from "../../src/grammar/field-kinds.ts";
import { haproxyNames } from "../../src/grammar/haproxy-format.ts";
import { languageOf, parseFormat } from "../../src/grammar/parse-format.ts";
import { planText } from "../../src/grammar/plan.ts";
import type { FieldKind } from "../../src/grammar/scanner.ts";

interface Entry {
  readonly name: string;
  readonly docs: string;
  readonly format: string;
  readonly shape?: "text" | "json";
}

const KINDS: readonly FieldKind[] = [
  "word",
  "text",
  "user",
  "int",
  "number",
  "seconds",
  "list",
  "clf-time",
  "haproxy-time",
  "iso-time",
  "epoch",
  "nginx-time",
  "captures",
  "rest",
];

const data = <T>(proxy: Language, file: string): T =>
  JSON.parse(
    readFileSync(new URL(`../../grammars/${proxy}/${file}.json`, import.meta.url), "utf8"),
  ) as T;

describe.each(["nginx", "haproxy", "envoy"] as const)("%s", (proxy) => {
  const formats = data<Entry[]>(proxy, "formats");
  const fields = data<Record<string, FieldKind>>(proxy, "fields");
  const aliases = data<Record<string, string>>(proxy, "aliases");
  const kindOf = fieldKinds(fields);

  test("names are unique and documented", () => {
    expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length);
    for (const { docs } of formats) expect(docs).toMatch(/^https?:\/\//);
  });

  test.each(formats.map((entry) => [entry.name, entry] as const))("%s parses", (_, entry) => {
    const ast = parseFormat(entry.format, proxy, entry.shape);
    expect(languageOf(entry.format)).toBe(proxy);
    expect(ast.items.length).toBeGreaterThan(3);
    if (entry.shape === "json") expect(ast.keys.length).toBeGreaterThan(9);
    for (const [i, item] of ast.items.entries()) {
      if (item.kind === "text") expect(ast.items[i - 1]?.kind).not.toBe("text");
      else expect(item.offset).toBeLessThan(entry.format.length);
    }
    if (ast.shape === "text") compileText(planText(ast, kindOf));
  });

  test("kinds are kinds", () => {
    for (const kind of Object.values(fields)) expect(KINDS).toContain(kind);
  });

  test("aliases name fields, never patterns", () => {
    for (const [key, field] of Object.entries(aliases)) {
      expect(key).not.toBe("");
      expect(field).toMatch(/^[\w.:,()?-]+$/);
    }
  });
});

test("kinds: a name wins over a pattern, a longer pattern over a shorter", () => {
  const kindOf = fieldKinds({ "http_*": "text", http_length: "int", "http_x_*": "word" });
  expect(["http_a", "http_length", "http_x_a", "status", "toString"].map(kindOf)).toEqual([
    "text",
    "int",
    "word",
    null,
    null,
  ]);
});

test("every nginx upstream list is a list, every HAProxy timer a number", () => {
  const nginx = fieldKinds(data("nginx", "fields"));
  for (const name of [
    "addr",
    "status",
    "connect_time",
    "header_time",
    "response_time",
    "response_length",
  ]) {
    expect(nginx(`upstream_${name}`)).toBe("list");
  }
  const haproxy = fieldKinds(data("haproxy", "fields"));
  for (const name of ["TR", "Tw", "Tc", "Tr", "Ta", "Tt", "ST", "B", "rc"])
    expect(haproxy(name)).toBe("int");
  expect(haproxy("capture.req.hdr(11)")).toBe("text");
});

test("every alias the HAProxy formats use is one HAProxy knows, and option lines stand for formats", () => {
  const names = haproxyNames(
    readFileSync(new URL("../../grammars/haproxy/formats.json", import.meta.url), "utf8"),
  );
  expect([...names.keys()].sort()).toEqual([
    "HAPROXY_HTTPS_LOG_FMT",
    "HAPROXY_HTTP_CLF_LOG_FMT",
    "HAPROXY_HTTP_LOG_FMT",
    "HAPROXY_TCP_CLF_LOG_FMT",
    "HAPROXY_TCP_LOG_FMT",
    "option httplog",
    "option httplog clf",
    "option httpslog",
    "option tcplog",
    "option tcplog clf",
  ]);
  for (const alias of haproxyAliases) {
    if (alias !== "o")
      expect(parseFormat(`%${alias}`, "haproxy").items).toMatchObject([{ name: alias }]);
  }
});
