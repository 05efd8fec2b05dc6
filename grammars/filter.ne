# The language of --where: `peer = "10.0.0.1:80" and (status = 5xx or duration > 1.5s) and not masked`.
# `or` binds weakest, then `and`, then `not`. Behind an operator stands a value, so words there need no quotes.
@preprocessor esmodule
@{%
import moo from "moo";

const space = { match: /\s+/, lineBreaks: true };
const quoted = {
  match: /"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'/,
  lineBreaks: true,
  value: (text) => text.slice(1, -1).replace(/\\([^])/g, "$1"),
};
const wrong = { match: /[^]/, lineBreaks: true };

const lexer = moo.states({
  main: {
    space,
    operator: { match: ["!=", "<=", ">=", "!~", "=", "<", ">", "~"], next: "value" },
    open: "(",
    close: ")",
    within: { match: /[Ii][Nn](?=\s*\()/, next: "list" },
    name: {
      match: /[A-Za-z_][A-Za-z0-9_]*/,
      type: (text) => (/^(?:and|or|not)$/i.test(text) ? text.toLowerCase() : "name"),
    },
    wrong,
  },
  value: {
    space,
    quoted: { ...quoted, next: "main" },
    // Not `==`, so that it is seen for what it is.
    bare: { match: /[^\s(),"'=!<>~][^\s(),"']*/, next: "main" },
    wrong,
  },
  list: {
    space,
    listOpen: "(",
    listClose: { match: ")", next: "main" },
    comma: ",",
    quoted,
    bare: /[^\s(),"']+/,
    wrong,
  },
});

const comparison = ([name, op, values]) => ({
  kind: "comparison", name: name.value, offset: name.offset, op, values,
});
const operator = ([token]) => ({ text: token.value, offset: token.offset });
const value = ([token]) => ({ text: token.value, isQuoted: token.type === "quoted", offset: token.offset });
%}
@lexer lexer

filter -> _ or _                                      {% ([, tree]) => tree %}

or ->
    and                                               {% id %}
  | or _ %or _ and                                  {% ([left, , , , right]) => ({ kind: "or", left, right }) %}

and ->
    unary                                             {% id %}
  | and _ %and _ unary                              {% ([left, , , , right]) => ({ kind: "and", left, right }) %}

unary ->
    term                                              {% id %}
  | %not _ unary                                     {% ([, , of]) => ({ kind: "not", of }) %}

# Blanks around words are only there for the eye: `(a)and(b)` and `status=502` are understood as well.
term ->
    %open _ or _ %close                               {% ([, , tree]) => tree %}
  | %name                                             {% ([name]) => ({ kind: "bare", name: name.value, offset: name.offset }) %}
  | %name _ compare _ value                           {% ([name, , op, , one]) => comparison([name, op, [one]]) %}
  | %name _ membership _ list                         {% ([name, , op, , values]) => comparison([name, op, values]) %}

compare -> %operator                                  {% operator %}

membership ->
    %within                                             {% ([token]) => ({ text: "in", offset: token.offset }) %}
  | %not _ %within                                      {% ([token]) => ({ text: "not in", offset: token.offset }) %}

list -> %listOpen _ values _ %listClose               {% ([, , values]) => values %}

values ->
    value                                             {% ([first]) => [first] %}
  | values _ %comma _ value                           {% ([values, , , , one]) => [...values, one] %}

value ->
    %quoted                                           {% value %}
  | %bare                                             {% value %}

_ -> %space:?                                         {% () => null %}
