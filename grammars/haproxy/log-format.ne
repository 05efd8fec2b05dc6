# HAProxy's log-format, after the configuration's own quoting was undone. Source: src/log.c, lf_expr_compile() and
# logformat_aliases[]; the sample expression's nesting as in src/sample.c.
@preprocessor esmodule
@{%
import moo from "moo";

// Every alias of 1.5 to 3.5. The retired ones (removed in 2.5, %st before 1.5) still stand in old configurations.
export const aliases = (
  "o OG B U CC CS H ID ST T Tl Ts ms t tr trg trl Th Ti Tq TR Tw Tc Tr Td Ta Tt Tu ac fc bc sc rc sq bq " +
  "ci cp fi fp bi bp si sp f ft b s hr hs hrl hsl HM HP HPO HQ HU HV r ts tsc lc rt pid sslc sslv"
).split(" ");
const RETIRED = { Bi: "bi", Bp: "bp", Ci: "ci", Cp: "cp", Fi: "fi", Fp: "fp", Si: "si", Sp: "sp", cc: "CC", cs: "CS", st: "ST" };

const quoted = { match: /"(?:\\[^]|[^"\\])*"|'[^']*'/, lineBreaks: true };
const escaped = { match: /\\[^]/, lineBreaks: true };
const wrong = { match: /[^]/, lineBreaks: true };

const lexer = moo.states({
  text: {
    percent: { match: "%%", value: () => "%" },
    item: { match: /%(?=[A-Za-z({[])/, next: "item" },
    stray: { match: /%(?=[0-9 \t])|%$/ },
    dropped: { match: "%", value: () => "" },
    text: { match: /[^%]+/, lineBreaks: true },
  },
  item: {
    labelOpen: { match: "(", push: "label" },
    flagsOpen: { match: "{", push: "flags" },
    expressionOpen: { match: "[", next: "expression" },
    unknownAlias: {
      match: /[A-Za-z][A-Za-z0-9]*/,
      next: "text",
      type: moo.keywords({ alias: [...aliases, ...Object.keys(RETIRED)] }),
    },
    wrong,
  },
  label: { name: /[A-Za-z0-9_-]+/, colon: ":", labelClose: { match: ")", pop: 1 }, wrong },
  flags: { flag: /[+-][A-Za-z0-9]+/, comma: ",", flagsClose: { match: "}", pop: 1 }, wrong },
  expression: {
    quoted,
    escaped,
    parenOpen: { match: "(", push: "arguments" },
    bracketOpen: { match: "[", push: "brackets" },
    expressionClose: { match: "]", next: "text" },
    word: { match: /[^[\]("'\\]+/, lineBreaks: true },
    wrong,
  },
  brackets: {
    quoted,
    escaped,
    parenOpen: { match: "(", push: "arguments" },
    bracketOpen: { match: "[", push: "brackets" },
    bracketClose: { match: "]", pop: 1 },
    word: { match: /[^[\]("'\\]+/, lineBreaks: true },
    wrong,
  },
  // Brackets inside parentheses are ordinary characters: `regsub([0-9],x)`.
  arguments: {
    quoted,
    escaped,
    parenOpen: { match: "(", push: "arguments" },
    parenClose: { match: ")", pop: 1 },
    word: { match: /[^()"'\\]+/, lineBreaks: true },
    wrong,
  },
});

const text = ([token]) => ({ kind: "text", text: token.value, offset: token.offset });
const value = ([token]) => token.value;
const around = ([open, inner, close]) => open.value + inner.join("") + close.value;
%}
@lexer lexer

format -> part:*                                      {% id %}

part ->
    %text                                             {% text %}
  | %percent                                          {% text %}
  | %dropped                                          {% text %}
  | %item label:? flags:? target                      {% ([sign, label, flags, target]) => ({
      kind: "item", label: label?.name ?? null, flags: flags ?? [], ...target, offset: sign.offset,
    }) %}

label -> %labelOpen %name:? labelType:? %labelClose   {% ([, name, type]) => ({ name: name?.value ?? null, type }) %}
labelType -> %colon %name                             {% ([, name]) => name.value %}

flags -> %flagsOpen %flagsClose                       {% () => [] %}
  | %flagsOpen %flag moreFlags:* %flagsClose          {% ([, first, rest]) => [first.value, ...rest] %}
moreFlags -> %comma %flag                             {% ([, flag]) => flag.value %}

target ->
    %alias                                            {% ([token]) => ({ name: RETIRED[token.value] ?? token.value, isAlias: true }) %}
  | %expressionOpen piece:* %expressionClose          {% ([, pieces]) => ({ name: pieces.join("").trim(), isAlias: false }) %}

piece ->
    %word                                             {% value %}
  | %quoted                                           {% value %}
  | %escaped                                          {% value %}
  | %parenOpen argument:* %parenClose                 {% around %}
  | %bracketOpen piece:* %bracketClose                {% around %}

argument ->
    %word                                             {% value %}
  | %quoted                                           {% value %}
  | %escaped                                          {% value %}
  | %parenOpen argument:* %parenClose                 {% around %}
