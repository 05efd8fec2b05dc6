// Local wall-clock times in their zone: summer and winter, the hour that comes twice, the one that never comes.
import { describe, expect, it } from "vitest";
import { LocalClock, repeatsAnHour } from "../../src/record/index.ts";
import { syslogTime } from "../../src/record/syslog-time.ts";

const local = (text: string): number => Date.parse(`${text}Z`);
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

function read(zone: string, times: readonly string[]): string[] {
  const clock = new LocalClock(zone);
  return times.map((time) => iso(clock.toUtc(local(time))));
}

describe("a local clock", () => {
  it("knows summer from winter", () => {
    expect(read("Europe/Berlin", ["2026-07-01T12:00:00", "2026-12-01T12:00:00"])).toEqual([
      "2026-07-01T10:00:00",
      "2026-12-01T11:00:00",
    ]);
  });

  it("takes the order of lines for the hour that autumn repeats", () => {
    const times = [
      "2026-10-25T01:59:59",
      "2026-10-25T02:10:00",
      "2026-10-25T02:59:59",
      "2026-10-25T02:00:00", // again
      "2026-10-25T02:30:00",
      "2026-10-25T02:29:58", // out of order
      "2026-10-25T03:00:01",
      "2026-10-25T02:59:59.900", // out of order across the end
      "2026-10-25T03:10:00",
    ];
    expect(read("Europe/Berlin", times)).toEqual([
      "2026-10-24T23:59:59",
      "2026-10-25T00:10:00",
      "2026-10-25T00:59:59",
      "2026-10-25T01:00:00",
      "2026-10-25T01:30:00",
      "2026-10-25T01:29:58",
      "2026-10-25T02:00:01",
      "2026-10-25T01:59:59",
      "2026-10-25T02:10:00",
    ]);
  });

  it("takes the earlier reading of a repeated hour where nothing tells", () => {
    expect(read("America/New_York", ["2026-11-01T01:30:00"])).toEqual(["2026-11-01T05:30:00"]);
  });

  it("starts again with a file behind another", () => {
    const twice = [
      "2026-10-25T02:30:00",
      "2026-10-25T02:20:00",
      "2026-10-24T02:00:00",
      "2026-10-25T02:30:00",
    ];
    expect(read("Europe/Berlin", twice).at(-1)).toBe("2026-10-25T00:30:00");
  });

  it("reads the hour that spring leaves out as if the clock had not been set", () => {
    expect(read("Europe/Berlin", ["2026-03-29T02:30:00"])).toEqual(["2026-03-29T01:30:00"]);
  });

  it("tells whether an hour is repeated between two moments", () => {
    const [from, to] = [local("2026-10-20T00:00:00"), local("2026-10-28T00:00:00")];
    expect(repeatsAnHour("Europe/Berlin", from, to)).toBe(true);
    expect(repeatsAnHour("Europe/Berlin", from - 90 * 86_400_000, from)).toBe(false);
    expect(repeatsAnHour("+02:00", from, to)).toBe(false);
    expect(repeatsAnHour("UTC", from, to)).toBe(false);
  });
});

describe("a stamp without a year", () => {
  const at = (text: string, near: string): string =>
    iso(syslogTime(Buffer.from(text), 0, local(near)));

  it("is of the year that puts it nearest to a dated line", () => {
    expect(at("Jan  1 00:00:01", "2025-12-31T23:59:59")).toBe("2026-01-01T00:00:01");
    expect(at("Dec 31 23:59:59", "2026-01-01T00:00:01")).toBe("2025-12-31T23:59:59");
    expect(at("Feb 29 12:00:00", "2024-03-01T00:00:00")).toBe("2024-02-29T12:00:00");
  });
});
