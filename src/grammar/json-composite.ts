// Values of a JSON format that hold more than one field, or words beside one: `"%DURATION% ms"`, `"%REQ(:METHOD)% %REQ(:PATH)%"`.
import { compileText } from "./compile-text.ts";
import type { Plan } from "./plan.ts";
import type { Field, Scanner } from "./scanner.ts";

/** A key whose value is made of several pieces. */
export interface Composite {
  readonly key: string;
  /** How the value is made, as it stands between its quotes. */
  readonly plan: Plan;
  /** The field that a value counts as which is not made so; null for none. */
  readonly otherwise: string | null;
}

/** What the field is called that holds a whole composite value. */
export function compositeField(key: string): string {
  return `VALUE(${key})`;
}

/** The key of such a field; null for any other field. */
export function compositeKey(field: string): string | null {
  return /^VALUE\((.*)\)$/s.exec(field)?.[1] ?? null;
}

/**
 * Takes composite values apart.
 * @param inner the scanner of the whole object, with a field for each composite value ({@link compositeField}).
 */
export function takingApart(inner: Scanner, composites: readonly Composite[]): Scanner {
  if (composites.length === 0) return inner;
  const fields: Field[] = [...inner.fields];
  const indexOf = (field: Field): number => {
    const known = fields.findIndex(({ name }) => name === field.name);
    return known >= 0 ? known : fields.push(field) - 1;
  };
  const parts = composites.map(({ key, plan, otherwise }) => {
    const scanner = compileText(plan);
    return {
      at: fields.findIndex(({ name }) => name === compositeField(key)),
      scan: scanner.scan,
      to: scanner.fields.map(indexOf),
      spans: new Int32Array(2 * scanner.fields.length + 1),
      // What clients send may hold what stands beside it; what the proxy itself says does not.
      isStrict: scanner.fields.some(({ name }) => !/^(?:REQ|RESP|TRAILER)\(/.test(name)),
      otherwise: otherwise === null ? -1 : indexOf({ name: otherwise, kind: "text" }),
    };
  });
  const own = inner.fields.length;
  const scan: Scanner["scan"] = (bytes, start, end, spans) => {
    const failed = inner.scan(bytes, start, end, spans);
    const place = spans[2 * own]!;
    spans.fill(-1, 2 * own, 2 * fields.length);
    spans[2 * fields.length] = place;
    if (failed >= 0) return failed;
    for (const part of parts) {
      const from = spans[2 * part.at]!;
      const to = spans[2 * part.at + 1]!;
      if (from < 0) continue;
      if (part.scan(bytes, from, to, part.spans) >= 0) {
        if (part.otherwise >= 0) keep(spans, part.otherwise, from, to);
        else if (part.isStrict) {
          spans[2 * fields.length] = part.spans[2 * part.to.length]!;
          return part.at;
        }
        continue;
      }
      for (const [k, field] of part.to.entries())
        keep(spans, field, part.spans[2 * k]!, part.spans[2 * k + 1]!);
      spans[2 * part.at] = spans[2 * part.at + 1] = -1;
    }
    return -1;
  };
  return { fields, scan };
}

/** Where a field stands, unless that is known. */
function keep(spans: Int32Array, field: number, start: number, end: number): void {
  if (spans[2 * field]! >= 0) return;
  spans[2 * field] = start;
  spans[2 * field + 1] = end;
}
