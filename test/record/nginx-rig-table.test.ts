// What both logs of the rig say of each of its faults: status, reason, stage and maker, request by request.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describe } from "../conformance/describer.ts";
import { KV, rigLines } from "./nginx/rig.ts";

/** Request | what the access log tells, in order | what the error log tells. `~` stands before a masked failure. */
const TABLE = readFileSync(new URL("nginx/faults.txt", import.meta.url), "utf8");

type Told = Map<string, string[]>;

function tell(lines: Iterable<string>, format: string | null): Told {
  const told: Told = new Map();
  for (const line of lines) {
    const { record, failure } = describe(line, format);
    if (failure === null) continue;
    const path = pathOf(line);
    const { reason, stage, by, masked } = failure;
    const status = format === null ? "" : `${record!.status} `;
    const row = `${masked ? "~" : ""}${status}${reason} ${stage} ${by}`;
    told.set(path, [...(told.get(path) ?? []), row]);
  }
  return told;
}

/** The first line of the request tells faults apart; what makes it long or odd does not matter. */
function pathOf(line: string): string {
  const path = /"(?:[A-Z]+) ([^ "?]+)/.exec(line)?.[1] ?? "";
  return path.replace(/\/x$/, "").slice(0, 24);
}

function rows(access: Told, errors: Told): string {
  const paths = [...new Set([...access.keys(), ...errors.keys()])].sort();
  const cell = (told: Told, path: string): string => (told.get(path) ?? ["-"]).join(", ");
  return paths.map((path) => `${path} | ${cell(access, path)} | ${cell(errors, path)}\n`).join("");
}

const linesOf = (name: "kv.log" | "error.log"): string[] => rigLines(name).map(({ line }) => line);

test("every failing line of both logs", () => {
  expect(rows(tell(linesOf("kv.log"), KV), tell(linesOf("error.log"), null))).toBe(TABLE);
});
