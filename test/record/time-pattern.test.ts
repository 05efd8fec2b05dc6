// Times of strftime patterns, as formats of Envoy give them.
import { describe, expect, it } from "vitest";
import { timePattern } from "../../src/record/time-pattern.ts";

function read(pattern: string, text: string): string | null {
  const bytes = Buffer.from(`x${text}y`);
  const ms = timePattern(pattern)!.read(bytes, 1, bytes.length - 1);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

describe("times by a pattern", () => {
  it.each([
    ["%s.%3f", "1795355028.658", "2026-11-22T13:43:48.658Z"],
    ["%s", "1795355028", "2026-11-22T13:43:48.000Z"],
    ["%s%6f", "1795355028658123", "2026-11-22T13:43:48.658Z"],
    ["%Y/%m/%dT%H:%M:%S%z %s", "2019/12/05T16:14:53+0000 1575562493", "2019-12-05T16:14:53.000Z"],
    ["%d/%m/%YT%H:%M:%S%z", "05/12/2019T16:14:53+0200", "2019-12-05T14:14:53.000Z"],
    ["%Y-%m-%d %H:%M:%E3S", "2026-11-22 13:43:48.658", "2026-11-22T13:43:48.658Z"],
    ["%FT%T.%f%Ez", "2026-11-22T13:43:48.658000000+01:00", "2026-11-22T12:43:48.658Z"],
    ["%a, %e %b %Y %I:%M:%S %p %Z", "Sun,  1 Nov 2026 01:43:48 PM UTC", "2026-11-01T13:43:48.000Z"],
    ["%Y %j", "2026 326", "2026-11-22T00:00:00.000Z"],
    ["%Y-%m-%dT%H:%M:%S", "2026-13-22T13:43:48", null],
    ["%Y-%m-%dT%H:%M:%S", "2026-11-22T13:43:48.6", null],
    ["%Y-%m-%dT%H:%M:%S", "2026-11-22T13:43", null],
    ["%Y%m%d %H%%", "20261122 13%", "2026-11-22T13:00:00.000Z"],
  ])("%s of %s", (pattern, text, expected) => {
    expect(read(pattern, text)).toBe(expected);
  });

  it("knows what it cannot read", () => {
    expect(timePattern("%H:%M:%S")).toBeNull();
    expect(timePattern("%Q")).toBeNull();
    expect(timePattern("%Y-%m-%d")!.hasZone).toBe(false);
    expect(timePattern("%Y-%m-%d%z")!.hasZone).toBe(true);
  });
});
