# One JSON object that is a template: its fields were replaced by marks (one private-use character each), which may stand
# inside strings or, as nginx users write it, bare where a value goes.
@preprocessor esmodule
@{%
import moo from "moo";

const lexer = moo.compile({
  space: { match: /[ \t\r\n]+/, lineBreaks: true },
  string: { match: /"(?:\\[^]|[^"\\\n])*"/, value: (text) => text.slice(1, -1) },
  brace: "{",
  braceEnd: "}",
  bracket: "[",
  bracketEnd: "]",
  comma: ",",
  colon: ":",
  bare: { match: /[^\s"{}[\],:]*[\uE000-\uF8FF][^\s"{}[\],:]*/ },
  constant: /true|false|null|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/,
  wrong: { match: /[^]/, lineBreaks: true },
});

// A value becomes a list of [key path, text with marks, bare?]; a list's values have no key and are left out.
const leaf = (text, bare) => [{ path: [], text, bare }];
const under = (key, values) => values.map((value) => ({ ...value, path: [key, ...value.path] }));
%}
@lexer lexer

template -> _ object _                                {% ([, object]) => object %}

object ->
    %brace _ %braceEnd                                {% () => [] %}
  | %brace _ members _ %braceEnd                      {% ([, , members]) => members %}

members ->
    member                                            {% id %}
  | members _ %comma _ member                         {% ([values, , , , more]) => [...values, ...more] %}

member -> %string _ %colon _ value                    {% ([key, , , , value]) => under(key.value, value) %}

value ->
    %string                                           {% ([token]) => leaf(token.value, false) %}
  | %bare                                             {% ([token]) => leaf(token.value, true) %}
  | %constant                                         {% ([token]) => leaf(token.value, false) %}
  | object                                            {% id %}
  | list                                              {% () => [] %}

list ->
    %bracket _ %bracketEnd
  | %bracket _ elements _ %bracketEnd

elements ->
    value
  | elements _ %comma _ value

_ -> %space:?                                         {% () => null %}
