// The keys that tell other programs' JSON lines from those of the proxies: grammars/strangers.json.

/** One program whose JSON is not read: all of these keys, their values beginning so. */
export interface Stranger {
  readonly name: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** Fields with names that begin so hold the values of {@link strangerKeys}. */
export const STRANGER = "stranger: ";

/** The keys that tell strangers, as keys of a JSON recipe; those that are a field's already stay that. */
export function strangerKeys(
  strangers: readonly Stranger[],
  known: ReadonlySet<string>,
): { key: string; field: string }[] {
  const keys = new Set(strangers.flatMap((stranger) => Object.keys(stranger.keys)));
  return [...keys].filter((key) => !known.has(key)).map((key) => ({ key, field: STRANGER + key }));
}
