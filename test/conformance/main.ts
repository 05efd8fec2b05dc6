// `npm run conformance -- DIR [--differences]`: every log of a folder tree, line counts and others' expectations in a table.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compareCases } from "./expectations.ts";
import { readFile } from "./files.ts";

const [root, ...options] = process.argv.slice(2);
if (root === undefined) {
  console.error("usage: npm run conformance -- DIR [--differences]");
  process.exit(2);
}
const logs = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.log(?:\.gz)?$/.test(path))
  .sort();
const width = Math.max(4, ...logs.map((path) => path.length));
const total = { lines: 0, records: 0, misses: 0, skipped: 0, right: 0, wrong: 0 };
console.log(`${"file".padEnd(width)}  lines records misses skipped  right wrong missed  formats`);
for (const path of logs) {
  const books = readFile(join(root, path));
  const expected = join(root, path.replace(/\.log(?:\.gz)?$/, ".cases.json"));
  const verdict = existsSync(expected) ? compareCases(expected) : null;
  const counts = [
    String(books.lines).padStart(6),
    String(books.records).padStart(7),
    String(books.misses).padStart(6),
    String(books.skipped).padStart(7),
    " ",
    String(verdict?.right ?? "").padStart(4),
    String(verdict?.wrong ?? "").padStart(5),
    String(verdict?.missed ?? "").padStart(6),
  ];
  console.log(`${path.padEnd(width)} ${counts.join(" ")}  ${books.formats}`);
  if (options.includes("--differences")) {
    if (books.firstMiss !== null) console.log(`    ${books.firstMiss}`);
    for (const difference of verdict?.differences ?? []) console.log(`    ${difference}`);
  }
  total.lines += books.lines;
  total.records += books.records;
  total.misses += books.misses;
  total.skipped += books.skipped;
  total.right += verdict?.right ?? 0;
  total.wrong += verdict?.wrong ?? 0;
}
const { lines, records, misses, skipped, right, wrong } = total;
console.log(
  `${logs.length} files, ${lines} lines = ${records} records + ${misses} misses + ${skipped} skipped; fields ${right} right, ${wrong} wrong`,
);
