// Every case of every grammars/*/cases.txt, read as the program reads it. Folders are found by listing them.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCases } from "./conformance/cases.ts";
import { catalogue, describe as describeOne, describeAmong } from "./conformance/describer.ts";
import { flat } from "./conformance/flat.ts";

const GRAMMARS = join(import.meta.dirname, "../grammars");
const proxies = readdirSync(GRAMMARS).filter((name) =>
  existsSync(join(GRAMMARS, name, "formats.json")),
);

it("finds the proxies", () => {
  expect(proxies.length).toBeGreaterThan(2);
});

describe.each(proxies)("%s", (proxy) => {
  const cases = readCases(join(GRAMMARS, proxy, "cases.txt"));

  it.each(cases.map((one) => [`${one.title} (line ${one.at})`, one] as const))("%s", (_, one) => {
    const { expected, line, among, zone } = one;
    const described =
      among === null ? describeOne(line, one.format, zone) : describeAmong(line, among, zone);
    if (expected.kind === "miss") {
      expect(described.format, "a damaged line must not be read").toBeNull();
      if (expected.field !== null) expect(described.miss).toMatchObject({ field: expected.field });
    } else {
      expect(flat(described) ?? described.miss).toMatchObject(expected.fields);
    }
  });

  it("has a case for every format", () => {
    const wanted = catalogue.listed
      .filter((listed) => listed.proxy === proxy)
      .map(({ name }) => name);
    const met = new Set(
      cases.map(({ expected }) => (expected.kind === "record" ? expected.fields["format"] : null)),
    );
    expect(wanted.filter((name) => !met.has(name))).toEqual([]);
  });

  it("has lines that must be refused", () => {
    expect(cases.filter(({ expected }) => expected.kind === "miss").length).toBeGreaterThan(4);
  });
});
