// A format tree becomes a plan: which literal or field comes next and what ends it. The compiler and its slow twin share it.
import type { FormatAst, FormatItem } from "./ast.ts";
import type { Field, FieldKind } from "./scanner.ts";

/** How the end of a field is found. */
export type Stop =
  | { readonly by: "end" } // the line's end
  // the last literal, counted back from the line's end; within a request no blank stands behind a quote
  | { readonly by: "tail"; readonly text: string; readonly isRequest: boolean }
  /** The first unescaped quote; the last field of a line that a daemon cut has lost it and takes the rest. */
  | { readonly by: "quote"; readonly escape: "hex" | "json"; readonly mayBeCut: boolean }
  /** The first occurrence of the whole next literal, none of the bytes of `without` before it. */
  | { readonly by: "literal"; readonly text: string; readonly without: string }
  | { readonly by: "byte"; readonly text: string } // the first occurrence of the next literal's first character
  /** The field's own shape; a list also ends at `until`, the first character of the next literal. */
  | { readonly by: "shape"; readonly until: string };

/** One step of a plan. */
export type Step =
  | { readonly do: "literal"; readonly text: string; readonly before: number }
  | { readonly do: "field"; readonly field: number; readonly kind: FieldKind; readonly stop: Stop }
  /** An address and a port around a colon: split at the last colon, because IPv6 comes without brackets. */
  | { readonly do: "address"; readonly field: number; readonly port: number; readonly stop: string }
  /**
   * `{…}` blocks that vanish together with the space behind them where nothing was captured. The closing brace stands before
   * a blank, the line's end, or `until`, the first character of what follows.
   */
  | {
      readonly do: "captures";
      readonly field: number;
      readonly dropSpace: boolean;
      readonly until: string;
      /** True where the blocks stand in quotes, which vanish with them. */
      readonly quoted: boolean;
    };

/** The plan of a text format. */
export interface Plan {
  readonly fields: readonly Field[];
  readonly steps: readonly Step[];
}

type FieldItem = Extract<FormatItem, { kind: "field" }>;

/** The name a field goes by: with Envoy's argument, header names in it upper case; HAProxy's `%{+X}Ts` is `Ts,hex`. */
export function fieldName(item: FieldItem): string {
  if (item.flags.includes("X")) return `${item.name},hex`;
  return item.arg === null ? item.name : `${item.name}(${item.arg})`;
}

/**
 * Plans a text format.
 * @param kindOf the kind of a vendor field, or null where none is set.
 */
export function planText(ast: FormatAst, kindOf: (name: string) => FieldKind | null): Plan {
  const items = withQuotes(ast.items, kindOf);
  const fields: Field[] = [];
  const steps: Step[] = [];
  const kindFor = (item: FieldItem, quoted: boolean): FieldKind => {
    const name = fieldName(item);
    const isHex = item.flags.includes("X");
    return kindOf(name) ?? (isHex ? null : kindOf(item.name)) ?? (quoted ? "text" : "word");
  };
  const addField = (item: FieldItem, quoted: boolean, kind = kindFor(item, quoted)): number =>
    fields.push({ name: fieldName(item), kind }) - 1;
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    if (item.kind === "text") {
      steps.push({ do: "literal", text: item.text, before: fields.length });
      continue;
    }
    const previous = items[at - 1];
    const next = items[at + 1];
    const nextText = next?.kind === "text" ? next.text : null;
    const quoted =
      previous?.kind === "text" &&
      previous.text.endsWith('"') &&
      nextText?.startsWith('"') === true;
    const port = items[at + 2];
    if (nextText === ":" && port?.kind === "field" && isPort(port.name)) {
      const after = items[at + 3];
      const field = addField(item, false);
      const stop = after?.kind === "text" ? after.text.charAt(0) : "";
      steps.push({ do: "address", field, port: addField(port, false), stop });
      at += 2;
      continue;
    }
    const planned = kindFor(item, quoted);
    const isRest = items
      .slice(at + 1)
      .every((after) =>
        after.kind === "text" ? after.text.trim() === "" : kindFor(after, false) === "rest",
      );
    // A list of captures with more behind it ends where that begins.
    const itemKind = planned === "rest" && !isRest ? "text" : planned;
    if (next?.kind === "field" && !hasShape(itemKind) && itemKind !== "captures") {
      // Two values with nothing between them cannot be told apart: they are read as one, under both names.
      items.splice(at, 2, { ...item, name: `${item.name}${next.name}`, arg: null });
      at--;
      continue;
    }
    const field = addField(item, quoted, itemKind);
    const kind = fields[field]!.kind;
    if (kind === "captures") {
      // Behind anything but a blank (`hr=%hr hs=%hs`) the blank after a missing value stays.
      const isBehindSpace =
        previous === undefined ||
        (previous.kind === "text" ? previous.text.endsWith(" ") : steps.at(-1)?.do === "captures");
      const dropSpace = isBehindSpace && nextText?.startsWith(" ") === true;
      const behind = nextText?.charAt(0) ?? (next === undefined ? "" : "{");
      const until = item.quoted ? '"' : behind;
      steps.push({ do: "captures", field, dropSpace, until, quoted: item.quoted });
      if (dropSpace) items[at + 1] = { kind: "text", text: nextText.slice(1) };
      if (items[at + 1]?.kind === "text" && (items[at + 1] as { text: string }).text === "")
        items.splice(at + 1, 1);
      continue;
    }
    const last = at + 2 >= items.length;
    steps.push({
      do: "field",
      field,
      kind,
      stop: stopOf(
        kind,
        nextText,
        quoted,
        last,
        item.flags.includes("E") ? "json" : ast.escape,
        item.name,
      ),
    });
    // Nothing can stand behind the rest of a line.
    if (kind === "rest") break;
  }
  return { fields, steps };
}

function stopOf(
  kind: FieldKind,
  next: string | null,
  quoted: boolean,
  last: boolean,
  escape: FormatAst["escape"],
  name: string,
): Stop {
  const isRequest = name === "r" || name === "request";
  if (kind === "rest") return { by: "end" };
  // Addresses hold colons, `to: $upstream_addr: $request`, and a comma between items may also stand before a key: `, urt=`.
  if (kind === "list" && /^(?::|(?:, | : ).)/.test(next ?? ""))
    return { by: "literal", text: next!, without: "" };
  if (hasShape(kind) && !quoted) return { by: "shape", until: next?.charAt(0) ?? "" };
  if (next === null) return { by: "end" };
  if (quoted && (escape === "hex" || escape === "json")) {
    return { by: "quote", escape, mayBeCut: last && next.trimEnd() === '"' };
  }
  if (last && (quoted || kind === "text"))
    return { by: "tail", text: next, isRequest: isRequest && next.trimEnd() === '"' };
  // `192.0.2.7, 10.0.0.2 - -` is a list of clients: a host's name has no comma.
  if (kind === "user") {
    const strange = name === "host" ? '"[>,' : '"[>';
    return { by: "literal", text: next, without: strange.replace(next.charAt(0), "") };
  }
  if (quoted || kind === "text") return { by: "literal", text: next, without: "" };
  return { by: "byte", text: next };
}

/** Fields whose own shape says where they end, whatever follows. */
function hasShape(kind: FieldKind): boolean {
  return (
    kind === "int" ||
    kind === "number" ||
    kind === "seconds" ||
    kind === "list" ||
    kind === "clf-time" ||
    kind === "haproxy-time" ||
    kind === "nginx-time" ||
    kind === "epoch"
  );
}

function isPort(name: string): boolean {
  return name === "cp" || name === "bp" || name === "sp" || name === "fp";
}

/** HAProxy's `%{+Q}` quotes become literal ones, save those that may be missing, and neighbouring literals one. */
function withQuotes(
  items: readonly FormatItem[],
  kindOf: (name: string) => FieldKind | null,
): FormatItem[] {
  const out: FormatItem[] = [];
  const addText = (text: string): void => {
    const previous = out.at(-1);
    if (text === "") return;
    if (previous?.kind === "text")
      out[out.length - 1] = { kind: "text", text: previous.text + text };
    else out.push({ kind: "text", text });
  };
  for (const item of items) {
    if (item.kind === "text") addText(item.text);
    else if (item.quoted && kindOf(item.name) !== "captures") {
      addText('"');
      out.push(item);
      addText('"');
    } else out.push(item);
  }
  return out;
}
