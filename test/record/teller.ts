// Reads single lines with a compiled format and tells what became of them, for the tables of the HAProxy and Envoy tests.
import { readdirSync, readFileSync } from "node:fs";
import { readCatalogue, scannerOf, type Recipe } from "../../src/grammar/index.ts";
import { envoyReader } from "../../src/record/envoy.ts";
import { haproxyReader } from "../../src/record/haproxy.ts";
import { Names } from "../../src/record/names.ts";
import { REASONS } from "../../src/record/reasons.ts";
import { Rec } from "../../src/record/record.ts";

const root = new URL("../../grammars/", import.meta.url);

/** The grammars folder, as the command line reads it. */
export const texts: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json"))
    .map((path) => [path, readFileSync(new URL(path, root), "utf8")]),
);

export const catalogue = readCatalogue(texts);
const encoder = new TextEncoder();

/** A record in words. */
export interface Told {
  readonly rec: Rec;
  readonly reason: string;
  readonly code: string;
  readonly pool: string;
  readonly peer: string;
  readonly client: string | null;
  readonly path: string | null;
  readonly host: string | null;
  /** `502 disconnect masked`, the gist for tables. */
  readonly gist: string;
  readonly field: (name: string) => string | null;
  readonly names: Names;
}

/** Reads lines of one format; null where the scanner or the reader refuses the line. */
export function teller(recipe: Recipe): (line: string) => Told | null {
  const names = new Names();
  const scanner = scannerOf(recipe, {});
  const knowledge: unknown = JSON.parse(texts[`${recipe.proxy}/failures.json`]!);
  const make = recipe.proxy === "haproxy" ? haproxyReader : envoyReader;
  const read = make(scanner.fields, names, knowledge);
  const spans = new Int32Array(2 * scanner.fields.length + 1);
  return (line) => {
    const bytes = encoder.encode(line);
    if (scanner.scan(bytes, 0, bytes.length, spans) >= 0) return null;
    const rec = new Rec();
    if (read(bytes, spans, rec) >= 0) return null;
    const text = (start: number, end: number): string | null =>
      start < 0 ? null : new TextDecoder().decode(bytes.subarray(start, end));
    const found = Int32Array.from(spans);
    const reason = REASONS[rec.reason]!;
    return {
      rec,
      reason,
      code: names.text(rec.code),
      pool: names.text(rec.pool),
      peer: names.text(rec.peer),
      client: text(rec.clientStart, rec.clientEnd),
      path: text(rec.pathStart, rec.pathEnd),
      host: text(rec.hostStart, rec.hostEnd),
      gist: `${rec.status} ${reason}${rec.masked ? " masked" : ""}`,
      field: (name) => {
        const at = scanner.fields.findIndex(
          (field, k) => field.name === name && found[2 * k]! >= 0,
        );
        return at < 0 ? null : text(found[2 * at]!, found[2 * at + 1]!);
      },
      names,
    };
  };
}

/** A teller for a known format, by its name in the catalogue. */
export function tellerOf(name: string): (line: string) => Told | null {
  const listed = catalogue.listed.find((one) => one.name === name);
  if (listed === undefined) throw new Error(`no format called ${name}`);
  return teller(listed.recipe());
}
