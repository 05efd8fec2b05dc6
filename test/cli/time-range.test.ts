// What people type after --since and --until, against a fixed now.
import { describe, expect, test } from "vitest";
import { checkRange, parseTimeBound, type TimeContext } from "../../src/cli/time-range.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

const NOW = Date.parse("2026-11-23T10:30:15.250Z");
const UTC: TimeContext = { now: NOW, zone: "UTC", which: "since" };

function at(text: string, context: TimeContext = UTC): string {
  const bound = parseTimeBound(text, context);
  return bound.kind === "at" ? new Date(bound.ms).toISOString() : `end${bound.ms}`;
}

function errorOf(text: string): UsageError {
  try {
    parseTimeBound(text, UTC);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`${text} was taken for a time`);
}

describe("in UTC", () => {
  test.each([
    ["2012-10-30 18:17:16", "2012-10-30T18:17:16.000Z"],
    ["2012-10-30 18:17", "2012-10-30T18:17:00.000Z"],
    ["2012-10-30", "2012-10-30T00:00:00.000Z"],
    ["2012-10-30 18:17:16.123456", "2012-10-30T18:17:16.123Z"],
    ["2012-10-30T18:17:16", "2012-10-30T18:17:16.000Z"],
    ["18:17:16", "2026-11-23T18:17:16.000Z"],
    ["9:05", "2026-11-23T09:05:00.000Z"],
    ["now", "2026-11-23T10:30:15.250Z"],
    ["today", "2026-11-23T00:00:00.000Z"],
    ["yesterday", "2026-11-22T00:00:00.000Z"],
    ["Tomorrow", "2026-11-24T00:00:00.000Z"],
    ["yesterday 18:00", "2026-11-22T18:00:00.000Z"],
    ["-1h", "2026-11-23T09:30:15.250Z"],
    ["-15m", "2026-11-23T10:15:15.250Z"],
    ["+5min", "2026-11-23T10:35:15.250Z"],
    ["2 hours ago", "2026-11-23T08:30:15.250Z"],
    ["30 min ago", "2026-11-23T10:00:15.250Z"],
    ["1h30min ago", "2026-11-23T09:00:15.250Z"],
    ["1 hour 30 minutes ago", "2026-11-23T09:00:15.250Z"],
    ["-2 days", "2026-11-21T10:30:15.250Z"],
    ["-1w", "2026-11-16T10:30:15.250Z"],
    ["-1M", "2026-10-23T10:30:15.250Z"],
    ["1 month ago", "2026-10-23T10:30:15.250Z"],
    ["-1y", "2025-11-23T10:30:15.250Z"],
    ["-500ms", "2026-11-23T10:30:14.750Z"],
    ["-1.5h", "2026-11-23T09:00:15.250Z"],
    ["@1795355028", "2026-11-22T13:43:48.000Z"],
    ["@1795355028.658", "2026-11-22T13:43:48.658Z"],
    ["2026-11-22T13:43:48Z", "2026-11-22T13:43:48.000Z"],
    ["2026-11-22T13:43:48.5+02:00", "2026-11-22T11:43:48.500Z"],
    ["2026-11-22 13:43:48 +0200", "2026-11-22T11:43:48.000Z"],
    ["2026-11-22 13:43:48 UTC", "2026-11-22T13:43:48.000Z"],
    ["2026-11-22 13:43:48 Asia/Tokyo", "2026-11-22T04:43:48.000Z"],
    ["[22/Nov/2026:13:43:48 +0100]", "2026-11-22T12:43:48.000Z"],
    ["22/Nov/2026:13:45:50.200", "2026-11-22T13:45:50.200Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    [" today ", "2026-11-23T00:00:00.000Z"],
  ])("%s", (text, expected) => expect(at(text)).toBe(expected));

  test.each([
    ["end-15m", "end-900000"],
    ["end -15m", "end-900000"],
    ["end - 1h 30min", "end-5400000"],
    ["end", "end0"],
  ])("%s counts back from the last record", (text, expected) => expect(at(text)).toBe(expected));
});

describe("in a zone", () => {
  const berlin: TimeContext = { now: NOW, zone: "Europe/Berlin", which: "since" };

  test.each([
    ["today", "2026-11-22T23:00:00.000Z"],
    ["2026-07-01", "2026-06-30T22:00:00.000Z"],
    ["18:17", "2026-11-23T17:17:00.000Z"],
    ["2026-11-22T13:43:48Z", "2026-11-22T13:43:48.000Z"],
    ["22/Nov/2026:13:45:50", "2026-11-22T12:45:50.000Z"],
  ])("%s", (text, expected) => expect(at(text, berlin)).toBe(expected));

  test("an offset is a zone", () => {
    expect(at("2026-11-22 18:00", { ...UTC, zone: "+05:30" })).toBe("2026-11-22T12:30:00.000Z");
  });

  test("today is the zone's today", () => {
    expect(at("today", { ...UTC, zone: "Pacific/Auckland" })).toBe("2026-11-22T11:00:00.000Z");
    expect(at("today", { ...UTC, zone: "Pacific/Honolulu" })).toBe("2026-11-23T10:00:00.000Z");
    const earlier = Date.parse("2026-11-23T09:59:59Z");
    expect(at("today", { now: earlier, zone: "Pacific/Honolulu", which: "since" })).toBe(
      "2026-11-22T10:00:00.000Z",
    );
  });

  test("midnight on the day the clocks change", () => {
    expect(at("2026-03-29", berlin)).toBe("2026-03-28T23:00:00.000Z");
    expect(at("2026-03-30", berlin)).toBe("2026-03-29T22:00:00.000Z");
    expect(at("2026-10-25", berlin)).toBe("2026-10-24T22:00:00.000Z");
    expect(at("2026-10-26", berlin)).toBe("2026-10-25T23:00:00.000Z");
  });

  test("yesterday of a 23-hour day is a whole day back on the wall", () => {
    const monday = { ...berlin, now: Date.parse("2026-03-30T06:00:00Z") };
    expect(at("yesterday", monday)).toBe("2026-03-28T23:00:00.000Z");
    expect(at("-1d", monday)).toBe("2026-03-29T06:00:00.000Z");
  });

  test("a repeated hour: since takes the first, until the second", () => {
    expect(at("2026-10-25 02:30", berlin)).toBe("2026-10-25T00:30:00.000Z");
    expect(at("2026-10-25 02:30", { ...berlin, which: "until" })).toBe("2026-10-25T01:30:00.000Z");
  });

  test("a skipped hour never loses lines", () => {
    expect(at("2026-03-29 02:30", berlin)).toBe("2026-03-29T00:30:00.000Z");
    expect(at("2026-03-29 02:30", { ...berlin, which: "until" })).toBe("2026-03-29T01:30:00.000Z");
  });
});

describe("mistakes", () => {
  test.each([
    ["", /is no time/],
    ["soon", /"soon" is no time/],
    ["1h", /is no time/],
    ["-1h ago", /is no time/],
    ["-1 fortnight", /is no time/],
    ["2026-13-01", /date that does not exist/],
    ["2026-02-30", /date that does not exist/],
    ["2026-02-30T10:00:00Z", /date that does not exist/],
    ["31/Feb/2026:10:00:00", /date that does not exist/],
    ["2026-11-22 25:00", /no such time of day: 25:00/],
    ["12:60", /no such time of day/],
    ["2026-11-22 13:43:48 Mars/Phobos", /does not end in a time zone/],
    ["end+5m", /is no time/],
    ["end-soon", /is no time/],
    ["-99999999999999999999y", /is no time/],
    ["@99999999999999999999", /is no time/],
  ])("%s", (text, message) => {
    const error = errorOf(text);
    expect(error.message).toMatch(message);
    expect(error.text).toBe(`--since ${text}`);
    expect(error.hint).not.toBe("");
  });

  test("the caret stands under the wrong part", () => {
    expect(errorOf("2026-11-22 25:00").offset).toBe("--since 2026-11-22 ".length);
    expect(errorOf("2026-11-22 13:43:48 Mars/Phobos").offset).toBe(
      "--since 2026-11-22 13:43:48 ".length,
    );
  });

  test("a bare epoch is told about @", () => {
    expect(errorOf("1795355028").hint).toContain("@1795355028");
  });

  test("a range that ends before it begins", () => {
    const noon = parseTimeBound("12:00", UTC);
    const one = parseTimeBound("13:00", UTC);
    expect(() => checkRange(one, noon)).toThrow(UsageError);
    expect(() => checkRange(noon, one)).not.toThrow();
    expect(() => checkRange(one, parseTimeBound("end", UTC))).not.toThrow();
    expect(() => checkRange(null, noon)).not.toThrow();
  });
});
