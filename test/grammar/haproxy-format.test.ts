// HAProxy's log-format: flags, nested expressions, JSON, pasted directives, and mistakes with their carets.
import { describe, expect, test } from "vitest";
import { haproxyNames, parseHaproxyFormat } from "../../src/grammar/haproxy-format.ts";
import { languageOf } from "../../src/grammar/parse-format.ts";
import { brief, briefKeys } from "./brief-ast.ts";
import { caret } from "./caret.ts";

const parts = (text: string): string[] => brief(parseHaproxyFormat(text).items);
const joined = (text: string): string => parts(text).join("");

describe("items", () => {
  test("aliases are the longest run of letters and digits", () => {
    expect(joined("%ci:%cp [%tr] %TR/%Tw %tsc %Th")).toBe("<ci>:<cp> [<tr>] <TR>/<Tw> <tsc> <Th>");
  });

  test("retired aliases have their new names", () => {
    expect(joined("%Ci:%Cp %cc %cs %Bi")).toBe("<ci>:<cp> <CC> <CS> <bi>");
  });

  test("sample expressions nest", () => {
    expect(parts('%[var(txn.x),regsub([^a]],"b)\\"]"),map(/a/b(c))] %[fc_err]')).toEqual([
      '<var(txn.x),regsub([^a]],"b)\\"]"),map(/a/b(c))>',
      " ",
      "<fc_err>",
    ]);
  });

  test("percent signs: doubled is one, before punctuation it is dropped", () => {
    expect(joined("%ST 100%% %. %-x")).toBe("<ST> 100% . -x");
  });

  test("quotes, RFC 5424 escapes and hexadecimal numbers are flags", () => {
    expect(joined("%{+Q}r %{+Q,+E}hr %{+X}Ts %{-M}b %{}s %{+whatever}f")).toBe(
      '<"r> <"hr +E> <Ts +X> <b> <s> <f>',
    );
  });

  test("%o sets the flags of all later items", () => {
    expect(joined("%b %{+Q}o %{-Q}ci %r %{+E}s %{-Q}o%f")).toBe('<b> <ci> <"r> <"s +E> <f>');
  });

  test("labels and types are read where there is no JSON too", () => {
    expect(joined("%(st)ST %(u:str)[txn.id] %()b")).toBe("<st=ST> <u=txn.id> <b>");
  });

  test("runs of blanks are one, leading ones none", () => {
    expect(joined("  %ci   x  %{+Q}o  y %b\t %s ")).toBe('<ci> x y <"b>\t <"s> ');
  });
});

describe("JSON", () => {
  test("%{+json}o keeps labelled items only", () => {
    const ast = parseHaproxyFormat(
      "%{+json}o%(status)ST text %ci %(req){+Q}r %(host)[capture.req.hdr(0)]",
    );
    expect(ast).toMatchObject({ shape: "json", escape: "json" });
    expect(briefKeys(ast)).toEqual({
      status: "<status=ST>",
      req: "<req=r>",
      host: "<host=capture.req.hdr(0)>",
    });
  });

  test("put together by hand stays text, with its keys", () => {
    const ast = parseHaproxyFormat('{"st":%ST,"req":%{+Q}r,"t":{"Tr":"%Tr"},"q":"%sq/%bq"}');
    expect(ast).toMatchObject({ shape: "text", escape: "haproxy" });
    expect(briefKeys(ast)).toEqual({ st: "<ST>", req: '<"r>', "t.Tr": "<Tr>", q: "<sq>/<bq>" });
  });
});

describe("what is pasted from a config", () => {
  const names = haproxyNames(
    JSON.stringify([
      { name: "httplog", format: "%ci %{+Q}r", aka: ["HAPROXY_HTTP_LOG_FMT", "option httplog"] },
    ]),
  );

  test("a directive in double quotes, single quotes, or escaped blanks", () => {
    expect(joined('  log-format "%ci [%t] \\"%HM %%\\" \\x41" # ours')).toBe(
      '<ci> [<t>] "<HM> %" A',
    );
    expect(joined("error-log-format '%ci \\ %fc'")).toBe("<ci> \\ <fc>");
    expect(joined("log-format %ci\\ [%t]\\ %{+Q}r")).toBe('<ci> [<t>] <"r>');
    expect(joined("%ci:%cp\\ [%t]\\ \\#%ST")).toBe("<ci>:<cp> [<t>] #<ST>");
    expect(joined("log-format %ci\\  # a comment").endsWith("> ")).toBe(true);
    expect(joined("'%ci %ST'")).toBe("<ci> <ST>");
    expect(joined('"%ci" "%ST"')).toBe('"<ci>" "<ST>"');
  });

  test("offsets point into what was pasted", () => {
    const text = 'log-format "\\"%ci\\" %ST"';
    const fields = parseHaproxyFormat(text).items.filter((item) => item.kind === "field");
    expect(fields.map(({ offset }) => text.slice(offset, offset + 3))).toEqual(["%ci", "%ST"]);
  });

  test("names of other formats are expanded", () => {
    const expand = (text: string): string => brief(parseHaproxyFormat(text, names).items).join("");
    expect(expand('log-format "${HAPROXY_HTTP_LOG_FMT} rule=%[last_rule_line]"')).toBe(
      '<ci> <"r> rule=<last_rule_line>',
    );
    expect(expand("x ${HAPROXY_HTTP_LOG_FMT}")).toBe('x <ci> <"r>');
    expect(expand(" option   httplog ")).toBe('<ci> <"r>');
  });

  test("variables without braces, with a default, and what only looks like one", () => {
    const expand = (text: string): string => brief(parseHaproxyFormat(text, names).items).join("");
    expect(expand('log-format "$HAPROXY_HTTP_LOG_FMT %ST"')).toBe('<ci> <"r> <ST>');
    expect(expand('"${NOBODY-%b/%s} ${HAPROXY_HTTP_LOG_FMT-x}"')).toBe('<b>/<s> <ci> <"r>');
    expect(expand('"${HAPROXY_HTTP_LOG_FMT[*]} %ST $5 $x"')).toBe('<ci> <"r> <ST> $5 $x');
    expect(languageOf("$HAPROXY_HTTP_LOG_FMT")).toBe("haproxy");
  });

  test("a name nobody knows is shown", () => {
    expect(caret(() => parseHaproxyFormat("%ci ${FOO} %ST", names))).toBe(
      [
        "%ci ${FOO} %ST",
        "    ^ what ${FOO} stands for is not known here",
        "write the format it holds in its place",
      ].join("\n"),
    );
    const behind = caret(() => parseHaproxyFormat("${HAPROXY_HTTP_LOG_FMT} %nope", names));
    expect(behind.split("\n")[1]).toBe(`${" ".repeat(24)}^ HAProxy has no field %nope`);
  });
});

test("mistakes are shown where they are", () => {
  const mistake = (text: string): string => caret(() => parseHaproxyFormat(text));
  expect(mistake('log-format "%ci\\ %tsx"')).toBe(
    [
      'log-format "%ci\\ %tsx"',
      "                 ^ HAProxy has no field %tsx",
      "did you mean %ts?",
    ].join("\n"),
  );
  expect(mistake("%ST 100% %ci")).toBe(
    ["%ST 100% %ci", "       ^ a single % begins a field", "write %% for a percent sign"].join(
      "\n",
    ),
  );
  expect(mistake("%ci %[capture.req.hdr(0]")).toBe(
    [
      "%ci %[capture.req.hdr(0]",
      '    ^ "%[capture.req.hdr(0]" is not complete',
      "its bracket is never closed",
    ].join("\n"),
  );
  expect(mistake("%{+Q r")).toContain('^ " " does not belong here');
  expect(mistake("%(name)")).toContain("is not complete");
  expect(mistake('log-format "%ci')).toBe(
    'log-format "%ci\n           ^ this quote is never closed',
  );
  expect(mistake("%{+cbor}o %(a)ST")).toContain("CBOR logs cannot be read");
  expect(mistake("%{+json}o %ST")).toContain("only labelled fields are logged");
  expect(mistake("nothing")).toContain("this format has no field");
  expect(mistake("%{+Q}o")).toContain("this format has no field");
});
