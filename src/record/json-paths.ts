// The values of a JSON line by their dotted paths, whether it is JSON or nearly so.

/** Every scalar of an object with its dotted path; of one that is no JSON, what looks like a key with a value. */
export function pathsOf(text: string): [string, string][] {
  const found: [string, string][] = [];
  const walk = (path: string, value: unknown): void => {
    if (Array.isArray(value)) {
      if (value.length > 0) walk(path, value[0]);
    } else if (value !== null && typeof value === "object") {
      for (const [key, inner] of Object.entries(value))
        walk(path === "" ? key : `${path}.${key}`, inner);
    } else found.push([path, value === null ? "" : String(value)]);
  };
  const object = parsed(text) ?? parsed(text.replace(BARE_KEY, '$1"$2":'));
  if (object !== null) walk("", object);
  else {
    for (const [, key, quoted, bare] of text.matchAll(
      /"([\w.:@-]+)"\s*:\s*(?:"((?:\\.|[^"\\])*)"|([^",{}[\]]*))/g,
    ))
      found.push([key!, (quoted ?? bare ?? "").trim()]);
  }
  return found;
}

/** `,hp:"/x"`: keys that lost their quotes in a format by hand. */
const BARE_KEY = /([{,]\s*)([A-Za-z_]+):/g;

function parsed(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}
