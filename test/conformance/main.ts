// `npm run conformance -- DIR [--all]`: every log of a folder tree, line counts, misses and others' expectations.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compareCases } from "./expectations.ts";
import { missedLines, readFile } from "./files.ts";

/** What is shown of a file's misses and differences unless all are asked for, and of each. */
const MOST_SHOWN = 4;
const WIDTH = 230;

const [root, ...options] = process.argv.slice(2);
if (root === undefined) {
  console.error("usage: npm run conformance -- DIR [--all]");
  process.exit(2);
}
const isAll = options.includes("--all");
const logs = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.log(?:\.gz)?$/.test(path))
  .sort();
const width = Math.max(4, ...logs.map((path) => path.length));
const total = { lines: 0, records: 0, misses: 0, skipped: 0, right: 0, wrong: 0 };
const known = new Map<string, number>();

/** Prints some of the lines, cut to one row each, and how many there are more. */
function show(title: string, lines: readonly string[]): void {
  const shown = isAll ? lines : lines.slice(0, MOST_SHOWN);
  for (const line of shown) console.log(`    ${title}${isAll ? line : line.slice(0, WIDTH)}`);
  if (shown.length < lines.length)
    console.log(`    ${title}and ${lines.length - shown.length} more (--all)`);
}

console.log(`${"file".padEnd(width)}  lines records misses skipped  right wrong missed  formats`);
for (const path of logs) {
  const books = await readFile(join(root, path));
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
  if (books.misses > 0) {
    const alone = missedLines(join(root, path));
    // A line may be missed only among the others, which have other formats.
    show("miss: ", alone.length > 0 || books.firstMiss === null ? alone : [books.firstMiss]);
  }
  show("", verdict?.differences ?? []);
  for (const [reason, count] of verdict?.known ?? [])
    known.set(reason, (known.get(reason) ?? 0) + count);
  total.lines += books.lines;
  total.records += books.records;
  total.misses += books.misses;
  total.skipped += books.skipped;
  total.right += verdict?.right ?? 0;
  total.wrong += verdict?.wrong ?? 0;
}
const { lines, records, misses, skipped, right, wrong } = total;
if (known.size > 0) console.log("\nexpectations known to be wrong, counted as neither:");
for (const [reason, count] of known) console.log(`${String(count).padStart(6)}  ${reason}`);
console.log(
  `\n${logs.length} files, ${lines} lines = ${records} records + ${misses} misses + ${skipped} skipped; fields ${right} right, ${wrong} wrong`,
);
