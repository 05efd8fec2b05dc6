// --field: what it makes of JSON keys, and what it says to mistakes.
import { describe, expect, test } from "vitest";
import { parseFlags } from "../../src/cli/flags.ts";
import { renderProblem } from "../../src/cli/problem.ts";
import { withFieldFlags } from "../../src/cli/user-fields.ts";
import { FLAGS, type Flag } from "../../src/cli/flag-table.ts";
import { recordFieldNames } from "../../src/grammar/index.ts";
import { describeLine } from "../../src/record/describe-line.ts";
import { Names } from "../../src/record/names.ts";
import { ReaderShelf } from "../../src/record/reader-shelf.ts";
import { readCatalogue } from "../../src/grammar/index.ts";
import { texts } from "../record/teller.ts";

function described(line: object, ...fields: string[]) {
  const told = withFieldFlags(texts, fields);
  const names = new Names();
  return describeLine(JSON.stringify(line), {
    catalogue: readCatalogue(told),
    shelf: new ReaderShelf(told, names),
    names,
    given: [],
    zone: "UTC",
    nearMs: 0,
  });
}

function complaint(...fields: string[]): string {
  try {
    withFieldFlags(texts, fields);
  } catch (error) {
    return renderProblem(error);
  }
  throw new Error(`${fields.join(" ")} was understood`);
}

describe("--field", () => {
  const line = {
    at: 1795355028.658,
    status: "ok",
    answer: { n: 502, took: 12 },
    backend: [{ addr: "10.0.0.1:80" }],
    req: { line: "/x?y=1" },
  };

  test("names keys nobody could guess, in inner objects and lists too", () => {
    const { record, kind } = described(
      line,
      "time=at",
      "status=answer.n",
      "durationMs=answer.took",
      "peer=backend.addr",
      "path=req.line",
    );
    expect(kind).toBe("request");
    expect(record).toMatchObject({
      time: "2026-11-22T13:43:48.658Z",
      status: 502,
      durationMs: 12,
      peer: "10.0.0.1:80",
      path: "/x?y=1",
    });
  });

  test("overrules what a key's own name means", () => {
    const { record } = described(
      { ...line, time: "2026-11-22T13:43:48Z", code: 200 },
      "status=answer.n",
    );
    expect(record).toMatchObject({ status: 502 });
  });

  test("reads a program's log that is otherwise refused", () => {
    const caddy = {
      logger: "http.log.access",
      ts: 1795355028.658,
      status: 502,
      request: { uri: "/x" },
    };
    expect(described(caddy).miss?.why).toMatch(/looks like Caddy's access log/);
    expect(described(caddy, "path=request.uri").record).toMatchObject({ status: 502, path: "/x" });
  });

  test("is a flag that may be given often", () => {
    expect(parseFlags(["--field", "status=a", "--field=path=b.c"]).fields).toEqual([
      "status=a",
      "path=b.c",
    ]);
  });

  test("names every field in its help", () => {
    const help: Flag = FLAGS.find(({ name }) => name === "field")!;
    for (const name of recordFieldNames(texts)) expect(`${help.more},`).toContain(` ${name},`);
  });

  test.each([
    ["statsu=a", `no record has a field "statsu"`, "did you mean status?"],
    ["status", "--field needs FIELD=KEY", "for example"],
    ["status=", "--field needs FIELD=KEY", "for example"],
    ["=x", "no record has a field without a name", "the fields are time"],
  ])("complains of %s", (field, what, hint) => {
    expect(complaint(field)).toContain(what);
    expect(complaint(field)).toContain(hint);
    expect(complaint(field)).toMatch(/\n +\^\n/);
  });

  test("gives a key to one field only", () => {
    expect(complaint("status=a", "code=a")).toContain(`the key "a" is given to two fields`);
  });
});
