import { readCases } from "./cases.ts";
import { describe, describeAmong } from "./describer.ts";
import { flat } from "./flat.ts";
for (const one of readCases(process.argv[2]!)) {
  const d =
    one.among === null
      ? describe(one.line, one.format, one.zone)
      : describeAmong(one.line, one.among, one.zone);
  const e = one.expected;
  const out: string[] = [];
  if (e.kind === "miss") {
    if (d.format !== null)
      out.push(`READ AS ${d.format}: ${JSON.stringify(flat(d)).slice(0, 500)}`);
    else if (e.field !== null && d.miss!.field !== e.field)
      out.push(`field ${d.miss!.field} (${d.miss!.why}), wanted ${e.field}`);
  } else {
    const f = flat(d);
    if (f === null) out.push(`MISS ${d.miss!.why}`);
    else
      for (const [k, v] of Object.entries(e.fields)) {
        if (k === "attempts" && Array.isArray(v)) {
          const got = f[k] as Record<string, unknown>[];
          if (
            got.length !== v.length ||
            v.some((a, i) => Object.entries(a).some(([kk, vv]) => got[i]![kk] !== vv))
          )
            out.push(`attempts ${JSON.stringify(got)}, wanted ${JSON.stringify(v)}`);
        } else if (JSON.stringify(f[k]) !== JSON.stringify(v))
          out.push(`${k} ${JSON.stringify(f[k])}, wanted ${JSON.stringify(v)}`);
      }
  }
  if (out.length)
    console.log(
      `-- ${one.at} ${one.title}\n   ${one.line.slice(0, 330)}\n      ${out.join("\n      ")}`,
    );
}
