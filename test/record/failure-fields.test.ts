// Every entry of every failures.json that names a reason says also who made it, what it means, what it is mistaken for, and its source.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAKERS, REASONS, stageOf, type Maker, type Reason } from "../../src/record/reasons.ts";

const GRAMMARS = join(import.meta.dirname, "../../grammars");
const files = readdirSync(GRAMMARS)
  .map((proxy) => join(GRAMMARS, proxy, "failures.json"))
  .filter((file) => existsSync(file));

type Row = Readonly<Record<string, unknown>>;

/** Lengths of Envoy's own bodies: they only point at entries of the other lists. */
const POINTERS = new Set(["localReplies"]);

/** The rows of all lists of a file, each with the list's name and its place. */
function rowsOf(file: string): [string, Row][] {
  const lists = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  return Object.entries(lists).flatMap(([list, rows]) =>
    Array.isArray(rows) && !POINTERS.has(list)
      ? rows.map((row: Row, at): [string, Row] => [`${list}[${at}] ${JSON.stringify(row)}`, row])
      : [],
  );
}

describe.each(files)("%s", (file) => {
  const failures = rowsOf(file).filter(([, { reason }]) => reason !== undefined);

  it("has failures", () => expect(failures.length).toBeGreaterThan(0));

  it("leaves no field of a failure out", () => {
    for (const [place, row] of failures) {
      expect(REASONS, place).toContain(row["reason"] as Reason);
      expect(MAKERS, place).toContain(row["by"] as Maker);
      expect(row["meaning"], place).toMatch(/^\S.*\.$/s);
      expect(row["source"], place).toMatch(/\w/);
      if (row["reason"] === "none") continue;
      expect(stageOf(row["reason"] as Reason), place).toMatch(/\w/);
      expect(row["confusedWith"], place).toMatch(/^\S.*[^.\s]$/s);
    }
  });
});
