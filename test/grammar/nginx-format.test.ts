// nginx's log_format: templates, directives, JSON-looking ones, and mistakes with their carets.
import { describe, expect, test } from "vitest";
import { parseNginxFormat } from "../../src/grammar/nginx-format.ts";
import { brief, briefKeys } from "./brief-ast.ts";
import { caret } from "./caret.ts";

const parts = (text: string): string[] => brief(parseNginxFormat(text).items);

describe("a bare template", () => {
  test("is taken as it stands", () => {
    expect(parts('$remote_addr - [$time_local] "$request" ${status}x $pipe')).toEqual([
      "<remote_addr>",
      " - [",
      "<time_local>",
      '] "',
      "<request>",
      '" ',
      "<status>",
      "x ",
      "<pipe>",
    ]);
  });

  test("has the default escape, which is hex", () => {
    expect(parseNginxFormat("$status").escape).toBe("hex");
  });

  test("ends a name at the first character no name has", () => {
    expect(parts("$status-x$msec.$uri")).toEqual(["<status>", "-x", "<msec>", ".", "<uri>"]);
  });

  test("may have quotes as separators, backslashes and tabs", () => {
    expect(parts('$msec"$uri"$status')).toEqual(["<msec>", '"', "<uri>", '"', "<status>"]);
    expect(parts("time:$time_local\thost:$host")).toEqual([
      "time:",
      "<time_local>",
      "\thost:",
      "<host>",
    ]);
    expect(parts("$a \\x \\$b")).toEqual(["<a>", " \\x \\", "<b>"]);
    expect(parts("$a\\t$b")).toEqual(["<a>", "\t", "<b>"]);
  });

  test("may be nothing but quoted variables", () => {
    expect(parts('"$status" "$request"')).toEqual(['"', "<status>", '" "', "<request>", '"']);
    expect(parts('"$status","$request"').join("")).toBe('"<status>","<request>"');
  });

  test("does not see its own line end", () => {
    expect(parts("$status\n")).toEqual(["<status>"]);
  });
});

describe("what is pasted from a config", () => {
  test("a whole directive, over lines, with a comment and both quotes", () => {
    const text = `
      log_format  main escape=json '$remote_addr - "$request" ' # who, what
                       "\\"$http_user_agent\\" it's "
                       $status;`;
    const ast = parseNginxFormat(text);
    expect(ast.escape).toBe("json");
    expect(brief(ast.items).join("")).toBe(
      '<remote_addr> - "<request>" "<http_user_agent>" it\'s <status>',
    );
    const field = ast.items.find((item) => item.kind === "field" && item.name === "status");
    expect(field).toMatchObject({ offset: text.indexOf("$status") });
  });

  test("escapes: none said is default, none is none", () => {
    expect(parseNginxFormat("log_format x '$status';").escape).toBe("hex");
    expect(parseNginxFormat("log_format x escape=default '$status';").escape).toBe("hex");
    expect(parseNginxFormat("log_format x escape=none '$status'").escape).toBe("none");
    expect(parseNginxFormat("escape=none '$status'").escape).toBe("none");
  });

  test("only the quoted parts, joined with nothing between", () => {
    expect(parts("'$remote_addr [$time_local] '\n  '$status'")).toEqual([
      "<remote_addr>",
      " [",
      "<time_local>",
      "] ",
      "<status>",
    ]);
    expect(parts(`"$remote_addr \\"$request\\"";`).join("")).toBe('<remote_addr> "<request>"');
  });

  test("an argument without quotes", () => {
    expect(parts("log_format bytes $body_bytes_sent;")).toEqual(["<body_bytes_sent>"]);
    expect(parts("log_format x a$status-'b' $msec ;").join("")).toBe("a<status>-'b'<msec>");
  });

  test("tabs written as \\t", () => {
    expect(parts("log_format ltsv 'time:$msec\\thost:$host';").join("")).toBe(
      "time:<msec>\thost:<host>",
    );
  });
});

describe("a template that looks like JSON", () => {
  test("keeps its order and has its keys, nested ones dotted", () => {
    const ast = parseNginxFormat(
      '{"time": "$time_iso8601", "st": $status, "core": {"rt":${request_time}, "x": 1}, "l": [$upstream_addr]}',
    );
    expect(ast.shape).toBe("text");
    expect(ast.escape).toBe("json");
    expect(brief(ast.items)[0]).toBe('{"time": "');
    expect(briefKeys(ast)).toEqual({
      time: "<time_iso8601>",
      st: "<status>",
      "core.rt": "<request_time>",
    });
  });

  test("in a directive that names no escape is hex", () => {
    const ast = parseNginxFormat(`log_format j '{"st":"$status",' '"r":"$request $msec"}';`);
    expect(ast.escape).toBe("hex");
    expect(briefKeys(ast)).toEqual({ st: "<status>", r: "<request> <msec>" });
  });

  test("that is none after all has no keys", () => {
    expect(parseNginxFormat('{"st":"$status" "x"}').keys).toEqual([]);
    expect(parseNginxFormat("{$status}").keys).toEqual([]);
  });
});

test("mistakes are shown where they are", () => {
  expect(caret(() => parseNginxFormat("$status costs 5 $"))).toBe(
    [
      "$status costs 5 $",
      "                ^ a $ must be followed by a variable's name",
      "write $name or ${name}; nginx has no way to log a dollar sign",
    ].join("\n"),
  );
  expect(caret(() => parseNginxFormat("log_format x '$status"))).toBe(
    [
      "log_format x '$status",
      "             ^ this quote is never closed",
      "paste the directive up to its semicolon",
    ].join("\n"),
  );
  expect(caret(() => parseNginxFormat("log_format x '$status'; access_log off;"))).toBe(
    [
      "log_format x '$status'; access_log off;",
      '                        ^ "a" does not belong here',
    ].join("\n"),
  );
  expect(caret(() => parseNginxFormat("combined"))).toContain("this format has no field");
  expect(caret(() => parseNginxFormat(""))).toContain("this format has no field");
  expect(caret(() => parseNginxFormat("log_format main;"))).toContain("this format has no field");
});
