// Looks up a vendor field's kind in grammars/<proxy>/fields.json, whose names may end in `*`.
import type { FieldKind } from "./scanner.ts";

/**
 * A lookup over the content of a `fields.json`. A name of its own wins over a pattern, a longer
 * pattern over a shorter: `http_host`, `upstream_http_*`, `http_*`.
 * @returns the kind, or null where nothing is said and the default holds: `text` inside quotes,
 * else `word`.
 */
export function fieldKinds(
  kinds: Readonly<Record<string, FieldKind>>,
): (name: string) => FieldKind | null {
  const patterns = Object.entries(kinds)
    .filter(([name]) => name.endsWith("*"))
    .map(([name, kind]) => ({ start: name.slice(0, -1), kind }))
    .sort((a, b) => b.start.length - a.start.length);
  return (name) => {
    if (Object.hasOwn(kinds, name)) return kinds[name]!;
    return patterns.find(({ start }) => name.startsWith(start))?.kind ?? null;
  };
}
