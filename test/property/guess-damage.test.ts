// Formats that are guessed from a log's lines hold damaged ones to what they are, as listed formats do.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readKnowledge } from "../../src/cli/knowledge.ts";
import { readCatalogue, type Recipe } from "../../src/grammar/index.ts";
import {
  chooseReading,
  describeLine,
  Names,
  ReaderShelf,
  type Described,
} from "../../src/record/index.ts";

const texts = readKnowledge();
const catalogue = readCatalogue(texts);
const names = new Names();
const shelf = new ReaderShelf(texts, names);

type Values = Readonly<Record<string, string>>;

/** What the fields of the line hold that will be damaged; other lines of the log differ from it. */
const VALUES: Values = {
  client: "203.0.113.9",
  clf: "22/Nov/2026:13:43:48 +0000",
  iso: "2026-11-22T13:43:48+00:00",
  msec: "1795355028.658",
  haproxy: "22/Nov/2026:13:43:48.658",
  envoy: "2026-11-22T13:43:48.658Z",
  method: "GET",
  path: "/x?y",
  status: "502",
  bytes: "157",
  seconds: "0.245",
  ms: "245",
  peer: "10.0.0.1:8080",
  peerStatus: "502",
  state: "SH--",
  timers: "0/0/1/-1/245",
  flags: "UF",
};

function valuesOf(at: number): Values {
  const second = String(at % 60).padStart(2, "0");
  return {
    ...VALUES,
    client: `203.0.113.${at}`,
    clf: `22/Nov/2026:13:43:${second} +0000`,
    iso: `2026-11-22T13:43:${second}+00:00`,
    msec: `17953550${second}.658`,
    haproxy: `22/Nov/2026:13:43:${second}.658`,
    envoy: `2026-11-22T13:43:${second}.658Z`,
    path: `/p${at}`,
    status: at % 5 === 0 ? "502" : "200",
    peerStatus: at % 5 === 0 ? "502" : "200",
    bytes: String(100 + at),
    state: at % 5 === 0 ? "SH--" : "----",
    timers: at % 5 === 0 ? "0/0/1/-1/245" : "0/0/1/200/245",
    flags: at % 5 === 0 ? "UF" : "-",
  };
}

/** A title and how its lines are written; none is a listed format. */
const FORMATS: readonly (readonly [string, (v: Values) => string])[] = [
  [
    "nginx, bars",
    (v) =>
      `${v["client"]} | ${v["iso"]} | ${v["method"]} ${v["path"]} HTTP/1.1 | ${v["status"]} | ${v["peer"]} | rt=${v["seconds"]} us=${v["peerStatus"]}`,
  ],
  [
    "nginx, an arrow",
    (v) =>
      `[${v["clf"]}] ${v["client"]} -> ${v["peer"]} "${v["method"]} ${v["path"]} HTTP/1.1" ${v["status"]} ${v["bytes"]} rt=${v["seconds"]} us="${v["peerStatus"]}"`,
  ],
  [
    "nginx, keys behind a host",
    (v) =>
      `${v["client"]} - - [${v["clf"]}] shop.example "${v["method"]} ${v["path"]} HTTP/1.1" ${v["status"]} ${v["bytes"]} "-" "curl/8" rt=${v["seconds"]} ua="${v["peer"]}" us="${v["peerStatus"]}"`,
  ],
  [
    "nginx, LTSV",
    (v) =>
      `time:${v["iso"]}\thost:${v["client"]}\treq:${v["method"]} ${v["path"]} HTTP/1.1\tstatus:${v["status"]}\tsize:${v["bytes"]}\treqtime:${v["seconds"]}\tupstream_addr:${v["peer"]}\tupstream_status:${v["peerStatus"]}`,
  ],
  [
    "nginx, words as keys",
    (v) =>
      `${v["msec"]} ${v["client"]} "${v["method"]} ${v["path"]} HTTP/1.1" ${v["status"]} ${v["bytes"]} upstream_addr ${v["peer"]} upstream_status ${v["peerStatus"]} request_time ${v["seconds"]}`,
  ],
  [
    "haproxy, a host and TLS",
    (v) =>
      `${v["client"]}:51234 [${v["haproxy"]}] fe~ be/s1 shop.example ${v["timers"]} ${v["status"]} ${v["bytes"]} - - ${v["state"]} 1/1/0/0/0 0/0 {a|b} TLSv1.3 "${v["method"]} ${v["path"]} HTTP/1.1"`,
  ],
  [
    "envoy, shortened",
    (v) =>
      `[${v["envoy"]}] "${v["method"]} ${v["path"]} HTTP/1.1" ${v["status"]} ${v["flags"]} ${v["bytes"]} ${v["ms"]} "${v["client"]}" "shop.example" "${v["peer"]}"`,
  ],
];

/** Damages of a field, by what it holds. */
const DAMAGES: Readonly<Record<string, readonly string[]>> = {
  clf: ["22/Nvo/2026:13:43:48 +0000", "31/Nov/2026:13:43:48 +0000", "22/Nov/2026:25:43:48 +0000"],
  iso: ["2026-13-22T13:43:48+00:00", "2026-11-22T13:4x:48+00:00"],
  msec: ["17953550x8.658", "."],
  haproxy: ["22/Nvo/2026:13:43:48.658", "31/Nov/2026:13:43:48.658"],
  envoy: ["2026-13-22T13:43:48.658Z", "2026-11-22T13:4x:48.658Z"],
  status: ["5O2", "5021", "x"],
  bytes: ["15x7"],
  seconds: ["0.2o5", "0,245"],
  ms: ["2x5"],
  peerStatus: ["5o2", "5022"],
  timers: ["0/0/x/-1/245", "0/0/1/-1"],
};

function guessed(write: (v: Values) => string): Recipe {
  const lines = Array.from({ length: 40 }, (_, at) => `${write(valuesOf(at + 1))}\n`).join("");
  const { formats } = chooseReading(Buffer.from(lines), catalogue, shelf.reader, []);
  const [best] = formats;
  expect(best).toMatchObject({ lines: 40 });
  expect(best!.recipe.name).toContain("guessed");
  return best!.recipe;
}

describe.each(FORMATS)("%s", (_, write) => {
  const recipe = guessed(write);
  const told = (line: string): Described =>
    describeLine(line, {
      ...{ catalogue, shelf, names, given: [recipe] },
      ...{ zone: "UTC", nearMs: Date.UTC(2026, 10, 22) },
    });
  const whole = told(write(VALUES));

  it("reads its own line", () => {
    expect(whole.record).toMatchObject({ method: "GET", path: "/x?y", status: 502 });
    expect(["203.0.113.9", null]).toContain(whole.record!.client);
    expect(whole.failure).not.toBeNull();
  });

  const fields = Object.keys(DAMAGES).filter((field) =>
    write({ ...VALUES, [field]: "\u0000" }).includes("\u0000"),
  );
  const damages = fields.flatMap((field) => DAMAGES[field]!.map((bad) => [field, bad] as const));

  it.each(damages)("%s %j is a miss that names a field, or reads nothing else", (field, bad) => {
    const { record, miss } = told(write({ ...VALUES, [field]: bad }));
    if (record === null) return expect(miss!.field, JSON.stringify(miss)).not.toBeNull();
    // What is not damaged is right; what is damaged is not read as something else.
    for (const key of ["method", "path", "status", "client", "time", "peer", "durationMs"] as const)
      expect([whole.record![key], null], key).toContainEqual(record[key]);
  });

  it("never takes one value for another, wherever it is changed", () => {
    const line = write(VALUES);
    fc.assert(
      fc.property(
        fc.nat(line.length - 1),
        fc.constantFrom("", " ", '"', "[", "x", "-"),
        (at, what) => {
          const { record } = told(line.slice(0, at) + what + line.slice(at + 1));
          if (record === null) return;
          // Digits that were lost are lost: a shorter number cannot be told from a smaller one.
          expect(["502", "52", "50", "2", "5", "null"]).toContain(String(record.status));
          expect(record.method ?? "GET").toMatch(/^[-xGET["]{1,3}$/);
        },
      ),
      { numRuns: 80, seed: 7 },
    );
  });
});
