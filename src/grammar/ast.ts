// What a format string means, whatever language it was written in: the one tree that the compiler reads.

/** The languages format strings are written in. */
export type Language = "nginx" | "haproxy" | "envoy";

/** How field values are escaped inside a line. */
export type Escape = "hex" | "json" | "none" | "haproxy";

/** A piece of a line. */
export type FormatItem =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "field";
      /**
       * The vendor's name without its sigil: `upstream_addr`, `tsc`, `REQ`; for HAProxy sample expressions the whole
       * expression (`capture.req.hdr(0)`).
       */
      readonly name: string;
      /** The operator's argument (`:METHOD`, `X-ENVOY-ORIGINAL-PATH?:PATH`), null without one. */
      readonly arg: string | null;
      /** True where the language itself prints quotes around the value (HAProxy `%{+Q}`). */
      readonly quoted: boolean;
      /** HAProxy `%{+E}`, `%{+X}`: RFC 5424 escapes, hexadecimal numbers. */
      readonly flags: readonly string[];
      /** The name given to it in a JSON log: HAProxy's `%(name)`, null elsewhere. */
      readonly label: string | null;
      /** Envoy's `:Z` length cap in bytes, null without one. */
      readonly maxLength: number | null;
      /** Where it stands in the format string, for messages. */
      readonly offset: number;
    };

/** A parsed format string. */
export interface FormatAst {
  readonly language: Language;
  readonly escape: Escape;
  /** `text`: the items in their order. `json`: one flat or nested object whose keys may come in any order. */
  readonly shape: "text" | "json";
  readonly items: readonly FormatItem[];
  /** For `json`: the dotted key of each value and the items it is made of. Empty for `text`. */
  readonly keys: readonly { readonly key: string; readonly items: readonly FormatItem[] }[];
}

/** A mistake in a text somebody typed: which text, where, what is wrong, and what would help. */
export class TextError extends Error {
  readonly text: string;
  readonly offset: number;
  readonly hint: string;

  constructor(message: string, text: string, offset: number, hint = "") {
    super(message);
    this.name = "TextError";
    this.text = text;
    this.offset = offset;
    this.hint = hint;
  }
}
