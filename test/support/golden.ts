// Compares text with a golden file; UPDATE_GOLDEN=1 writes it instead.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "vitest";

/** Expects `text` to be what `file` (a URL beside the test) holds. */
export function expectGolden(text: string, file: URL): void {
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(file.pathname), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  expect(text).toBe(readFileSync(file, "utf8"));
}
