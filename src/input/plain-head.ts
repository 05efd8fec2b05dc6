// The plain head that is put in front of a line when it is taken out of its envelopes: `peel` takes it off again.
import { isoOf } from "./text-heads.ts";

/** What an envelope told; "" for nothing. */
interface Told {
  readonly stamp: string;
  readonly host: string;
  readonly tag: string;
}

/** `2026-11-22T13:49:32Z host tag: `, `host | ` or nothing. */
export function plainHead({ stamp, host, tag }: Told): string {
  const name = host.replaceAll(/[\s|]/g, "_");
  if (stamp === "") return name === "" ? "" : `${name.replaceAll(/[^\w.-]/g, "_")} | `;
  return `${stamp} ${name === "" ? "" : `${name} `}${tidyTag(tag)}: `;
}

/** A tag with its pid, if any, as `peel` knows one. */
function tidyTag(tag: string): string {
  const [, name, pid] = /^(.*?)(\[\d+\])?$/s.exec(tag)!;
  return `${name!.replaceAll(/[\s:[\]"]/g, "_") || "-"}${pid ?? ""}`;
}

/** A time as collectors write it: ISO as it is, seconds, ms, µs or ns since the epoch by their size. */
export function stampOf(told: string): string {
  if (told === "") return "";
  if (/^\d{4}-\d\d-\d\d[T ]/.test(told)) return told.replace(" ", "T").replaceAll(" ", "");
  if (!/^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(told)) return "";
  const value = Number(told);
  const ms =
    value < 1e11 ? value * 1e3 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6;
  return isoOf(Math.floor(ms));
}
