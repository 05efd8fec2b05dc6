// Turns the path of a log, as a configuration writes it, into a glob that also finds what was rotated away.

/** True for a text with an nginx variable in it. */
export function hasVariable(text: string): boolean {
  return text.includes("$");
}

/** `/var/log/$host.log` → `/var/log/*.log`; characters that globs have a use for are taken literally. */
export function globOf(path: string): string {
  return path
    .split(/(\$\{?\w+\}?)/)
    .map((part, k) => (k % 2 === 1 ? "*" : part.replace(/[*?[\]{}()!+@\\]/g, "\\$&")))
    .join("")
    .replace(/\*+/g, "*");
}

/** Names that logrotate and its like give to what they put aside: `.1`, `.2.gz`, `-20261122`, `-20261122.zst`. */
export const ROTATED: readonly string[] = ["", ".[0-9]*", "-[0-9]*"];

/** A file's path as it was before it was rotated. */
export function unrotated(path: string): string {
  return path.replace(/\.(?:gz|bz2|xz|zst|lz4)$/, "").replace(/(?:[.-]\d[\d.T_-]*)+$/, "");
}
