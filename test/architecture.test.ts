// Reads the imports of src/ and holds the house to its plan: one direction, doors only, the world touched in few places.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../src");
const ROOMS = [
  "input",
  "grammar",
  "config",
  "record",
  "summary",
  "incident",
  "report",
  "tui",
  "cli",
];
/** Rooms that import no other room. */
const GROUND_FLOOR = ["input", "grammar"];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isPackage: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith("grammar/compiled"))
  .sort();

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), "utf8");
  const found = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^"';]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|\nimport\s+"([^"]+)"/g,
    ),
  ];
  return found.map((match) => {
    const target = (match[1] ?? match[2] ?? match[3])!;
    const isPackage = !target.startsWith(".");
    return {
      from: file,
      to: isPackage ? target : relative(SRC, join(SRC, dirname(file), target)),
      isPackage,
    };
  });
}

const imports = files.flatMap(importsOf);
const roomOf = (path: string): string => (path.includes("/") ? path.split("/")[0]! : "");
const across = imports.filter(
  ({ from, to, isPackage }) => !isPackage && roomOf(from) !== roomOf(to),
);

describe("the rooms of src/", () => {
  it("are the ones of the plan", () => {
    expect([...new Set(files.map(roomOf))].filter((room) => room !== "").sort()).toEqual(
      [...ROOMS].sort(),
    );
  });

  it("import only from rooms above", () => {
    const upward = across.filter(
      ({ from, to }) =>
        roomOf(from) !== "" && ROOMS.indexOf(roomOf(to)) >= ROOMS.indexOf(roomOf(from)),
    );
    expect(upward).toEqual([]);
  });

  it("on the ground floor import no other room", () => {
    expect(across.filter(({ from }) => GROUND_FLOOR.includes(roomOf(from)))).toEqual([]);
  });

  it("are entered by their door only", () => {
    const windows = across.filter(
      ({ from, to }) => roomOf(from) !== "" && !/^[a-z]+\/index\.ts$/.test(to),
    );
    expect(windows).toEqual([]);
  });

  it("have no cycles between files", () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, isPackage } of imports)
      if (!isPackage) graph.set(from, [...(graph.get(from) ?? []), to]);
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
        return;
      }
      state.set(file, "open");
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it("have no lumber room", () => {
    expect(
      files.filter((file) =>
        /(^|\/)(utils?|helpers?|common|types|core|misc)(\/|\.tsx?$)/.test(file),
      ),
    ).toEqual([]);
  });
});

describe("the world", () => {
  const text = (file: string): string =>
    readFileSync(join(SRC, file), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, "");

  it("is touched only in cli, main, worker and the explorer's app", () => {
    const allowed = (file: string): boolean =>
      file.startsWith("cli/") || !file.includes("/") || file === "tui/app.tsx";
    const touching = files.filter(
      (file) =>
        !allowed(file) && /\bprocess\.|\bconsole\.|\bDate\.now\(|\bnew Date\(\)/.test(text(file)),
    );
    expect(touching).toEqual([]);
  });

  it("has its files read only by input, cli and the launchers", () => {
    const allowed = new Set(["input", "cli", ""]);
    const reading = imports.filter(
      ({ from, to }) => /^(node:)?fs(\/promises)?$/.test(to) && !allowed.has(roomOf(from)),
    );
    expect(reading).toEqual([]);
  });
});

describe("every file", () => {
  it("begins by saying what it is for", () => {
    const silent = files.filter(
      (file) => !/^(#!.*\n)?\/\/ \S/.test(readFileSync(join(SRC, file), "utf8")),
    );
    expect(silent).toEqual([]);
  });

  it("stays short, or says why not", () => {
    const long = files.filter(
      (file) => readFileSync(join(SRC, file), "utf8").split("\n").length > 300,
    );
    expect(long).toEqual([]);
  });
});
