// The benchmark's inputs as files: built once into the temporary folder, named for their content, used again.
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { writerOf, type Shape } from "./shapes.ts";
import { isFailed, requests, type Spread } from "./traffic.ts";

/** What to build. */
export interface InputSpec {
  readonly shape: Shape;
  readonly lines: number;
  /** A few failures and one burst, or half of the requests. */
  readonly failing: "quiet" | "half";
  readonly spread: Spread;
  readonly packed: boolean;
}

/** A built input, and what a correct count of it must give. */
export interface Input {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  /** Lines with a 502, 503 or 504, or an error message that stands for one. */
  readonly failed: number;
}

/** Where the inputs lie: shared by all checkouts of a machine. */
export const INPUT_FOLDER = join(tmpdir(), "why502-bench");

/** An input that is there, built now if need be. A half-built one is never taken for a whole. */
export async function prepareInput(spec: InputSpec): Promise<Input> {
  mkdirSync(INPUT_FOLDER, { recursive: true });
  const stem = `${spec.shape}-${spec.spread}-${spec.failing}-${spec.lines}`;
  const plain = join(INPUT_FOLDER, `${stem}-${fingerprint(spec)}.log`);
  const facts = `${plain}.json`;
  if (!existsSync(plain) || !existsSync(facts)) {
    // What another version of the generator built under this name is of no use any more.
    for (const old of readdirSync(INPUT_FOLDER).filter((name) => name.startsWith(`${stem}-`)))
      rmSync(join(INPUT_FOLDER, old), { force: true });
    const part = `${plain}.${process.pid}`;
    const failed = write(part, spec);
    writeFileSync(facts, JSON.stringify({ failed }));
    renameSync(part, plain);
  }
  const { failed } = JSON.parse(readFileSync(facts, "utf8")) as { failed: number };
  const path = spec.packed ? await packed(plain) : plain;
  return { path, bytes: statSync(path).size, lines: spec.lines, failed };
}

async function packed(plain: string): Promise<string> {
  const path = `${plain}.gz`;
  if (existsSync(path)) return path;
  const part = `${path}.${process.pid}`;
  await pipeline(createReadStream(plain), createGzip({ level: 6 }), createWriteStream(part));
  renameSync(part, path);
  return path;
}

/** Says which generator wrote a file: a hash over the lines it begins with. */
function fingerprint(spec: InputSpec): string {
  const hash = createHash("sha1");
  const line = writerOf(spec.shape);
  for (const request of requests(5000, spec.failing, spec.spread)) hash.update(line(request));
  return hash.digest("hex").slice(0, 8);
}

/** @returns how many lines tell of a failure */
function write(path: string, spec: InputSpec): number {
  const file = openSync(path, "w");
  const line = writerOf(spec.shape);
  let failed = 0;
  let chunk = "";
  for (const request of requests(spec.lines, spec.failing, spec.spread)) {
    if (isFailed(request.outcome)) failed++;
    chunk += line(request);
    if (chunk.length > 4 << 20) {
      writeSync(file, chunk, null, "latin1");
      chunk = "";
    }
  }
  writeSync(file, chunk, null, "latin1");
  closeSync(file);
  return failed;
}
