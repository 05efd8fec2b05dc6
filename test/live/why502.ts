// The built program, run on the logs of a rig.
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Report } from "../../src/report/index.ts";
import type { View } from "./rig.ts";

/** The program that `npm run build` makes. */
export const PROGRAM = join(import.meta.dirname, "../../dist/main.js");

/** Runs why502 on a view and reads its report. @throws when it does not end with 0 and a JSON report */
export async function report(view: View): Promise<Report> {
  const args = [PROGRAM, ...view.files, ...(view.flags ?? []), "-o", "json"];
  const child = spawn(process.execPath, args, { env: { ...process.env, TZ: "UTC" } });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`why502 ended with ${String(code)}: ${err}`);
  return JSON.parse(out) as Report;
}
