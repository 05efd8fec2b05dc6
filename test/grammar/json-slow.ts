// The slow twin of compile-json.ts for lines that are JSON: JSON.parse and a walk over the object.
import type { JsonKey } from "../../src/grammar/index.ts";

/** Field → value as text (strings as they are, others in JSON), the first key of a field that has a value; absent ones missing. */
export function jsonSlow(keys: readonly JsonKey[], line: string): Map<string, string> {
  const found = new Map<string, string>();
  const fieldOf = new Map(keys.map(({ key, field }) => [key, field]));
  const walk = (object: Record<string, unknown>, prefix: string): void => {
    for (const [key, value] of Object.entries(object)) {
      const path = prefix + key;
      take(path, value);
    }
  };
  const take = (path: string, value: unknown): void => {
    if (Array.isArray(value)) {
      if (value.length > 0) take(path, value[0]);
      return;
    }
    if (value !== null && typeof value === "object") {
      walk(value as Record<string, unknown>, `${path}.`);
      return;
    }
    const field = fieldOf.get(path);
    if (field === undefined || value === null) return;
    if (!["", "-", undefined].includes(found.get(field))) return;
    found.set(field, typeof value === "string" ? value : JSON.stringify(value));
  };
  walk(JSON.parse(line) as Record<string, unknown>, "");
  return found;
}
