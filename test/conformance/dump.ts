import { createInterface } from "node:readline";
import { describe } from "./describer.ts";
const fmt = process.argv[2] || null;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "") continue;
  const d = describe(line, fmt);
  const flat: Record<string, unknown> = {
    format: d.format,
    kind: d.kind,
    ...d.record,
    ...(d.failure
      ? {
          reason: d.failure.reason,
          by: d.failure.by,
          detail: d.failure.detail,
          masked: d.failure.masked,
        }
      : {}),
    miss: d.miss,
  };
  for (const k of Object.keys(flat))
    if (flat[k] === null || (Array.isArray(flat[k]) && !(flat[k] as []).length)) delete flat[k];
  console.log(
    line + "\n==> " + JSON.stringify(flat).replaceAll('","', '", "').replaceAll(',"', ', "') + "\n",
  );
}
