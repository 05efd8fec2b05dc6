# Envoy's access-log format strings: %COMMAND(argument):LENGTH%. Source: substitution_formatter.cc, whose argument ends at
# the first `)` that `%` or `:digits%` follows, so an argument may hold percent signs and parentheses of its own.
@preprocessor esmodule
@{%
import moo from "moo";

// Commands whose argument is one header name, or two with `?` between them: the second is read where the first is absent.
const HEADER_COMMANDS = [
  "REQ", "REQUEST_HEADER", "REQ_WITHOUT_QUERY", "RESP", "RESPONSE_HEADER", "TRAILER", "RESPONSE_TRAILER",
];
const wrong = { match: /[^]/, lineBreaks: true };
const argumentEnd = { match: /\)(?=%|:[0-9]+%)/, next: "command" };

const lexer = moo.states({
  text: {
    percent: { match: "%%", value: () => "%" },
    item: { match: /%(?=[A-Z0-9_])/, next: "command" },
    stray: "%",
    text: { match: /[^%]+/, lineBreaks: true },
  },
  command: {
    headerCommand: {
      match: HEADER_COMMANDS.map((name) => `${name}(`),
      value: (text) => text.slice(0, -1),
      next: "headers",
    },
    name: { match: /[A-Z0-9_]+/, type: moo.keywords({ bareHeaderCommand: HEADER_COMMANDS }) },
    argumentOpen: { match: "(", next: "argument" },
    length: { match: /:[0-9]+(?=%)/, value: (text) => text.slice(1) },
    end: { match: "%", next: "text" },
    wrong,
  },
  headers: {
    argumentEnd,
    header: { match: /[^?()%\s"]+/, value: (text) => text.toUpperCase() },
    question: "?",
    wrong,
  },
  argument: {
    argumentEnd,
    argument: { match: /(?:(?!\)(?:%|:[0-9]+%))[^])+/, lineBreaks: true },
  },
});

const text = ([token]) => ({ kind: "text", text: token.value, offset: token.offset });
%}
@lexer lexer

format -> part:*                                      {% id %}

part ->
    %text                                             {% text %}
  | %percent                                          {% text %}
  | %item command %length:? %end                      {% ([sign, command, length]) => ({
      kind: "field", ...command, maxLength: length === null ? null : Number(length.value), offset: sign.offset,
    }) %}

command ->
    %name                                             {% ([name]) => ({ name: name.value, arg: null }) %}
  | %name %argumentOpen %argument:? %argumentEnd      {% ([name, , arg]) => ({ name: name.value, arg: arg?.value ?? "" }) %}
  | %headerCommand headers %argumentEnd               {% ([name, arg]) => ({ name: name.value, arg }) %}

headers ->
    %header                                           {% ([header]) => header.value %}
  | %header %question %header                         {% ([first, , second]) => `${first.value}?${second.value}` %}
