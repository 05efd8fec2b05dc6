// The fields a filter may name, and what each holds.

/** What a field of the filter language holds. */
export type FieldType = "text" | "time" | "duration" | "status" | "truth";

const TYPES = {
  time: "time",
  start: "time",
  duration: "duration",
  status: "status",
  method: "text",
  path: "text",
  host: "text",
  client: "text",
  pool: "text",
  peer: "text",
  /** A pool or a peer, whichever matches. */
  upstream: "text",
  reason: "text",
  stage: "text",
  by: "text",
  proxy: "text",
  node: "text",
  code: "text",
  route: "text",
  request_id: "text",
  masked: "truth",
  /** `request`, `error` or `event`. */
  kind: "text",
} as const satisfies Record<string, FieldType>;

/** A field of the filter language. */
export type FilterField = keyof typeof TYPES;

/** Every field, in the order help lists them. */
export const FILTER_FIELDS = Object.keys(TYPES) as readonly FilterField[];

/** What a field holds; null for a name that is no field. */
export function fieldType(name: string): FieldType | null {
  return Object.hasOwn(TYPES, name) ? TYPES[name as FilterField] : null;
}
