// `npm run bench [-- --quick | --write] [--only PATTERN] [--rounds N]`: why502 against its peers and against itself.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare } from "./compare.ts";
import { INPUT_FOLDER, prepareInput, type Input } from "./inputs.ts";
import { describeMachine } from "./machine.ts";
import { HOW, outputOf } from "./measure.ts";
import { missing, PEERS, rightCount } from "./peers.ts";
import {
  BUSY,
  cellsOf,
  keyOf,
  readTable,
  verdict,
  worsening,
  writeTable,
  type Result,
} from "./results.ts";
import { GROUPS, SAME_WITH_ANY_WORKERS, type Group, type Row } from "./rows.ts";

const PROGRAM = "dist/main.js";
const RESULTS = join("test", "bench", "RESULTS.md");

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    only: { type: "string" },
    rounds: { type: "string" },
  },
});
if (options.write && options.quick) {
  console.error("--write takes longer runs: leave out --quick");
  process.exit(2);
}
if (!existsSync(PROGRAM)) {
  console.error(`${PROGRAM} is not there: run this in the project's folder, after npm run build`);
  process.exit(2);
}

const rounds = Number(options.rounds ?? (options.quick ? 3 : 5));
const written = existsSync(RESULTS) ? readFileSync(RESULTS, "utf8") : "";
const earlier = readTable(written);
const results: Result[] = [];
const notes: string[] = [];
const slower: string[] = [];

console.log(describeMachine().join("\n"));
console.log(`inputs in ${INPUT_FOLDER}\n`);
for (const group of chosen()) await runGroup(group);
if (!options.quick && options.only === undefined) await compareWorkers();

const missed = results.filter((result) => verdict(result)?.isMet === false);
const promised = results.filter((result) => verdict(result) !== null);
console.log(`\n${promised.length - missed.length} of ${promised.length} rows keep their targets`);
for (const note of notes) console.log(note);
if (options.write) {
  writeFileSync(RESULTS, page());
  console.log(`written to ${RESULTS}`);
}
if (options.quick) {
  for (const line of slower) console.log(`slower than committed: ${line}`);
  if (slower.length === 0) console.log("no ratio fell by more than a tenth");
  else process.exitCode = 1;
}

function chosen(): Group[] {
  const only = options.only === undefined ? null : new RegExp(options.only, "i");
  return GROUPS.map((group) => ({
    ...group,
    rows: group.rows.filter(
      (row) =>
        (!options.quick || row.isQuick) &&
        (only === null || only.test(`${group.label} ${labelOf(row)}`)),
    ),
  })).filter(({ rows }) => rows.length > 0);
}

function labelOf({ against }: Row): string {
  return against.kind === "peer" ? against.name : against.label;
}

function own(flags: string, path: string): string {
  return `node ${PROGRAM} -o json ${flags} '${path}'`;
}

async function runGroup(group: Group): Promise<void> {
  const input = group.input === null ? null : await prepareInput(group.input);
  const ours = input === null ? `node ${PROGRAM} --help` : own(group.flags, input.path);
  if (input !== null) checkOwn(ours, input);
  const pairs: { row: Row; command: string }[] = [];
  for (const row of group.rows) {
    const command = await commandOf(row, group, input);
    if (command !== null) pairs.push({ row, command });
  }
  if (pairs.length === 0) return;
  const run = (times: number): Result[] =>
    compare(
      ours,
      pairs.map(({ command }) => command),
      times,
    ).map((comparison, at) => ({
      input: group.label,
      against: labelOf(pairs[at]!.row),
      target: pairs[at]!.row.target,
      comparison,
    }));
  let found = run(rounds);
  // A ratio that looks worse is measured again, longer, before anybody is told.
  const isWorse = (result: Result): boolean =>
    worsening(result, earlier.get(keyOf(result.input, result.against))) !== null;
  if (options.quick && found.some(isWorse)) found = run(2 * rounds + 1);
  for (const result of found) {
    results.push(result);
    console.log(lineOf(result));
    const worse = worsening(result, earlier.get(keyOf(result.input, result.against)));
    if (worse !== null) slower.push(`${result.input} against ${result.against}: ${worse}`);
  }
}

/** The command of a row, after one run of it that warms up and proves that it counts right; null without its program. */
async function commandOf(row: Row, group: Group, input: Input | null): Promise<string | null> {
  const { against } = row;
  if (against.kind === "command") return against.command;
  if (against.kind === "self") {
    const other = await prepareInput(against.input);
    const command = own(against.flags, other.path);
    checkOwn(command, other);
    return command;
  }
  const peer = PEERS.find(({ name }) => name === against.name)!;
  const lacking = missing(peer);
  if (lacking.length > 0) {
    notes.push(`${group.label} against ${peer.name}: not run, ${lacking.join(", ")} not found`);
    return null;
  }
  const command = peer.commands[group.input!.shape]!(input!.path);
  const counted = peer.counted(outputOf(command));
  const right = rightCount(peer, input!);
  if (counted !== right)
    notes.push(`${group.label}: ${peer.name} counted ${counted}, there are ${right}`);
  return command;
}

/** Our run must have understood every line and counted every failure, or its time is worth nothing. */
function checkOwn(command: string, { lines, failed }: Input): void {
  const { input, totals } = JSON.parse(outputOf(command)) as {
    input: { lines: number; misses: number };
    totals: { failures: number };
  };
  if (input.lines !== lines || input.misses !== 0 || totals.failures !== failed)
    notes.push(
      `${command}: ${input.lines} lines, ${input.misses} misses, ${totals.failures} failures; there are ${lines}, 0, ${failed}`,
    );
}

async function compareWorkers(): Promise<void> {
  for (const [label, spec] of SAME_WITH_ANY_WORKERS) {
    const { path } = await prepareInput(spec);
    const hashes = [1, 2, 4].map((workers) =>
      createHash("sha256")
        .update(outputOf(own(`--workers ${workers}`, path)))
        .digest("hex"),
    );
    const same = new Set(hashes).size === 1;
    notes.push(
      `${label}: the report with 1, 2 and 4 workers is ${same ? "the same" : "**not** the same"}`,
    );
  }
}

function lineOf(result: Result): string {
  const [input, against, ...figures] = cellsOf(result);
  const [wall, theirs, wallRatio, cpuRatio, peak, theirPeak, must] = figures;
  const { others } = result.comparison;
  const busy = others > BUSY ? `  [others had ${(100 * others).toFixed(0)} % of the machine]` : "";
  return [
    `${input} against ${against}`,
    `    ${wall} s : ${theirs} s, wall × ${wallRatio}, CPU × ${cpuRatio}, peak ${peak} : ${theirPeak} MB${busy}`,
    ...(must === "" ? [] : [`    ${must!.replaceAll("**", "")}`]),
  ].join("\n");
}

function page(): string {
  const keys = GROUPS.flatMap((group) =>
    group.rows.map((each) => keyOf(group.label, labelOf(each))),
  );
  // A whole run says everything anew.
  const behind = options.only === undefined ? "" : written.slice(written.lastIndexOf("|\n") + 2);
  const earlierNotes = behind
    .split("\n")
    .filter((line) => line.startsWith("- "))
    .map((line) => line.slice(2));
  const busiest = Math.max(...results.map(({ comparison }) => comparison.others));
  return `# Results

Written by \`npm run bench -- --write\`; \`npm run bench -- --quick\` compares with this table.

${describeMachine()
  .map((line) => `- ${line}`)
  .join("\n")}
- at most ${(100 * busiest).toFixed(0)} % of the machine was taken by others during a row written last (median of its runs)

Every figure is the median of ${rounds} runs after one that warmed up and was checked for a right count, the programs taking
turns. Ratios are ours through theirs, medians over pairs of neighbouring runs: less is better for us. Ours is always the whole
\`why502 -o json\`; a peer's is one count (\`test/bench/peers.ts\` has the commands). ${HOW}.

${writeTable(results, keys, earlier)}

${[...new Set([...earlierNotes, ...notes])].map((note) => `- ${note}`).join("\n")}
`;
}
