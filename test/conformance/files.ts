// Runs whole log files as the program does: its own reading of sources, and each line that it missed with the reason.
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readSources } from "../../src/cli/read-sources.ts";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import { findSources } from "../../src/input/index.ts";
import { EVERYTHING } from "../../src/record/index.ts";
import { describe } from "./describer.ts";

/** The books of one file. */
export interface FileBooks {
  readonly lines: number;
  readonly records: number;
  readonly misses: number;
  readonly skipped: number;
  readonly formats: string;
  readonly firstMiss: string | null;
}

const texts = readKnowledge();

/** Reads a file from its first to its last line. */
export async function readFile(path: string): Promise<FileBooks> {
  const { sources } = await findSources([path]);
  const { summary } = await readSources({
    sources,
    stdin: () => createReadStream("/dev/null"),
    texts,
    given: () => [],
    zone: "UTC",
    systemZone: "UTC",
    selection: EVERYTHING,
    threads: 1,
    isAsked: false,
    keepFree: false,
    now: Date.UTC(2026, 10, 24),
    signal: new AbortController().signal,
    onProgress: () => {},
    onIdle: null,
  });
  const { lines, records, misses, skipped, format, firstMiss } = summary.sources[0]!;
  return {
    ...{ lines, records, misses, skipped, formats: format },
    firstMiss: firstMiss && `line ${firstMiss.line}: ${firstMiss.why}: ${firstMiss.text}`,
  };
}

/** Reads a file's content. */
export async function readBytes(bytes: Buffer): Promise<FileBooks> {
  const folder = mkdtempSync(join(tmpdir(), "why502-conformance-"));
  try {
    const path = join(folder, "a.log");
    writeFileSync(path, bytes);
    return await readFile(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The lines of a file that are not understood each by itself, with the reason. */
export function missedLines(path: string): string[] {
  const raw = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(raw) : raw).toString();
  return text.split("\n").flatMap((line, at) => {
    const miss = line.trim() === "" ? null : describe(line).miss;
    return miss === null ? [] : [`line ${at + 1}: ${miss.why}: ${line}`];
  });
}
