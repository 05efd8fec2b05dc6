// Time zones as people type them.
import { readlinkSync } from "node:fs";
import { nearestName } from "./nearest-name.ts";
import { UsageError } from "./usage-error.ts";

/**
 * This machine's zone. Asking Intl takes longer than reading a short log: it is not asked where `TZ` or, without it,
 * /etc/localtime plainly say UTC, as on most servers.
 */
export function systemZone(): string {
  const named = process.env["TZ"] ?? localtime();
  if (named === "UTC" || named === "Etc/UTC") return "UTC";
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function localtime(): string {
  try {
    return readlinkSync("/etc/localtime").replace(/^.*\/zoneinfo\//, "");
  } catch {
    return "";
  }
}

const OFFSET = /^([+-])(\d\d):?([0-5]\d)?$/;

/**
 * A zone that `makeClock` and `parseTimeBound` take: an IANA name (any case), `UTC`, `Z`, `local`, or an offset
 * (`+02:00`, `+0200`, `+02`), which becomes `+02:00`.
 * @param local what `local` stands for.
 * @throws {UsageError} for a zone that does not exist.
 */
export function parseZone(text: string, local = "UTC"): string {
  const typed = text.trim();
  if (typed === "local") return local;
  if (/^(z|utc|gmt)$/i.test(typed)) return "UTC";
  const offset = OFFSET.exec(typed);
  if (offset !== null && Number(offset[2]) <= 14) {
    const plain = `${offset[1]}${offset[2]}:${offset[3] ?? "00"}`;
    return plain === "+00:00" || plain === "-00:00" ? "UTC" : plain;
  }
  const known = offset === null ? ianaName(typed) : null;
  if (known !== null) return known;
  throw new UsageError(`there is no time zone "${text}"`, `--tz ${text}`, 5, hintFor(typed));
}

/** The name in the case of the zone database; null when there is none. */
function ianaName(typed: string): string | null {
  if (!/^[a-z]/i.test(typed)) return null;
  try {
    const name = new Intl.DateTimeFormat("en-US", { timeZone: typed }).resolvedOptions().timeZone;
    // Aliases (Asia/Kolkata, Asia/Calcutta) stay as they were typed.
    return name.toLowerCase() === typed.toLowerCase() ? name : typed;
  } catch {
    return null;
  }
}

function hintFor(typed: string): string {
  const usual = "a zone is an IANA name (Europe/Berlin), an offset (+02:00), UTC or local";
  const zones = Intl.supportedValuesOf("timeZone");
  const cities = new Map(zones.map((zone) => [zone.slice(zone.lastIndexOf("/") + 1), zone]));
  const city = typed.slice(typed.lastIndexOf("/") + 1).replaceAll(" ", "_");
  const near =
    nearestName(typed, zones) ?? cities.get(nearestName(city, cities.keys()) ?? "") ?? null;
  return near === null ? usual : `did you mean ${near}? Otherwise: ${usual}`;
}
