# nginx's log_format: a bare template, a whole directive, or its quoted parts. Source: ngx_http_log_module.c,
# ngx_http_log_compile_format(), and ngx_conf_file.c for what quotes and backslashes mean in a directive.
@preprocessor esmodule
@{%
import moo from "moo";

const variable = {
  match: /\$(?:[A-Za-z0-9_]+|\{[A-Za-z0-9_]+\})/,
  value: (text) => text.replace(/[${}]/g, ""),
};
const CONTROL = { t: "\t", r: "\r", n: "\n" };
const escaped = { match: /\\["'\\trn]/, value: (text) => CONTROL[text[1]] ?? text[1] };
const escape = {
  match: /\s*escape=(?:default|json|none)(?=[\s;'"]|$)/,
  lineBreaks: true,
  value: (text) => text.trim().slice("escape=".length),
};
const dollar = "$";
const within = (quote) => ({
  variable,
  escaped,
  close: { match: quote, pop: 1 },
  text: { match: quote === "'" ? /[^$'\\]+/ : /[^$"\\]+/, lineBreaks: true },
  backslash: "\\",
  dollar,
});

// The caller chooses the first state: `template` for a bare text, `directive` for anything out of a config.
const lexer = moo.states({
  template: {
    variable,
    // In a bare text quotes may stand as they are; a control character only so.
    escaped: { ...escaped, match: /\\[trn]/ },
    text: { match: /[^$\\]+/, lineBreaks: true },
    backslash: "\\",
    dollar,
  },
  directive: {
    head: { match: /\s*log_format\s+[^\s;'"]+/, lineBreaks: true },
    escape,
    gap: { match: /(?:\s|#[^\n]*(?:\n|$))+/, lineBreaks: true },
    single: { match: "'", push: "single" },
    double: { match: '"', push: "double" },
    semicolon: ";",
    variable: { ...variable, push: "word" },
    escaped: { ...escaped, push: "word" },
    text: { match: /[^\s;'"$\\]/, push: "word" },
    backslash: { match: "\\", push: "word" },
    dollar,
  },
  // An argument without quotes; quotes inside it are ordinary characters.
  word: {
    gap: { match: /\s+/, lineBreaks: true, pop: 1 },
    semicolon: { match: ";", pop: 1 },
    variable,
    escaped,
    text: /[^\s;$\\]+/,
    backslash: "\\",
    dollar,
  },
  single: within("'"),
  double: within('"'),
});

const field = ([token]) => ({ kind: "field", name: token.value, offset: token.offset });
const text = ([token]) => ({ kind: "text", text: token.value, offset: token.offset });
%}
@lexer lexer

format ->
    item:*                                            {% ([items]) => ({ escape: null, items }) %}
  | %head %escape:? body bodyEnd                        {% ([, escape, items]) => ({ escape: escape?.value ?? "default", items }) %}
  | %escape:? quotedParts end                         {% ([escape, items]) => ({ escape: escape?.value ?? null, items }) %}

body ->
    null                                              {% () => [] %}
  | body %gap                                         {% ([items]) => items %}
  | body item                                         {% ([items, item]) => [...items, item] %}
  | body quoted                                       {% ([items, more]) => [...items, ...more] %}

quotedParts ->
    %gap:? quoted                                     {% ([, items]) => items %}
  | quotedParts %gap:? quoted                         {% ([items, , more]) => [...items, ...more] %}

bodyEnd ->
    null
  | %semicolon %gap:?

end ->
    null
  | %gap
  | %gap:? %semicolon %gap:?

quoted ->
    %single item:* %close                             {% ([, items]) => items %}
  | %double item:* %close                             {% ([, items]) => items %}

item ->
    %variable                                         {% field %}
  | %text                                             {% text %}
  | %escaped                                          {% text %}
  | %backslash                                        {% text %}
