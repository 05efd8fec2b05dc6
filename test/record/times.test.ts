// Times and numbers from bytes against the platform's own, and everything that must not pass for one.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isAbsent, parseDecimalMs, parseInteger, parseUint } from "../../src/record/bytes.ts";
import {
  clfTime,
  daysFromCivil,
  epochTime,
  haproxyTime,
  isoHasZone,
  isoTime,
  nginxErrorTime,
} from "../../src/record/times.ts";

type Parse = (bytes: Uint8Array, start: number, end: number) => number;

/** Applies a parser to a text that stands in the middle of other bytes. */
function on<T>(parse: (bytes: Uint8Array, start: number, end: number) => T, text: string): T {
  const inner = new TextEncoder().encode(text);
  const bytes = new Uint8Array(inner.length + 10).fill(57);
  bytes.set(inner, 5);
  return parse(bytes, 5, 5 + inner.length);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** A moment of the years 1970–2105 in whole seconds. */
const moment = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((seconds) => new Date(seconds * 1000));

test("property: every form reads back the moment it was written from", () => {
  fc.assert(
    fc.property(
      moment,
      fc.integer({ min: 0, max: 999 }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (date, ms, offset) => {
        const local = new Date(date.getTime() + offset * 60_000);
        if (local.getTime() < 0) return;
        const [y, mo, d] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
        const clock = `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}:${pad(local.getUTCSeconds())}`;
        const sign = offset < 0 ? "-" : "+";
        const [hours, minutes] = [
          pad(Math.floor(Math.abs(offset) / 60)),
          pad(Math.abs(offset) % 60),
        ];
        const slashed = `${pad(d)}/${MONTHS[mo]}/${y}:${clock}`;
        const iso = `${y}-${pad(mo + 1)}-${pad(d)}T${clock}`;
        expect(on(clfTime, `${slashed} ${sign}${hours}${minutes}`)).toBe(date.getTime());
        expect(on(haproxyTime, `${slashed}.${pad(ms, 3)}`)).toBe(local.getTime() + ms);
        expect(on(haproxyTime, slashed)).toBe(local.getTime());
        expect(on(isoTime, `${iso}${sign}${hours}:${minutes}`)).toBe(date.getTime());
        expect(on(isoTime, `${iso}.${pad(ms, 3)}Z`)).toBe(local.getTime() + ms);
        expect(on(isoTime, iso)).toBe(local.getTime());
        expect(on(nginxErrorTime, `${y}/${pad(mo + 1)}/${pad(d)} ${clock}`)).toBe(local.getTime());
        expect(on(epochTime, `${date.getTime() / 1000}.${pad(ms, 3)}`)).toBe(date.getTime() + ms);
        expect(daysFromCivil(y, mo + 1, d)).toBe(Math.floor(local.getTime() / 86_400_000));
      },
    ),
  );
});

const IMPOSSIBLE: readonly (readonly [Parse, string])[] = [
  [clfTime, "31/Apr/2026:13:43:48 +0000"],
  [clfTime, "29/Feb/2100:13:43:48 +0000"],
  [clfTime, "00/Jan/2026:13:43:48 +0000"],
  [clfTime, "01/jax/2026:13:43:48 +0000"],
  [clfTime, "01/Jnu/2026:13:43:48 +0000"],
  [clfTime, "01/Jan/2026:13:43:61 +0000"],
  [clfTime, "01/Jan/2026:13:43:48 x0000"],
  [clfTime, "01/Jan/2026:13:43:48"],
  [clfTime, "01/Jan/0026:13:43:48 +0000"],
  [haproxyTime, "01/Jan/2026:13:43:48."],
  [haproxyTime, "01/Jan/2026:13:43:48.12x"],
  [isoTime, "2026-13-01T00:00:00Z"],
  [isoTime, "2026-01-01T25:00:00Z"],
  [isoTime, "2026-01-01x00:00:00Z"],
  [isoTime, "2026-01-01T00:00:00+0"],
  [isoTime, ""],
  [nginxErrorTime, "2026/02/29 13:43:48"],
  [nginxErrorTime, "2026/02/28-13:43:48"],
  [epochTime, "-"],
  [epochTime, "1795355028,6"],
];

test.each(IMPOSSIBLE.map(([parse, text]) => [parse.name, text, parse] as const))(
  "%s: no such time: %s",
  (_name, text, parse) => {
    expect(on(parse, text)).toBeNaN();
  },
);

test("29 February of a leap year, a leap second, and zones", () => {
  expect(on(clfTime, "29/Feb/2024:00:00:00 +0000")).toBe(Date.UTC(2024, 1, 29));
  expect(on(isoTime, "2016-12-31T23:59:60Z")).toBe(Date.UTC(2017, 0, 1));
  expect(on(isoTime, "2026-11-22 13:43:48,25 +01".replace(" +", "+"))).toBe(
    Date.UTC(2026, 10, 22, 12, 43, 48, 250),
  );
  expect(
    ["2026-11-22T13:43:48Z", "2026-11-22T13:43:48+00:00", "2026-11-22T13:43:48.5"].map((text) =>
      on(isoHasZone, text),
    ),
  ).toEqual([true, true, false]);
});

test("numbers", () => {
  expect(
    ["0", "007", "20638423165", "", "-", "1x", "+1", "1.0"].map((text) => on(parseUint, text)),
  ).toEqual([0, 7, 20638423165, -1, -1, -1, -1, -1]);
  expect(["-1", "+12", "3"].map((text) => on(parseInteger, text))).toEqual([-1, 12, 3]);
  expect(["", "-", "--1", "1-"].map((text) => on(parseInteger, text))).toEqual([
    NaN,
    NaN,
    NaN,
    NaN,
  ]);
  expect(["0.010", "1.5", "60", "0.0009", "-", ""].map((text) => on(parseDecimalMs, text))).toEqual(
    [10, 1500, 60000, 0, -1, -1],
  );
  expect([".5", "1.", "1.2.3", "a", "1,2"].map((text) => on(parseDecimalMs, text))).toEqual([
    NaN,
    NaN,
    NaN,
    NaN,
    NaN,
  ]);
  expect(isAbsent(new Uint8Array(), -1, -1)).toBe(true);
});

test("property: random bytes are never a wrong number, and nothing throws", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."0123456789-+.:/TZ Jan"), maxLength: 30 }),
      (text) => {
        for (const parse of [clfTime, haproxyTime, isoTime, nginxErrorTime, epochTime]) {
          const ms = on(parse, text);
          expect(Number.isNaN(ms) || Number.isFinite(ms)).toBe(true);
        }
        if (/^\d+$/.test(text)) expect(on(parseUint, text)).toBe(Number(text));
        else expect(on(parseUint, text)).toBe(-1);
      },
    ),
  );
});
