// What a compiled format offers to the layers above.

/** How a field's bytes end and what they may be; `grammars/<proxy>/fields.json` gives each vendor name one of these. */
export type FieldKind =
  | "word" // no spaces, not empty
  | "text" // anything up to the next literal, may be empty
  | "user" // the same without quotes, opening and angle brackets: no name is two lines grown together, or a quote mark
  | "int" // -?[0-9]+ with an optional leading +
  | "number" // digits with an optional fraction, or "-"
  | "seconds" // 0.013: nginx prints three decimals, no more and no fewer; that tells a time from a ratio
  | "list" // nginx upstream list: item((, | : )item)*, items may be empty or "-"
  | "clf-time" // 22/Nov/2026:13:43:48 +0000
  | "haproxy-time" // 22/Nov/2026:13:45:50.200, the fraction optional
  | "iso-time" // 2026-11-22T13:43:48+00:00, fraction and Z allowed
  | "epoch" // 1795355028.658
  | "nginx-time" // 2026/11/22 13:43:48
  | "captures" // HAProxy {a|b|}, absent altogether where nothing is captured
  | "rest"; // to the end of the line

/** A field of a compiled format. */
export interface Field {
  /**
   * The vendor's name, with Envoy's argument: `upstream_addr`, `tsc`, `RESPONSE_CODE`, `REQ(:METHOD)`. Header names in
   * arguments are upper case.
   */
  readonly name: string;
  readonly kind: FieldKind;
}

/**
 * Matches one line. Fills `spans` with start and end of each field (two numbers a field; start -1 where absent).
 * @returns -1 when the line matches, else the index of the field that failed, with the byte offset of the failure in
 *   `spans[2 * fields.length]`.
 */
export type Scan = (bytes: Uint8Array, start: number, end: number, spans: Int32Array) => number;

/** A format made ready to read lines. */
export interface Scanner {
  readonly fields: readonly Field[];
  readonly scan: Scan;
  /** What there is to know of a JSON format's keys beside its scanner. */
  readonly json?: {
    /** The field that the undotted key at these bytes holds, -1 for none. */
    readonly fieldAt: (bytes: Uint8Array, start: number, end: number) => number;
    /** Fields of which a line must have one, where there are any. */
    readonly needed: readonly number[];
  };
}
