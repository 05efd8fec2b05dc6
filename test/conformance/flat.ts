// A described line as one flat object, the shape in which cases.txt and other projects' expectations speak.
import type { Described } from "../../src/record/index.ts";

/** Format, kind, the record's fields and the failure's, side by side; null for a line that was not understood. */
export function flat(described: Described): Readonly<Record<string, unknown>> | null {
  const { format, kind, record, failure } = described;
  if (record === null) return null;
  const { reason = null, stage = null, by = null, detail = null, masked = false } = failure ?? {};
  return { format, kind, ...record, reason, stage, by, detail, masked };
}
